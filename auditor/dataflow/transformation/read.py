"""Everything that is done to a call and its answers by one route's integration, in the order in which it happens."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from auditor.dataflow.transformation import http_mapping, rest_mapping
from auditor.dataflow.transformation.gateway_errors import errors
from auditor.dataflow.transformation.implicit import caller_in_event, changes, ignored, prevents
from auditor.dataflow.transformation.passthrough import PROXIES, TEMPLATED, passed_on
from auditor.dataflow.transformation.responses import answered, content
from auditor.dataflow.transformation.service_calls import called, parameters, receiver
from auditor.dataflow.transformation.templates import Place, of_template
from auditor.dataflow.transformation.under import Under
from auditor.dataflow.transformation.uri import rewritten_by_uri
from auditor.dataflow.transformation.wording import cut, fit
from auditor.model.contract import GatewayResponse
from auditor.model.gateway import Protocol
from auditor.model.identity import AuthenticatedBy, Origin
from auditor.model.route_parts import Integration, IntegrationResponse
from auditor.model.transform import Source, Space, Transform, TransformKind, Where

_SUBTYPE = "SUBTYPE"
_EVERYTHING = (Source(Space.CLIENT_ALL, ""),)
_AS_EVENT = {
    AuthenticatedBy.NONE: "; nobody was asked who calls",
    AuthenticatedBy.API_KEY_ONLY: "; an API key names no caller",
    AuthenticatedBy.UNKNOWN: "; whether it names the caller is not known",
}


@dataclass(frozen=True, slots=True)
class _Asked:
    """An integration with a key that is quick to compare: the model itself holds mappings and has no hash."""

    key: tuple[Any, ...]
    integration: Integration = field(compare=False)
    responses: tuple[IntegrationResponse, ...] = field(compare=False)
    under: Under


def transforms(
    integration: Integration,
    responses: tuple[IntegrationResponse, ...],
    gateway_responses: tuple[GatewayResponse, ...],
    protocol: Protocol,
    authenticated_by: AuthenticatedBy,
) -> tuple[Transform, ...]:
    """Return every change to the request, then to the answer, then to errors that API Gateway gives by itself."""
    under = Under(protocol, authenticated_by)
    key = (_key(integration), tuple(_response_key(each) for each in responses))
    found = _read(_Asked(key, integration, responses, under))
    return found + errors(gateway_responses, under) if gateway_responses else found


def _key(integration: Integration) -> tuple[Any, ...]:
    return (
        integration.type,
        integration.uri,
        integration.subtype,
        integration.connection_type,
        integration.credentials,
        integration.passthrough,
        integration.content_handling,
        integration.template_selection,
        integration.payload_format_version,
        tuple(integration.request_parameters.items()),
        tuple(integration.request_templates.items()),
    )


def _response_key(response: IntegrationResponse) -> tuple[Any, ...]:
    return (
        response.status,
        response.selection_pattern,
        response.content_handling,
        tuple(response.parameters.items()),
        tuple(response.templates.items()),
    )


@lru_cache(maxsize=4096)
def _read(asked: _Asked) -> tuple[Transform, ...]:
    integration, under = asked.integration, asked.under
    mapped = _mapped(integration, under)
    sort = _SUBTYPE if integration.subtype else integration.type
    implicit = changes(sort, under, prevents() & {each.target for each in mapped})
    mine = [each for change, each in implicit if change.where is Where.REQUEST and not change.first]
    return (
        *(each for change, each in implicit if change.first),
        *mapped,
        *_templates(integration, under),
        *passed_on(integration, under.protocol),
        *content(integration.content_handling, Where.REQUEST),
        *called(integration, under),
        *mine,
        *_everything(integration, under, is_changed=bool(mapped)),
        *answered(integration, asked.responses, under),
        *(each for change, each in implicit if change.where is Where.RESPONSE),
    )


def _mapped(integration: Integration, under: Under) -> list[Transform]:
    if integration.subtype:
        return parameters(integration, under)
    by_mapping = (http_mapping if under.protocol is Protocol.HTTP else rest_mapping).mapped(integration, under)
    return [*by_mapping, *rewritten_by_uri(integration, under)]


def _templates(integration: Integration, under: Under) -> list[Transform]:
    if not integration.request_templates:
        return []
    if integration.type in PROXIES:
        return [ignored("body templates", Where.REQUEST)]
    whom = receiver(integration)
    return [
        each
        for key, text in sorted(integration.request_templates.items())
        for each in of_template(text, Place(Where.REQUEST, key, whom), under)
    ]


def _everything(integration: Integration, under: Under, *, is_changed: bool) -> list[Transform]:
    """Return what a proxy passes, and what an integration does that is of no known type."""
    if integration.subtype or integration.type in TEMPLATED:
        return []
    if integration.type == "HTTP_PROXY":
        text = "Passes everything else of the request unchanged." if is_changed else "Passes the request unchanged."
        return [_made(TransformKind.PASS_ALL, text, Origin.CLIENT)]
    if integration.type != "AWS_PROXY":
        text = f"What an integration of type {cut(integration.type)} does to a call is not understood."
        return [_made(TransformKind.NOT_UNDERSTOOD, text, Origin.UNKNOWN)]
    what = "everything else of the request" if is_changed else "the request"
    tail = _AS_EVENT.get(under.authenticated_by, " with the caller identity in requestContext")
    event = caller_in_event(under, integration.payload_format_version)
    passed = _made(TransformKind.PASS_ALL, f"Passes {what} unchanged as a Lambda event{tail}.", Origin.CLIENT)
    return [passed] if event is None else [passed, event]


def _made(kind: TransformKind, text: str, origin: Origin) -> Transform:
    found = _EVERYTHING if origin is Origin.CLIENT else ()
    return Transform(kind, Where.REQUEST, "", found, origin, fit(text), "integration")
