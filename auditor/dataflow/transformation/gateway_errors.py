"""Errors that API Gateway answers by itself, where somebody customised them (REST APIs).

Statuses: API Gateway developer guide, "Gateway response types". Where another is set, callers no longer see what went wrong.
"""

from functools import lru_cache

from auditor.dataflow.transformation.responses import Spot, returned
from auditor.dataflow.transformation.under import Under
from auditor.dataflow.transformation.wording import cut, fit, listed
from auditor.model.contract import GatewayResponse
from auditor.model.fact import Fact, Present, Unread
from auditor.model.identity import Origin
from auditor.model.transform import Transform, TransformKind, Where

STATUSES = {
    "ACCESS_DENIED": "403",
    "API_CONFIGURATION_ERROR": "500",
    "AUTHORIZER_CONFIGURATION_ERROR": "500",
    "AUTHORIZER_FAILURE": "500",
    "BAD_REQUEST_BODY": "400",
    "BAD_REQUEST_PARAMETERS": "400",
    "EXPIRED_TOKEN": "403",
    "INTEGRATION_FAILURE": "504",
    "INTEGRATION_TIMEOUT": "504",
    "INVALID_API_KEY": "403",
    "INVALID_SIGNATURE": "403",
    "MISSING_AUTHENTICATION_TOKEN": "403",
    "QUOTA_EXCEEDED": "429",
    "REQUEST_TOO_LARGE": "413",
    "RESOURCE_NOT_FOUND": "404",
    "THROTTLED": "429",
    "UNAUTHORIZED": "401",
    "UNSUPPORTED_MEDIA_TYPE": "415",
    "WAF_FILTERED": "403",
}
"""What each type answers where nothing is customised."""
_GROUPS = {"DEFAULT_4XX": "4xx", "DEFAULT_5XX": "5xx"}
_HEADER = "gatewayresponse.header."
Pairs = tuple[tuple[str, str], ...]


def hides_type(response_type: str, status: str) -> bool:
    """Return whether a status is another than the type's own, so that callers are misled about what went wrong."""
    return response_type in _GROUPS or STATUSES.get(response_type, status) != status


def errors(responses: tuple[GatewayResponse, ...], under: Under) -> tuple[Transform, ...]:
    """Return one transform a customised type, and one a header of it, by type."""
    found: list[Transform] = []
    for each in sorted(responses, key=lambda response: response.response_type):
        if each.is_default != Present[bool](value=True):
            found += _of(
                each.response_type, _status(each.status), _pairs(each.parameters), _pairs(each.templates), under
            )
    return tuple(found)


def _status(fact: Fact[str]) -> str | None:
    """Return the status that is set, empty for the type's own; None: not read."""
    if isinstance(fact, Unread):
        return None
    return fact.value if isinstance(fact, Present) else ""


def _pairs(fact: Fact[dict[str, str]]) -> Pairs | None:
    if isinstance(fact, Unread):
        return None
    return tuple(sorted(fact.value.items())) if isinstance(fact, Present) else ()


def unread_errors() -> tuple[Transform, ...]:
    """Return what is known where the answers of the gateway's own were not read."""
    text = "How API Gateway's own errors are answered was not read."
    return (_made(TransformKind.NOT_UNDERSTOOD, text, "gateway responses", Origin.UNKNOWN),)


@lru_cache(maxsize=2048)
def _of(
    kind: str, status: str | None, parameters: Pairs | None, templates: Pairs | None, under: Under
) -> tuple[Transform, ...]:
    layer = f"gateway response {kind}"
    if status is None or parameters is None or templates is None:
        text = f"How errors of type {cut(kind)} are answered was not read."
        return (_made(TransformKind.NOT_UNDERSTOOD, text, layer, Origin.UNKNOWN),)
    said = _made(TransformKind.GATEWAY_ERROR, _sentence(kind, status, templates), layer)
    return (said, *(_header(name, value, layer, under) for name, value in parameters))


def _sentence(kind: str, status: str, templates: Pairs) -> str:
    group = _GROUPS.get(kind)
    subject = f"{group} errors that are not customised themselves" if group else f"Errors of type {cut(kind)}"
    body = f" with body template {listed([cut(name) for name, _ in templates])}" if templates else ""
    if not status:
        return f"{subject} keep their status and are answered{body or ' with headers of their own'}."
    hiding = ", which hides the true type" if hides_type(kind, status) else ""
    return f"{subject} return status {cut(status)}{body}{hiding}."


def _header(name: str, value: str, layer: str, under: Under) -> Transform:
    if name.startswith(_HEADER):
        return returned(name.removeprefix(_HEADER), value, Spot(Where.ERROR, layer), under)
    return _made(
        TransformKind.NOT_UNDERSTOOD, f"Mapping '{cut(name)}' of errors is not understood.", layer, Origin.UNKNOWN
    )


@lru_cache(maxsize=2048)
def _made(kind: TransformKind, text: str, layer: str, origin: Origin = Origin.STATIC) -> Transform:
    return Transform(kind, Where.ERROR, "status", (), origin, fit(text), layer)
