"""P13 CACHE_MERGE: a decision that an authorizer made for one route is kept and counts for another.

Documented for HTTP and REST APIs (developer guide, http-api-lambda-authorizer). Whether the decision differs by route stands in
the function's code: without declared differences the rule says "possible". See `dataflow/authorizer_cache.py`.
"""

from auditor.dataflow.passage import Passage
from auditor.dataflow.propagation.interface import Neighbours, Rule
from auditor.model.control import Severity
from auditor.model.fact import Absent, NotApplicable, Present, Unread
from auditor.model.gateway import DeployedRoute, Protocol
from auditor.model.identity import AuthenticatedBy
from auditor.model.route_parts import AuthorizerDefinition
from auditor.model.ruling import Ruling
from auditor.model.status import Status

_ID = "P13"
_NO_FUNCTION = Ruling(_ID, Status.NOT_APPLICABLE, "no Lambda authorizer decides about the route")
_MESSAGE = Ruling(_ID, Status.NOT_APPLICABLE, "messages carry the decision of $connect, which is not kept for others")
_UNKNOWN = Ruling(_ID, Status.NOT_EVALUATED, "which authorizer decides about the route is not known")
_FOUND = frozenset({Status.FAIL, Status.NEEDS_ATTESTATION})


def _judge(passage: Passage, among: Neighbours) -> Ruling:
    route = passage.route
    if passage.authenticated_by is AuthenticatedBy.UNKNOWN:
        return _untold(route)
    if passage.authenticated_by is not AuthenticatedBy.LAMBDA:
        return _NO_FUNCTION
    if route.protocol is Protocol.WEBSOCKET and route.route_key != "$connect":
        return _MESSAGE
    match passage.authorizer:
        case Present(value=definition):
            return _of(passage, definition, among)
        case Unread(gap=gap):
            return Ruling(_ID, Status.NOT_EVALUATED, "the authorizer of the route was not read", gap=gap)
        case Absent() | NotApplicable():
            return _UNKNOWN


def _of(passage: Passage, definition: AuthorizerDefinition, among: Neighbours) -> Ruling:
    said, sharing = among.tokens.kept_decisions(passage, definition)
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


def _untold(route: DeployedRoute) -> Ruling:
    if isinstance(route.authorization_type, Unread):
        return Ruling(_ID, Status.NOT_EVALUATED, _UNKNOWN.because, gap=route.authorization_type.gap)
    return _UNKNOWN


RULE = Rule(_ID, "CACHE_MERGE", "A kept decision for one route may open another", _judge)
