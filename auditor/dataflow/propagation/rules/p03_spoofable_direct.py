"""P3: a back end takes a header for the caller's name, and this route lets the client send that header itself.

Looks at the headers that other routes to the same back end fill from what an authorizer checked. Messages of WebSocket APIs
have no headers; what `$connect` hands to an HTTP back end is not documented.
"""

from auditor.dataflow.passage import Passage
from auditor.dataflow.propagation.carried import is_message
from auditor.dataflow.propagation.interface import Neighbours, Rule, is_backend_known
from auditor.dataflow.propagation.judging import (
    Found,
    clean,
    idle,
    named,
    others,
    possible,
    puzzled,
    unclear_header,
    unclear_sending,
    unseen,
    wrong,
)
from auditor.dataflow.propagation.sending import HEADER, Last, Sending, may_set_any
from auditor.model.control import Severity
from auditor.model.gateway import Protocol
from auditor.model.identity import Origin
from auditor.model.ruling import Ruling
from auditor.model.transform import Transform, TransformKind

_ID = "P3"
_NAMES_NOBODY = frozenset({Origin.STATIC, Origin.GATEWAY, Origin.LOST})
_NO_PROXY = idle(_ID, "headers of the client do not go on by themselves")
_NO_HEADERS = idle(_ID, "a message has no headers")
_SAFE = clean(_ID, "no header that tells this back end who called is left to the client")
_NOWHERE = puzzled(_ID, "which back end the calls go to is not known")
_UNKNOWN = puzzled(_ID, "what becomes of a header that tells this back end who called is not understood")
_UPGRADE = puzzled(_ID, "which headers of $connect reach an HTTP back end is not documented")


def _judge(passage: Passage, among: Neighbours) -> Ruling:
    sent = among.sent(passage)
    unclear = unclear_sending(_ID, passage, sent)
    if unclear is not None:
        return unclear
    if not sent.kind.is_http_proxy and _override_of_any(sent) is None:
        return _NO_PROXY
    if is_message(passage):
        return _NO_HEADERS
    if not is_backend_known(passage):
        return _NOWHERE
    return _of_proxy(passage, among, sent)


def _of_proxy(passage: Passage, among: Neighbours, sent: Sending) -> Ruling:
    open_ones = [name for name in sorted(among.identity_headers(passage)) if _is_left(sent.last.get(HEADER + name))]
    left = [name for name in open_ones if not _is_puzzling(name, sent)]
    if left:
        return _spoofable(passage, among, sent, left)
    if open_ones:
        return _UNKNOWN
    doubtful = among.doubtful_headers(passage)
    if any(_is_left(sent.last.get(HEADER + name)) for name in doubtful):
        return unclear_header(_ID, doubtful)
    hidden = among.hidden(passage)
    return unseen(_ID, hidden) if hidden is not None else _SAFE


def _is_left(last: Last | None) -> bool:
    """Return whether the client's own value of a header goes on, alone or in front of something that names nobody.

    What the authorizer checked, added behind it, is P4's; what is filled from the client's word is P5's.
    """
    return last is None or (last.by.kind is TransformKind.APPEND and last.by.origin in _NAMES_NOBODY)


def _override_of_any(sent: Sending) -> Transform | None:
    """Return an override that takes whatever header it is given: through it they go on to a back end that is no proxy's."""
    return next((each for each in sent.writes if may_set_any(each) and each.target.startswith(HEADER)), None)


def _is_puzzling(header: str, sent: Sending) -> bool:
    return any(each.target == HEADER + header for each in sent.puzzles)


def _spoofable(passage: Passage, among: Neighbours, sent: Sending, left: list[str]) -> Ruling:
    if passage.route.protocol is Protocol.WEBSOCKET:
        return _UPGRADE
    name = left[0]
    because = (
        f"a client can send header {named(name)} itself: other routes to this back end fill it, this one lets it pass"
    )
    free = _override_of_any(sent)
    if free is not None and not sent.kind.is_http_proxy:
        why = f"possible: an override of {named(free.layer)} sets a header whose name is not fixed, which may be {named(name)}"
        return possible(_ID, passage, Found(why, Severity.HIGH, HEADER + name, free.layer))
    also = others(among.identity_headers(passage)[name], passage)
    return wrong(_ID, passage, Found(because, Severity.HIGH, HEADER + name, also=also))


RULE = Rule(id=_ID, name="SPOOFABLE_DIRECT", title="A client can send the identity header itself", judge=_judge)
