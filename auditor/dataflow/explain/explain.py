"""What becomes of one call in an estate, and why: found, matched, walked.

"Allowed" says that nothing in the configuration refuses a call like this one. What depends on its content, on load or on the moment
is listed beside; whatever decides and is not known makes the answer unknown, never a guess.
"""

from dataclasses import replace

from auditor.dataflow.explain.address import Target, endpoint_of, locate
from auditor.dataflow.explain.answer import joined, without_route
from auditor.dataflow.explain.call import Call, shown
from auditor.dataflow.explain.match import match
from auditor.dataflow.explain.meeting import Meeting
from auditor.dataflow.explain.verdict import Verdict, refused, unknown, unread
from auditor.dataflow.explain.walk import walk
from auditor.dataflow.passages import passage_of
from auditor.dataflow.surroundings import Surroundings, place
from auditor.model.contract import GatewayResponse
from auditor.model.estate import Estate
from auditor.model.explanation import Decision, Explanation
from auditor.model.fact import NotReadError, Present, Unread
from auditor.model.gateway import Api, DeployedRoute, Protocol

_CANARY = "#canary/"
_USUAL = "a call that no rule takes by its headers"


def explain(call: Call, estate: Estate) -> Explanation:
    """Return what becomes of a call; raise UsageError where its URL is of no API of the snapshot."""
    around = Surroundings(estate)
    if call.endpoint is None and (endpoint := endpoint_of(call.host)) is not None:
        call = replace(call, endpoint=endpoint)
    return joined([_named(each, call, around) for each in locate(call, around)])


def _named(found: Target | Verdict, call: Call, around: Surroundings) -> tuple[str, Explanation]:
    if isinstance(found, Verdict):
        protocol = Protocol.WEBSOCKET if call.is_websocket else Protocol.REST
        step = 1 if found.decision is Decision.UNKNOWN else 0
        return _USUAL, without_route(step, found, protocol)
    return found.when or _USUAL, _at(found, call, around)


def _at(target: Target, call: Call, around: Surroundings) -> Explanation:
    """Return the answer at a stage, of its canary too where it has one."""
    routes = [each for each in around.estate.below(DeployedRoute, target.stage) if each.account == target.api.account]
    usual = _by_routes(target, call, around, [each for each in routes if _CANARY not in each.arn])
    if isinstance(target.stage.canary_deployment_id, Unread):
        hidden = unread("Whether a canary takes a share of the calls", target.stage.canary_deployment_id.gap)
        return joined([("a canary", without_route(1, hidden, _protocol(target))), ("the other calls", usual)])
    share = _share(target)
    if share is None:
        return usual
    canary = _by_routes(target, call, around, [each for each in routes if _CANARY in each.arn])
    return joined([(f"the canary, which takes {share} % of the calls", canary), ("the other calls", usual)])


def _share(target: Target) -> str | None:
    """Return which share of the calls a canary takes; None where there is none, or none of it."""
    stage = target.stage
    if not isinstance(stage.canary_deployment_id, Present):
        return None
    if isinstance(stage.canary_percent, Present):
        return None if stage.canary_percent.value in {"0", "0.0"} else stage.canary_percent.value
    return "an unknown"


def _protocol(target: Target) -> Protocol:
    return target.api.protocol if isinstance(target.api, Api) else Protocol.REST


def _by_routes(target: Target, call: Call, around: Surroundings, routes: list[DeployedRoute]) -> Explanation:
    protocol = _protocol(target)
    by_key = {each.route_key: each for each in routes}
    found = match(by_key, call.method, target.path, protocol)
    try:
        around.estate.whole(DeployedRoute, target.stage.account, target.stage.region, target.stage.arn)
    except NotReadError as error:
        if not found.is_best:
            verdict = unread(f"Which routes stage {target.stage.stage} of {target.api.name} serves", error.gap)
            return without_route(0, verdict, protocol, stage=target.stage.stage)
    preflight = None if (found.key or "").startswith("OPTIONS ") else _preflight(target, call)
    if preflight is not None:
        return without_route(0, preflight, protocol, stage=target.stage.stage)
    if found.key is None:
        return _not_found(target, call, around, protocol)
    if found.is_ambiguous:
        because = f"The most specific path has no method {call.method}; whether {found.key} takes the call instead is not known."
        return without_route(0, unknown(because, by_key[found.key].arn), protocol, stage=target.stage.stage)
    meeting = Meeting(call, passage_of(by_key[found.key], around), around, target.path)
    return walk(meeting, target)


def _not_found(target: Target, call: Call, around: Surroundings, protocol: Protocol) -> Explanation:
    stage = target.stage.stage
    what = call.method if protocol is Protocol.WEBSOCKET else f"{call.method} {shown(target.path)}"
    because = f"No route of stage {stage} of {target.api.name} takes {what}."
    waiting = _undeployed(target, call, around, protocol)
    if waiting is not None:
        because = f"{waiting} exists in the working copy of {target.api.name}, but is not deployed to stage {stage}."
    response = {Protocol.REST: "MISSING_AUTHENTICATION_TOKEN", Protocol.HTTP: "NOT_FOUND"}.get(protocol)
    verdict = refused(response, because, f"deployed routes of {target.stage.arn}")
    return without_route(0, verdict, protocol, _answers(target, around), stage)


def _answers(target: Target, around: Surroundings) -> tuple[GatewayResponse, ...] | None:
    """Return the answers of the gateway's own that somebody customised; None: not read."""
    routes = around.estate.below(DeployedRoute, target.stage)
    return around.gateway_responses(routes[0]) if routes else None


def _undeployed(target: Target, call: Call, around: Surroundings, protocol: Protocol) -> str | None:
    """Return the route of the working copy that would take the call."""
    keys = around.working.get(place(target.api, target.api.arn), {})
    return match(keys, call.method, target.path, protocol).key


def _preflight(target: Target, call: Call) -> Verdict | None:
    """Return what an HTTP API with CORS settings makes of a preflight: it answers by itself (developer guide, "CORS")."""
    api = target.api
    if not isinstance(api, Api) or api.protocol is not Protocol.HTTP or call.method != "OPTIONS":
        return None
    if isinstance(api.cors, Unread):
        return unread(f"Whether {api.name} answers preflight calls by itself", api.cors.gap)
    if not isinstance(api.cors, Present):
        return None
    because = f"{api.name} answers preflight calls by itself, from its CORS settings."
    note = "A call of OPTIONS without the headers of a preflight goes to the routes instead."
    return Verdict(Decision.ALLOWED, because, evidence=(f"apigatewayv2:GetApis {api.arn}",), also=(note,))
