"""Step 12: whether the way to the back end is there: stage variables, VPC link, the right to invoke a function."""

from auditor.access.family import family
from auditor.access.patterns import literal
from auditor.dataflow.explain.meeting import Meeting
from auditor.dataflow.explain.steps.functions import callable_by, unset
from auditor.dataflow.explain.verdict import Verdict, passed, refused, unknown, unread
from auditor.dataflow.functions import function_arn
from auditor.model.doors import VpcLink
from auditor.model.explanation import Decision
from auditor.model.fact import Absent, NotApplicable, Present, Unread
from auditor.model.gateway import Protocol
from auditor.model.route_parts import Integration

_BROKEN, _FAILED = "API_CONFIGURATION_ERROR", "INTEGRATION_FAILURE"
_READY = "AVAILABLE"
_NOT_READY = frozenset({"PENDING", "DELETING", "FAILED", "INACTIVE"})


def judge(meeting: Meeting) -> Verdict:
    """Return what becomes of the call."""
    match meeting.passage.integration:
        case Unread(gap=gap):
            return unread("Where the call goes", gap)
        case Absent() | NotApplicable():
            return unknown("The route has no integration; what it answers is not known.", meeting.route)
        case Present(value=found):
            return _reached(meeting, found)


def _reached(meeting: Meeting, found: Integration) -> Verdict:
    text = " ".join(each for each in (found.uri, found.connection_id, found.credentials) if each)
    variables = unset(meeting, text, _BROKEN)
    if variables.decision is not Decision.ALLOWED:
        return variables
    if found.connection_type == "VPC_LINK":
        return _by_link(meeting, found)
    arn = function_arn(found.uri or "") if found.type in {"AWS", "AWS_PROXY"} and not found.subtype else None
    if arn is None:
        return passed()
    return callable_by(meeting, arn, _caller(meeting), _BROKEN, by_role=bool(found.credentials))


def _caller(meeting: Meeting) -> str:
    """Return the source as which the gateway calls a function: any call of the route, with its own verb and path."""
    route = meeting.passage.route
    by_path = route.protocol is not Protocol.WEBSOCKET and route.path.startswith("/")
    return family(route.arn).language if by_path else literal(meeting.route)


def _by_link(meeting: Meeting, found: Integration) -> Verdict:
    route = meeting.passage.route
    links = meeting.around.estate.of(VpcLink)
    link = next(
        (
            each
            for each in links
            if (each.account, each.region, each.link_id) == (route.account, route.region, found.connection_id)
        ),
        None,
    )
    if link is None:
        return unknown(f"VPC link {found.connection_id} is not in the snapshot.", "apigateway:GetVpcLinks")
    if isinstance(link.status, Unread):
        return unread(f"Whether VPC link {link.name} is ready", link.status.gap)
    status = link.status.value if isinstance(link.status, Present) else None
    if status == _READY:
        return passed()
    if status in _NOT_READY:
        return refused(
            _FAILED,
            f"VPC link {link.name} is {status}, so the back end is not reached.",
            f"list of VPC links {link.arn}",
        )
    return unknown(f"The status of VPC link {link.name} is not understood.", link.arn)
