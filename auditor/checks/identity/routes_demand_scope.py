"""routes-demand-scope: a token alone does not open a route, it must hold a right that the route names.

Claim: at least one authorization scope is demanded. Population: every deployed route, canaries among them. Deviation: a JWT or
user pool authorizer and no scope: any token opens the route, and of a user pool the ID token of a sign-in as well. Where the
register of back ends says that the back end authorizes by itself, that must be attested. Broad scopes, and a write method that
takes a scope for reading, are noted. Cannot see: which clients hold a scope, and what a scope means behind its name.
"""

import re

from pydantic import JsonValue, field_validator

from auditor.checks.back_ends import declared
from auditor.checks.interface import (
    Check,
    Outcome,
    Params,
    ResourceItem,
    failed,
    items,
    needs_attestation,
    not_applicable,
    passed,
    undecided,
)
from auditor.checks.route_questions import is_message_route
from auditor.model.estate import Estate
from auditor.model.fact import need
from auditor.model.gateway import DeployedRoute

_COGNITO = "COGNITO_USER_POOLS"
_BY_TOKEN = frozenset({_COGNITO, "JWT"})
_BY_OTHERS = {
    "NONE": "asks nobody who calls",
    "AWS_IAM": "is authorized by AWS IAM, which knows no scopes",
    "CUSTOM": "is authorized by a function, which knows no scopes",
}
_READS = frozenset({"GET", "HEAD", "OPTIONS"})
_READING = re.compile(r"(.*[._:/-])?(read|view|list|get)(only|[._:/-].*)?", re.IGNORECASE)
"""Scopes that are named for reading: `orders/read`, `orders.readonly`."""


class _Params(Params):
    broad_scope_patterns: list[str]
    """Regular expressions; one must match a scope, or what stands behind its last slash, colon or dot, as a whole."""

    @field_validator("broad_scope_patterns")
    @classmethod
    def _are_expressions(cls, patterns: list[str]) -> list[str]:
        for each in patterns:
            try:
                re.compile(each)
            except re.error as error:
                raise ValueError(f"{each!r} is no regular expression: {error}") from error
        return patterns


def _test(item: ResourceItem[DeployedRoute], estate: Estate, params: _Params) -> Outcome:
    route = item.of
    if is_message_route(route):
        return not_applicable("messages carry the identity of $connect")
    kind = need(route.authorization_type)
    if kind in _BY_OTHERS:
        return not_applicable(f"the route {_BY_OTHERS[kind]}", authorization_type=kind)
    if kind not in _BY_TOKEN:
        return undecided(f"the authorization type {kind} is not known to this version", authorization_type=kind)
    scopes = tuple(each for each in need(route.authorization_scopes) or () if each.strip())
    if not scopes:
        return _without(route, kind, estate)
    if need(route.authorizer) is None:
        return undecided(f"the route asks for {kind}, but the authorizer that it names is not there")
    return _with(route, scopes, params)


def _without(route: DeployedRoute, kind: str, estate: Estate) -> Outcome:
    entries = estate.registers.backends or ()
    if any(each.authorizes for each in entries):
        integration = need(route.integration)
        entry = declared(integration, entries) if integration is not None else None
        if entry is not None and entry.authorizes:
            reason = f"no scope is demanded; {entry.target} is declared to authorize by itself, which {entry.owner} must attest"
            return needs_attestation(reason, authorization_type=kind, owner=entry.owner)
    reason = "no scope is demanded: any token of the issuer opens the route"
    if kind == _COGNITO:
        reason = "no scope is demanded: any ID token of the user pool opens the route, made for a sign-in as it is"
    return failed(reason, authorization_type=kind, scopes=[])


def _with(route: DeployedRoute, scopes: tuple[str, ...], params: _Params) -> Outcome:
    broad: list[JsonValue] = [each for each in scopes if _is_broad(each, params.broad_scope_patterns)]
    reading: list[JsonValue] = [each for each in scopes if route.method not in _READS and _READING.fullmatch(each)]
    words = f"a token must hold {' or '.join(scopes)}"
    if broad:
        words += f"; {broad[0]} is a broad scope"
    if reading:
        words += f"; {reading[0]} is named for reading, and {route.method} writes"
    return passed(words, scopes=[*scopes], broad_scopes=broad, reading_scopes=reading)


def _is_broad(scope: str, patterns: list[str]) -> bool:
    last = re.split(r"[/:.]", scope)[-1]
    return any(re.fullmatch(each, text) for each in patterns for text in (scope, last))


CHECK = Check(
    name="routes-demand-scope",
    reads=("DeployedRoute",),
    params=_Params,
    population=lambda estate: items(estate.of(DeployedRoute)),
    test=_test,
    registers=("backends",),
)
