"""Which body template is chosen for which content type, and what passes untouched.

Table: API Gateway developer guide, "Method request behavior for payloads without mapping templates". `$default` as a template
that takes every other type: documented for WebSocket APIs; on REST APIs as LocalStack, checked against AWS, has it.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import assert_never

from auditor.dataflow.transformation.wording import cut, fit, listed
from auditor.model.gateway import Protocol
from auditor.model.identity import Origin
from auditor.model.route_parts import Integration
from auditor.model.transform import Source, Space, Transform, TransformKind, Where

PROXIES = frozenset({"AWS_PROXY", "HTTP_PROXY"})
"""They pass bodies as they are: templates do not count."""
TEMPLATED = frozenset({"AWS", "HTTP", "MOCK"})
_MOCK = "MOCK"
JSON = "application/json"
DEFAULT = "$default"
_WHEN_NO_MATCH = "WHEN_NO_MATCH"
"""Also where nothing is said."""
_BODY = (Source(Space.CLIENT_BODY, "$"),)


class Fate(StrEnum):
    """What becomes of a body."""

    TEMPLATE = "template"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    """With 415, UNSUPPORTED_MEDIA_TYPE."""
    UNKNOWN = "unknown"


_OTHERS = {
    "WHEN_NO_MATCH": (Fate.UNCHANGED, Fate.UNCHANGED),
    "WHEN_NO_TEMPLATES": (Fate.UNCHANGED, Fate.REFUSED),
    "NEVER": (Fate.REFUSED, Fate.REFUSED),
}
"""What becomes of a body that no template is for: where there are no templates at all, and beside others."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What becomes of a body of one content type."""

    fate: Fate
    template: str | None = None
    """The key of the chosen template: `application/json`, `$default`; None: none is applied."""


def chosen(integration: Integration, content_type: str | None) -> Chosen:
    """Return what becomes of a body; a call without Content-Type counts as `application/json`.

    Parameters behind the type (`; charset=utf-8`) and its case are left aside unless a template's key has the same. WebSocket
    APIs choose by their selection expression: there the type decides only where `$default` is all there is.
    """
    if integration.type in PROXIES:
        return Chosen(Fate.UNCHANGED)
    if integration.type not in TEMPLATED:
        return Chosen(Fate.UNKNOWN)
    if integration.template_selection and integration.request_templates.keys() - {DEFAULT}:
        return Chosen(Fate.UNKNOWN)
    key = _key(tuple(integration.request_templates), content_type or JSON)
    return Chosen(Fate.TEMPLATE, key) if key is not None else Chosen(others(integration))


def others(integration: Integration) -> Fate:
    """Return what becomes of bodies that no template of the integration is for."""
    if integration.type in PROXIES:
        return Fate.UNCHANGED
    if integration.type not in TEMPLATED:
        return Fate.UNKNOWN
    if DEFAULT in integration.request_templates:
        return Fate.TEMPLATE
    bare, beside_templates = _OTHERS.get(integration.passthrough or _WHEN_NO_MATCH, (Fate.UNKNOWN, Fate.UNKNOWN))
    return beside_templates if integration.request_templates else bare


def passed_on(integration: Integration, protocol: Protocol) -> list[Transform]:
    """Return what is done to bodies that no template is for, in a sentence; a proxy has its own."""
    if integration.type not in TEMPLATED:
        return []
    if integration.type == _MOCK and others(integration) is Fate.UNCHANGED:
        return []  # a mock sends nothing on
    templates = tuple(sorted(each for each in integration.request_templates if each != DEFAULT))
    return [_said(others(integration), templates, integration.passthrough or _WHEN_NO_MATCH, protocol)]


def _key(keys: tuple[str, ...], content_type: str) -> str | None:
    if content_type in keys:
        return content_type
    wanted = _bare(content_type)
    found = next((each for each in sorted(keys) if _bare(each) == wanted), None)
    return found if found is not None else DEFAULT if DEFAULT in keys else None


def _bare(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()


@lru_cache(maxsize=4096)
def _said(fate: Fate, templates: tuple[str, ...], behaviour: str, protocol: Protocol) -> Transform:
    what = _bodies(templates, protocol)
    match fate:
        case Fate.UNCHANGED:
            return _transform(TransformKind.PASSTHROUGH, f"Passes {what} unchanged.", _BODY)
        case Fate.REFUSED:
            tail = "" if protocol is Protocol.WEBSOCKET else " with 415"
            return _transform(TransformKind.PASSTHROUGH, f"Refuses {what}{tail}.", ())
        case Fate.TEMPLATE:
            return _transform(TransformKind.PASSTHROUGH, f"Puts {what} through the default template.", ())
        case Fate.UNKNOWN:
            text = f"What becomes of {what} is not known: behaviour {cut(behaviour)} is not understood."
            return _transform(TransformKind.NOT_UNDERSTOOD, text, ())
        case _:
            assert_never(fate)


def _bodies(templates: tuple[str, ...], protocol: Protocol) -> str:
    """Return which bodies are meant; WebSocket APIs choose a template by what is in a message, not by its type."""
    if protocol is Protocol.WEBSOCKET:
        return "messages that no other template is for" if templates else "every message"
    return f"bodies of other types than {listed([cut(each) for each in templates])}" if templates else "every body"


def _transform(kind: TransformKind, sentence: str, found: tuple[Source, ...]) -> Transform:
    origin = Origin.CLIENT if found else Origin.STATIC
    if kind is TransformKind.NOT_UNDERSTOOD:
        origin = Origin.UNKNOWN
    return Transform(kind, Where.REQUEST, "body", found, origin, fit(sentence), "integration")
