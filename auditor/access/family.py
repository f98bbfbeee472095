"""A deployed route as the family of ARNs that its calls carry, and what a policy's resources and actions are to it.

A request's ARN carries the real verb and the real path (access.md section 4.4), so `ANY /pets/{id}` is a family.
"""

import re
from dataclasses import dataclass

from auditor.access.patterns import REST, SEGMENT, Relation, glob, literal, relation

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


def written_out(written: str, api: str) -> str:
    """Return a Resource entry of an API's policy without its abbreviation (access.md section 4.1): `execute-api:/stage/GET/path`."""
    return api + written.removeprefix("execute-api:") if written.startswith(_ABBREVIATION) else written


def is_whole(written: str, api: str) -> bool:
    """Return whether it can be told what AWS makes of a Resource entry of an API's policy.

    It cannot of ARNs of fewer than six parts, and of one that ends behind the API's id, as on one of AWS's own pages.
    """
    if written == "*" or written.startswith(_ABBREVIATION):
        return True
    return written.count(":") >= api.count(":") and written.removesuffix("/") != api


def resource_relation(written: str, of: Family) -> Relation:
    """Return how a Resource entry stands to the route; one with a policy variable cannot be told."""
    if "${" in written or not is_whole(written, of.api):
        return Relation.UNKNOWN
    return relation(glob(written_out(written, of.api)), of.language)
