"""resource-policy-restricts: a resource policy keeps somebody out, on every route that it is there to protect.

Claim: together with what each route asks for, the policy limits who gets through. Population: every REST API. Deviation: a
policy that lets everyone through; or one that only allows sources beside a Lambda authorizer, whose own allow is enough. Routes
that the register declares public, and preflights, are left out. Cannot see: whether the networks that it names are the right
ones; and that callers of the API's own account with a permission of their own need no word of the policy (AWS_IAM). The policy
is the configured one, which a deployment puts into effect.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from pydantic import JsonValue

from auditor.access.strangers.restriction import Restriction, RestrictionKind, restriction
from auditor.access.strangers.together import beside_function, beside_iam
from auditor.checks.api_questions import ApiItem, all_routes_are_read, apis
from auditor.checks.interface import (
    Check,
    Outcome,
    Params,
    failed,
    needs_attestation,
    not_applicable,
    passed,
    undecided,
)
from auditor.checks.listed import holds
from auditor.checks.route_questions import is_private, policy_of, private_as_told, registered
from auditor.dataflow.functions import function_arn
from auditor.model.estate import Estate
from auditor.model.fact import Present, Unread, need
from auditor.model.gateway import DeployedRoute, RestApi

_PREFLIGHT = "OPTIONS"
_ACCOUNT = 4
_NO_POLICY = Restriction(RestrictionKind.OPEN, "What is deployed there has no resource policy.")
_UNKNOWN = Restriction(RestrictionKind.UNDECIDED, "")


class _Reached(NamedTuple):
    """How calls come to an API."""

    private: bool | None
    """Through VPC endpoints; None: not told."""
    moment: datetime


def _test(item: ApiItem, estate: Estate, _params: Params) -> Outcome:
    policies = {
        route.arn: need(policy_of(route, item.api, estate)) for route in item.routes if isinstance(item.api, RestApi)
    }
    if not any(policies.values()) and (not isinstance(item.api, RestApi) or need(item.api.policy) is None):
        return not_applicable("it has no resource policy to rely on")
    reached = _Reached(private_as_told(item.api) if isinstance(item.api, RestApi) else None, estate.as_of)
    routes = tuple(route for route in item.routes if route.method != _PREFLIGHT and registered(route, estate) is None)
    verdicts = tuple((route, _verdict(policies[route.arn], route, reached)) for route in routes)
    also = tuple(route.arn for route in routes)
    seen: dict[str, JsonValue] = {"routes": len(routes)}
    for route, said in verdicts:
        if said.kind is RestrictionKind.OPEN:
            return failed(f"the resource policy keeps nobody out of {route.route_key}: {said.why}", also, **seen)
    _everything_is_read(item, estate)
    if not routes:
        return not_applicable("no deployed route is there for it to protect", also)
    for route, said in verdicts:
        if said.kind is RestrictionKind.UNDECIDED:
            if said.needs_endpoint_type and isinstance(item.api, RestApi):
                is_private(item.api)
            kind = need(route.authorization_type)
            why = said.why or f"the authorization type {kind} is not known to this version"
            return undecided(f"what the resource policy does to {route.route_key} is not decided: {why}", also, **seen)
    inferred = next((each for each in routes if _rests_on_inference(policies[each.arn] or "", each, reached)), None)
    if inferred is not None:
        reason = (
            f"possible: {inferred.route_key} has a JWT authorizer, and only for user pools it is documented that the policy "
            "must allow as well; a Deny for all other sources leaves no doubt"
        )
        return needs_attestation(reason, also, **seen)
    return passed(f"the resource policy restricts every route: {verdicts[0][1].why}", also, **seen)


def _verdict(policy: str | None, route: DeployedRoute, reached: _Reached) -> Restriction:
    """Return what the policy does to a route, with what is known of it; what was not read is asked for later."""
    kind = route.authorization_type.value if isinstance(route.authorization_type, Present) else ""
    if policy is None:
        return _NO_POLICY
    match kind:
        case "NONE" | "COGNITO_USER_POOLS" | "JWT":
            return restriction(policy, route.arn, private=reached.private, moment=reached.moment)
        case "AWS_IAM":
            return beside_iam(policy, route.arn, private=reached.private, moment=reached.moment)
        case "CUSTOM":
            return _beside_function(policy, route, reached)
        case _:
            return _UNKNOWN


def _beside_function(policy: str, route: DeployedRoute, reached: _Reached) -> Restriction:
    said = beside_function(policy, route.arn, private=reached.private, moment=reached.moment)
    if said.kind is not RestrictionKind.OPEN:
        return said
    if isinstance(route.authorizer, Unread):
        return _UNKNOWN
    definition = need(route.authorizer)
    function = function_arn(definition.function_uri or "") if definition is not None else None
    if function is None or function.split(":")[_ACCOUNT] != route.account:
        return Restriction(
            RestrictionKind.UNDECIDED, "Its Lambda authorizer is not known, or belongs to another account."
        )
    return Restriction(RestrictionKind.OPEN, f"The allow of its Lambda authorizer is enough. {said.why}")


def _rests_on_inference(policy: str, route: DeployedRoute, reached: _Reached) -> bool:
    """Return whether a JWT route is protected by what the policy allows, not by what it denies."""
    if need(route.authorization_type) != "JWT":
        return False
    said = beside_function(policy, route.arn, private=reached.private, moment=reached.moment)
    return said.kind not in {RestrictionKind.RESTRICTING, RestrictionKind.CLOSED}


def _everything_is_read(item: ApiItem, estate: Estate) -> None:
    all_routes_are_read(item, estate)
    for route in item.routes:
        if need(route.authorization_type) == "CUSTOM":
            need(route.authorizer)


def _population(estate: Estate) -> Iterator[ApiItem]:
    return (each for each in apis(estate) if isinstance(each.api, RestApi))


CHECK = Check(
    name="resource-policy-restricts",
    reads=("RestApi", "DeployedRoute"),
    params=Params,
    population=_population,
    test=_test,
    registers=("public_routes",),
    concerns=holds(RestApi),
)
