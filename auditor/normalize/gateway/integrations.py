"""Where calls go and what becomes of the answers: integrations as each API version lists them, and as exports write them."""

from collections.abc import Iterable, Mapping
from typing import Any

from auditor.model.route_parts import Integration, IntegrationResponse
from auditor.normalize.facts import flag, number, optional, text, text_map, texts

_DEFAULT = "default"
"""The key of an export for the response that no pattern chooses."""


def mapping(value: Any) -> Mapping[str, Any]:
    """Return an object; an absent one is empty; raise TypeError for anything else."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise TypeError("no object")
    return value


def rest_integration(value: Any) -> Integration | None:
    """Return methodIntegration of apigateway:GetResources, or the extension of an export: both have the same members."""
    given = mapping(value)
    if not given:
        return None
    tls = mapping(given.get("tlsConfig"))
    # No tlsConfig: certificates are verified. The flag is an opt-out (API reference, TlsConfig).
    return _written(given).model_copy(update={"insecure_skip_verification": flag(tls.get(_SKIP, False))})


_SKIP = "insecureSkipVerification"


def exported_http_integration(value: Any) -> Integration | None:
    """Return the extension of an HTTP API's export."""
    given = mapping(value)
    return _written(given).model_copy(update=_private_tls(given)) if given else None


def _written(given: Mapping[str, Any]) -> Integration:
    """Return what methodIntegration and the extension of OpenAPI documents share. Exports write types in lower case."""
    return Integration(
        type=text(given.get("type", "")).upper(),
        uri=optional(text, given.get("uri")),
        http_method=optional(text, given.get("httpMethod")),
        connection_type=optional(text, given.get("connectionType")),
        connection_id=optional(text, given.get("connectionId")),
        credentials=optional(text, given.get("credentials")),
        subtype=optional(text, given.get("integrationSubtype")),
        timeout_ms=optional(number, given.get("timeoutInMillis")),
        passthrough=optional(_upper, given.get("passthroughBehavior")),
        content_handling=optional(_upper, given.get("contentHandling")),
        request_parameters=text_map(given.get("requestParameters")),
        request_templates=text_map(given.get("requestTemplates")),
        cache_key_parameters=texts(given.get("cacheKeyParameters") or []),
        cache_namespace=optional(text, given.get("cacheNamespace")),
        target=optional(text, given.get("integrationTarget")),
        response_transfer_mode=optional(_upper, given.get("responseTransferMode")),
        payload_format_version=optional(text, given.get("payloadFormatVersion")),
    )


def _upper(value: Any) -> str:
    return text(value).upper()


def http_integration(record: Mapping[str, Any], *, is_websocket: bool) -> Integration:
    """Return an item of apigatewayv2:GetIntegrations."""
    return Integration(
        type=text(record.get("integrationType", "")).upper(),
        uri=optional(text, record.get("integrationUri")),
        http_method=optional(text, record.get("integrationMethod")),
        connection_type=optional(text, record.get("connectionType")),
        connection_id=optional(text, record.get("connectionId")),
        credentials=optional(text, record.get("credentialsArn")),
        subtype=optional(text, record.get("integrationSubtype")),
        timeout_ms=optional(number, record.get("timeoutInMillis")),
        passthrough=optional(_upper, record.get("passthroughBehavior")),
        content_handling=optional(_upper, record.get("contentHandlingStrategy")),
        request_parameters=text_map(record.get("requestParameters")),
        request_templates=text_map(record.get("requestTemplates")),
        template_selection=optional(text, record.get("templateSelectionExpression")),
        response_selection=optional(text, record.get("integrationResponseSelectionExpression")),
        payload_format_version=optional(text, record.get("payloadFormatVersion")),
        **({} if is_websocket else _private_tls(record)),
    )


def _private_tls(record: Mapping[str, Any]) -> dict[str, Any]:
    tls = record.get("tlsConfig")
    return {
        "has_tls_config": tls is not None,
        "server_name_to_verify": optional(text, mapping(tls).get("serverNameToVerify")) or None,
    }


def rest_responses(value: Any) -> tuple[IntegrationResponse, ...]:
    """Return integrationResponses of methodIntegration: by status, each with the pattern that chooses it."""
    return _ordered(
        _response(mapping(each), status=text(mapping(each).get("statusCode", key)))
        for key, each in mapping(value).items()
    )


def exported_responses(value: Any) -> tuple[IntegrationResponse, ...]:
    """Return `responses` of the extension: by pattern, each with the status that it becomes."""
    return _ordered(
        _response(
            {**mapping(each), "selectionPattern": None if key == _DEFAULT else key},
            status=optional(text, mapping(each).get("statusCode")),
        )
        for key, each in mapping(value).items()
    )


def http_responses(value: Any) -> tuple[IntegrationResponse, ...]:
    """Return ResponseParameters of an HTTP API's integration: by status of the back end."""
    return _ordered(
        _response({"responseParameters": each}, status=text(status)) for status, each in mapping(value).items()
    )


def websocket_response(record: Mapping[str, Any]) -> IntegrationResponse:
    """Return an item of apigatewayv2:GetIntegrationResponses."""
    given = {**record, "selectionPattern": record.get("integrationResponseKey")}
    return _response({**given, "contentHandling": record.get("contentHandlingStrategy")}, status=None)


def _response(given: Mapping[str, Any], status: str | None) -> IntegrationResponse:
    return IntegrationResponse(
        status=status,
        # Methods that were imported hold an empty pattern where none was given.
        selection_pattern=optional(text, given.get("selectionPattern")) or None,
        parameters=text_map(given.get("responseParameters")),
        templates=text_map(given.get("responseTemplates")),
        content_handling=optional(_upper, given.get("contentHandling")),
    )


def _ordered(found: Iterable[IntegrationResponse]) -> tuple[IntegrationResponse, ...]:
    return tuple(sorted(found, key=lambda each: (each.status or "", each.selection_pattern or "")))
