"""method-authorization: every deployed route asks who calls, or is restricted, or is registered as public.

Claim: authorization type other than NONE, or a restricting resource policy, or an entry in the register of public routes.
Population: every deployed route of every stage, OPTIONS and WebSocket messages included. Deviation: NONE, unrestricted,
not registered; an API key does not help. Cannot see: what a Lambda authorizer decides, and whether the configured
resource policy is the deployed one.
"""

from typing import Any

from auditor.access.strangers.restriction import RestrictionKind
from auditor.checks.interface import (
    Check,
    Outcome,
    Params,
    ResourceItem,
    failed,
    items,
    not_applicable,
    passed,
    undecided,
)
from auditor.checks.route_questions import (
    KNOWN_AUTHORIZATION,
    is_message_route,
    policy_restriction,
    registered,
)
from auditor.model.estate import Estate
from auditor.model.fact import need
from auditor.model.gateway import DeployedRoute, Protocol


class _Params(Params):
    ignore_methods: list[str]


def _test(item: ResourceItem[DeployedRoute], estate: Estate, params: _Params) -> Outcome:
    route = item.of
    if route.method in params.ignore_methods:
        return not_applicable(
            f"{route.method} is not tested: a CORS preflight carries no credentials", method=route.method
        )
    if is_message_route(route):
        return not_applicable("messages carry the identity of $connect", route_key=route.route_key)
    authorization = need(route.authorization_type)
    seen: dict[str, Any] = {"authorization_type": authorization, "side": route.view.value.lower()}
    if authorization in KNOWN_AUTHORIZATION:
        # A REST method cannot name an authorizer that is not there; the other APIs' routes can, after it was deleted.
        is_named = authorization not in {"AWS_IAM", "NONE"} and route.protocol is not Protocol.REST
        if is_named and need(route.authorizer) is None:
            return undecided(f"the route asks for {authorization}, but the authorizer it names is not there", **seen)
        return passed(f"asks who calls: {authorization}", **seen)
    if authorization != "NONE":
        return undecided(f"the authorization type {authorization} is not known to this version", **seen)
    return _open(route, estate, seen)


def _open(route: DeployedRoute, estate: Estate, seen: dict[str, Any]) -> Outcome:
    entry = registered(route, estate)
    if entry is not None:
        return passed(f"anyone may call, registered as public by {entry.owner}", owner=entry.owner, **seen)
    policy = policy_restriction(route, estate)
    also = (route.api_arn,)
    match policy.kind:
        case RestrictionKind.RESTRICTING:
            return passed(f"no authorizer, but the resource policy restricts callers: {policy.why}", also, **seen)
        case RestrictionKind.CLOSED:
            return passed(f"no authorizer, and the resource policy lets nobody through: {policy.why}", also, **seen)
        case RestrictionKind.UNDECIDED:
            return undecided(
                f"no authorizer, and what the resource policy does is not decided: {policy.why}", also, **seen
            )
        case RestrictionKind.OPEN:
            return failed(f"anyone may call: no authorizer is attached. {policy.why}", also, **seen)


CHECK = Check(
    name="method-authorization",
    reads=("DeployedRoute",),
    params=_Params,
    population=lambda estate: items(estate.of(DeployedRoute)),
    test=_test,
    registers=("public_routes",),
)
