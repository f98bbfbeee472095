"""The register of issuers: whether management approved who issues tokens, and for which API."""

from auditor.dataflow.identity_roots import root
from auditor.model.register import Issuer


def approval(issuer: str, api_id: str, entries: tuple[Issuer, ...]) -> Issuer | None:
    """Return the entry that approves an identity root for an API, however the entry and the API name it."""
    wanted = root(issuer)
    return next(
        (each for each in entries if root(each.issuer) == wanted and (each.apis is None or api_id in each.apis)),
        None,
    )
