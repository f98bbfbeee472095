"""Step 5: what the authorizer makes of the call's identity.

The code of a Lambda authorizer is not known here.
"""

from dataclasses import dataclass

from auditor.access.patterns import SEGMENT, literal
from auditor.dataflow.explain.call import account_of
from auditor.dataflow.explain.meeting import Meeting
from auditor.dataflow.explain.steps import own_policies
from auditor.dataflow.explain.steps.functions import callable_by, unset
from auditor.dataflow.explain.steps.tokens import by_jwt, by_pool
from auditor.dataflow.explain.table import Grant, Kind
from auditor.dataflow.explain.verdict import Verdict, passed, refused, unknown, unread
from auditor.dataflow.functions import function_arn, function_name
from auditor.dataflow.variables import resolved_text
from auditor.model.cognito import UserPool
from auditor.model.explanation import Decision
from auditor.model.fact import Absent, NotApplicable, NotReadError, Present, Unread
from auditor.model.gateway import Authorizer, Protocol
from auditor.model.identity import AuthenticatedBy
from auditor.model.route_parts import AuthorizerDefinition

_MISSING, _BAD = "MISSING_AUTHENTICATION_TOKEN", "UNAUTHORIZED"
_BROKEN = "AUTHORIZER_CONFIGURATION_ERROR"
_HEADER = "request.header.authorization"
_SHORTEST = 1
ANY = frozenset(Grant)
YES = frozenset({Grant.ALLOW})
NO = frozenset({Grant.NEITHER})


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for, what it makes of the call, and what it may grant, for the step that joins it with the policy."""

    verdict: Verdict
    kind: Kind | None
    grants: frozenset[Grant]


def judge(meeting: Meeting) -> Asked:
    """Return what the authorizer says."""
    match meeting.passage.authenticated_by:
        case AuthenticatedBy.NONE | AuthenticatedBy.API_KEY_ONLY:
            return Asked(passed(), Kind.NONE, YES)
        case AuthenticatedBy.IAM:
            return _iam(meeting)
        case AuthenticatedBy.COGNITO | AuthenticatedBy.JWT | AuthenticatedBy.LAMBDA as kind:
            return _by_definition(meeting, kind)
        case AuthenticatedBy.UNKNOWN:
            return Asked(unknown(f"Who may call is not known: {meeting.passage.who.label}.", meeting.route), None, ANY)


def _iam(meeting: Meeting) -> Asked:
    call, route = meeting.call, meeting.passage.route
    if call.is_anonymous:
        because = "The route takes signed calls of AWS identities alone, and this one carries no signature."
        return Asked(refused(_MISSING, because, _source(meeting)), Kind.IAM, NO)
    if call.signer is None:
        what = "carries a token, no signature that is told of" if call.claims else "does not say who signs it"
        return Asked(unknown(f"The route takes signed calls; this one {what} (--as ARN).", _source(meeting)), None, ANY)
    if account_of(call.signer) == route.account:
        return _by_own_policies(call.signer, meeting, Kind.IAM)
    if meeting.is_http:
        because = (
            "Callers of another account cannot reach an HTTP API with IAM authorization but by a role of this account."
        )
        return Asked(refused("ACCESS_DENIED", because, _source(meeting)), Kind.IAM_ACROSS, NO)
    return _by_own_policies(call.signer, meeting, Kind.IAM_ACROSS)


def _by_own_policies(signer: str, meeting: Meeting, kind: Kind) -> Asked:
    verdict = own_policies.judge(signer, meeting)
    grants = {Decision.ALLOWED: YES, Decision.REFUSED: NO, Decision.UNKNOWN: ANY}[verdict.decision]
    return Asked(verdict, kind, grants)


def _by_definition(meeting: Meeting, kind: AuthenticatedBy) -> Asked:
    joined = {AuthenticatedBy.COGNITO: Kind.USER_POOL, AuthenticatedBy.JWT: Kind.JWT}.get(kind, Kind.FUNCTION)
    match meeting.passage.authorizer:
        case Unread(gap=gap):
            return Asked(unread("The authorizer", gap), joined, ANY)
        case Absent() | NotApplicable():
            because = "The route names an authorizer that is not in what is deployed."
            return Asked(unknown(because, _source(meeting)), joined, ANY)
        case Present(value=definition):
            verdict = _function(meeting, definition) if joined is Kind.FUNCTION else _token(meeting, definition, joined)
            grants = {Decision.ALLOWED: YES, Decision.REFUSED: NO, Decision.UNKNOWN: ANY}[verdict.decision]
            return Asked(verdict, joined, grants)


def _token(meeting: Meeting, definition: AuthorizerDefinition, kind: Kind) -> Verdict:
    if kind is Kind.USER_POOL and (gone := _pool_is_gone(meeting, definition)) is not None:
        return gone
    if meeting.call.principal is not None:
        what = "carries no token" if meeting.call.is_anonymous else "is signed instead"
        return refused(
            _BAD, f"The route needs a token ({meeting.passage.who.label}), and this call {what}.", _source(meeting)
        )
    if meeting.call.claims is None:
        because = f"The route needs a token ({meeting.passage.who.label}), and no claims are given (--token FILE)."
        return unknown(because, _source(meeting))
    check = by_pool if kind is Kind.USER_POOL else by_jwt
    return check(meeting, definition, meeting.call.claims)


def _pool_is_gone(meeting: Meeting, definition: AuthorizerDefinition) -> Verdict | None:
    """Return the refusal of an authorizer none of whose user pools is there; None where one may be."""
    estate, route = meeting.around.estate, meeting.passage.route
    pools = definition.provider_arns
    here = [each for each in pools if each.split(":")[3:5] == [route.region, route.account]]
    if not pools or here != list(pools) or any(estate.one(UserPool, route.account, each) for each in pools):
        return None
    try:
        estate.whole(UserPool, route.account, route.region)
    except NotReadError:
        return None
    names = ", ".join(each.rpartition("/")[2] for each in pools)
    return refused(_BROKEN, f"User pool {names} of the authorizer is not there any more.", "cognito-idp:ListUserPools")


def _function(meeting: Meeting, definition: AuthorizerDefinition) -> Verdict:
    if meeting.call.is_anonymous and _needs_header(meeting, definition):
        because = f"Authorizer {definition.name} needs header Authorization, and this call carries no token."
        return refused(_BAD, because, _source(meeting))
    found = _reachable(meeting, definition)
    if found.decision is not Decision.ALLOWED:
        return found
    name = function_name(function_arn(definition.function_uri or "") or definition.name)
    return unknown(f"Lambda authorizer {name} decides, by code that no snapshot shows.", _source(meeting))


def _reachable(meeting: Meeting, definition: AuthorizerDefinition) -> Verdict:
    uri = resolved_text(definition.function_uri or "", meeting.passage.variables)
    variables = unset(meeting, uri, _BROKEN)
    if variables.decision is not Decision.ALLOWED:
        return variables
    arn = function_arn(uri)
    if arn is None:
        return unknown(f"Which function authorizer {definition.name} calls is not known.", _source(meeting))
    return callable_by(meeting, arn, _caller(meeting, definition), _BROKEN, by_role=bool(definition.credentials))


def _caller(meeting: Meeting, definition: AuthorizerDefinition) -> str:
    """Return the source as which the gateway calls an authorizer: `API/authorizers/ID`, any id where it is not known."""
    head, api = meeting.route.partition("/")[0], meeting.passage.api
    every = meeting.around.estate.below(Authorizer, api) if api else ()
    ids = [
        each.authorizer_id
        for each in every
        if isinstance(each.definition, Present) and each.definition.value.name == definition.name
    ]
    return literal(f"{head}/authorizers/") + (literal(ids[0]) if len(ids) == 1 else SEGMENT)


def _needs_header(meeting: Meeting, definition: AuthorizerDefinition) -> bool:
    """Return whether a call without header Authorization is turned away before the function is called.

    A REQUEST authorizer of a REST API whose answers are not kept is called all the same (developer guide).
    """
    names = any(each.lower().endswith(_HEADER) for each in definition.identity_source)
    if meeting.passage.route.protocol is not Protocol.REST or definition.type == "TOKEN":
        return names
    seconds = 300 if definition.ttl_seconds is None else definition.ttl_seconds
    return names and seconds >= _SHORTEST


def _source(meeting: Meeting) -> str:
    return f"deployed authorization of {meeting.route}"
