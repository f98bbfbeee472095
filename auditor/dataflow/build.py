"""One flow a deployed route: every door, who may call, where it goes, what is changed, and who is told who called."""

from auditor.dataflow.deployed import drift
from auditor.dataflow.passage import Passage
from auditor.dataflow.passages import passages
from auditor.dataflow.propagation.carried import states, told
from auditor.dataflow.propagation.interface import Neighbours
from auditor.dataflow.propagation.registry import rules
from auditor.dataflow.steps.walk import Walk
from auditor.dataflow.surroundings import Surroundings
from auditor.model.estate import Estate
from auditor.model.fact import Absent, Present
from auditor.model.flow import Canary, Flow
from auditor.model.ruling import Ruling
from auditor.model.transform import Transform


def flows(estate: Estate) -> tuple[Flow, ...]:
    """Return the flow of each deployed route, sorted by (account, region, API name, stage, path, method, ARN)."""
    around = Surroundings(estate)
    walk = Walk(around)
    among = Neighbours(estate, tuple(passages(estate, around)))
    return tuple(sorted((_flow(each, among, walk) for each in among.passages), key=_order))


def _flow(passage: Passage, among: Neighbours, walk: Walk) -> Flow:
    route, api = passage.route, passage.api
    api_id = route.api_arn.rpartition("/")[2]
    moved, fields = drift(route, walk.around)
    three = states(passage, among.sent(passage))
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
        who=passage.who,
        doors=passage.doors,
        doors_complete=passage.doors_complete,
        api_key_required=route.api_key_required,
        private=passage.private,
        told_to_backend=told(three.backend),
        transforms=_transforms(passage),
        backend=passage.backend,
        trace=passage.trace,
        drift=moved,
        drift_fields=fields,
        steps=walk.steps(passage, three),
        identity=three.backend,
        canary=_canary(passage),
        rulings=_rulings(passage, among),
    )


def _rulings(passage: Passage, among: Neighbours) -> tuple[Ruling, ...]:
    return tuple(rule.judge(passage, among) for rule in rules())


def _transforms(passage: Passage) -> tuple[Transform, ...] | None:
    match passage.transforms:
        case Present(value=found):
            return found
        case Absent():
            return ()
        case _:
            return None


def _canary(passage: Passage) -> Canary | None:
    if not passage.is_canary or passage.stage is None:
        return None
    percent, names = passage.stage.canary_percent, passage.stage.canary_variable_names
    return Canary(
        deployment=passage.route.arn.partition("#canary/")[2],
        percent=percent.value if isinstance(percent, Present) else None,
        variables=names.value if isinstance(names, Present) else (),
    )


def _order(flow: Flow) -> tuple[str, ...]:
    method, _, path = flow.route_key.rpartition(" ")
    return (flow.account, flow.region, flow.api_name, flow.stage, path, method, flow.route)
