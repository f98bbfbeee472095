"""Where a mapping takes its value from: the expressions of REST, HTTP and WebSocket APIs as canonical sources.

Forms: API Gateway developer guide, "Parameter mapping" (REST), "Parameter mapping for HTTP APIs", "WebSocket data mapping".
REST compares header names case by case, HTTP APIs do not: so the one keeps them as written, the other folds them.
"""

import re
from functools import lru_cache

from auditor.model.gateway import Protocol
from auditor.model.transform import Source, Space

_NETWORK = frozenset({"identity.sourceIp", "identity.userAgent", "identity.vpcId", "identity.vpceId"})
"""Members of `$context.identity` that speak of the connection, not of who calls."""
_COMPOSITE = re.compile(r"\$\{([^{}]*)\}")
_BARE = re.compile(r"\$(?:request|response|context|stageVariables)\.")
"""A variable inside a text without braces: no page says what becomes of it."""
_QUOTED = re.compile(r"'(.*)'", re.DOTALL)
_PARTS = {
    "header": Space.CLIENT_HEADER,
    "multivalueheader": Space.CLIENT_HEADER,
    "querystring": Space.CLIENT_QUERY,
    "multivaluequerystring": Space.CLIENT_QUERY,
    "path": Space.CLIENT_PATH,
}
_ANSWERS = {"header": Space.BACKEND_HEADER, "multivalueheader": Space.BACKEND_HEADER}


@lru_cache(maxsize=8192)
def sources(text: str, protocol: Protocol) -> tuple[Source, ...]:
    """Return where a value comes from; `Space.UNKNOWN` with the text where an expression is of no known form.

    `method.request.header.X`, `integration.response.body.a`, `context.x`, `stageVariables.x` and `'constant'` on REST and
    WebSocket APIs; `$request.header.x`, `$response.body.a`, `$context.x`, `${…}-${…}` and bare constants on HTTP APIs.
    """
    return _of_http(text) if protocol is Protocol.HTTP else (_of_rest(text),)


def of_context(path: str) -> Source:
    """Return the source of a variable of `$context`, without its prefix."""
    speaks_of_caller = path == "authorizer" or path.startswith(("authorizer.", "identity."))
    return Source(Space.IDENTITY if speaks_of_caller and path not in _NETWORK else Space.GATEWAY, path)


def _of_rest(text: str) -> Source:
    quoted = _QUOTED.fullmatch(text)
    if quoted:
        return Source(Space.STATIC, quoted[1])
    if text.startswith("redacted:"):
        return Source(Space.STATIC, text)
    for prefix in ("method.request.", "route.request."):
        if text.startswith(prefix):
            return _of_request(text, text.removeprefix(prefix), is_folded=False)
    if text.startswith("integration.response."):
        return _of_answer(text, text.removeprefix("integration.response."), is_folded=False)
    return _of_gateway(text, text)


def _of_http(text: str) -> tuple[Source, ...]:
    found = _COMPOSITE.findall(text)
    if found:
        return tuple(dict.fromkeys(_of_variable(f"${{{each}}}", each.strip().removeprefix("$")) for each in found))
    if text.startswith("$"):
        return (_of_variable(text, text[1:]),)
    return (Source(Space.UNKNOWN if _BARE.search(text) else Space.STATIC, text),)


def _of_variable(written: str, text: str) -> Source:
    if text.startswith("request."):
        return _of_request(written, text.removeprefix("request."), is_folded=True)
    if text.startswith("response."):
        return _of_answer(written, text.removeprefix("response."), is_folded=True)
    return _of_gateway(written, text)


def _of_request(written: str, text: str, *, is_folded: bool) -> Source:
    part, dot, name = text.partition(".")
    if part == "body":
        return Source(Space.CLIENT_BODY, _json_path(name))
    if part == "path" and not dot and is_folded:
        return Source(Space.CLIENT_PATH, "")
    space = _PARTS.get(part)
    if space is None or not name:
        return Source(Space.UNKNOWN, written)
    return Source(space, name.lower() if is_folded and space is Space.CLIENT_HEADER else name)


def _of_answer(written: str, text: str, *, is_folded: bool) -> Source:
    part, _, name = text.partition(".")
    if part == "body":
        return Source(Space.BACKEND_BODY, _json_path(name))
    space = _ANSWERS.get(part)
    if space is None or not name:
        return Source(Space.UNKNOWN, written)
    return Source(space, name.lower() if is_folded else name)


def _of_gateway(written: str, text: str) -> Source:
    for prefix, space in (("context.", None), ("stageVariables.", Space.STAGE_VARIABLE)):
        name = text.removeprefix(prefix)
        if text.startswith(prefix) and name:
            return of_context(name) if space is None else Source(space, name)
    return Source(Space.UNKNOWN, written)


def _json_path(name: str) -> str:
    return f"$.{name}" if name else "$"
