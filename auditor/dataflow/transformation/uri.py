"""What the path of a call becomes: the integration's URI with its placeholders, and `overwrite:path`."""

import re
from functools import lru_cache

from auditor.dataflow.transformation.mapped import PARAMETER_MAPPING
from auditor.dataflow.transformation.references import sources
from auditor.dataflow.transformation.under import Under
from auditor.dataflow.transformation.wording import cut, fit
from auditor.model.gateway import Protocol
from auditor.model.route_parts import Integration
from auditor.model.transform import Source, Space, Transform, TransformKind, Where

_HTTP = frozenset({"HTTP", "HTTP_PROXY"})
_PLACE = re.compile(r"(?<!\$)\{(?P<name>[^{}]+?)\+?\}")
_URL = re.compile(r"https?://[^/]*(?P<path>/[^?#]*)", re.IGNORECASE)
_VARIABLE = re.compile(r"\$\{(?P<braced>[^{}]+)\}|\A\$(?P<bare>.+)\Z", re.DOTALL)
_PATH = 100
"""Characters of a path that a sentence shows."""
_INTEGRATION = "integration"
_PATH_MAPPING = "integration.request.path."


def rewritten_by_uri(integration: Integration, under: Under) -> list[Transform]:
    """Return the path that a back end over HTTP is called with; nothing where the URI says none."""
    given = _URL.fullmatch(integration.uri or "") if integration.type in _HTTP else None
    if given is None or "overwrite:path" in integration.request_parameters:
        return []
    names = tuple(dict.fromkeys(each["name"] for each in _PLACE.finditer(given["path"])))
    mapped = tuple((each, integration.request_parameters.get(f"{_PATH_MAPPING}{each}")) for each in names)
    return [_rewritten(given["path"], mapped, under)]


def rewritten_path(found: tuple[Source, ...], under: Under, written: str) -> Transform:
    """Return what `overwrite:path` does."""
    if any(each.space is Space.UNKNOWN for each in found):
        kind, text = TransformKind.NOT_UNDERSTOOD, f"Sends the call to path '{cut(written)}', which is not understood."
    elif found == (Source(Space.CLIENT_PATH, ""),):
        kind, text = TransformKind.REWRITE_PATH, "Sends the call to the path that the client asked for."
    else:
        kind, text = TransformKind.REWRITE_PATH, _to(_VARIABLE.sub(_placeholder, written))
    return Transform(kind, Where.REQUEST, "path", found, under.origin(found), fit(text), PARAMETER_MAPPING)


def _placeholder(found: re.Match[str]) -> str:
    name = found["braced"] or found["bare"]
    for prefix in ("request.path.", "context.authorizer.", "context."):
        name = name.removeprefix(prefix)
    return f"{{{name}}}"


def _to(path: str) -> str:
    return f"Sends the call to path {cut(path, _PATH)}."


@lru_cache(maxsize=16384)
def _rewritten(path: str, mapped: tuple[tuple[str, str | None], ...], under: Under) -> Transform:
    found = tuple(dict.fromkeys(each for name, value in mapped for each in _value(name, value, under)))
    origin = under.origin(found)
    return Transform(TransformKind.REWRITE_PATH, Where.REQUEST, "path", found, origin, fit(_to(path)), _INTEGRATION)


def _value(name: str, value: str | None, under: Under) -> tuple[Source, ...]:
    """Return where a placeholder's value comes from: HTTP APIs fill in path parameters of the same name by themselves."""
    if value is not None:
        return sources(value, under.protocol)
    return (Source(Space.CLIENT_PATH if under.protocol is Protocol.HTTP else Space.UNKNOWN, name),)
