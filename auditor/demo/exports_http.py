"""What API Gateway exports of an HTTP API: an OpenAPI 3 document of a frozen deployment, with the documented extensions."""

import re
from typing import Any

from auditor.demo.deployments import Frozen
from auditor.demo.exports import document, with_endpoint

_ANY = "x-amazon-apigateway-any-method"
_VARIABLE = re.compile(r"\{([^{}+]+)\+?\}")


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
        parameters = [_path_parameter(each) for each in _VARIABLE.findall(path)]
        if parameters:
            operation["parameters"] = parameters
        if not path:
            paths[f"/{verb}"] = {_ANY: {**operation, "isDefaultRoute": True}}
        else:
            paths.setdefault(path, {})[_ANY if verb == "ANY" else verb.lower()] = operation
    written = document(name, f"/{stage}" if stage != "$default" else "/", paths, schemes)
    if frozen.about["cors"]:
        written["x-amazon-apigateway-cors"] = frozen.about["cors"]
    written["x-amazon-apigateway-importexport-version"] = "1.0"
    closed = {"disableExecuteApiEndpoint": True} if frozen.about["disableExecuteApiEndpoint"] else {}
    return with_endpoint(written, closed)


def _path_parameter(name: str) -> dict[str, Any]:
    told = f"Generated path parameter for {name}"
    return {"name": name, "in": "path", "description": told, "required": True, "schema": {"type": "string"}}


def _http_scheme(authorizer: dict[str, Any]) -> dict[str, Any]:
    source = authorizer.get("identitySource")
    if authorizer["authorizerType"] == "JWT":
        given = {"type": "jwt", "jwtConfiguration": authorizer["jwtConfiguration"], "identitySource": _joined(source)}
        return {"type": "oauth2", "x-amazon-apigateway-authorizer": given}
    names = ("authorizerUri", "authorizerCredentialsArn", "authorizerResultTtlInSeconds", "enableSimpleResponses")
    written = {name: authorizer[name] for name in names if authorizer.get(name) is not None}
    role = written.pop("authorizerCredentialsArn", None)
    given = {
        "type": "request",
        **written,
        **({"authorizerCredentials": role} if role else {}),
        "authorizerPayloadFormatVersion": authorizer.get("authorizerPayloadFormatVersion") or "2.0",
        "identitySource": _joined(source),
    }
    return {"type": "apiKey", "name": "Authorization", "in": "header", "x-amazon-apigateway-authorizer": given}


def _joined(source: Any) -> Any:
    """Return identity sources as documents write them: a list becomes one text, its parts behind commas."""
    return ", ".join(source) if isinstance(source, list) else source


def _http_integration(integration: dict[str, Any]) -> dict[str, Any]:
    renamed = {
        "type": str(integration.get("integrationType", "")).lower(),
        "integrationSubtype": integration.get("integrationSubtype"),
        "credentials": integration.get("credentialsArn"),
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
