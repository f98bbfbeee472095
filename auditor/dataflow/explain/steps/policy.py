"""Steps 4 and 6: what the policies of a VPC endpoint and of a REST API say of this call, alone and beside the authorizer.

A Deny keeps a call out before a Lambda authorizer is asked, and where nobody is asked at all; of IAM, user pools and JWT the
authentication comes first (access.md section 4.1).
"""

from dataclasses import replace

from auditor.access.one_call import Judged, Said
from auditor.access.one_call import judge as judge_policy
from auditor.dataflow.explain.meeting import Meeting
from auditor.dataflow.explain.table import Grant, Kind, Policy, together
from auditor.dataflow.explain.verdict import Verdict, passed, refused, unknown, unread
from auditor.dataflow.surroundings import place
from auditor.model.doors import VpcEndpoint
from auditor.model.explanation import Decision
from auditor.model.fact import Absent, Fact, NotApplicable, Present, Unread
from auditor.model.gateway import Protocol
from auditor.model.identity import AuthenticatedBy

_SOURCE = "apigateway:GetExport or GetRestApis, resource policy of"
_BEFORE = frozenset({AuthenticatedBy.NONE, AuthenticatedBy.API_KEY_ONLY, AuthenticatedBy.LAMBDA})
"""Kinds that meet a Deny before anything else is asked."""
_SAID = {Said.ALLOW: Policy.ALLOW, Said.SILENT: Policy.SILENT, Said.DENY: Policy.DENY}
_EVERYTHING = frozenset({Policy.NOT_SET, Policy.ALLOW, Policy.SILENT, Policy.DENY})
_STANDS_IN = (
    "The resource policy is the working copy's, which stands in: whether that is the deployed one was not told."
)
_INFERRED = (
    "Possibly refused: that a silent resource policy refuses calls beside a JWT authorizer is inferred, not documented."
)
_ANY = Judged(frozenset(Said), "")
_NO_IDENTITY = "User: anonymous is not authorized to perform: execute-api:Invoke on resource: {arn}{how}"


def denies(meeting: Meeting) -> Verdict:
    """Return what step 4 says: the VPC endpoint's policy first, then the Denies of the API's own."""
    found = _denies(meeting)
    return replace(found, also=(*found.also, _STANDS_IN)) if _is_configured(meeting) else found


def _is_configured(meeting: Meeting) -> bool:
    """Return whether the working copy's policy stands in for the deployed one, which nothing that was read carries."""
    route = meeting.passage.route
    export = meeting.around.exports.get(place(route, route.stage_arn))
    is_told = export is not None and isinstance(export.policy, Present) and not meeting.passage.is_canary
    return isinstance(meeting.passage.policy_text, Present) and not is_told


def _denies(meeting: Meeting) -> Verdict:
    at_endpoint = _endpoint(meeting)
    if at_endpoint.decision is Decision.REFUSED or meeting.passage.authenticated_by not in _BEFORE:
        return at_endpoint
    found = _judged(meeting, meeting.passage.policy_text)
    return _denied(meeting, found) if found is not None and found.certain is Said.DENY else at_endpoint


def combined(meeting: Meeting, kind: Kind | None, grants: frozenset[Grant]) -> Verdict:
    """Return what step 6 says, for what the authorizer may have said; `kind` None: it is not known who is asked."""
    if meeting.passage.route.protocol is not Protocol.REST:
        return passed()
    policy = meeting.passage.policy_text
    found = _judged(meeting, policy)
    if found is not None and found.certain is Said.DENY:
        return _denied(meeting, found)
    possible = _possible(policy, found)
    private = meeting.passage.private
    if kind is None:
        return unknown("How the resource policy and the authorizer decide together is not known.")
    either = (True, False) if private is None else (private,)
    decisions = {together(kind, possible, grants, is_private=each) for each in either}
    decision = decisions.pop() if len(decisions) == 1 else Decision.UNKNOWN
    match decision:
        case Decision.ALLOWED:
            return passed()
        case Decision.REFUSED:
            return _not_allowed(meeting, kind, possible, found)
        case Decision.UNKNOWN:
            return _open(meeting, policy, possible, found)


def _possible(policy: Fact[str], found: Judged | None) -> frozenset[Policy]:
    if isinstance(policy, Unread):
        return _EVERYTHING
    return frozenset({Policy.NOT_SET}) if found is None else frozenset(_SAID[each] for each in found.possible)


