"""Step 9: what a validator may find missing. The content of a call is not told, so it never refuses for certain."""

from auditor.dataflow.explain.meeting import Meeting
from auditor.dataflow.explain.verdict import Verdict, passed
from auditor.model.fact import Present, Unread
from auditor.model.gateway import Protocol

_EMPTY = "Empty"
_SHOWN = 4


def judge(meeting: Meeting) -> Verdict:
    """Return that it passes, with what it may be refused for."""
    route = meeting.passage.route
    if route.protocol is not Protocol.REST:
        return passed()
    if isinstance(route.request_validation, Unread):
        gap = route.request_validation.gap
        return passed(f"Perhaps 400 at step 9: whether requests are validated was not read ({gap.operation}).")
    if not isinstance(route.request_validation, Present):
        return passed()
    validation, notes = route.request_validation.value, []
    required = _required(route.request_parameters.value) if isinstance(route.request_parameters, Present) else []
    if validation.parameters and required:
        notes.append(f"BAD_REQUEST_PARAMETERS at step 9, if one is missing: {', '.join(required[:_SHOWN])}.")
    models = route.request_models.value if isinstance(route.request_models, Present) else {}
    real = sorted({each for each in models.values() if each != _EMPTY})
    if validation.body and real:
        notes.append(f"BAD_REQUEST_BODY at step 9, if the body is not as model {', '.join(real[:_SHOWN])} has it.")
    return passed(*notes)


def _required(parameters: dict[str, bool]) -> list[str]:
    found = [name.removeprefix("method.request.") for name, needed in sorted(parameters.items()) if needed]
    return [each for each in found if not each.startswith("path.")]
