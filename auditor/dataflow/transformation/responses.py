"""What becomes of the back end's answers: statuses, headers, bodies."""

import re
from functools import lru_cache

from auditor.dataflow.functions import function_arn
from auditor.dataflow.transformation.implicit import ignored
from auditor.dataflow.transformation.passthrough import PROXIES
from auditor.dataflow.transformation.references import sources
from auditor.dataflow.transformation.templates import Place, of_template
from auditor.dataflow.transformation.under import Under
from auditor.dataflow.transformation.wording import cut, fit, is_secret, listed
from auditor.model.gateway import Protocol
from auditor.model.identity import Origin
from auditor.model.route_parts import Integration, IntegrationResponse
from auditor.model.transform import Source, Space, Transform, TransformKind, Where

_REST_HEADER = re.compile(r"(?:method|route)\.response\.(?:multivalue)?header\.(?P<name>.+)", re.DOTALL)
_HTTP_HEADER = re.compile(r"(?P<verb>append|overwrite|remove):header\.(?P<name>.+)", re.DOTALL)
_STATUS = "overwrite:statuscode"
_REFUSALS = frozenset({"401", "403"})
_DEFAULT = "$default"


def answered(
    integration: Integration, responses: tuple[IntegrationResponse, ...], under: Under
) -> tuple[Transform, ...]:
    """Return what is done to answers, one after the other; a proxy of a REST or WebSocket API passes them as they are."""
    if under.protocol is Protocol.HTTP:
        return tuple(each for response in responses for each in _of_http(response, under)) + _passed(responses)
    if integration.type in PROXIES:
        passes = () if under.protocol is Protocol.WEBSOCKET else _passed(())
        return (ignored("integration responses", Where.RESPONSE), *passes) if _say_something(responses) else passes
    found: list[Transform] = []
    what = _what(integration)
    for each in responses:
        found += _of_rest(each, what, under, is_only=len(responses) == 1)
    return tuple(found)


def _say_something(responses: tuple[IntegrationResponse, ...]) -> bool:
    """Return whether more is configured than the bare default that AWS's console leaves behind."""
    return any(each.selection_pattern or each.parameters or each.templates for each in responses)


def _passed(responses: tuple[IntegrationResponse, ...]) -> tuple[Transform, ...]:
    text = "Passes everything else of the answer unchanged." if responses else "Passes the answer unchanged."
    return (_made(TransformKind.PASS_ALL, "", (), text, "integration"),)


def _what(integration: Integration) -> str:
    is_lambda = integration.uri is not None and function_arn(integration.uri) is not None
    return "Lambda errors" if is_lambda else "Back-end statuses"


def _of_rest(response: IntegrationResponse, what: str, under: Under, *, is_only: bool) -> list[Transform]:
    status = response.status or ""
    name = status or response.selection_pattern or ""
    found = [_status(status, response.selection_pattern, what, is_only)] if status else []
    found += [_header(key, value, name, under) for key, value in sorted(response.parameters.items())]
    for key, text in sorted(response.templates.items()):
        found += of_template(text, Place(Where.RESPONSE, key, "the client", name), under)
    if len(response.templates) > 1:
        types = listed([cut(each) for each in sorted(response.templates)])
        text = f"API Gateway itself takes the first of the templates {types} where Accept names none of them."
        found.append(_made(TransformKind.IMPLICIT, "body", (), text, "API Gateway"))
    return [*found, *content(response.content_handling, Where.RESPONSE)]


@lru_cache(maxsize=4096)
def _status(status: str, pattern: str | None, what: str, is_only: bool) -> Transform:  # noqa: FBT001 - a key of the cache
    tail = ", which no authorizer decides" if status in _REFUSALS else ""
    if pattern is not None:
        text = f"{what} matching '{cut(pattern, 60)}' become {cut(status)}{tail}."
    elif is_only:
        text = f"Every answer becomes {cut(status)}{tail}."
    else:
        text = f"All other answers become {cut(status)}{tail}."
    return _made(TransformKind.STATUS_MAP, "status", (), text, f"response mapping {status}")


@lru_cache(maxsize=8192)
def _header(key: str, value: str, status: str, under: Under) -> Transform:
    layer = f"response mapping {status}".strip()
    given = _REST_HEADER.fullmatch(key)
    if given is None:
        text = f"Sets '{cut(key)}' of the answer, which is not understood."
        return _made(TransformKind.NOT_UNDERSTOOD, key, (), text, layer, Origin.UNKNOWN)
    return returned(given["name"], value, Where.RESPONSE, layer, under)


