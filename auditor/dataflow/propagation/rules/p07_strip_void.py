"""P7: a mapping strips a header, and a body template that copies every header carries it on all the same."""

from auditor.dataflow.passage import Passage
from auditor.dataflow.propagation.carried import token_headers
from auditor.dataflow.propagation.identity_names import is_token_like
from auditor.dataflow.propagation.interface import Neighbours, Rule
from auditor.dataflow.propagation.judging import Found, clean, idle, named, puzzled, unclear_sending, wrong
from auditor.dataflow.propagation.sending import HEADER, Sending, takes_every_header, takes_header
from auditor.model.control import Severity
from auditor.model.identity import Origin
from auditor.model.ruling import Ruling
from auditor.model.transform import TransformKind

_ID = "P7"
_NO_TEMPLATE = idle(_ID, "no body template decides what is sent")
_NOTHING = clean(_ID, "no header is stripped, so none comes back in the body")
_SAFE = clean(_ID, "what is stripped from the headers is not in the body either")
_UNKNOWN = puzzled(_ID, "whether the body carries a stripped header is not understood")


def _judge(passage: Passage, among: Neighbours) -> Ruling:
    sent = among.sent(passage)
    unclear = unclear_sending(_ID, passage, sent)
    if unclear is not None:
        return unclear
    if not sent.makes and not sent.puzzles:
        return _NO_TEMPLATE
    stripped = [
        target.removeprefix(HEADER)
        for target, last in sent.last.items()
        if last.by.kind is TransformKind.REMOVE and target.startswith(HEADER)
    ]
    if not stripped:
        return _NOTHING
    found = _void(passage, sent, stripped)
    return found or (_UNKNOWN if _is_unclear(sent) else _SAFE)


def _is_unclear(sent: Sending) -> bool:
    return bool(sent.puzzles) or any(each.origin is Origin.UNKNOWN for each in sent.makes)


def _void(passage: Passage, sent: Sending, stripped: list[str]) -> Ruling | None:
    tokens = frozenset(token_headers(passage))
    # Tokens first: they are what matters most.
    for name in sorted(stripped, key=lambda each: (not _is_token(each, tokens), each)):
        carrier = next((each for each in sent.makes if takes_header(each, name)), None)
        if carrier is not None:
            how = "it copies every header" if takes_every_header(carrier) else "the template names it"
            because = f"header {named(name)} is stripped, but the body still carries it: {how}"
            severity = Severity.HIGH if _is_token(name, tokens) else Severity.MEDIUM
            return wrong(_ID, passage, Found(because, severity, HEADER + name, carrier.layer))
    return None


def _is_token(name: str, tokens: frozenset[str]) -> bool:
    return name in tokens or is_token_like(name)


RULE = Rule(id=_ID, name="STRIP_VOID", title="The header is stripped, but the body still carries it", judge=_judge)
