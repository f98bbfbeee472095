"""P17: a body template does something that matters, and a call with another Content-Type goes past it.

A template that adds the caller's identity, in its body or by an override; on AWS services any template, for it alone decides
which action the gateway's role takes (a body that passes untouched lets the client choose). What goes past one template may
also meet another one that says nothing of the caller. Cannot see whether a template checks its input.
"""

from auditor.dataflow.passage import Passage
from auditor.dataflow.propagation.integration_class import IntegrationClass
from auditor.dataflow.propagation.interface import Neighbours, Rule
from auditor.dataflow.propagation.judging import (
    Found,
    clean,
    idle,
    named,
    puzzled,
    unclear_caller,
    unclear_sending,
    wrong,
)
from auditor.dataflow.propagation.sending import Sending
from auditor.model.control import Severity
from auditor.model.fact import Present
from auditor.model.gateway import Protocol
from auditor.model.identity import Origin
from auditor.model.route_parts import Integration
from auditor.model.ruling import Ruling
from auditor.model.transform import TransformKind

_ID = "P17"
_NO_TEMPLATE = idle(_ID, "no body template decides what is sent")
_CLOSED = clean(_ID, "bodies of other types are refused with 415")
_CAUGHT = clean(_ID, "the default template takes bodies of every other type")
_HARMLESS = clean(_ID, "the template adds no identity that another Content-Type would leave out")
_UNTOLD = puzzled(_ID, "what becomes of bodies of other types is not told")
_STRANGE = puzzled(_ID, "what becomes of bodies of other types is not known to this version")
_UNCLEAR = puzzled(_ID, "whether the template adds the caller's identity is not understood")
_PROXIES = frozenset({IntegrationClass.LAMBDA_PROXY, IntegrationClass.AWS_SUBTYPE})
_DEFAULT = "$default"
_BY_LAYER = "body template "
_OVER_REST = puzzled(
    _ID, "whether the template $default takes bodies of other types, AWS documents for WebSocket APIs alone"
)
_CHECKED = frozenset({Origin.VERIFIED, Origin.MIXED})


def _judge(passage: Passage, among: Neighbours) -> Ruling:
    sent = among.sent(passage)
    unclear = unclear_sending(_ID, passage, sent)
    if unclear is not None:
        return unclear
    if sent.kind in _PROXIES or sent.kind.is_http_proxy or not isinstance(passage.integration, Present):
        return _NO_TEMPLATE
    integration = passage.integration.value
    if not integration.request_templates:
        return _NO_TEMPLATE
    telling = _telling(sent)
    return (
        _skipped(passage, sent, telling)
        or _closed(
            integration, passage.route.protocol, matters=bool(telling) or sent.kind is IntegrationClass.AWS_SERVICE
        )
        or _past(passage, sent, integration)
    )


def _telling(sent: Sending) -> frozenset[str]:
    """Return the layers of the templates that tell the back end who called, in their body or by an override."""
    overriding = (each for each in sent.writes if each.kind is TransformKind.OVERRIDE and each.origin in _CHECKED)
    return frozenset(each.layer for each in (*sent.telling, *overriding) if each.layer.startswith(_BY_LAYER))


def _skipped(passage: Passage, sent: Sending, telling: frozenset[str]) -> Ruling | None:
    """Return that one template tells who called and another does not, where nothing beside the templates tells it."""
    by_mapping = any(each.origin in _CHECKED and each.by.layer not in telling for each in sent.last.values())
    if by_mapping:
        return None
    if not telling:
        return unclear_caller(_ID, passage) if _may_tell(sent) else None
    templates = (each.layer for each in sent.makes if each.kind is TransformKind.TEMPLATE)
    silent = sorted(each for each in templates if each not in telling)
    if not silent:
        return _UNCLEAR if any(each.layer.startswith(_BY_LAYER) for each in sent.puzzles) else None
    other, first = (each.removeprefix(_BY_LAYER) for each in (silent[0], min(telling)))
    because = (
        f"the template for {named(other)} does not tell the back end who called, as the one for {named(first)} does"
    )
    return wrong(_ID, passage, Found(because, Severity.HIGH, "body", silent[0]))


def _closed(integration: Integration, protocol: Protocol, *, matters: bool) -> Ruling | None:
    """Return why nothing goes past the templates, or why nobody knows; None where other types pass, or none that matters."""
    match integration.passthrough:
        case "WHEN_NO_TEMPLATES" | "NEVER":
            return _CLOSED if _DEFAULT not in integration.request_templates else _CAUGHT
        case _ if _DEFAULT in integration.request_templates:
            return _CAUGHT if protocol is Protocol.WEBSOCKET else _OVER_REST if matters else None
        case "WHEN_NO_MATCH":
            return None
        case None:
            return _UNTOLD
        case _:
            return _STRANGE


def _past(passage: Passage, sent: Sending, integration: Integration) -> Ruling:
    types = ", ".join(sorted(integration.request_templates))
    layer = f"{_BY_LAYER}{types}"
    is_message = passage.route.protocol is Protocol.WEBSOCKET
    other = (
        f"a message that the template {named(types)} is not for"
        if is_message
        else f"a Content-Type other than {named(types)}"
    )
    if sent.kind is IntegrationClass.AWS_SERVICE:
        because = f"{other} goes past the template: the client writes the service's request itself"
        return wrong(_ID, passage, Found(because, Severity.CRITICAL, "body", layer))
    if _telling(sent):
        because = f"send {other}, and the step that tells the back end who called is skipped"
        return wrong(_ID, passage, Found(because, Severity.HIGH, "body", layer))
    return _UNCLEAR if sent.puzzles or _may_tell(sent) else _HARMLESS


def _may_tell(sent: Sending) -> bool:
    """Return whether a template may tell who called, and nobody knows."""
    overriding = (each for each in sent.writes if each.kind is TransformKind.OVERRIDE)
    return any(each.origin is Origin.UNKNOWN for each in (*sent.makes, *overriding))


RULE = Rule(id=_ID, name="CONTENT_BYPASS", title="Send another Content-Type and the step is skipped", judge=_judge)
