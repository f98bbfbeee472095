"""REST APIs: deployed state, exports, security policies, and resource policies as AWS writes them."""

import json
import time
from typing import Any

from auditor.demo.deployments import freeze_rest, rest_api
from auditor.demo.exports import api_summary, export_rest
from auditor.demo.supplements.state import Answer, Handlers, Passed, State, amended, gateway_key
from auditor.demo.wire import Request

_KEPT = ("securityPolicy", "endpointAccessMode")
"""What moto forgets of an API."""
_SCHEMA = "http://json-schema.org/draft-04/schema#"
_MODELS = {
    "Empty": json.dumps({"$schema": _SCHEMA, "title": "Empty Schema", "type": "object"}),
    "Error": json.dumps(
        {
            "$schema": _SCHEMA,
            "title": "Error Schema",
            "type": "object",
            "properties": {"message": {"type": "string"}},
        }
    ),
}
"""What every REST API has from its first day (developer guide, "Data models")."""


def _create_deployment(state: State, request: Request, passed: Passed) -> Answer:
    status, body = passed()
    if status < 300:  # noqa: PLR2004 - made
        made = json.loads(body)["id"]
        key = gateway_key(request)
        state.deployments.rest.setdefault(key, {})[made] = freeze_rest(key, made, time.time())
    return status, body


def _get_deployment(state: State, request: Request, passed: Passed) -> Answer:
    frozen = state.deployments.rest.get(gateway_key(request), {}).get(request.path["deployment_id"])

    def change(document: dict[str, Any]) -> None:
        if frozen is not None and request.query.get("embed") == "apisummary":
            document["apiSummary"] = api_summary(frozen)

    return amended(passed, change)


def _get_export(state: State, request: Request, _passed: Passed) -> Answer:
    key, stage = gateway_key(request), request.path["stage_name"]
    api = rest_api(key)
    frozen = state.deployments.rest[key][str(api.stages[stage].deployment_id)]
    return 200, json.dumps(export_rest(api.name, stage, frozen)).encode()


def _get_rest_apis(state: State, request: Request, passed: Passed) -> Answer:
    def change(document: dict[str, Any]) -> None:
        for api in document["item"]:
            is_private = "PRIVATE" in api["endpointConfiguration"]["types"]
            # What AWS sets where nothing is given (developer guide, "Default security policies").
            api["securityPolicy"] = "TLS_1_2" if is_private else "TLS_1_0"
            api.update(state.api_settings.get((request.account, request.region, api["id"]), {}))
            if api.get("policy"):
                # API Gateway answers policies escaped, as its documentation shows.
                api["policy"] = json.dumps(api["policy"])[1:-1]

    return amended(passed, change)


def _create_rest_api(state: State, request: Request, passed: Passed) -> Answer:
    status, body = passed()
    if status < 300:  # noqa: PLR2004 - made
        given = {name: request.members[name] for name in _KEPT if name in request.members}
        key = (request.account, request.region, str(json.loads(body)["id"]))
        state.api_settings[key] = given
        for name, schema in _MODELS.items():
            rest_api(key).add_model(name, f"This is a default {name.lower()} schema model", schema, "application/json")
    return status, body


_DEFAULT_RESPONSES = {
    "ACCESS_DENIED": 403,
    "API_CONFIGURATION_ERROR": 500,
    "AUTHORIZER_CONFIGURATION_ERROR": 500,
    "AUTHORIZER_FAILURE": 500,
    "BAD_REQUEST_BODY": 400,
    "BAD_REQUEST_PARAMETERS": 400,
    "DEFAULT_4XX": None,
    "DEFAULT_5XX": None,
    "EXPIRED_TOKEN": 403,
    "INTEGRATION_FAILURE": 504,
    "INTEGRATION_TIMEOUT": 504,
    "INVALID_API_KEY": 403,
    "INVALID_SIGNATURE": 403,
    "MISSING_AUTHENTICATION_TOKEN": 403,
    "QUOTA_EXCEEDED": 429,
    "REQUEST_TOO_LARGE": 413,
    "RESOURCE_NOT_FOUND": 404,
    "THROTTLED": 429,
    "UNAUTHORIZED": 401,
    "UNSUPPORTED_MEDIA_TYPE": 415,
    "WAF_FILTERED": 403,
}
"""Status by type, as documented under "Gateway response types"."""
_MESSAGE = {"application/json": '{"message":$context.error.messageString}'}


def _gateway_responses(_state: State, _request: Request, passed: Passed) -> Answer:
    def change(document: dict[str, Any]) -> None:
        # moto lists only those that somebody customised; AWS lists every type.
        customised = {each["responseType"]: {**each, "defaultResponse": False} for each in document["item"]}
        document["item"] = [
            customised.get(kind) or _default_response(kind, status) for kind, status in _DEFAULT_RESPONSES.items()
        ]

    return amended(passed, change)


def _default_response(kind: str, status: int | None) -> dict[str, Any]:
    told = {} if status is None else {"statusCode": str(status)}
    return {
        "responseType": kind,
        **told,
        "responseParameters": {},
        "responseTemplates": _MESSAGE,
        "defaultResponse": True,
    }


HANDLERS: Handlers = {
    "apigateway:CreateDeployment": _create_deployment,
    "apigateway:CreateRestApi": _create_rest_api,
    "apigateway:GetDeployment": _get_deployment,
    "apigateway:GetExport": _get_export,
    "apigateway:GetGatewayResponses": _gateway_responses,
    "apigateway:GetRestApis": _get_rest_apis,
}
