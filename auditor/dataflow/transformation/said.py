"""All changes of a route in one sentence: step 11 for the request, step 13 for the answer."""

from collections.abc import Iterable

from auditor.dataflow.transformation.service_calls import SERVICE_PARAMETERS
from auditor.dataflow.transformation.wording import LONGEST, cut, listed
from auditor.model.identity import Origin
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
_SEVERAL = 2
_RANK = {kind: rank for rank, kind in enumerate(_TELLING)}


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
    whole = " ".join(_sentences(found))
    if len(whole) <= LONGEST:
        return whole
    return _shortened([each for each in found if _is_change(each)])


def _is_in_call(each: Transform) -> bool:
    """Return whether the sentence of the service call says it too."""
    return each.layer == SERVICE_PARAMETERS and each.kind is not TransformKind.NOT_UNDERSTOOD


def _is_change(each: Transform) -> bool:
    return each.kind is not TransformKind.PASS_ALL and not (each.kind is TransformKind.PASSTHROUGH and each.sources)


def _sentences(found: list[Transform]) -> list[str]:
    """Return each sentence once; what the verified caller is put into is said in one."""
    caller = [each.target for each in found if _tells_caller(each)]
    if len(caller) < _SEVERAL:
        return list(dict.fromkeys(each.sentence for each in found))
    together = f"Sets {listed([cut(each) for each in dict.fromkeys(caller)])} from the verified caller."
    return list(dict.fromkeys(together if _tells_caller(each) else each.sentence for each in found))


def _tells_caller(each: Transform) -> bool:
    return each.kind is TransformKind.ADD_IDENTITY and each.origin is Origin.VERIFIED


def _shortened(found: list[Transform]) -> str:
    """Return the most telling changes behind their number, as many as there is room for."""
    count = f"{len(found)} changes." if len(found) > 1 else ""
    said, sentences = count, _sentences(found)
    for each in sentences:
        longer = f"{said} {each}".strip()
        if len(longer) > LONGEST:
            break
        said = longer
    return said if said != count else sentences[0]
