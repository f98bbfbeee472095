"""P18 SIGV4_DROPPED: API Gateway removes a signature before the back end; one that looks for it finds nothing.

Documented (api-gateway-known-issues): an Authorization header that holds a SigV4 signature is dropped. Whether a back end
looks for it cannot be seen, hence never more than possible: where the caller is told otherwise, nobody needs the signature.
"""

from auditor.dataflow.passage import Passage
from auditor.dataflow.propagation.integration_class import IntegrationClass
from auditor.dataflow.propagation.interface import Neighbours, Rule
from auditor.dataflow.propagation.judging import (
    Found,
    clean,
    idle,
    possible,
    unclear_caller,
    unclear_sending,
)
from auditor.model.control import Severity
from auditor.model.identity import AuthenticatedBy
from auditor.model.ruling import Ruling

_ID = "P18"
_SERVERS = frozenset(
    {IntegrationClass.HTTP, IntegrationClass.HTTP_PROXY, IntegrationClass.PRIVATE, IntegrationClass.PRIVATE_PROXY}
)
_CLEAN = clean(_ID, "a mapping tells the back end who called, so that it needs no signature")
_NOT_IAM = idle(_ID, "calls of this route are not signed")
_NO_SERVER = idle(_ID, "the back end is no server that could look for the signature")
_POSSIBLE = Found(
    "the signature is removed on the way: a back end that looks at Authorization finds nothing; map $context.identity.userArn",
    Severity.LOW,
    "header authorization",
    "API Gateway",
)


def _judge(passage: Passage, among: Neighbours) -> Ruling:
    unclear = unclear_caller(_ID, passage)
    if unclear is not None:
        return unclear
    if passage.authenticated_by is not AuthenticatedBy.IAM:
        return _NOT_IAM
    sent = among.sent(passage)
    unclear = unclear_sending(_ID, passage, sent)
    if unclear is not None:
        return unclear
    if sent.kind not in _SERVERS:
        return _NO_SERVER
    return _CLEAN if sent.verified else possible(_ID, passage, _POSSIBLE)


RULE = Rule(id=_ID, name="SIGV4_DROPPED", title="The signature does not reach the back end", judge=_judge)
