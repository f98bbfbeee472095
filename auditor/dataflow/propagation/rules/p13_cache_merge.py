"""P13 CACHE_MERGE: a decision that an authorizer made for one route is kept and counts for another.

Documented for HTTP and REST APIs (developer guide, http-api-lambda-authorizer). Whether the decision differs by route stands in
the function's code: without declared differences the rule says "possible". See `dataflow/authorizer_cache.py`.
"""

from auditor.dataflow.passage import Passage
from auditor.dataflow.propagation.interface import Neighbours, Rule
from auditor.dataflow.propagation.judging import idle, puzzled, unclear_caller, unseen
from auditor.model.control import Severity
from auditor.model.fact import Absent, NotApplicable, Present, Unread
from auditor.model.identity import AuthenticatedBy
from auditor.model.route_parts import AuthorizerDefinition
from auditor.model.ruling import Ruling
from auditor.model.status import Status

_ID = "P13"
_NO_FUNCTION = idle(_ID, "no Lambda authorizer decides about the route")
_MESSAGE = idle(_ID, "messages carry the decision of $connect, which is not kept for others")
_UNKNOWN = puzzled(_ID, "which authorizer decides about the route is not known")
_FOUND = frozenset({Status.FAIL, Status.NEEDS_ATTESTATION})


def _judge(passage: Passage, among: Neighbours) -> Ruling:
    unclear = unclear_caller(_ID, passage)
    if unclear is not None:
        return unclear
    if passage.authenticated_by is not AuthenticatedBy.LAMBDA:
        return _NO_FUNCTION
    if passage.asked is not passage.route:
        return _MESSAGE
    match passage.authorizer:
        case Present(value=definition):
            return _of(passage, definition, among)
        case Unread(gap=gap):
            return unseen(_ID, gap)
        case Absent() | NotApplicable():
            return _UNKNOWN


def _of(passage: Passage, definition: AuthorizerDefinition, among: Neighbours) -> Ruling:
    said, sharing = among.tokens.kept_decisions(passage, definition)
    hidden = among.tokens.hidden_function(passage) if said.is_alone else None
    if hidden is not None:
        return unseen(_ID, hidden)
    if said.status not in _FOUND:
        return Ruling(_ID, said.status, said.because, gap=said.gap)
    return Ruling(
        _ID,
        said.status,
        said.because,
        severity=Severity.HIGH,
        chain=(f"authorizer {definition.name}", "step 5 authorizer", f"cache of stage {passage.route.stage}"),
        also=sharing,
    )


RULE = Rule(_ID, "CACHE_MERGE", "A kept decision for one route may open another", _judge)
