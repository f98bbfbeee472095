"""A call walked through one route, step by step in the order in which API Gateway decides (dataflow.md section 4.2)."""

from dataclasses import replace

from auditor.dataflow.doors import is_shut
from auditor.dataflow.explain.address import Target
from auditor.dataflow.explain.answer import answered
from auditor.dataflow.explain.meeting import Meeting
from auditor.dataflow.explain.steps import (
    api_key,
    authorizer,
    content,
    integration,
    policy,
    throttle,
    validation,
    web_acl,
)
from auditor.dataflow.explain.verdict import Verdict, passed, refused, unknown, unread
from auditor.dataflow.passages import passage_of
from auditor.model.explanation import Explanation
from auditor.model.fact import Present, Unread
from auditor.model.gateway import DeployedRoute, Protocol, View

_CONNECT = "$connect"
Walked = list[tuple[int, Verdict]]


def walk(meeting: Meeting, target: Target) -> Explanation:
    """Return what becomes of a call at the route that takes it."""
    found: Walked = [(1, _entry(meeting, target)), (2, _domain(target))]
    found += _decided_at_once(meeting) if _is_message(meeting) else _asked(meeting)
    found += [
        (8, throttle.judge(meeting)),
        (9, validation.judge(meeting)),
        (11, content.judge(meeting)),
        (12, integration.judge(meeting)),
    ]
    return answered(found, meeting.passage)


def _is_message(meeting: Meeting) -> bool:
    route = meeting.passage.route
    return route.protocol is Protocol.WEBSOCKET and route.route_key != _CONNECT


def _asked(meeting: Meeting) -> Walked:
    asked = authorizer.judge(meeting)
    return [
        (3, web_acl.judge(meeting)),
        (4, policy.denies(meeting)),
        (5, asked.verdict),
        (6, policy.combined(meeting, asked.kind, asked.grants)),
        (7, api_key.judge(meeting)),
    ]


def _decided_at_once(meeting: Meeting) -> Walked:
    """Return what was asked when the connection was opened: messages are not asked again."""
    connect = meeting.passage.asked
    if connect is None:
        return [(5, authorizer.judge(meeting).verdict)]
    opened = replace(meeting, passage=passage_of(connect, meeting.around), call=replace(meeting.call, method=_CONNECT))
    return [(step, _at_connect(verdict)) for step, verdict in _asked(opened)]


def _at_connect(verdict: Verdict) -> Verdict:
    return replace(verdict, because=f"At $connect: {verdict.because}") if verdict.because else verdict


def _entry(meeting: Meeting, target: Target) -> Verdict:
    """Return whether the door is open: the gateway's own, and that of a private API."""
    route, call = meeting.passage.route, meeting.call
    notes = _view(route)
    if target.domain is None:
        shut = is_shut(route, meeting.around)
        if shut:
            because = "The gateway's own endpoint of this API is turned off; it answers under its domain names alone."
            return refused(None, because, f"disableExecuteApiEndpoint of {route.api_arn}")
        if shut is None:
            return unknown("Whether the gateway's own endpoint of this API is turned off was not read.", route.api_arn)
    if meeting.passage.private is None:
        return unknown("Whether the API is private was not read.", route.api_arn)
    if meeting.passage.private and call.endpoint is None:
        return unknown("The API is private: it answers through VPC endpoints alone (--from vpce-…).", route.api_arn)
    if call.endpoint is not None and not meeting.passage.private:
        return unknown("The API is not private; whether a VPC endpoint leads to it is not known.", route.api_arn)
    return passed(*notes)


def _view(route: DeployedRoute) -> tuple[str, ...]:
    if route.view is View.DEPLOYED:
        return ()
    return ("What is deployed cannot be read on this kind of API; the working copy stands in for it.",)


def _domain(target: Target) -> Verdict:
    domain = target.domain
    if domain is None:
        return passed()
    if isinstance(domain.endpoint_types, Unread):
        return unread(f"Whether {domain.domain} is private", domain.endpoint_types.gap)
    if isinstance(domain.endpoint_types, Present) and "PRIVATE" in domain.endpoint_types.value:
        return unknown(f"Who may use the private domain name {domain.domain} is not judged yet.", domain.arn)
    if isinstance(domain.mutual_tls_truststore, Present):
        return passed(f"At {domain.domain} the connection breaks without a certificate of its trust store.")
    if isinstance(domain.mutual_tls_truststore, Unread):
        return passed(f"Whether {domain.domain} asks for a client certificate was not read.")
    return passed()
