"""What API Gateway exports: OpenAPI 3 documents of a frozen deployment, with the documented extensions."""

from typing import Any

from auditor.demo.deployments import Frozen

_ANY = "x-amazon-apigateway-any-method"
_REST_AUTHTYPES = {"COGNITO_USER_POOLS": "cognito_user_pools", "TOKEN": "custom", "REQUEST": "custom"}


def api_summary(frozen: Frozen) -> dict[str, Any]:
    """Return apiSummary: path to verb to authorization type and key flag."""
    summary: dict[str, dict[str, Any]] = {}
    for route in frozen.routes:
        told = {"authorizationType": route["authorization"], "apiKeyRequired": route["key"]}
        summary.setdefault(route["path"], {})[route["method"]] = told
    return summary


def export_rest(name: str, stage: str, frozen: Frozen) -> dict[str, Any]:
    """Return GetExport(oas30, extensions integrations and authorizers)."""
    paths: dict[str, Any] = {}
    schemes: dict[str, Any] = {}
    for route in frozen.routes:
        operation: dict[str, Any] = {"responses": {"200": {"description": "200 response"}}}
        security = _rest_security(route, frozen, schemes)
        if security:
            operation["security"] = security
        if route["integration"]:
            operation["x-amazon-apigateway-integration"] = _rest_integration(route["integration"])
        verb = _ANY if route["method"] == "ANY" else route["method"].lower()
        paths.setdefault(route["path"], {})[verb] = operation
    return _document(name, f"/{stage}", paths, schemes)


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
    given = {
        "type": kind.lower(),
        "providerARNs": authorizer.get("providerARNs"),
        "authorizerUri": authorizer.get("authorizerUri"),
        "authorizerResultTtlInSeconds": authorizer.get("authorizerResultTtlInSeconds"),
        "identitySource": authorizer.get("identitySource") if kind == "REQUEST" else None,
    }
    return {
        "type": "apiKey",
        "name": "Authorization",
        "in": "header",
        "x-amazon-apigateway-authtype": _REST_AUTHTYPES[kind],
        "x-amazon-apigateway-authorizer": {name: value for name, value in given.items() if value is not None},
    }


def _rest_integration(integration: dict[str, Any]) -> dict[str, Any]:
    kept = (
        "httpMethod",
        "uri",
        "connectionType",
        "credentials",
        "requestParameters",
        "requestTemplates",
        "contentHandling",
        "tlsConfig",
        "timeoutInMillis",
    )
    found = {name: integration[name] for name in kept if integration.get(name)}
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


def export_http(name: str, stage: str, frozen: Frozen) -> dict[str, Any]:
    """Return ExportApi(OAS30, StageName)."""
    paths: dict[str, Any] = {}
    schemes: dict[str, Any] = {}
    for route in frozen.routes:
        verb, _, path = route["routeKey"].partition(" ")
        operation: dict[str, Any] = {
            "responses": {"default": {"description": f"Default response for {route['routeKey']}"}}
        }
        authorizer = frozen.authorizers.get(route["authorizer"] or "")
        if authorizer is not None:
            schemes[authorizer["name"]] = _http_scheme(authorizer)
            operation["security"] = [{authorizer["name"]: route["scopes"]}]
        if route["integration"]:
            operation["x-amazon-apigateway-integration"] = _http_integration(route["integration"])
        if not path:
            paths[f"/{verb}"] = {_ANY: {**operation, "isDefaultRoute": True}}
        else:
            paths.setdefault(path, {})[_ANY if verb == "ANY" else verb.lower()] = operation
    return _document(name, f"/{stage}" if stage != "$default" else "/", paths, schemes)


def _http_scheme(authorizer: dict[str, Any]) -> dict[str, Any]:
    source = authorizer.get("identitySource")
    if authorizer["authorizerType"] == "JWT":
        given = {"type": "jwt", "jwtConfiguration": authorizer["jwtConfiguration"], "identitySource": _first(source)}
        return {"type": "oauth2", "x-amazon-apigateway-authorizer": given}
    given = {
        "type": "request",
        "authorizerUri": authorizer["authorizerUri"],
        "authorizerPayloadFormatVersion": "2.0",
        "identitySource": _first(source),
    }
    return {"type": "apiKey", "name": "Authorization", "in": "header", "x-amazon-apigateway-authorizer": given}


def _first(source: Any) -> Any:
    return source[0] if isinstance(source, list) and source else source


def _http_integration(integration: dict[str, Any]) -> dict[str, Any]:
    renamed = {
        "type": str(integration.get("integrationType", "")).lower(),
        "httpMethod": integration.get("integrationMethod"),
        "uri": integration.get("integrationUri"),
        "connectionType": integration.get("connectionType"),
        "connectionId": integration.get("connectionId"),
        "payloadFormatVersion": integration.get("payloadFormatVersion"),
        "requestParameters": integration.get("requestParameters"),
        "responseParameters": integration.get("responseParameters"),
        "timeoutInMillis": integration.get("timeoutInMillis"),
        "tlsConfig": integration.get("tlsConfig"),
    }
    return {name: value for name, value in renamed.items() if value}


def _document(name: str, base: str, paths: dict[str, Any], schemes: dict[str, Any]) -> dict[str, Any]:
    return {
        "openapi": "3.0.1",
        "info": {"title": name, "version": "1"},
        "servers": [{"url": "https://api.example.com{basePath}", "variables": {"basePath": {"default": base}}}],
        "paths": dict(sorted(paths.items())),
        "components": {"securitySchemes": dict(sorted(schemes.items()))},
    }
