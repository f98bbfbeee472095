"""HTTP and WebSocket APIs: routes, integrations, authorizers, stages, deployments, and the export of what is deployed."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from auditor.collect.gateway.wire import EXECUTION_LOGS, LOG_DESTINATION, named_targets, v2_get, v2_list
from auditor.collect.interface import Answer, Caller

APIS = v2_list("GetApis", "/apis", "apiId", "protocolType")
ROUTES = v2_list("GetRoutes", "/apis/{ApiId}/routes", "routeId", "routeKey", per=("Api",))
INTEGRATIONS = v2_list("GetIntegrations", "/apis/{ApiId}/integrations", "integrationId", per=("Api",))
AUTHORIZERS = v2_list("GetAuthorizers", "/apis/{ApiId}/authorizers", "authorizerId", per=("Api",))
STAGES = v2_list("GetStages", "/apis/{ApiId}/stages", "stageName", per=("Api",))
DEPLOYMENTS = v2_list("GetDeployments", "/apis/{ApiId}/deployments", "deploymentId", per=("Api",))
MODELS = v2_list("GetModels", "/apis/{ApiId}/models", "modelId", "name", per=("Api",))
INTEGRATION_RESPONSES = v2_list(
    "GetIntegrationResponses",
    "/apis/{ApiId}/integrations/{IntegrationId}/integrationresponses",
    "integrationResponseKey",
    per=("Integration",),
)
ROUTE_RESPONSES = v2_list(
    "GetRouteResponses", "/apis/{ApiId}/routes/{RouteId}/routeresponses", "routeResponseKey", per=("Route",)
)
EXPORT = v2_get("ExportApi", "/apis/{ApiId}/exports/{Specification}", ("openapi", "paths"), per=("Stage",))

OPERATIONS = (
    APIS,
    ROUTES,
    INTEGRATIONS,
    AUTHORIZERS,
    STAGES,
    DEPLOYMENTS,
    MODELS,
    INTEGRATION_RESPONSES,
    ROUTE_RESPONSES,
    EXPORT,
)

_LIMIT = "500"
"""MaxResults is a text in this API (botocore's model)."""


def collect(call: Caller) -> None:
    """Read every HTTP and WebSocket API of the region; one API's gap stops no other."""
    apis = call(APIS, MaxResults=_LIMIT)
    call.gather([partial(_api, call, api) for api in apis.items("items") if "apiId" in api])


def _api(call: Caller, api: Mapping[str, Any]) -> None:
    api_id = str(api["apiId"])
    arn = f"arn:{call.partition}:apigateway:{call.region}::/apis/{api_id}"
    routes, integrations, authorizers, *_ = [
        call(operation, arn, ApiId=api_id, MaxResults=_LIMIT)
        for operation in (ROUTES, INTEGRATIONS, AUTHORIZERS, DEPLOYMENTS, MODELS)
    ]
    named_targets(call, integrations)
    named_targets(call, authorizers)
    if api.get("protocolType") == "WEBSOCKET":
        _answers(call, api_id, arn, (routes, integrations))
        call.remember(EXECUTION_LOGS, f"/aws/apigateway/{api_id}/")
    for stage in call(STAGES, arn, ApiId=api_id, MaxResults=_LIMIT).items("items"):
        _stage(call, api, arn, stage)


def _answers(call: Caller, api_id: str, api_arn: str, listed: tuple[Answer, Answer]) -> None:
    """Read what becomes of back ends' answers: only WebSocket APIs keep that in lists of its own."""
    routes, integrations = listed
    for each in (str(one["integrationId"]) for one in integrations.items("items")):
        about = f"{api_arn}/integrations/{each}"
        call(INTEGRATION_RESPONSES, about, ApiId=api_id, IntegrationId=each, MaxResults=_LIMIT)
    for each in (str(one["routeId"]) for one in routes.items("items")):
        call(ROUTE_RESPONSES, f"{api_arn}/routes/{each}", ApiId=api_id, RouteId=each, MaxResults=_LIMIT)


def _stage(call: Caller, api: Mapping[str, Any], api_arn: str, stage: Mapping[str, Any]) -> None:
    name = stage.get("stageName")
    if isinstance(name, str) and api.get("protocolType") == "HTTP":
        exported = call(
            EXPORT,
            f"{api_arn}/stages/{name}",
            ApiId=str(api["apiId"]),
            StageName=name,
            Specification="OAS30",
            OutputType="JSON",
            IncludeExtensions=True,
        )
        named_targets(call, exported)
    settings = stage.get("accessLogSettings")
    if isinstance(settings, Mapping) and isinstance(settings.get("destinationArn"), str):
        call.remember(LOG_DESTINATION, settings["destinationArn"])