def _judged(meeting: Meeting, policy: Fact[str]) -> Judged | None:
    """Return what the policy may say of the call; None where there is none, or it was not read."""
    if not isinstance(policy, Present):
        return None
    try:
        return judge_policy(policy.value, meeting.circumstances)
    except ValueError:
        return _ANY


def _denied(meeting: Meeting, found: Judged) -> Verdict:
    because = f"The resource policy denies this call: {found.statement}."
    message = _NO_IDENTITY.format(arn=meeting.request_arn, how=" with an explicit deny")
    is_anonymous = meeting.passage.authenticated_by is not AuthenticatedBy.IAM
    return refused("ACCESS_DENIED", because, _source(meeting), message=message if is_anonymous else "")


def _not_allowed(meeting: Meeting, kind: Kind, possible: frozenset[Policy], found: Judged | None) -> Verdict:
    if kind is Kind.JWT and Policy.SILENT in possible:
        return unknown(_INFERRED, _source(meeting))
    if possible == {Policy.NOT_SET} and meeting.passage.private:
        because = "The API is private and has no resource policy, so it refuses every call."
    elif possible == {Policy.NOT_SET}:
        because = "The caller is of another account, and no resource policy of the API allows it."
    elif found is not None and found.statement:
        because = f"The resource policy does not let this call through: {found.statement}."
    else:
        because = "No statement of the resource policy allows this call, and without one it is refused."
    message = _NO_IDENTITY.format(arn=meeting.request_arn, how="")
    verdict = refused(
        "ACCESS_DENIED", because, _source(meeting), message="" if kind in {Kind.IAM, Kind.IAM_ACROSS} else message
    )
    if kind is not Kind.USER_POOL or possible != {Policy.SILENT}:
        return verdict
    note = "AWS's guide says in one table that beside a user pool a silent policy lets calls through; its text says no."
    return Verdict(verdict.decision, because, verdict.response, verdict.evidence, (note,), verdict.message)


def _open(meeting: Meeting, policy: Fact[str], possible: frozenset[Policy], found: Judged | None) -> Verdict:
    if isinstance(policy, Unread):
        return unread("The resource policy", policy.gap)
    if len(possible) == 1:
        return unknown(_BY_AUTHORIZER[next(iter(possible))], _source(meeting))
    if found is None or not found.statement:
        return unknown("What the resource policy says of this call cannot be read.", _source(meeting))
    return unknown(
        f"Whether {found.statement} of the resource policy speaks of this call is not known.", _source(meeting)
    )


_BY_AUTHORIZER = {
    Policy.NOT_SET: "No resource policy is set: what the step before says decides.",
    Policy.ALLOW: "The resource policy allows the call, unless the step before denies it.",
    Policy.SILENT: "The resource policy is silent: the step before must allow the call.",
    Policy.DENY: "The resource policy denies the call.",
}


def _endpoint(meeting: Meeting) -> Verdict:
    """Return what the policy of the VPC endpoint says: it is asked first of private APIs (access.md section 4.2)."""
    endpoint = meeting.endpoint
    if meeting.call.endpoint is None or not meeting.passage.private:
        return passed()
    if endpoint is None:
        return unknown(f"VPC endpoint {meeting.call.endpoint} is not in the snapshot, nor is its policy.")
    match endpoint.policy:
        case Present(value=policy):
            return _by_endpoint(meeting, endpoint, policy)
        case Unread(gap=gap):
            return unread(f"The policy of {endpoint.endpoint_id}", gap)
        case Absent() | NotApplicable():
            return passed()


def _by_endpoint(meeting: Meeting, endpoint: VpcEndpoint, policy: str) -> Verdict:
    name, source = endpoint.endpoint_id, f"ec2:DescribeVpcEndpoints {endpoint.arn}"
    try:
        found = judge_policy(policy, meeting.circumstances)
    except ValueError:
        found = _ANY
    if found.certain is Said.ALLOW:
        return passed()
    if Said.ALLOW not in found.possible:
        because = f"The policy of VPC endpoint {name} keeps it out: {found.statement or 'no statement allows it'}."
        return refused("ACCESS_DENIED", because, source, message="")
    return unknown(f"What the policy of VPC endpoint {name} says of this call is not known.", source)


def _source(meeting: Meeting) -> str:
    return f"{_SOURCE} {meeting.passage.route.api_arn}"
