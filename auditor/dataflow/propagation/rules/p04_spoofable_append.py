"""P4: what the authorizer checked is appended to a header or query parameter, and what the client put there stays in front of it."""

from auditor.dataflow.passage import Passage
from auditor.dataflow.propagation.integration_class import IntegrationClass
from auditor.dataflow.propagation.interface import Neighbours, Rule
from auditor.dataflow.propagation.judging import (
    Found,
    clean,
    idle,
    named,
    puzzled,
    unclear_caller,
    unclear_sending,
    wrong,
)
from auditor.dataflow.propagation.sending import HEADER, Sending, identity_paths
from auditor.model.control import Severity
from auditor.model.gateway import Protocol
from auditor.model.identity import Origin
from auditor.model.ruling import Ruling
from auditor.model.transform import Transform, TransformKind

_ID = "P4"
_NO_APPEND = idle(_ID, "only HTTP APIs can append to a header")
_NO_HEADERS = idle(_ID, "a service action has parameters, and no headers")
_SAFE = clean(_ID, "no identity is appended to what the client sent")
_UNKNOWN = puzzled(_ID, "what is appended to an identity header is not understood")


def _judge(passage: Passage, among: Neighbours) -> Ruling:
    if passage.route.protocol is not Protocol.HTTP:
        return _NO_APPEND
    sent = among.sent(passage)
    unclear = unclear_sending(_ID, passage, sent)
    if unclear is not None:
        return unclear
    if sent.kind is IntegrationClass.AWS_SUBTYPE:
        return _NO_HEADERS
    # Nothing is said of the names of query parameters: they tell who called where what the authorizer checked goes into them.
    appended = [
        each
        for each in sent.writes
        if each.kind is TransformKind.APPEND and (among.is_identity(each.target) or not each.target.startswith(HEADER))
    ]
    found = next((each for each in appended if each.origin is Origin.VERIFIED), None)
    if found is not None:
        return _in_front(passage, found)
    if _may_append(appended, sent, among):
        return unclear_caller(_ID, passage) or _UNKNOWN
    return _SAFE


def _may_append(appended: list[Transform], sent: Sending, among: Neighbours) -> bool:
    unknown = any(each.origin is Origin.UNKNOWN for each in appended)
    names = (each for each in sent.writes if each.kind is TransformKind.APPEND and each.origin is Origin.UNKNOWN)
    return unknown or any(identity_paths(each) for each in names) or sent.may_write(among.is_identity)


def _in_front(passage: Passage, found: Transform) -> Ruling:
    because = f"the client's value of {named(found.target)} stays in front of ours: it is appended, not overwritten"
    return wrong(_ID, passage, Found(because, Severity.HIGH, found.target, found.layer))


RULE = Rule(id=_ID, name="SPOOFABLE_APPEND", title="The client's value stays in front of ours", judge=_judge)
