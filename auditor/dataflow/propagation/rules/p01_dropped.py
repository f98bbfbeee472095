"""P1: somebody is asked who calls, and the back end is not told.

A token that merely passes through does not count: the back end would have to check it anew.
"""

from auditor.dataflow.passage import Passage
from auditor.dataflow.propagation.carried import calls_as_caller, is_message
from auditor.dataflow.propagation.integration_class import IntegrationClass
from auditor.dataflow.propagation.interface import Neighbours, Rule
from auditor.dataflow.propagation.judging import (
    NOBODY_ASKED,
    Found,
    clean,
    fit,
    idle,
    named,
    puzzled,
    unclear_caller,
    unclear_sending,
    wrong,
)
from auditor.dataflow.propagation.sending import Sending, identity_paths, speaks_of_caller
from auditor.model.control import Severity
from auditor.model.flow import Trace
from auditor.model.identity import AuthenticatedBy
from auditor.model.ruling import Ruling
from auditor.model.transform import Space

_ID = "P1"
_NOBODY = idle(_ID, "nobody is asked who calls")
_EVENT = clean(_ID, "the function gets the verified caller in requestContext")
_OWN = clean(_ID, "the service is called with the caller's own credentials")
_HIDDEN = puzzled(_ID, "what tells the back end who called may stand in something that is not understood")
_SERVICES = frozenset({IntegrationClass.AWS_SERVICE, IntegrationClass.AWS_SUBTYPE})
_REQUEST_IDS = frozenset({"requestId", "extendedRequestId"})


def _judge(passage: Passage, among: Neighbours) -> Ruling:
    sent = among.sent(passage)
    if passage.authenticated_by in NOBODY_ASKED:
        return _NOBODY
    if sent.kind.has_back_end and (unclear := unclear_caller(_ID, passage)):
        return unclear
    if sent.kind is IntegrationClass.LAMBDA_PROXY:
        return _EVENT
    if calls_as_caller(passage):
        return _OWN
    return unclear_sending(_ID, passage, sent) or _told(passage, sent)


def _told(passage: Passage, sent: Sending) -> Ruling:
    first = next((each for each in sent.verified if speaks_of_caller(each)), None)
    if first is not None:
        what = "".join(f": {each}" for each in identity_paths(first)[:1])
        return clean(_ID, fit(f"{first.target or 'the body'} tells the back end who called{what}"))
    if sent.is_unsure:
        return _HIDDEN
    because = f"{named(passage.backend.label)} is not told who called: {_instead(passage, sent)}"
    return wrong(_ID, passage, Found(because, _severity(passage, sent)))


def _instead(passage: Passage, sent: Sending) -> str:
    if sent.kind in _SERVICES:
        return "it sees the gateway's role, whoever calls"
    if sent.kind.is_http_proxy and passage.authenticated_by is not AuthenticatedBy.IAM and not is_message(passage):
        return "only the token itself goes on"
    return "no mapping or template sends what the authorizer checked"


def _severity(passage: Passage, sent: Sending) -> Severity:
    """Return medium where the call can be joined to its caller afterwards: the log names both, by the request id."""
    passes_id = any(
        each.space is Space.GATEWAY and each.path in _REQUEST_IDS
        for change in (*sent.writes, *sent.makes)
        for each in change.sources
    )
    can_join = sent.kind in _SERVICES and passage.trace is Trace.IDENTIFIED and passes_id
    return Severity.MEDIUM if can_join else Severity.HIGH


RULE = Rule(id=_ID, name="DROPPED", title="The back end is not told who called", judge=_judge)
