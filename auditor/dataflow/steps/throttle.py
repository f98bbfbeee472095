"""Step 8, throttle: how many calls a second are let through, and who set the limit."""

from auditor.dataflow.passage import Passage
from auditor.dataflow.steps.interface import Said, StepModule
from auditor.dataflow.surroundings import Surroundings
from auditor.model.fact import Present, Unread
from auditor.model.gateway import Protocol
from auditor.model.route_parts import RouteSetting
from auditor.model.step import Domain, Effect, StepFact, StepState

_SOURCE = {
    Protocol.REST: "apigateway:GetStages item[].methodSettings",
    Protocol.HTTP: "apigatewayv2:GetStages Items[].RouteSettings",
    Protocol.WEBSOCKET: "apigatewayv2:GetStages Items[].RouteSettings",
}
_SHARED = "Sets no limit of its own; the account's limit for all its APIs together holds."
_REFUSALS = {
    Protocol.HTTP: ("429 Too Many Requests",),
    Protocol.REST: ("THROTTLED",),
    Protocol.WEBSOCKET: ("THROTTLED",),
}


def _say(passage: Passage, _around: Surroundings) -> Said:
    refusals, source = _REFUSALS[passage.route.protocol], _SOURCE[passage.route.protocol]
    match passage.setting:
        case Present(value=found) if found.throttle_rate is not None:
            return Said(StepState.SET, _limit(found), Effect.CHECK, _facts(found, source), refusals)
        case Unread(gap=gap):
            facts = (StepFact("rate", None, StepState.NOT_READ, source, f"{gap.operation}: {gap.reason.value}"),)
            return Said(
                StepState.NOT_READ, "How many calls are let through was not read.", Effect.UNKNOWN, facts, refusals
            )
        case _:
            return Said(StepState.DEFAULT, _SHARED, Effect.CHECK, (), refusals)


def _limit(found: RouteSetting) -> str:
    where = "the stage" if found.path == "*" else "this route"
    burst = "" if found.throttle_burst is None else f", bursts of {found.throttle_burst}"
    if found.throttle_rate in {"0", "0.0"}:
        return f"Lets no call through: the rate set on {where} is 0."
    return f"Lets {found.throttle_rate} calls a second through{burst}, as set on {where}."


def _facts(found: RouteSetting, source: str) -> tuple[StepFact, ...]:
    burst = None if found.throttle_burst is None else str(found.throttle_burst)
    return (
        StepFact("rate", found.throttle_rate, StepState.SET, source),
        StepFact("burst", burst, StepState.ABSENT if burst is None else StepState.SET, source),
    )


def setting_key(passage: Passage) -> object:
    """Return what makes two routes of a stage be treated alike."""
    return id(passage.setting.value) if isinstance(passage.setting, Present) else passage.setting.state


STEP = StepModule(8, Domain.ROUTING, "throttle", _say, setting_key)
