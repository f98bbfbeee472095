"""Step 11: whether a body of this content type is taken (transformation.passthrough)."""

from typing import assert_never

from auditor.dataflow.explain.meeting import Meeting
from auditor.dataflow.explain.verdict import Verdict, passed, refused, unknown
from auditor.dataflow.transformation.passthrough import JSON, Fate, chosen, others
from auditor.model.fact import Present
from auditor.model.gateway import Protocol
from auditor.model.route_parts import Integration


def judge(meeting: Meeting) -> Verdict:
    """Return what becomes of the call; where the integration is not known, step 12 says so."""
    integration = meeting.passage.integration
    if meeting.passage.route.protocol is not Protocol.REST or not isinstance(integration, Present):
        return passed()
    found, given = integration.value, meeting.call.content_type
    match chosen(found, given).fate:
        case Fate.REFUSED:
            return _refused(meeting, found, given)
        case Fate.UNKNOWN:
            return unknown("What becomes of a body of this type is not understood.", meeting.route)
        case Fate.TEMPLATE | Fate.UNCHANGED:
            return passed(*_others(found, given))
        case never:
            assert_never(never)


def _refused(meeting: Meeting, integration: Integration, given: str | None) -> Verdict:
    templates = ", ".join(sorted(integration.request_templates))
    if given is None and templates:
        return unknown(
            f"The route takes bodies of {templates} alone, and no type is given (--content-type).", meeting.route
        )
    name = given or f"any type ({JSON} where none is sent)"
    taken = f"only {templates} is taken" if templates else "no template is there for any"
    because = f"Bodies of {name} are refused: {taken}, and others do not pass ({integration.passthrough})."
    return refused("UNSUPPORTED_MEDIA_TYPE", because, f"integration of {meeting.route}")


def _others(integration: Integration, given: str | None) -> list[str]:
    if given is not None or others(integration) is not Fate.REFUSED:
        return []
    templates = ", ".join(sorted(integration.request_templates))
    return [f"UNSUPPORTED_MEDIA_TYPE at step 11, if the body is of another type than {templates}."]
