"""What becomes of the back end's answers: statuses, headers, bodies."""

import re
from dataclasses import dataclass
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
_CONTENT = {
    "CONVERT_TO_TEXT": "Turns a binary body into base64 text.",
    "CONVERT_TO_BINARY": "Turns base64 text into a binary body.",
}


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a change of an answer stands."""

    where: Where
    layer: str


@dataclass(frozen=True, slots=True)
class Value:
    """What is put in, and whose word it is."""

    sources: tuple[Source, ...]
    origin: Origin


NOTHING = Value((), Origin.STATIC)
UNTOLD = Value((), Origin.UNKNOWN)


def answered(
    integration: Integration, responses: tuple[IntegrationResponse, ...], under: Under
) -> tuple[Transform, ...]:
    """Return what is done to answers, the default last; a proxy of a REST or WebSocket API passes them as they are."""
    if under.protocol is Protocol.HTTP:
        return (*(each for response in responses for each in _of_http(response, under)), _passed(responses))
    if integration.type in PROXIES:
        passes = () if under.protocol is Protocol.WEBSOCKET else (_passed(()),)
        return (_IGNORED, *passes) if _say_something(responses) else passes
    what = _what(integration)
    ordered = sorted(responses, key=lambda each: each.selection_pattern is None)
    return tuple(each for response in ordered for each in _of_rest(response, what, under, is_only=len(ordered) == 1))


def _say_something(responses: tuple[IntegrationResponse, ...]) -> bool:
    """Return whether more is configured than the bare default that AWS's console leaves behind."""
    return any(each.selection_pattern or each.parameters or each.templates for each in responses)


def _passed(responses: tuple[IntegrationResponse, ...]) -> Transform:
    is_changed = any(each.parameters for each in responses)
    text = "Passes everything else of the answer unchanged." if is_changed else "Passes the answer unchanged."
    return _made(TransformKind.PASS_ALL, "", text, _INTEGRATION)


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
        found.append(_made(TransformKind.IMPLICIT, "body", text, Spot(Where.RESPONSE, "API Gateway")))
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
    return _made(TransformKind.STATUS_MAP, "status", text, _mapping(status))


@lru_cache(maxsize=8192)
def _header(key: str, value: str, status: str, under: Under) -> Transform:
    given = _REST_HEADER.fullmatch(key)
    if given is None:
        text = f"Mapping '{cut(key)}' of the answer is not understood."
        return _made(TransformKind.NOT_UNDERSTOOD, key, text, _mapping(status), UNTOLD)
    return returned(given["name"], value, _mapping(status), under)


@lru_cache(maxsize=8192)
def returned(name: str, value: str, spot: Spot, under: Under) -> Transform:
    """Return what sets a header of an answer."""
    found = sources(value, under.protocol)
    target = f"header {name.lower()}"
    if any(each.space is Space.UNKNOWN for each in found):
        text = f"Returns header {cut(name.lower())} from {_phrases(found, under)}."
        return _made(TransformKind.NOT_UNDERSTOOD, target, text, spot, Value(found, Origin.UNKNOWN))
    text = _returns(name, found, under)
    return _made(TransformKind.HEADER_RESPONSE, target, text, spot, Value(found, under.origin(found)))


def _returns(name: str, found: tuple[Source, ...], under: Under) -> str:
    shown = cut(name.lower())
    if all(each.space is Space.STATIC for each in found):
        is_blank = found[0].path == ""
        return (
            f"Blanks header {shown} of the answer."
            if is_blank
            else f"Returns header {shown} with {_phrases(found, under)}."
        )
    if len(found) == 1 and found[0].space is Space.BACKEND_HEADER and found[0].path.lower() == name.lower():
        return f"Returns back-end header {shown}."
    if len(found) == 1 and found[0].space in {Space.BACKEND_HEADER, Space.BACKEND_BODY}:
        return f"Returns {_phrases(found, under)} as header {shown}."
    return f"Returns header {shown} with {_phrases(found, under)}."


def _of_http(response: IntegrationResponse, under: Under) -> list[Transform]:
    status = response.status or ""
    return [_http_entry(key, value, status, under) for key, value in sorted(response.parameters.items())]


@lru_cache(maxsize=8192)
def _http_entry(key: str, value: str, status: str, under: Under) -> Transform:
    found = sources(value, under.protocol)
    given = _HTTP_HEADER.fullmatch(key)
    is_known = (given is not None or key == _STATUS) and all(each.space is not Space.UNKNOWN for each in found)
    if not is_known:
        text = f"On {status}, mapping '{cut(key)}' of the answer is not understood."
        return _made(TransformKind.NOT_UNDERSTOOD, key, text, _mapping(status), Value(found, Origin.UNKNOWN))
    if given is None:
        return _new_status(status, found, under)
    return _changed(given["verb"], given["name"].lower(), found, status, under)


def _changed(verb: str, name: str, found: tuple[Source, ...], status: str, under: Under) -> Transform:
    target, shown, spot = f"header {name}", cut(name), _mapping(status)
    if verb == "remove":
        return _made(TransformKind.REMOVE, target, f"On {status}, removes header {shown} from the answer.", spot)
    value = Value(found, under.origin(found))
    if verb == "append":
        text = f"On {status}, adds {under.phrases(found)} to header {shown} of the answer."
        return _made(TransformKind.APPEND, target, text, spot, value)
    text = f"On {status}, returns header {shown} with {_phrases(found, under)}."
    return _made(TransformKind.HEADER_RESPONSE, target, text, spot, value)


def _new_status(status: str, found: tuple[Source, ...], under: Under) -> Transform:
    value = found[0].path if found[0].space is Space.STATIC else ""
    tail = ", which no authorizer decides" if value in _REFUSALS else ""
    shown = cut(value) if value and not is_secret(value) else _phrases(found, under)
    text = f"{status} becomes {shown}{tail}."
    return _made(TransformKind.STATUS_MAP, "status", text, _mapping(status), Value(found, under.origin(found)))


def content(handling: str | None, where: Where) -> list[Transform]:
    """Return how a body is converted."""
    if handling is None:
        return []
    spot = Spot(where, "integration")
    text = _CONTENT.get(handling)
    if text is None:
        unknown = f"What content handling {cut(handling)} does is not understood."
        return [_made(TransformKind.NOT_UNDERSTOOD, "body", unknown, spot, UNTOLD)]
    return [_made(TransformKind.CONTENT, "body", text, spot)]


def _phrases(found: tuple[Source, ...], under: Under) -> str:
    return under.phrases(found).rstrip(",")


def _mapping(status: str) -> Spot:
    return Spot(Where.RESPONSE, f"response mapping {status}".strip())


def _made(kind: TransformKind, target: str, text: str, spot: Spot, value: Value = NOTHING) -> Transform:
    return Transform(kind, spot.where, target, value.sources, value.origin, fit(text), spot.layer)


_INTEGRATION = Spot(Where.RESPONSE, "integration")
_IGNORED = ignored("integration responses", Where.RESPONSE)
