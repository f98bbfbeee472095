"""What changed on the paths of routes, in words: flow by flow, by what they are made of and not by their sentences."""

from collections.abc import Iterator
from datetime import date

from auditor.dataflow.deployed import undeployed
from auditor.dataflow.surroundings import Working, working_key
from auditor.diff.canaries import compare_canaries
from auditor.diff.paths.identity import asks, identity
from auditor.diff.paths.interface import Change, Pair
from auditor.diff.paths.release import rulings, waiting
from auditor.diff.paths.routing import routing
from auditor.diff.paths.said import said, said_of
from auditor.diff.paths.sight import Sight
from auditor.diff.paths.transformation import transformation
from auditor.diff.side import Side, key_of, would_see
from auditor.model.diff import Direction, FlowChange
from auditor.model.fact import Present
from auditor.model.flow import Flow, WhoKind
from auditor.model.gateway import View
from auditor.model.words import shortened

_QUESTIONS = (identity, routing, transformation, waiting, rulings)
_NAME = 100
"""Characters of a route's name in a sentence."""
_ECHOES = {"P1": "told to back end", "P16": "trace"}
"""Rules that say once more what a member of the flow says."""
_RANK = {Direction.WORSE: 0, Direction.UNKNOWN: 1, Direction.BETTER: 2, Direction.NEITHER: 3}


def compare_flows(old: Side, new: Side) -> tuple[FlowChange, ...]:
    """Return what changed, worst first, then by account, region, API, stage, path and method.

    What was not read on one side is no change: that belongs to coverage.
    """
    before, after = Sight(old), Sight(new)
    found = [
        *_come(before, after),
        *_gone(before, after),
        *_changed(before, after),
        *compare_canaries(before, after),
        *_waiting_routes(before, after),
    ]
    return tuple(sorted(found, key=_order))


def _order(change: FlowChange) -> tuple[int, str, str, str, str, str, str, str]:
    method, _, path = change.route_key.rpartition(" ")
    where = (change.account, change.region, change.api_name, change.stage)
    return (_RANK[change.direction], *where, path, method, change.route)


def _changed(old: Sight, new: Sight) -> Iterator[FlowChange]:
    is_one_key = old.side.estate.snapshot.redaction_key_id == new.side.estate.snapshot.redaction_key_id
    is_one_schema = old.side.estate.snapshot.schema_version == new.side.estate.snapshot.schema_version
    for key in sorted(old.flows.keys() & new.flows.keys()):
        one, other = old.seen(old.flows[key]), new.seen(new.flows[key])
        if one == other:
            continue
        pair = Pair(one, other, is_one_key=is_one_key, is_one_schema=is_one_schema)
        found = [change for question in _QUESTIONS for change in question(pair)]
        members = {(each.member, each.direction) for each in found}
        for change in found:
            if (_ECHOES.get(change.member, ""), change.direction) not in members:
                yield said_of(change, pair)


def _come(old: Sight, new: Sight) -> Iterator[FlowChange]:
    """Yield the routes that certainly were not there before."""
    for key in sorted(new.flows.keys() - old.flows.keys()):
        flow = new.flows[key]
        route = new.route(flow)
        if not would_see(old.side, route, new.side):
            continue
        asked, direction = asks(new.seen(flow))
        is_deployed = flow.view is View.DEPLOYED
        words = f"is new{'; ' if flow.who.kind is WhoKind.UNKNOWN else ' and '}{asked}{'' if is_deployed else ', as configured'}"
        change = Change("route", words, direction, None, flow.who.label)
        yield said(change, flow, new.created(flow, route.deployment_id) if is_deployed else None)


def _gone(old: Sight, new: Sight) -> Iterator[FlowChange]:
    """Yield the routes that are certainly gone."""
    for key in sorted(old.flows.keys() - new.flows.keys()):
        flow = old.flows[key]
        if would_see(new.side, old.route(flow), old.side):
            words, direction = _left(flow, old, new)
            yield said(Change("route", words, direction, flow.who.label, None), flow, _day(flow, old, new))


def _left(flow: Flow, old: Sight, new: Sight) -> tuple[str, Direction]:
    """Return what it means that a route is gone."""
    if new.stage(flow) is None:
        return "is gone with its stage", Direction.NEITHER
    if flow.route_key == "$connect" and flow.who.kind is not WhoKind.NONE:
        return "is gone: nobody is asked who connects", Direction.WORSE
    _, was = asks(old.seen(flow))
    return "is gone", Direction.BETTER if was is Direction.WORSE else Direction.NEITHER


def _day(flow: Flow, old: Sight, new: Sight) -> date | None:
    """Return the day on which the stage got another deployment; None where it has none, or the same."""
    before, after = old.stage(flow), new.stage(flow)
    if before is None or after is None or before.deployment_id == after.deployment_id:
        return None
    return new.created(flow, after.deployment_id)


def _waiting_routes(old: Sight, new: Sight) -> Iterator[FlowChange]:
    """Yield what stands in the working copy on no stage, and did not stand there before."""
    for each in undeployed(new.side.estate):
        if key_of(each) not in old.side.resources and would_see(old.side, each, new.side):
            yield _waits(each, new)


def _waits(working: Working, new: Sight) -> FlowChange:
    api = new.around.apis.get((working.account, working.region, working.api_arn))
    kind = working.authorization_type
    words = "is new in the working copy and on no stage"
    key = working_key(working)
    return FlowChange(
        route=working.arn,
        account=working.account,
        region=working.region,
        api_name=api.name if api else working.api_arn.rpartition("/")[2],
        stage="",
        route_key=key,
        member="route",
        change=words,
        what=f"`{shortened(key, _NAME)}` {words}",
        direction=Direction.NEITHER,
        deployed=None,
        old=None,
        new=kind.value if isinstance(kind, Present) else None,
    )
