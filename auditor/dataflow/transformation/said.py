"""All changes of a route in one sentence: step 11 for the request, step 13 for the answer."""

from collections.abc import Iterable

from auditor.dataflow.transformation.wording import LONGEST, fit
from auditor.model.transform import Transform, TransformKind, Where

_TELLING = (
    TransformKind.NOT_UNDERSTOOD,
    TransformKind.OVERRIDE,
    TransformKind.ADD_IDENTITY,
    TransformKind.APPEND,
    TransformKind.TEMPLATE,
    TransformKind.SERVICE_CALL,
    TransformKind.STATUS_MAP,
    TransformKind.REMOVE,
    TransformKind.RENAME,
    TransformKind.COPY,
    TransformKind.OVERWRITE,
    TransformKind.SET_STATIC,
    TransformKind.REWRITE_PATH,
    TransformKind.HEADER_RESPONSE,
    TransformKind.PASSTHROUGH,
    TransformKind.CONTENT,
    TransformKind.PASS_ALL,
)
"""By how much they tell. What API Gateway does by itself, and its own errors, have lines of their own."""
_RANK = {kind: rank for rank, kind in enumerate(_TELLING)}
_NO_CHANGE = frozenset({TransformKind.PASS_ALL, TransformKind.PASSTHROUGH})


def request_sentence(transforms: Iterable[Transform]) -> str:
    """Return what is done to the request."""
    return _sentence(transforms, Where.REQUEST, "Changes nothing of the request.")


def response_sentence(transforms: Iterable[Transform]) -> str:
    """Return what is done to the back end's answer."""
    return _sentence(transforms, Where.RESPONSE, "Changes nothing of the answer.")


def _sentence(transforms: Iterable[Transform], where: Where, nothing: str) -> str:
    found = [each for each in transforms if each.where is where and each.kind in _RANK]
    found.sort(key=lambda each: _RANK[each.kind])
    if not found:
        return nothing
    sentences = list(dict.fromkeys(each.sentence for each in found))
    whole = " ".join(sentences)
    if len(whole) <= LONGEST:
        return whole
    return _shortened(sentences, sum(each.kind not in _NO_CHANGE for each in found))


def _shortened(sentences: list[str], changes: int) -> str:
    """Return the most telling ones behind the number of changes, as many as there is room for."""
    said = f"{changes} changes." if changes > 1 else ""
    for each in sentences:
        longer = f"{said} {each}".strip()
        if len(longer) > LONGEST:
            break
        said = longer
    return said if said.count(".") > 1 else fit(f"{said} {sentences[0]}".strip())
