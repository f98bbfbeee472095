"""Step 14, evidence: what stays of a call in logs and traces, and whether it names who called."""

from auditor.dataflow.passage import Passage
from auditor.dataflow.steps.interface import Said, StepModule, told
from auditor.dataflow.steps.throttle import setting_key
from auditor.dataflow.surroundings import Surroundings
from auditor.model.fact import Absent, NotApplicable, Present, Unread
from auditor.model.flow import Trace
from auditor.model.gateway import Protocol, Stage
from auditor.model.step import Domain, Effect, StepFact, StepState

_REST = "apigateway:GetStages item[]"
_NEWER = "apigatewayv2:GetStages Items[]"
_NAMES = {
    Trace.NONE: "",
    Trace.BROKEN: ", in a form that cannot be read",
    Trace.ANONYMOUS: ", which does not say who called",
    Trace.PARTIAL: ", which names some callers and not others",
    Trace.IDENTIFIED: ", which names who called",
    None: "; whether it names who called is not known",
}


def _say(passage: Passage, _around: Surroundings) -> Said:
    stage = passage.stage
    if stage is None:
        return Said(StepState.NOT_READ, "Whether calls are logged was not read.", Effect.UNKNOWN)
    facts = _facts(passage, stage)
    match stage.access_log_destination:
        case Present(value=arn):
            name = arn.partition(":log-group:")[2].removesuffix(":*") or arn.rpartition("/")[2]
            sentence = f"Writes an access log to {name}{_NAMES[passage.trace]}{_payloads(passage)}."
            return Said(StepState.SET, sentence, Effect.PASS, facts)
        case Absent() | NotApplicable():
            return Said(StepState.ABSENT, f"Writes no access log{_payloads(passage)}.", Effect.PASS, facts)
        case Unread():
            return Said(StepState.NOT_READ, "Whether calls are logged was not read.", Effect.UNKNOWN, facts)


def _payloads(passage: Passage) -> str:
    if isinstance(passage.setting, Unread) and passage.route.protocol is not Protocol.HTTP:
        return "; whether whole bodies are logged was not read"
    is_traced = isinstance(passage.setting, Present) and passage.setting.value.data_trace
    return "; whole bodies go to the execution log" if is_traced else ""


def _facts(passage: Passage, stage: Stage) -> tuple[StepFact, ...]:
    source = _REST if passage.route.protocol is Protocol.REST else _NEWER
    setting = passage.setting.value if isinstance(passage.setting, Present) else None
    facts = (
        told("access log", stage.access_log_destination, f"{source}.accessLogSettings"),
        told("format", stage.access_log_format, f"{source}.accessLogSettings.format"),
        told("X-Ray", stage.tracing_enabled, f"{source}.tracingEnabled", lambda flag: "on" if flag else "off"),
    )
    if isinstance(passage.setting, Unread):
        return (*facts, told("settings", passage.setting, f"{source} settings"))
    if setting is None:
        return facts
    values = (
        ("execution log", setting.logging_level),
        ("payloads", _flag(setting.data_trace)),
        ("metrics", _flag(setting.metrics)),
    )
    return facts + tuple(StepFact(name, value, StepState.SET, f"{source} settings") for name, value in values if value)


def _flag(value: bool | None) -> str | None:  # noqa: FBT001 - a fact of a setting
    return None if value is None else ("on" if value else "off")


def _alike(passage: Passage) -> object:
    return (passage.trace, setting_key(passage))


STEP = StepModule(14, Domain.EVIDENCE, "evidence", _say, _alike)
