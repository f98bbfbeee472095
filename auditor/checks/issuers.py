"""The register of issuers: whether management approved who issues tokens, and for which API."""

import re

from auditor.model.register import Issuer

_POOL = re.compile(r"arn:(?P<partition>[^:]+):cognito-idp:(?P<region>[^:]+):[^:]*:userpool/(?P<pool>.+)")


def approval(issuer: str, api_id: str, entries: tuple[Issuer, ...]) -> Issuer | None:
    """Return the entry that approves an issuer for an API; a user pool may be named by ARN or by its issuer URL."""
    wanted = issuer_url(issuer)
    return next(
        (each for each in entries if issuer_url(each.issuer) == wanted and (each.apis is None or api_id in each.apis)),
        None,
    )


def issuer_url(issuer: str) -> str:
    """Return the one way to write an issuer: the URL of a user pool, no slash at the end."""
    found = _POOL.fullmatch(issuer)
    if found is not None:
        suffix = "amazonaws.com.cn" if found["partition"] == "aws-cn" else "amazonaws.com"
        return f"https://cognito-idp.{found['region']}.{suffix}/{found['pool']}"
    return issuer.rstrip("/")
