"""REST APIs: what is configured, and what each stage's deployment froze. Calls as in aws-facts section 5."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from auditor.collect.gateway.wire import EXECUTION_LOGS, LOG_DESTINATION, WEB_ACL, named_targets, v1_get, v1_list
from auditor.collect.interface import Caller

APIS = v1_list("GetRestApis", "/restapis")
RESOURCES = replace(
    v1_list("GetResources", "/restapis/{restApiId}/resources", limit="apigateway:GetResources", per=("RestApi",)),
    shrink="limit",
)
STAGES = v1_get("GetStages", "/restapis/{restApiId}/stages", ("item",), (("item", "stageName"),), per=("RestApi",))
AUTHORIZERS = v1_list("GetAuthorizers", "/restapis/{restApiId}/authorizers", per=("RestApi",))
VALIDATORS = v1_list("GetRequestValidators", "/restapis/{restApiId}/requestvalidators", per=("RestApi",))
MODELS = v1_list("GetModels", "/restapis/{restApiId}/models", "name", per=("RestApi",))
RESPONSES = v1_get(
    "GetGatewayResponses",
    "/restapis/{restApiId}/gatewayresponses",
    ("item",),
    (("item", "responseType"),),
    per=("RestApi",),
)
DEPLOYMENTS = v1_list("GetDeployments", "/restapis/{restApiId}/deployments", per=("RestApi",))
DEPLOYMENT = v1_get(
    "GetDeployment", "/restapis/{restApiId}/deployments/{deploymentId}", ("id", "apiSummary"), per=("Stage", "Canary")
)
EXPORT = v1_get(
    "GetExport", "/restapis/{restApiId}/stages/{stageName}/exports/{exportType}", ("openapi", "paths"), per=("Stage",)
)

OPERATIONS = (
    APIS,
    RESOURCES,
    STAGES,
    AUTHORIZERS,
    VALIDATORS,
    MODELS,
    RESPONSES,
    DEPLOYMENTS,
    DEPLOYMENT,
    EXPORT,
)

_LIMIT = 500


def collect(call: Caller) -> None:
    """Read every REST API of the region; one API's gap stops no other."""
    apis = call(APIS, limit=_LIMIT)
    call.gather([partial(_api, call, str(api["id"])) for api in apis.items("item") if "id" in api])


def _api(call: Caller, api_id: str) -> None:
    arn = f"arn:{call.partition}:apigateway:{call.region}::/restapis/{api_id}"
    call.remember(EXECUTION_LOGS, f"API-Gateway-Execution-Logs_{api_id}/")
    named_targets(call, call(RESOURCES, arn, restApiId=api_id, limit=_LIMIT, embed=["methods"]))
    named_targets(call, call(AUTHORIZERS, arn, restApiId=api_id, limit=_LIMIT))
    for operation in (VALIDATORS, MODELS, DEPLOYMENTS):
        call(operation, arn, restApiId=api_id, limit=_LIMIT)
    # All types in one answer, customised or not: the request has a limit, and the service pays it no heed.
    call(RESPONSES, arn, restApiId=api_id)
    stages = list(call(STAGES, arn, restApiId=api_id).items("item"))
    deployments: set[str] = set()
    for stage in stages:
        deployments |= _stage(call, api_id, arn, stage)
    for deployment in sorted(deployments):
        call(
            DEPLOYMENT,
            f"{arn}/deployments/{deployment}",
            restApiId=api_id,
            deploymentId=deployment,
            embed=["apisummary"],
        )


def _stage(call: Caller, api_id: str, api_arn: str, stage: Mapping[str, Any]) -> set[str]:
    """Export one stage, and return the ids of the deployments that callers of it meet."""
    name = stage.get("stageName")
    if isinstance(name, str):
        exported = call(
            EXPORT,
            f"{api_arn}/stages/{name}",
            restApiId=api_id,
            stageName=name,
            exportType="oas30",
            # `apigateway` alone brings request validators (developer guide, "Export a REST API"); untried on a live account.
            parameters={"extensions": "integrations,authorizers,apigateway"},
            accepts="application/json",
        )
        named_targets(call, exported)
    if isinstance(stage.get("webAclArn"), str):
        call.remember(WEB_ACL, stage["webAclArn"])
    settings = stage.get("accessLogSettings")
    if isinstance(settings, Mapping) and isinstance(settings.get("destinationArn"), str):
        call.remember(LOG_DESTINATION, settings["destinationArn"])
    canary = stage.get("canarySettings")
    ids = (stage.get("deploymentId"), canary.get("deploymentId") if isinstance(canary, Mapping) else None)
    return {each for each in ids if isinstance(each, str) and each}
