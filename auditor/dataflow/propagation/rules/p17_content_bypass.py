"""P17: a body template does something that matters, and a call with another Content-Type goes past it.

A template that adds the caller's identity; on AWS services any template, for it alone decides which action the gateway's
role takes (a body that passes untouched lets the client choose). Cannot see whether a template checks its input.
"""

from auditor.dataflow.passage import Passage
from auditor.dataflow.propagation.integration_class import IntegrationClass
from auditor.dataflow.propagation.interface import Neighbours, Rule
from auditor.dataflow.propagation.judging import Found, clean, idle, puzzled, unclear_sending, wrong
from auditor.dataflow.propagation.sending import Sending
from auditor.model.control import Severity
from auditor.model.fact import Present
from auditor.model.identity import Origin
from auditor.model.route_parts import Integration
from auditor.model.ruling import Ruling

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
    return _closed(integration) or _past(passage, sent, integration)


def _closed(integration: Integration) -> Ruling | None:
    """Return why nothing goes past the templates, or why nobody knows; None where other types pass."""
    if _DEFAULT in integration.request_templates:
        return _CAUGHT
    match integration.passthrough:
        case "WHEN_NO_TEMPLATES" | "NEVER":
            return _CLOSED
        case "WHEN_NO_MATCH":
            return None
        case None:
            return _UNTOLD
        case _:
            return _STRANGE


def _past(passage: Passage, sent: Sending, integration: Integration) -> Ruling:
    types = ", ".join(sorted(integration.request_templates))
    layer = f"body template {types}"
    if sent.kind is IntegrationClass.AWS_SERVICE:
        because = (
            f"a Content-Type other than {types} goes past the template: the client writes the service's request itself"
        )
        return wrong(_ID, passage, Found(because, Severity.CRITICAL, "body", layer))
    if sent.telling:
        because = f"send a Content-Type other than {types}, and the step that tells the back end who called is skipped"
        return wrong(_ID, passage, Found(because, Severity.HIGH, "body", layer))
    unclear = bool(sent.puzzles) or any(each.origin is Origin.UNKNOWN for each in sent.makes)
    return _UNCLEAR if unclear else _HARMLESS


RULE = Rule(id=_ID, name="CONTENT_BYPASS", title="Send another Content-Type and the step is skipped", judge=_judge)
