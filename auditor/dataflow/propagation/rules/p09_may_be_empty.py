"""P9: a header is filled from something that may be empty, and the client's own value may then stay.

Inferred: what API Gateway sends to a proxied back end when a mapped value is empty is not documented, and was never tried on
a live account. So it is a question to a person, never a failure.
"""

from auditor.dataflow.context.existence import Existence
from auditor.dataflow.passage import Passage
from auditor.dataflow.propagation.interface import Neighbours, Rule
from auditor.dataflow.propagation.judging import Found, clean, idle, named, possible, puzzled, unclear_sending
from auditor.dataflow.propagation.sending import HEADER, Last, exists
from auditor.model.control import Severity
from auditor.model.identity import Origin
from auditor.model.ruling import Ruling
from auditor.model.transform import Source, Space, TransformKind

_ID = "P9"
_NO_PROXY = idle(_ID, "headers of the client do not go on by themselves")
_NOTHING = clean(_ID, "no header is filled from the authorizer, so none falls back to the client's")
_SAFE = clean(_ID, "every header that is filled from the authorizer always has a value")
_UNKNOWN = puzzled(_ID, "what fills an identity header is not understood")
_CERTIFICATE = "identity.clientCert."
_ADDING = frozenset({TransformKind.APPEND, TransformKind.OVERRIDE})


def _judge(passage: Passage, among: Neighbours) -> Ruling:
    sent = among.sent(passage)
    unclear = unclear_sending(_ID, passage, sent)
    if unclear is not None:
        return unclear
    if not sent.kind.is_http_proxy:
        return _NO_PROXY
    headers = [each for target, each in sent.last.items() if target.startswith(HEADER)]
    filled = [each for each in headers if each.origin is Origin.VERIFIED and each.by.kind not in _ADDING]
    found = next((each for each in filled if _may_be_empty(each, passage)), None)
    if found is not None:
        return _possible(passage, found)
    if any(each.origin is Origin.UNKNOWN and among.is_identity(each.by.target) for each in headers):
        return _UNKNOWN
    return _SAFE if filled else _NOTHING


def _may_be_empty(last: Last, passage: Passage) -> bool:
    """Return whether nothing of what is put together is sure to be there."""
    return all(_is_optional(each, passage) for each in last.by.sources)


def _is_optional(source: Source, passage: Passage) -> bool:
    if source.space is not Space.IDENTITY or exists(source, passage) is not Existence.MAY_BE_EMPTY:
        return False
    return not (passage.mutual_tls and source.path.startswith(_CERTIFICATE))


def _possible(passage: Passage, found: Last) -> Ruling:
    source = next(iter(found.by.sources)).path
    because = f"if {named(source)} is missing, the client's own {named(found.by.target)} may go on in its place"
    return possible(_ID, passage, Found(because, Severity.MEDIUM, found.by.target, found.by.layer))


RULE = Rule(
    id=_ID, name="MAY_BE_EMPTY", title="If the claim is missing, the client's own value may be used", judge=_judge
)
