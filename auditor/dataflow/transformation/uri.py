"""What the path of a call becomes: the integration's URI with its placeholders, and `overwrite:path`."""

import re
from functools import lru_cache

from auditor.dataflow.transformation.mapped import PARAMETER_MAPPING
from auditor.dataflow.transformation.references import sources
from auditor.dataflow.transformation.under import Under
from auditor.dataflow.transformation.wording import cut, fit, listed
from auditor.model.gateway import Protocol
from auditor.model.route_parts import Integration
from auditor.model.transform import Source, Space, Transform, TransformKind, Where

_HTTP = frozenset({"HTTP", "HTTP_PROXY"})
_PLACE = re.compile(r"(?<!\$)\{(?P<name>[^{}]+?)\+?\}")
_URL = re.compile(r"https?://[^/]*(?P<path>/[^?#]*)", re.IGNORECASE)
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
    else:
        kind = TransformKind.REWRITE_PATH
        text = _sentence(written if _is_static(found) else None, found, under)
    return Transform(kind, Where.REQUEST, "path", found, under.origin(found), fit(text), PARAMETER_MAPPING)


@lru_cache(maxsize=16384)
def _rewritten(path: str, mapped: tuple[tuple[str, str | None], ...], under: Under) -> Transform:
    found = tuple(dict.fromkeys(each for name, value in mapped for each in _value(name, value, under)))
    sentence = f"Sends the call to path {cut(path, 100)}."
    origin = under.origin(found)
    return Transform(TransformKind.REWRITE_PATH, Where.REQUEST, "path", found, origin, fit(sentence), _INTEGRATION)


def _value(name: str, value: str | None, under: Under) -> tuple[Source, ...]:
    """Return where a placeholder's value comes from: HTTP APIs fill in path parameters of the same name by themselves."""
    if value is not None:
        return sources(value, under.protocol)
    return (Source(Space.CLIENT_PATH if under.protocol is Protocol.HTTP else Space.UNKNOWN, name),)


def _is_static(found: tuple[Source, ...]) -> bool:
    return all(each.space is Space.STATIC for each in found)


def _sentence(path: str | None, found: tuple[Source, ...], under: Under) -> str:
    if path is not None:
        return f"Sends the call to path {cut(path, 100)}."
    if found == (Source(Space.CLIENT_PATH, ""),):
        return "Sends the call to the path that the client asked for."
    return f"Sends the call to a path made of {listed([under.clause(each) for each in found]).rstrip(',')}."
