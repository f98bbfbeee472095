"""One flow a deployed route: every door, who may call, where it goes, and the steps in between."""

from auditor.dataflow.deployed import drift
from auditor.dataflow.doors import are_complete, doors, is_private
from auditor.dataflow.identity import who
from auditor.dataflow.routing import backend
from auditor.dataflow.sentences import Told, steps
from auditor.dataflow.surroundings import Surroundings, place
from auditor.model.estate import Estate
from auditor.model.fact import Absent, Fact
from auditor.model.flow import Flow, ToldToBackend
from auditor.model.gateway import DeployedRoute


def flows(estate: Estate) -> tuple[Flow, ...]:
    """Return the flow of each deployed route, sorted by (account, region, API name, stage, path, method, ARN)."""
    around = Surroundings(estate)
    return tuple(sorted((_flow(route, around) for route in estate.of(DeployedRoute)), key=_order))


def _flow(route: DeployedRoute, around: Surroundings) -> Flow:
    told = _told(route, around)
    api = around.apis.get(place(route, route.api_arn))
    api_id = route.api_arn.rpartition("/")[2]
    return Flow(
        route=route.arn,
        resource_type=route.resource_type,
        api=api_id,
        api_arn=route.api_arn,
        api_name=api.name if api else api_id,
        account=route.account,
        region=route.region,
        stage=route.stage,
        route_key=route.route_key,
        kind=route.protocol,
        view=route.view,
        who=told.who,
        doors=doors(route, around),
        doors_complete=are_complete(route, around),
        api_key_required=route.api_key_required,
        private=told.private,
        told_to_backend=ToldToBackend.UNKNOWN,
        transforms=None,
        backend=told.backend,
        trace="NONE" if isinstance(told.access_log, Absent) else None,
        drift=told.drift,
        drift_fields=told.drift_fields,
        steps=steps(told, around),
    )


def _told(route: DeployedRoute, around: Surroundings) -> Told:
    moved, fields = drift(route, around)
    return Told(
        route=route,
        who=who(route, around),
        backend=backend(route.integration),
        access_log=_access_log(route, around),
        private=is_private(route, around),
        drift=moved,
        drift_fields=fields,
    )


def _access_log(route: DeployedRoute, around: Surroundings) -> Fact[str] | None:
    stage = around.stages.get(place(route, route.stage_arn))
    return stage.access_log_destination if stage else None


def _order(flow: Flow) -> tuple[str, ...]:
    method, _, path = flow.route_key.rpartition(" ")
    return (flow.account, flow.region, flow.api_name, flow.stage, path, method, flow.route)
