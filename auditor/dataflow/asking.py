"""What a deployed route is asked by: the route whose authorizer decides, the resource policy before it, and what is not there."""

from auditor.dataflow.identity import policy_of
from auditor.dataflow.surroundings import Surroundings, place
from auditor.model.fact import Fact, NotApplicable, Unread
from auditor.model.gateway import DeployedRoute, Protocol
from auditor.model.snapshot import Gap, GapReason

_NO_POLICIES = NotApplicable(why="HTTP and WebSocket APIs have no resource policy")


def asked_at(route: DeployedRoute, around: Surroundings) -> DeployedRoute | None:
    """Return the route whose authorizer decides: of a WebSocket API that is `$connect`, for every message; None without one."""
    if route.protocol is not Protocol.WEBSOCKET or route.route_key == "$connect":
        return route
    return around.connects.get(place(route, route.stage_arn))


def policy_before(route: DeployedRoute, around: Surroundings) -> Fact[str]:
    """Return the text of the resource policy in effect; NotApplicable where an API has none by its kind."""
    if route.protocol is not Protocol.REST:
        return _NO_POLICIES
    found = policy_of(route, around)
    return Unread(gap=missing(route, "apigateway:GetRestApis", None)) if found is None else found


def missing(route: DeployedRoute, operation: str, about: str | None) -> Gap:
    """Return a gap for what should be in the snapshot beside a deployed route, and is not."""
    return Gap(
        operation=operation,
        account=route.account,
        region=route.region,
        resource=about,
        reason=GapReason.MALFORMED,
        action="apigateway:GET",
        detail="*; not in the snapshot",
    )