@lru_cache(maxsize=8192)
def returned(name: str, value: str, where: Where, layer: str, under: Under) -> Transform:
    """Return what sets a header of an answer."""
    found = sources(value, under.protocol)
    shown = cut(name.lower())
    target = f"header {name.lower()}"
    if any(each.space is Space.UNKNOWN for each in found):
        text = f"Returns header {shown} from {listed([under.phrase(each) for each in found])}."
        return _made(TransformKind.NOT_UNDERSTOOD, target, found, text, layer, Origin.UNKNOWN, where)
    phrases = listed([under.phrase(each) for each in found])
    is_constant = all(each.space is Space.STATIC for each in found)
    if is_constant and found[0].path == "":
        text = f"Blanks header {shown} of the answer."
    elif is_constant:
        text = f"Returns header {shown} with {phrases}."
    elif found == (Source(Space.BACKEND_HEADER, name),):
        text = f"Returns back-end header {shown}."
    else:
        text = f"Returns {phrases} as header {shown}."
    return _made(TransformKind.HEADER_RESPONSE, target, found, text, layer, under.origin(found), where)


def _of_http(response: IntegrationResponse, under: Under) -> list[Transform]:
    status = response.status or ""
    return [_http_entry(key, value, status, under) for key, value in sorted(response.parameters.items())]


@lru_cache(maxsize=8192)
def _http_entry(key: str, value: str, status: str, under: Under) -> Transform:
    layer = f"response mapping {status}".strip()
    found = sources(value, under.protocol)
    if key == _STATUS:
        return _new_status(value, status, found, layer, under)
    given = _HTTP_HEADER.fullmatch(key)
    if given is None or any(each.space is Space.UNKNOWN for each in found):
        text = f"On {status}, sets '{cut(key)}' of the answer, which is not understood."
        return _made(TransformKind.NOT_UNDERSTOOD, key, found, text, layer, Origin.UNKNOWN)
    name = given["name"].lower()
    return _changed(given["verb"], name, found, status, under)


def _changed(verb: str, name: str, found: tuple[Source, ...], status: str, under: Under) -> Transform:
    layer, target, shown = f"response mapping {status}".strip(), f"header {name}", cut(name)
    if verb == "remove":
        text = f"On {status}, removes header {shown} from the answer."
        return _made(TransformKind.REMOVE, target, (), text, layer)
    origin = under.origin(found)
    if verb == "append":
        text = f"On {status}, adds {listed([under.clause(each) for each in found])} to header {shown} of the answer."
        return _made(TransformKind.APPEND, target, found, text, layer, origin)
    text = f"On {status}, returns header {shown} with {listed([under.phrase(each) for each in found])}."
    return _made(TransformKind.HEADER_RESPONSE, target, found, text, layer, origin)


def _new_status(value: str, status: str, found: tuple[Source, ...], layer: str, under: Under) -> Transform:
    tail = ", which no authorizer decides" if value in _REFUSALS else ""
    is_constant = all(each.space is Space.STATIC for each in found) and not is_secret(value)
    shown = cut(value) if is_constant else listed([under.phrase(each) for each in found])
    return _made(
        TransformKind.STATUS_MAP, "status", found, f"{status} becomes {shown}{tail}.", layer, under.origin(found)
    )


def content(handling: str | None, where: Where) -> list[Transform]:
    """Return how a body is converted."""
    if handling is None:
        return []
    text = _CONTENT.get(handling)
    if text is None:
        unknown = f"What content handling {cut(handling)} does is not understood."
        return [_made(TransformKind.NOT_UNDERSTOOD, "body", (), unknown, "integration", Origin.UNKNOWN, where)]
    return [_made(TransformKind.CONTENT, "body", (), text, "integration", Origin.STATIC, where)]


_CONTENT = {
    "CONVERT_TO_TEXT": "Turns a binary body into base64 text.",
    "CONVERT_TO_BINARY": "Turns base64 text into a binary body.",
}


def _made(
    kind: TransformKind,
    target: str,
    found: tuple[Source, ...],
    text: str,
    layer: str,
    origin: Origin = Origin.STATIC,
    where: Where = Where.RESPONSE,
) -> Transform:
    return Transform(kind, where, target, found, origin, fit(text), layer)
