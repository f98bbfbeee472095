"""Canaries that began, ended or changed, and how the path differs for the calls that they take."""

from collections.abc import Iterator

from auditor.diff.paths.identity import asks, identity
from auditor.diff.paths.interface import Change, Pair
from auditor.diff.paths.routing import routing
from auditor.diff.paths.said import said
from auditor.diff.paths.sight import CANARY, Sight
from auditor.diff.paths.transformation import transformation
from auditor.model.diff import Direction, FlowChange
from auditor.model.fact import Fact, Present, Unread
from auditor.model.flow import Flow
from auditor.model.gateway import Stage

_MEMBER = "canary"


def compare_canaries(old: Sight, new: Sight) -> Iterator[FlowChange]:
    """Yield what became of each stage's canary; one that began is compared with what the stage serves beside it."""
    for key in sorted(old.stages.keys() & new.stages.keys()):
        before, after = old.stages[key], new.stages[key]
        one, other = before.canary_deployment_id, after.canary_deployment_id
        if isinstance(one, Unread) or isinstance(other, Unread):
            continue
        if _value(one) == _value(other):
            yield from _share(before, after, new)
            continue
        if isinstance(one, Present):
            yield _ended(one.value, after, new)
        if isinstance(other, Present):
            yield from _begun(other.value, after, new)


def _begun(deployment: str, stage: Stage, new: Sight) -> Iterator[FlowChange]:
    words = f"canary began: deployment {deployment} takes {_percent(stage)} of the calls"
    yield _about(stage, words, (None, deployment), new)
    for flow in new.canaries.get((stage.account, stage.region, stage.api_arn, stage.stage), {}).get(deployment, ()):
        yield from _beside(flow, new)


def _beside(flow: Flow, new: Sight) -> Iterator[FlowChange]:
    """Yield what the canary does to a route that the stage does not."""
    head = f"`{flow.route_key}` in the canary"
    stands = new.flows.get((flow.account, flow.region, flow.route.partition(CANARY)[0]))
    if stands is None:
        asked, direction = asks(new.seen(flow))
        yield said(Change("route", f"is new and {asked}", direction, None, flow.who.label), flow, head=head)
        return
    pair = Pair(new.seen(stands), new.seen(flow), is_one_key=True, is_one_schema=True)
    for change in (*identity(pair), *routing(pair), *transformation(pair)):
        yield said(change, flow, head=head)


def _ended(deployment: str, stage: Stage, new: Sight) -> FlowChange:
    kept = _value(stage.deployment_id) == deployment
    words = f"canary was promoted: deployment {deployment} takes all calls" if kept else "canary ended"
    return _about(stage, words, (deployment, None), new)


def _share(before: Stage, after: Stage, new: Sight) -> Iterator[FlowChange]:
    """Yield that a canary takes another share of the calls."""
    one, other = before.canary_percent, after.canary_percent
    if isinstance(one, Present) and isinstance(other, Present) and one != other:
        words = f"canary takes {_percent(after)} of the calls instead of {_percent(before)}"
        yield _about(after, words, (one.value, other.value), new)


def _about(stage: Stage, words: str, values: tuple[str | None, str | None], new: Sight) -> FlowChange:
    api = new.around.apis.get((stage.account, stage.region, stage.api_arn))
    text = f"Stage {stage.stage}: {words}"
    return FlowChange(
        route=stage.arn,
        account=stage.account,
        region=stage.region,
        api_name=api.name if api else stage.api_arn.rpartition("/")[2],
        stage=stage.stage,
        route_key="",
        member=_MEMBER,
        change=words,
        what=text,
        direction=Direction.UNKNOWN if values[0] is None else Direction.NEITHER,
        deployed=None,
        old=values[0],
        new=values[1],
    )


def _percent(stage: Stage) -> str:
    return f"{stage.canary_percent.value} %" if isinstance(stage.canary_percent, Present) else "some"


def _value(fact: Fact[str]) -> str | None:
    return fact.value if isinstance(fact, Present) else None
