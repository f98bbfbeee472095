"""What API Gateway exports of a REST API: an OpenAPI 3 document of a frozen deployment, with the documented extensions.

Forms as under "OpenAPI extensions for API Gateway" in the developer guide, and none was held against a live account. That an
export carries the resource policy is inferred from the extension that an import reads. How an
export writes a JWT authorizer of a REST API is inferred from that of HTTP APIs.
"""

import json
from typing import Any

from auditor.demo.deployments import Frozen

_ANY = "x-amazon-apigateway-any-method"
_REST_AUTHTYPES = {"COGNITO_USER_POOLS": "cognito_user_pools", "JWT": "jwt", "TOKEN": "custom", "REQUEST": "custom"}
_PLACES = {"header": "header", "querystring": "query", "path": "path"}
"""Where a parameter stands, in API Gateway's words and in OpenAPI's."""
_INTEGRATION = (
    "httpMethod",
    "uri",
    "connectionType",
    "credentials",
    "requestParameters",
    "requestTemplates",
    "contentHandling",
    "cacheKeyParameters",
    "cacheNamespace",
    "tlsConfig",
    "timeoutInMillis",
)
_TEXT = {"schema": {"type": "string"}}


def api_summary(frozen: Frozen) -> dict[str, Any]:
    """Return apiSummary: path to verb to authorization type and key flag."""
    summary: dict[str, dict[str, Any]] = {}
    for route in frozen.routes:
        told = {"authorizationType": route["authorization"], "apiKeyRequired": route["key"]}
        summary.setdefault(route["path"], {})[route["method"]] = told
    return summary


def export_rest(name: str, stage: str, frozen: Frozen) -> dict[str, Any]:
    """Return GetExport(oas30, extensions integrations, authorizers and apigateway)."""
    paths: dict[str, Any] = {}
    schemes: dict[str, Any] = {}
    for route in frozen.routes:
        operation = _contract(route, frozen)
        security = _rest_security(route, frozen, schemes)
        if security:
            operation["security"] = security
        if route["integration"]:
            operation["x-amazon-apigateway-integration"] = _rest_integration(route["integration"])
        verb = _ANY if route["method"] == "ANY" else route["method"].lower()
        paths.setdefault(route["path"], {})[verb] = operation
    written = document(name, f"/{stage}", paths, schemes)
    written["components"]["schemas"] = {each["name"]: _schema(each) for each in frozen.about["models"]}
    written.update(_of_the_api(frozen.about))
    named = ("disableExecuteApiEndpoint", "vpcEndpointIds")
    return with_endpoint(written, {each: frozen.about[each] for each in named if frozen.about[each]})


def _contract(route: dict[str, Any], frozen: Frozen) -> dict[str, Any]:
    """Return what a method promises: parameters, body, answers, and the validator that looks at requests."""
    operation: dict[str, Any] = {
        "responses": {code: _method_response(code, each) for code, each in sorted(route["responses"].items())}
    }
    if route["parameters"]:
        operation["parameters"] = [_parameter(*each) for each in sorted(route["parameters"].items())]
    if route["models"]:
        operation["requestBody"] = {"content": _content(route["models"]), "required": True}
    if route["validator"]:
        validator = frozen.about["validators"][route["validator"]]
        operation["x-amazon-apigateway-request-validator"] = validator["name"]
    return operation


def _parameter(name: str, is_required: bool) -> dict[str, Any]:  # noqa: FBT001 - a pair of moto's
    place, _, bare = name.removeprefix("method.request.").partition(".")
    required = {"required": True} if is_required or place == "path" else {}
    return {"name": bare, "in": _PLACES[place], **required, **_TEXT}


def _content(models: dict[str, str]) -> dict[str, Any]:
    return {kind: {"schema": {"$ref": f"#/components/schemas/{model}"}} for kind, model in sorted(models.items())}


def _method_response(code: str, response: dict[str, Any]) -> dict[str, Any]:
    names = [each.rpartition(".")[2] for each in sorted(response.get("responseParameters") or {})]
    headers = {"headers": dict.fromkeys(names, _TEXT)} if names else {}
    models = response.get("responseModels") or {}
    return {"description": f"{code} response", **headers, **({"content": _content(models)} if models else {})}


