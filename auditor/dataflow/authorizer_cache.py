"""How long an authorizer's decision is kept, and for which other routes a kept decision counts.

A kept decision is found by the values of the identity sources alone, and counts for every route of the stage that has the
authorizer (developer guide, http-api-lambda-authorizer and apigateway-use-lambda-authorizer). Not tried on a live account.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from auditor.model.fact import Present, Unread
from auditor.model.gateway import DeployedRoute
from auditor.model.route_parts import AuthorizerDefinition
from auditor.model.snapshot import Gap
from auditor.model.status import Status

_REST_DEFAULT = 300
"""API reference, Authorizer.authorizerResultTtlInSeconds: applies to Lambda and Cognito authorizers alike."""
CACHED = frozenset({"TOKEN", "REQUEST", "COGNITO_USER_POOLS"})
"""Types of authorizers whose decisions are kept."""
_METHOD, _PATH = "context.httpmethod", "context.path"
_ROUTE = frozenset({"context.routekey"})
_METHOD_AND_PATTERN = frozenset({_METHOD, "context.resourcepath"})
_METHOD_AND_PATH = frozenset({_METHOD, _PATH})


@dataclass(frozen=True, slots=True)
class Kept:
    """What is to be said of the decisions that an authorizer's cache keeps on one stage."""

    status: Status
    """pass, fail, needs_attestation or not_evaluated."""
    because: str
    gap: Gap | None = None
    is_alone: bool = False
    """Whether it is so only because no other route shares the authorizer."""


_NOT_KEPT = Kept(Status.PASS, "no decision is kept: each call is decided by itself")
_BY_TOKEN = Kept(Status.PASS, "a decision is kept by the token, which is all that it rests on")
_ONE_ROUTE = Kept(Status.PASS, "a kept decision counts for one route alone", is_alone=True)
_IN_KEY = Kept(Status.PASS, "a decision is kept by method and path, or by the route")
_NO_KEY = Kept(Status.FAIL, "decisions are kept and no identity source is named: one caller's decision serves others")
_UNTOLD_KEY = Kept(Status.NOT_EVALUATED, "decisions are kept by default, and by which identity sources is not told")
_UNKNOWN = Kept(
    Status.NOT_EVALUATED, "whether decisions of this type of authorizer are kept is not known to this version"
)


def kept_seconds(definition: AuthorizerDefinition, *, is_rest: bool) -> int | None:
    """Return the effective time; None where the type keeps nothing, or is not known."""
    if definition.type not in CACHED:
        return None
    if definition.ttl_seconds is not None:
        return definition.ttl_seconds
    return _REST_DEFAULT if is_rest else 0


def kept(definition: AuthorizerDefinition, routes: Sequence[DeployedRoute], *, is_rest: bool) -> Kept:
    """Return what is to be said of an authorizer's cache; `routes`: those of one stage that carry it."""
    seconds = kept_seconds(definition, is_rest=is_rest)
    if seconds is None:
        return _NOT_KEPT if definition.type == "JWT" else _UNKNOWN
    if not seconds:
        return _NOT_KEPT
    if definition.type == "COGNITO_USER_POOLS":
        return _BY_TOKEN
    if not definition.identity_source and definition.type == "REQUEST":
        return _NO_KEY if definition.ttl_seconds is not None else _UNTOLD_KEY
    return _for_routes(definition, routes, seconds)


def _for_routes(definition: AuthorizerDefinition, routes: Sequence[DeployedRoute], seconds: int) -> Kept:
    wide = any(_is_wide(each) for each in routes)
    keys = {each.route_key for each in routes}
    if len(keys) <= 1 and not wide:
        return _ONE_ROUTE
    if _separates(definition, wide=wide):
        return _IN_KEY
    hidden = next((each.authorization_scopes for each in routes if isinstance(each.authorization_scopes, Unread)), None)
    if hidden is not None:
        return Kept(Status.NOT_EVALUATED, "which rights the routes declare was not read", hidden.gap)
    reach = f"for all {len(keys)} routes" if len(keys) > 1 else f"for all that {next(iter(keys))} takes"
    time = f"{seconds} second" + ("" if seconds == 1 else "s")
    if len({_scopes(each) for each in routes}) > 1:
        return Kept(Status.FAIL, f"a decision kept for {time} counts {reach}, which declare different scopes")
    what = "an allow" if definition.simple_responses else "the policy"
    asked = (
        "that it does not rest on the route" if definition.simple_responses else "that it names each right by itself"
    )
    return Kept(Status.NEEDS_ATTESTATION, f"possible: {what} kept for {time} counts {reach}; attest {asked}")


def _is_wide(route: DeployedRoute) -> bool:
    """Return whether one route takes calls of several methods or paths."""
    return route.method == "ANY" or "+}" in route.path or route.route_key == "$default"


def _separates(definition: AuthorizerDefinition, *, wide: bool) -> bool:
    """Return whether the cache key tells routes apart; what one wide route takes only the real method and path do."""
    sources = {each.lower().lstrip("$") for each in definition.identity_source}
    if sources >= _METHOD_AND_PATH:
        return True
    return not wide and (sources >= _ROUTE or sources >= _METHOD_AND_PATTERN)


def _scopes(route: DeployedRoute) -> frozenset[str]:
    """Return the rights that a route declares: API Gateway lets a Lambda authorizer alone judge them."""
    return (
        frozenset(route.authorization_scopes.value) if isinstance(route.authorization_scopes, Present) else frozenset()
    )
