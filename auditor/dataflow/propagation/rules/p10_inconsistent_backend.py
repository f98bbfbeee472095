"""P10: routes to one back end do not agree on who a caller is.

Different sources of identities, one header with two claims, or one claim under two headers. Where a Lambda authorizer decides,
what it takes for the caller's name is not known, so a person must say. Back ends are joined within an account.
"""

from auditor.dataflow.passage import Passage
from auditor.dataflow.propagation.agreement import Difference
from auditor.dataflow.propagation.interface import Neighbours, Rule, is_backend_known
from auditor.dataflow.propagation.judging import (
    NOBODY_ASKED,
    Found,
    clean,
    idle,
    others,
    possible,
    puzzled,
    unclear_caller,
    unclear_sending,
    unseen,
    wrong,
)
from auditor.model.control import Basis, Severity
from auditor.model.fact import Unread
from auditor.model.ruling import Ruling

_ID = "P10"
_NOBODY = idle(_ID, "nobody is asked who calls")
_AGREED = clean(_ID, "every route to this back end that asks who calls means the same by it")
_NOWHERE = puzzled(_ID, "which back end the calls go to is not known")
_NO_SOURCE = puzzled(_ID, "what says who calls on a route to this back end is not known")


def _judge(passage: Passage, among: Neighbours) -> Ruling:
    sent = among.sent(passage)
    if passage.authenticated_by in NOBODY_ASKED:
        return _NOBODY
    unclear = unclear_sending(_ID, passage, sent) or unclear_caller(_ID, passage)
    if unclear is not None:
        return unclear
    if not is_backend_known(passage):
        return _NOWHERE
    found = among.agreement(passage)
    return _different(passage, found) if found is not None else _agreed(passage, among)


def _different(passage: Passage, found: Difference) -> Ruling:
    told = Found(found.because, Severity.HIGH, found.place, "integration", also=others(found.routes, passage), step=12)
    return wrong(_ID, passage, told) if found.is_certain else possible(_ID, passage, told, Basis.DOCUMENTED)


def _agreed(passage: Passage, among: Neighbours) -> Ruling:
    """Return that the routes agree, unless one of them was not seen whole."""
    hidden = among.hidden(passage)
    if hidden is not None:
        return unseen(_ID, hidden)
    strangers = among.without_source(passage)
    if not strangers:
        return _AGREED
    first = strangers[0]
    if isinstance(first.authorizer, Unread):
        return unseen(_ID, first.authorizer.gap)
    return unclear_caller(_ID, first) or _NO_SOURCE


RULE = Rule(
    id=_ID, name="INCONSISTENT_BACKEND", title="More than one source of truth for who the caller is", judge=_judge
)
