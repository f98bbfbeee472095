"""The gate of each deployed route: what decides who may call it, joined from what stands around it."""

from collections.abc import Iterator

from auditor.access.gateway.gate import Endpoint, Gate, route_family
from auditor.access.iam.policies import Layer, of_fact
from auditor.dataflow.asking import asked_at, missing, policy_before
from auditor.dataflow.doors import is_private
from auditor.dataflow.identity import who
from auditor.dataflow.surroundings import Surroundings, place
from auditor.model.doors import VpcEndpoint
from auditor.model.estate import Estate
from auditor.model.fact import Absent, Fact, Present, Unread
from auditor.model.gateway import DeployedRoute, RestApi, Route

_NOBODY_ASKED = Present[str](value="NONE")
_EXECUTE_API = ".execute-api"


def gates(estate: Estate) -> tuple[Gate, ...]:
    """Return the gate of each deployed route, in the order of the estate."""
    around = Surroundings(estate)
    return tuple(gate_of(route, around) for route in estate.of(DeployedRoute))


def gate_of(route: DeployedRoute, around: Surroundings) -> Gate:
    """Return the gate of one deployed route; of a WebSocket message it is that of `$connect`."""
    asked = asked_at(route, around)
    found = who(route, around)
    private = is_private(route, around)
    return Gate(
        route=route.arn,
        account=route.account,
        region=route.region,
        protocol=route.protocol,
        family=route_family((asked or route).arn, route.protocol),
        authorization=_authorization(route, asked, around),
        policy=policy_before(route, around),
        private=private,
        api_key_required=route.api_key_required,
        by=found.detail,
        scopes=found.scopes,
        endpoints=tuple(_endpoints(route, around)) if private else (),
    )


def _authorization(route: DeployedRoute, asked: DeployedRoute | None, around: Surroundings) -> Fact[str]:
    if asked is not None:
        return asked.authorization_type
    if around.was_listed(Route, route, route.api_arn):
        # No $connect route: nobody is asked.
        return _NOBODY_ASKED
    return Unread(gap=missing(route, "apigatewayv2:GetRoutes", route.api_arn))


def _endpoints(route: DeployedRoute, around: Surroundings) -> Iterator[Endpoint]:
    """Yield the endpoints of the snapshot through which calls of a private API may come; in its own account any may."""
    api = around.apis.get(place(route, route.api_arn))
    named = api.vpc_endpoint_ids if isinstance(api, RestApi) else Absent()
    for each in around.estate.of(VpcEndpoint):
        is_of_service = isinstance(each.service, Present) and each.service.value.endswith(_EXECUTE_API)
        is_named = isinstance(named, Present) and each.endpoint_id in named.value
        if each.region == route.region and is_of_service and (each.account == route.account or is_named):
            vpc = each.vpc.value if isinstance(each.vpc, Present) else None
            yield Endpoint(each.endpoint_id, vpc, of_fact(each.policy, Layer.ENDPOINT, f"of {each.endpoint_id}"))
