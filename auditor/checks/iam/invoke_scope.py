"""Which parts of a route the resource of an `execute-api:Invoke` grant leaves open: API, stage, method, path.

A request's ARN is `arn:…:execute-api:REGION:ACCOUNT:API/STAGE/VERB/path`, where `*` crosses `/`; an HTTP API's default stage is
`$default`, a WebSocket API's ARN ends with its route key, a private domain name's is `/domainnames/NAME+ID` (access.md section 4.4).
"""

from dataclasses import dataclass

from auditor.access.patterns import REST, Relation, literal
from auditor.checks.iam.grants import Grant, meets

API, STAGE, METHOD, PATH = "API", "stage", "method", "path"
PARTS = (API, STAGE, METHOD, PATH)
_ABBREVIATION = "execute-api:/"
_DOMAINS = "/domainnames/"
_ARN_PARTS = 6
_WILD = frozenset("*?")


@dataclass(frozen=True)
class Scope:
    """What a resource leaves open."""

    is_of_calls: bool
    """Whether it matches any call at all."""
    open: tuple[str, ...] = ()
    trouble: str = ""
    """Why nobody can tell; empty where somebody can."""


_ALL = Scope(is_of_calls=True, open=PARTS)


def scope(grant: Grant, partition: str, api: str = "") -> Scope:
    """Return what a grant leaves open; `api`: the execute-api ARN of the API in whose own policy it stands."""
    if grant.statement.not_resources:
        return _ALL
    resource = grant.resource
    if api and resource.startswith(_ABBREVIATION):
        resource = api + resource.removeprefix("execute-api:")
    match meets(resource, literal(f"arn:{partition}:execute-api:") + REST, grant.statement):
        case Relation.DISJOINT:
            return Scope(is_of_calls=False)
        case Relation.UNKNOWN:
            return Scope(is_of_calls=True, trouble=f"{grant.where} names {resource[:40]}…, which is too long-winded")
        case Relation.COVERS:
            return _ALL
        case Relation.PARTLY:
            return _named(resource, grant)


def _named(resource: str, grant: Grant) -> Scope:
    parts = resource.split(":", _ARN_PARTS - 1)
    if len(parts) < _ARN_PARTS:
        return _ALL
    tail = parts[-1]
    if not _WILD & set(tail.partition("${")[0]) and "${" in tail.partition("/")[0] and grant.statement.dynamic:
        return Scope(is_of_calls=True, trouble=f"{grant.where} names an API by a variable: {tail}")
    if not _WILD & set(tail):
        return Scope(is_of_calls=True)
    if tail.startswith(_DOMAINS):
        return _ALL
    return Scope(is_of_calls=True, open=tuple(_open(tail)))


def _open(tail: str) -> list[str]:
    """Return the open parts of what follows the account: a part with a wildcard is not named, and a path by wildcards alone."""
    written = tail.split("/", len(PARTS) - 1)
    found = [part for part, text in zip(PARTS, written, strict=False) if part != PATH and _WILD & set(text)]
    # With a wildcard before its place a part that is not written is whatever the wildcard matches.
    found += [part for part in PARTS[len(written) :] if part != PATH]
    path = written[-1] if len(written) == len(PARTS) else "*"
    return [*found, PATH] if "*" in path and not set(path) - set("*?/") else found
