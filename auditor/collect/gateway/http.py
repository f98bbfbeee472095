"""HTTP and WebSocket APIs: routes, integrations, authorizers, stages, deployments, and the export of what is deployed."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from auditor.collect.gateway.wire import EXECUTION_LOGS, LOG_DESTINATION, named_functions, v2_get, v2_list
from auditor.collect.interface import Caller

APIS = v2_list("GetApis", "/apis", "apiId", "protocolType")
ROUTES = v2_list("GetRoutes", "/apis/{ApiId}/routes", "routeId", "routeKey", per=("Api",))
INTEGRATIONS = v2_list("GetIntegrations", "/apis/{ApiId}/integrations", "integrationId", per=("Api",))
AUTHORIZERS = v2_list("GetAuthorizers", "/apis/{ApiId}/authorizers", "authorizerId", per=("Api",))
STAGES = v2_list("GetStages", "/apis/{ApiId}/stages", "stageName", per=("Api",))
DEPLOYMENTS = v2_list("GetDeployments", "/apis/{ApiId}/deployments", "deploymentId", per=("Api",))
EXPORT = v2_get("ExportApi", "/apis/{ApiId}/exports/{Specification}", ("openapi", "paths"), per=("Stage",))

OPERATIONS = (APIS, ROUTES, INTEGRATIONS, AUTHORIZERS, STAGES, DEPLOYMENTS, EXPORT)

_LIMIT = "500"
"""MaxResults is a text in this API (botocore's model)."""


def collect(call: Caller) -> None:
    """Read every HTTP and WebSocket API of the region; one API's gap stops no other."""
    apis = call(APIS, MaxResults=_LIMIT)
    call.gather([partial(_api, call, api) for api in apis.items("items") if "apiId" in api])


def _api(call: Caller, api: Mapping[str, Any]) -> None:
    api_id = str(api["apiId"])
    arn = f"arn:{call.partition}:apigateway:{call.region}::/apis/{api_id}"
    for operation in (ROUTES, INTEGRATIONS, AUTHORIZERS, DEPLOYMENTS):
        named_functions(call, call(operation, arn, ApiId=api_id, MaxResults=_LIMIT))
    if api.get("protocolType") == "WEBSOCKET":
        call.remember(EXECUTION_LOGS, f"/aws/apigateway/{api_id}/")
    for stage in call(STAGES, arn, ApiId=api_id, MaxResults=_LIMIT).items("items"):
        _stage(call, api, arn, stage)


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
        named_functions(call, exported)
    settings = stage.get("accessLogSettings")
    if isinstance(settings, Mapping) and isinstance(settings.get("destinationArn"), str):
        call.remember(LOG_DESTINATION, settings["destinationArn"])
