"""Parts of REST APIs that moto forgets or refuses: JWT authorizers, callers' own credentials, cache keys, canaries."""

import json
from typing import Any

from moto.apigateway.models import Authorizer, Integration

from auditor.demo.deployments import rest_api
from auditor.demo.supplements.state import Answer, Handlers, Passed, State, amended, gateway_key
from auditor.demo.wire import Request
from auditor.demo.writing import answer

_CALLER = "arn:aws:iam::*:user/*"
"""Credentials that stand for the caller's own: moto holds them for another account's."""
_CANARY = "/canarySettings/"
_OVERRIDE = f"{_CANARY}stageVariableOverrides/"


class _JwtAuthorizer(Authorizer):
    """What moto has no type for; it lists and freezes with the others."""

    def __init__(self, authorizer_id: str, given: dict[str, Any]) -> None:
        super().__init__(authorizer_id, given["name"], "JWT", identity_source=given.get("identitySource"))
        self._configuration = given["jwtConfiguration"]

    def to_json(self) -> dict[str, Any]:
        # Nothing that it decides is kept, so it has no time to live (developer guide, "JWT authorizers").
        kept = {name: value for name, value in super().to_json().items() if name != "authorizerResultTtlInSeconds"}
        return {**kept, "jwtConfiguration": self._configuration}


def _create_authorizer(state: State, request: Request, passed: Passed) -> Answer:
    given = request.members
    if given["type"] != "JWT":
        return passed()
    made = _JwtAuthorizer(state.deployment_id(), given)
    rest_api(gateway_key(request)).authorizers[str(made.id)] = made
    return 201, json.dumps(made.to_json()).encode()


def _put_integration(_state: State, request: Request, passed: Passed) -> Answer:
    given = request.members
    resource = rest_api(gateway_key(request)).resources[request.path["resource_id"]]
    verb = request.path["http_method"]
    if given.get("credentials") == _CALLER:
        resource.resource_methods[verb].method_integration = _as_caller(given)
        status, body = 201, b""
    else:
        status, body = passed()
    made = resource.get_integration(verb)
    if status >= 300 or made is None:  # noqa: PLR2004 - moto's error goes out as it is
        return status, body
    made.cache_key_parameters = list(given.get("cacheKeyParameters") or ())
    made.passthrough_behaviour = made.passthrough_behaviour or "WHEN_NO_MATCH"
    return status, json.dumps(made.to_json()).encode()


def _as_caller(given: dict[str, Any]) -> Integration:
    return Integration(
        given["type"],
        given["uri"],
        given["httpMethod"],
        request_templates=given.get("requestTemplates"),
        passthrough_behavior=given.get("passthroughBehavior"),
        request_parameters=given.get("requestParameters"),
        credentials=_CALLER,
    )


def _update_stage(state: State, request: Request, passed: Passed) -> Answer:
    """Keep what is patched of a canary; a call patches a canary, or all the rest, never both."""
    patches = [each for each in request.members["patchOperations"] if each["path"].startswith(_CANARY)]
    if not patches:
        return passed()
    stage = request.path["stage_name"]
    canary = state.canaries.setdefault((gateway_key(request), stage), {"stageVariableOverrides": {}})
    for each in patches:
        if each["path"].startswith(_OVERRIDE):
            canary["stageVariableOverrides"][each["path"].removeprefix(_OVERRIDE)] = each["value"]
        elif each["path"] == f"{_CANARY}percentTraffic":
            canary["percentTraffic"] = float(each["value"])
        else:
            canary[each["path"].removeprefix(_CANARY)] = each["value"]
    return 200, answer(request, {"stageName": stage, "canarySettings": canary})


def _get_stages(state: State, request: Request, passed: Passed) -> Answer:
    def change(document: dict[str, Any]) -> None:
        for stage in document["item"]:
            canary = state.canaries.get((gateway_key(request), stage["stageName"]))
            if canary is not None:
                stage["canarySettings"] = canary

    return amended(passed, change)


HANDLERS: Handlers = {
    "apigateway:CreateAuthorizer": _create_authorizer,
    "apigateway:GetStages": _get_stages,
    "apigateway:PutIntegration": _put_integration,
    "apigateway:UpdateStage": _update_stage,
}
