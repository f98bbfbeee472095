"""All changes of a route in one sentence: step 11 for the request, step 13 for the answer."""

from collections.abc import Iterable

from auditor.dataflow.transformation.service_calls import SERVICE_PARAMETERS
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
    TransformKind.GATEWAY_ERROR,
)
"""By how much they tell. What API Gateway does by itself has lines of its own."""
_RANK = {kind: rank for rank, kind in enumerate(_TELLING)}
_NO_CHANGE = frozenset({TransformKind.PASS_ALL, TransformKind.PASSTHROUGH})


def request_sentence(transforms: Iterable[Transform]) -> str:
    """Return what is done to the request."""
    return _sentence((each for each in transforms if each.where is Where.REQUEST), "Changes nothing of the request.")


def response_sentence(transforms: Iterable[Transform]) -> str:
    """Return what is done to the back end's answer, and to errors that API Gateway answers itself."""
    return _sentence((each for each in transforms if _is_answer(each)), "Changes nothing of the answer.")


def _is_answer(each: Transform) -> bool:
    """Return whether it is about an answer; headers of errors are said with the error itself."""
    return each.where is Where.RESPONSE or (
        each.where is Where.ERROR and each.kind is not TransformKind.HEADER_RESPONSE
    )


def _sentence(transforms: Iterable[Transform], nothing: str) -> str:
    found = [each for each in transforms if each.kind in _RANK and not _is_in_call(each)]
    found.sort(key=lambda each: _RANK[each.kind])
    if not found:
        return nothing
    sentences = list(dict.fromkeys(each.sentence for each in found))
    whole = " ".join(sentences)
    if len(whole) <= LONGEST:
        return whole
    return _shortened(sentences, sum(each.kind not in _NO_CHANGE for each in found))


def _is_in_call(each: Transform) -> bool:
    """Return whether the sentence of the service call says it too."""
    return each.layer == SERVICE_PARAMETERS and each.kind is not TransformKind.NOT_UNDERSTOOD


def _shortened(sentences: list[str], changes: int) -> str:
    """Return the most telling ones behind the number of changes, as many as there is room for."""
    said = f"{changes} changes." if changes > 1 else ""
    for each in sentences:
        longer = f"{said} {each}".strip()
        if len(longer) > LONGEST:
            break
        said = longer
    return said if said.count(".") > 1 else fit(f"{said} {sentences[0]}".strip())
