"""P5: a header that says who calls is filled from what the client says.

Looks at headers alone: query parameters and path parameters often name what is asked for, not who asks. Cannot see which
member of a template's body the back end takes for the caller.
"""

from auditor.dataflow.passage import Passage
from auditor.dataflow.propagation.interface import Neighbours, Rule
from auditor.dataflow.propagation.judging import (
    NOBODY_ASKED,
    Found,
    clean,
    named,
    puzzled,
    unclear_header,
    unclear_sending,
    unseen,
    wrong,
)
from auditor.dataflow.propagation.sending import HEADER
from auditor.model.control import Severity
from auditor.model.identity import Origin
from auditor.model.ruling import Ruling
from auditor.model.transform import Source, Space, Transform

_ID = "P5"
_SAFE = clean(_ID, "no identity header is filled from what the client says")
_UNKNOWN = puzzled(_ID, "what fills an identity header is not understood")
_SAID = {
    Space.CLIENT_HEADER: "header",
    Space.CLIENT_QUERY: "query parameter",
    Space.CLIENT_BODY: "body field",
    Space.CLIENT_ALL: "parameter",
}


def _judge(passage: Passage, among: Neighbours) -> Ruling:
    sent = among.sent(passage)
    unclear = unclear_sending(_ID, passage, sent)
    if unclear is not None:
        return unclear
    is_unknown = False
    for target, last in sent.last.items():
        told = next((each for each in last.by.sources if each.space in _SAID and not _is_of_path(each, passage)), None)
        if among.is_identity(target):
            if last.origin is Origin.CLIENT and told is not None:
                return _by_client(passage, last.by, told)
            is_unknown = is_unknown or last.origin is Origin.UNKNOWN
        elif (
            last.origin is Origin.CLIENT
            and told
            and target.startswith(HEADER)
            and (unclear := _may_be_learned(target, among))
        ):
            return unclear
    return _UNKNOWN if is_unknown or sent.may_write(among.is_identity) else _SAFE


def _is_of_path(source: Source, passage: Passage) -> bool:
    """Return whether `$input.params()` finds a parameter in the path of the call, where it looks first: that names what is asked for."""
    names = (f"{{{source.path}}}", f"{{{source.path}+}}")
    return source.space is Space.CLIENT_ALL and any(each in passage.route.path for each in names)


def _may_be_learned(target: str, among: Neighbours) -> Ruling | None:
    """Return why nobody knows whether some route fills this header from its authorizer."""
    if target.removeprefix(HEADER) in among.doubtful:
        return unclear_header(_ID, among.doubtful)
    return unseen(_ID, among.hidden_anywhere) if among.hidden_anywhere is not None else None


def _by_client(passage: Passage, found: Transform, told: Source) -> Ruling:
    severity = Severity.CRITICAL if passage.authenticated_by in NOBODY_ASKED else Severity.HIGH
    because = f"{named(found.target)} is taken from what the client says: {_SAID[told.space]} {named(told.path)}"
    return wrong(_ID, passage, Found(because, severity, found.target, found.layer))


RULE = Rule(id=_ID, name="CLIENT_AS_IDENTITY", title="Identity is taken from what the client says", judge=_judge)
