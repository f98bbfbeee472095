"""calls-traced: REST stages send traces to X-Ray, and so do the functions that routes call.

Claim: tracing is on. Population: every stage, and every function of the snapshot that a deployed route calls. Deviation: it
is off. HTTP and WebSocket APIs send no traces: there the function is tested. Cannot see: sampling, which leaves calls out, so
that a trace is no evidence of one call; functions of other accounts, and back ends that are no function.
"""

from collections.abc import Iterator
from dataclasses import dataclass

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
from auditor.model.estate import Estate
from auditor.model.fact import NotReadError, Unread, need
from auditor.model.gateway import DeployedRoute, Protocol, Stage
from auditor.model.platform import Function
from auditor.model.snapshot import Gap

_ACTIVE, _PASSING = "Active", "PassThrough"


@dataclass(frozen=True)
class _Called(ResourceItem[Function]):
    """A function, and the gap behind which hides whether a route calls it; None: one does."""

    hidden: Gap | None = None


def _test(item: ResourceItem[Stage] | _Called, _estate: Estate, _params: Params) -> Outcome:
    if isinstance(item, _Called):
        if item.hidden is not None:
            raise NotReadError(item.hidden)
        return _function(item.of)
    return _stage(item.of)


def _stage(stage: Stage) -> Outcome:
    if stage.protocol is not Protocol.REST:
        return not_applicable("HTTP and WebSocket APIs send no traces: their functions are tested")
    if need(stage.tracing_enabled):
        return passed("sends traces to X-Ray", tracing=True)
    return failed("sends no traces to X-Ray", tracing=False)


def _function(function: Function) -> Outcome:
    if need(function.exists) is False:
        return not_applicable("the function does not exist")
    mode = need(function.tracing_mode)
    if mode == _ACTIVE:
        return passed("traces its calls", mode=mode)
    if mode in {_PASSING, None}:
        return failed("traces a call only where its caller did", mode=mode)
    return undecided(f"the tracing mode {mode} is not known to this version", mode=mode)


def _population(estate: Estate) -> Iterator[ResourceItem[Stage] | _Called]:
    yield from items(estate.of(Stage))
    called = {(flow.account, flow.backend.target) for flow in estate.flows if flow.backend.kind == "LAMBDA"}
    hidden = _hidden(estate)
    for each in estate.of(Function):
        is_called = (each.account, each.arn) in called
        if is_called or each.account in hidden:
            gap = None if is_called else hidden[each.account]
            yield _Called(each.arn, Function.cloudformation, each.account, each.region, each, gap)


def _hidden(estate: Estate) -> dict[str, Gap]:
    """Return, by account, a gap that hides where a route goes."""
    routes = reversed([*estate.of(DeployedRoute)])
    return {each.account: each.integration.gap for each in routes if isinstance(each.integration, Unread)}


CHECK = Check(
    name="calls-traced",
    reads=("Stage", "DeployedRoute"),
    params=Params,
    population=_population,
    test=_test,
)
