"""Questions about a deployed route that more than one check asks."""

from auditor.access.strangers.restriction import Restriction, RestrictionKind, restriction
from auditor.dataflow.policies import effective_policy
from auditor.dataflow.ways import leads_to, needed_ways
from auditor.model.doors import StageExport
from auditor.model.estate import Estate
from auditor.model.fact import Fact, NotReadError, Unread, need
from auditor.model.gateway import Api as NewerApi
from auditor.model.gateway import DeployedRoute, DomainName, Protocol, RestApi
from auditor.model.register import PublicRoute

KNOWN_AUTHORIZATION = frozenset({"AWS_IAM", "CUSTOM", "COGNITO_USER_POOLS", "JWT"})
"""Authorization types that ask who calls. A type that is not in here and not NONE is not known, never a pass."""

_NO_POLICY = Restriction(RestrictionKind.OPEN, "The API has no resource policy.")
_NONE_POSSIBLE = Restriction(RestrictionKind.OPEN, "HTTP and WebSocket APIs have no resource policy.")


def api_of(route: DeployedRoute, estate: Estate) -> RestApi | NewerApi | None:
    """Return the API of a route."""
    rest = estate.one(RestApi, route.account, route.api_arn)
    return rest if rest is not None else estate.one(NewerApi, route.account, route.api_arn)


def policy_restriction(route: DeployedRoute, estate: Estate) -> Restriction:
    """Return what the API's resource policy does to a route that asks nobody; raises NotReadError where it is unread."""
    if route.protocol is not Protocol.REST:
        return _NONE_POSSIBLE
    api = api_of(route, estate)
    if not isinstance(api, RestApi):
        return Restriction(RestrictionKind.UNDECIDED, "The API of the route is not in the snapshot.")
    policy = need(policy_of(route, api, estate))
    if policy is None:
        if is_private(api):
            return Restriction(RestrictionKind.CLOSED, "A private API without a resource policy refuses every call.")
        return _NO_POLICY
    found = restriction(policy, route.arn, private=private_as_told(api), moment=estate.as_of)
    if found.needs_endpoint_type:
        is_private(api)
    return found


def is_private(api: RestApi) -> bool:
    """Return whether an API answers inside VPCs only; raises NotReadError where that is unread."""
    return "PRIVATE" in (need(api.endpoint_types) or ())


def private_as_told(api: RestApi) -> bool | None:
    """Return whether an API answers inside VPCs only; None where that is unread: it may not matter."""
    return None if isinstance(api.endpoint_types, Unread) else is_private(api)


def policy_of(route: DeployedRoute, api: RestApi, estate: Estate) -> Fact[str]:
    """Return the resource policy that decides about calls of a route: the deployed one where an export tells it."""
    return effective_policy(route, api, _export_of(route, estate))


def _export_of(route: DeployedRoute, estate: Estate) -> StageExport | None:
    return estate.one(StageExport, route.account, f"{route.stage_arn}/exports/oas30")


def registered(route: DeployedRoute, estate: Estate) -> PublicRoute | None:
    """Return the entry that declares a route public."""
    entries = estate.registers.public_routes or ()
    return next((each for each in entries if each.route == route.arn.partition("#")[0]), None)


def is_message_route(route: DeployedRoute) -> bool:
    """Return whether a route carries messages of an open WebSocket connection: only $connect can hold an authorizer."""
    return route.protocol is Protocol.WEBSOCKET and route.route_key != "$connect"


def only_mutual_tls(route: DeployedRoute, estate: Estate) -> bool:
    """Return whether every door of the route asks for a client certificate.

    Raises NotReadError where a door is unread.
    """
    api = api_of(route, estate)
    if api is None or need(api.disable_execute_api_endpoint) is not True:
        return False
    _all_doors_are_read(route, estate)
    doors = [domain for domain in estate.of(DomainName) if domain.account == route.account and _leads_to(domain, route)]
    return bool(doors) and all(need(domain.mutual_tls_truststore) is not None for domain in doors)


def _all_doors_are_read(route: DeployedRoute, estate: Estate) -> None:
    """Raise NotReadError where a domain name may hide: an unseen door could be one without mutual TLS."""
    for gap in estate.gaps:
        if (gap.account, gap.region) == (route.account, route.region) and gap.operation.endswith(":GetDomainNames"):
            raise NotReadError(gap)


def _leads_to(domain: DomainName, route: DeployedRoute) -> bool:
    return domain.region == route.region and any(leads_to(way, route) for way in needed_ways(domain))
