"""api-key-not-sole-credential: no deployed route relies on an API key alone.

Claim: where a key is required, something else asks who calls. Population: every deployed route. Deviation: key required,
authorization NONE, no restricting resource policy, and a door without mutual TLS. Cannot see: who holds a copy of the key.
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
    api_of,
    is_message_route,
    only_mutual_tls,
    policy_restriction,
)
from auditor.model.estate import Estate
from auditor.model.fact import need
from auditor.model.gateway import DeployedRoute, RestApi


def _test(item: ResourceItem[DeployedRoute], estate: Estate, _params: Params) -> Outcome:
    route = item.of
    if is_message_route(route):
        return not_applicable("messages carry the identity of $connect")
    required = need(route.api_key_required)
    if required is None:
        return undecided("whether an API key is required is not told")
    if not required:
        return not_applicable("no API key is required", api_key_required=False)
    authorization = need(route.authorization_type)
    seen: dict[str, Any] = {"api_key_required": True, "authorization_type": authorization}
    if authorization in KNOWN_AUTHORIZATION:
        return passed(f"the key is beside an authorization of type {authorization}", **seen)
    if authorization != "NONE":
        return undecided(f"the authorization type {authorization} is not known to this version", **seen)
    return _key_only(route, estate)


def _key_only(route: DeployedRoute, estate: Estate) -> Outcome:
    api = api_of(route, estate)
    also = (route.api_arn,)
    policy = policy_restriction(route, estate)
    match policy.kind:
        case RestrictionKind.RESTRICTING | RestrictionKind.CLOSED:
            return passed(f"the key is beside a resource policy that restricts callers: {policy.why}", also)
        case RestrictionKind.UNDECIDED:
            return undecided(f"the key is beside a resource policy that is not decided: {policy.why}", also)
        case RestrictionKind.OPEN:
            pass
    if only_mutual_tls(route, estate):
        return passed("the key is beside mutual TLS on every door", (*also, "list:DomainName"))
    source = need(api.api_key_source) if isinstance(api, RestApi) else None
    return failed("an API key is all that the route asks for", (*also, "list:DomainName"), api_key_source=source)


CHECK = Check(
    name="api-key-not-sole-credential",
    reads=("DeployedRoute",),
    params=Params,
    population=lambda estate: items(estate.of(DeployedRoute)),
    test=_test,
)