def _schema(model: dict[str, Any]) -> Any:
    return {name: value for name, value in json.loads(model["schema"]).items() if name != "$schema"}


def _of_the_api(about: dict[str, Any]) -> dict[str, Any]:
    """Return the extensions at the document's root; each only where the API has such a thing."""
    asked = ("validateRequestParameters", "validateRequestBody")
    validators = {each["name"]: {name: each[name] for name in asked} for each in about["validators"].values()}
    answers = {each["responseType"]: _gateway_response(each) for each in about["gatewayResponses"]}
    found = {"request-validators": validators, "gateway-responses": answers, "policy": about["policy"]}
    return {f"x-amazon-apigateway-{name}": value for name, value in found.items() if value}


def _gateway_response(response: dict[str, Any]) -> dict[str, Any]:
    status = response.get("statusCode")
    kept = {name: response[name] for name in ("responseParameters", "responseTemplates") if response.get(name)}
    return {**({} if status is None else {"statusCode": int(status)}), **kept}


def _rest_security(route: dict[str, Any], frozen: Frozen, schemes: dict[str, Any]) -> list[dict[str, Any]]:
    required: list[dict[str, Any]] = []
    if route["authorization"] == "AWS_IAM":
        schemes["sigv4"] = {
            "type": "apiKey",
            "name": "Authorization",
            "in": "header",
            "x-amazon-apigateway-authtype": "awsSigv4",
        }
        required.append({"sigv4": []})
    authorizer = frozen.authorizers.get(route["authorizer"] or "")
    if authorizer is not None:
        schemes[authorizer["name"]] = _rest_scheme(authorizer)
        required.append({authorizer["name"]: route["scopes"]})
    if route["key"]:
        schemes["api_key"] = {"type": "apiKey", "name": "x-api-key", "in": "header"}
        required.append({"api_key": []})
    return required


def _rest_scheme(authorizer: dict[str, Any]) -> dict[str, Any]:
    kind = authorizer["type"]
    # `identitySource` is told of these two alone: the header of the others is the scheme's own name.
    source = authorizer.get("identitySource") if kind in {"REQUEST", "JWT"} else None
    names = (
        "providerARNs",
        "jwtConfiguration",
        "authorizerUri",
        "authorizerCredentials",
        "authorizerResultTtlInSeconds",
    )
    given = {
        "type": kind.lower(),
        **{name: authorizer.get(name) for name in names},
        "identitySource": source,
        "identityValidationExpression": authorizer.get("identityValidationExpression"),
    }
    return {
        "type": "apiKey",
        "name": str(authorizer.get("identitySource") or "Authorization").rpartition(".")[2],
        "in": "header",
        "x-amazon-apigateway-authtype": _REST_AUTHTYPES[kind],
        "x-amazon-apigateway-authorizer": {name: value for name, value in given.items() if value is not None},
    }


def _rest_integration(integration: dict[str, Any]) -> dict[str, Any]:
    found = {name: integration[name] for name in _INTEGRATION if integration.get(name)}
    passthrough = str(integration.get("passthroughBehavior") or "WHEN_NO_MATCH").lower()
    responses = {
        each.get("selectionPattern") or "default": {
            name: each[name]
            for name in ("statusCode", "responseParameters", "responseTemplates", "contentHandling")
            if each.get(name)
        }
        for each in (integration.get("integrationResponses") or {}).values()
    }
    kind = str(integration.get("type", "")).lower()
    return {"type": kind, "passthroughBehavior": passthrough, "responses": responses, **found}


def document(name: str, base: str, paths: dict[str, Any], schemes: dict[str, Any]) -> dict[str, Any]:
    """Return a document with its paths and security schemes in order."""
    return {
        "openapi": "3.0.1",
        "info": {"title": name, "version": "1"},
        "servers": [{"url": "https://api.example.com{basePath}", "variables": {"basePath": {"default": base}}}],
        "paths": dict(sorted(paths.items())),
        "components": {"securitySchemes": dict(sorted(schemes.items()))},
    }


def with_endpoint(written: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    """Return a document whose server tells of the endpoint; nothing is written where it is open to all."""
    if told:
        written["servers"][0]["x-amazon-apigateway-endpoint-configuration"] = told
    return written
