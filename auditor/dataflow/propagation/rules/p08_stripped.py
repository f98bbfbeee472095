"""P8: one step tells the back end who called, and another takes it away.

Within one route, or between routes to one back end: then the route that strips is at fault. A route that asks nobody and
strips an identity header protects the back end; that is as it should be.
"""

from auditor.dataflow.passage import Passage
from auditor.dataflow.propagation.interface import Neighbours, Rule, is_backend_known
from auditor.dataflow.propagation.judging import (
    NOBODY_ASKED,
    Found,
    clean,
    idle,
    named,
    others,
    puzzled,
    unclear_caller,
    unclear_header,
    unclear_sending,
    unseen,
    wrong,
)
from auditor.dataflow.propagation.sending import HEADER, Sending
from auditor.model.control import Severity
from auditor.model.identity import Origin
from auditor.model.ruling import Ruling
from auditor.model.transform import Transform, TransformKind

_ID = "P8"
_NOBODY = idle(_ID, "nobody is asked who calls, so nothing that was checked is stripped")
_SAFE = clean(_ID, "no step takes away what tells the back end who called")
_NOWHERE = puzzled(_ID, "a header is stripped, and which back end the calls go to is not known")


def _judge(passage: Passage, among: Neighbours) -> Ruling:
    sent = among.sent(passage)
    unclear = unclear_sending(_ID, passage, sent)
    if unclear is not None:
        return unclear
    if passage.authenticated_by in NOBODY_ASKED:
        return _NOBODY
    stripped = [each.by for each in sent.last.values() if each.by.kind is TransformKind.REMOVE]
    for each in stripped:
        before = _before(each, sent)
        if before is not None:
            return _undone(passage, before, each)
    headers = [each for each in stripped if each.target.startswith(HEADER)]
    return _elsewhere(passage, among, headers) if headers else unclear_caller(_ID, passage) or _SAFE


def _before(strip: Transform, sent: Sending) -> Transform | None:
    """Return what told the back end who called in the place that is stripped."""
    return next((each for each in sent.writes if each.target == strip.target and each.origin is Origin.VERIFIED), None)


def _undone(passage: Passage, told: Transform, strip: Transform) -> Ruling:
    because = f"one step sets {named(told.target)} from the authorizer, and another removes it"
    layers = ", ".join(dict.fromkeys((told.layer, strip.layer)))
    return wrong(_ID, passage, Found(because, Severity.HIGH, told.target, layers))


def _elsewhere(passage: Passage, among: Neighbours, stripped: list[Transform]) -> Ruling:
    unclear = unclear_caller(_ID, passage)
    if unclear is not None:
        return unclear
    elsewhere = among.identity_headers(passage)
    found = next((each for each in stripped if each.target.removeprefix(HEADER) in elsewhere), None)
    if found is not None:
        because = f"{named(found.target)} tells this back end who called on other routes, and this one removes it"
        also = others(elsewhere[found.target.removeprefix(HEADER)], passage)
        return wrong(_ID, passage, Found(because, Severity.HIGH, found.target, found.layer, also))
    doubtful = among.doubtful_headers(passage)
    if any(each.target.removeprefix(HEADER) in doubtful for each in stripped):
        return unclear_header(_ID, doubtful)
    if not is_backend_known(passage):
        return _NOWHERE
    hidden = among.hidden(passage)
    return unseen(_ID, hidden) if hidden is not None else _SAFE


RULE = Rule(id=_ID, name="STRIPPED", title="One step adds the user id, another removes it", judge=_judge)
