"""A deployed route as the family of ARNs that its calls carry, and what a policy's resources and actions are to it.

A request's ARN carries the real verb and the real path (access.md section 4.4), so `ANY /pets/{id}` is a family.
"""

import re
from dataclasses import dataclass

from auditor.access.patterns import REST, SEGMENT, STAR, Relation, glob, literal, relation

INVOKE = "execute-api:invoke"
_ROUTE = re.compile(r"(arn:[^:]+:execute-api:[^:]+:[^:]+:[^/:]+)/([^/]+)/([^/]+)/([^#]*)(?:#.*)?")
_PARAMETER = re.compile(r"(\{[^{}/]+\})")
_ABBREVIATION = "execute-api:/"


@dataclass(frozen=True)
class Family:
    """The ARNs that calls of one deployed route can carry."""

    api: str
    """`arn:aws:execute-api:REGION:ACCOUNT:API`."""
    language: str
    """As `patterns` writes languages."""


def family(route_arn: str) -> Family:
    """Return the family of a REST route's execute-api ARN, canary or not; raise ValueError for another text."""
    found = _ROUTE.fullmatch(route_arn)
    if found is None:
        raise ValueError(f"{route_arn} is no ARN of a REST route")
    api, stage, method, path = found.groups()
    verb = SEGMENT if method == "ANY" else literal(method)
    start = literal(f"{api}/{stage}/") + verb + literal("/")
    return Family(api, start + "".join(_piece(piece) for piece in _PARAMETER.split(path)))


def _piece(piece: str) -> str:
    if not _PARAMETER.fullmatch(piece):
        return literal(piece)
    return REST if piece.endswith("+}") else SEGMENT


def resource_language(written: str, of: Family) -> str | None:
    """Return the language of a Resource entry; None where it cannot be told what AWS makes of it.

    `execute-api:/stage/GET/path` is an abbreviation of the full ARN (access.md section 4.1). Policy variables, ARNs of
    fewer than six parts, and an ARN that ends behind the API's id, as on one of AWS's own pages, cannot be told.
    """
    if "${" in written:
        return None
    if written == "*":
        return STAR
    if written.startswith(_ABBREVIATION):
        return literal(of.api) + glob(written.removeprefix("execute-api:"))
    whole_arn = written.count(":") >= of.api.count(":")
    return glob(written) if whole_arn and written.removesuffix("/") != of.api else None


def resource_relation(written: str, of: Family) -> Relation:
    """Return how a Resource entry stands to the route."""
    language = resource_language(written, of)
    return Relation.UNKNOWN if language is None else relation(language, of.language)


def is_within(written: str, wider: str, of: Family) -> bool:
    """Return whether one Resource entry certainly covers all that another one matches."""
    inner, outer = resource_language(written, of), resource_language(wider, of)
    return inner is not None and outer is not None and relation(outer, inner) is Relation.COVERS


def names_invoke(actions: tuple[str, ...]) -> bool:
    """Return whether one of the actions is execute-api:Invoke, by name or by pattern; case does not matter."""
    return any(relation(glob(action.lower()), literal(INVOKE)) is Relation.COVERS for action in actions)
