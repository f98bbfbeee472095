"""HTTP and WebSocket APIs: deployed state, exports, and the authorizers that moto cannot list."""

import json
import time
from datetime import UTC, datetime
from typing import Any

from auditor.demo.deployments import Frozen, Key, freeze_http, http_api
from auditor.demo.exports_http import export_http
from auditor.demo.supplements.state import Answer, Handlers, Passed, State, amended, gateway_key
from auditor.demo.wire import Request
from auditor.demo.writing import answer


def _http_authorizers(_state: State, request: Request, _passed: Passed) -> Answer:
    items = [each.to_json() for each in http_api(gateway_key(request)).authorizers.values()]
    kept = [{name: value for name, value in each.items() if value not in (None, "")} for each in items]
    return 200, json.dumps({"items": kept}).encode()


def _http_deploy(state: State, key: Key, *, auto: bool) -> Frozen:
    frozen = freeze_http(key, state.deployment_id(), time.time(), auto=auto)
    state.deployments.http.setdefault(key, []).append(frozen)
    return frozen


def _create_http_deployment(state: State, request: Request, _passed: Passed) -> Answer:
    key = gateway_key(request)
    frozen = _http_deploy(state, key, auto=False)
    stage = request.members.get("stageName")
    if stage:
        state.deployments.served[(key, stage)] = frozen.id
    return 201, answer(request, _told(frozen))


def _told(frozen: Frozen) -> dict[str, Any]:
    return {
        "DeploymentId": frozen.id,
        "CreatedDate": datetime.fromtimestamp(frozen.created, UTC),
        "DeploymentStatus": "DEPLOYED",
        "AutoDeployed": frozen.auto,
    }


def _http_deployments(state: State, request: Request, _passed: Passed) -> Answer:
    return 200, answer(
        request, {"Items": [_told(each) for each in state.deployments.http.get(gateway_key(request), ())]}
    )


def _http_stages(state: State, request: Request, passed: Passed) -> Answer:
    key = gateway_key(request)

    def change(document: dict[str, Any]) -> None:
        for stage in document["items"]:
            if stage.get("autoDeploy"):
                _follow(state, key, stage["stageName"])
            served = state.deployments.served.get((key, stage["stageName"]))
            if served is not None:
                stage["deploymentId"] = served

    return amended(passed, change)


def _follow(state: State, key: Key, stage: str) -> Frozen:
    """Deploy the working copy where it differs from what an auto-deploy stage serves."""
    current = freeze_http(key, "", 0.0, auto=True)
    last = next((each for each in reversed(state.deployments.http.get(key, [])) if each.auto), None)
    if last is None or last.content != current.content:
        last = _http_deploy(state, key, auto=True)
    state.deployments.served[(key, stage)] = last.id
    return last


def _export_http(state: State, request: Request, _passed: Passed) -> Answer:
    key, stage = gateway_key(request), request.query["stageName"]
    api = http_api(key)
    served = state.deployments.served.get((key, stage))
    if api.stages[stage].auto_deploy:
        frozen = _follow(state, key, stage)
    else:
        frozen = next(each for each in state.deployments.http[key] if each.id == served)
    return 200, json.dumps(export_http(api.name, stage, frozen)).encode()


def _models(_state: State, request: Request, _passed: Passed) -> Answer:
    found = [
        {
            "ModelId": each.id,
            "Name": each.name,
            "ContentType": each.content_type,
            "Description": each.description,
            "Schema": each.schema,
        }
        for each in http_api(gateway_key(request)).models.values()
    ]
    return 200, answer(request, {"Items": found})


def _route_responses(_state: State, request: Request, _passed: Passed) -> Answer:
    route = http_api(gateway_key(request)).routes[request.path["routeId"]]
    found = [
        {"RouteResponseId": each.id, "RouteResponseKey": each.route_response_key}
        for each in route.route_responses.values()
    ]
    return 200, answer(request, {"Items": found})


HANDLERS: Handlers = {
    "apigatewayv2:CreateDeployment": _create_http_deployment,
    "apigatewayv2:ExportApi": _export_http,
    "apigatewayv2:GetAuthorizers": _http_authorizers,
    "apigatewayv2:GetDeployments": _http_deployments,
    "apigatewayv2:GetModels": _models,
    "apigatewayv2:GetRouteResponses": _route_responses,
    "apigatewayv2:GetStages": _http_stages,
}
