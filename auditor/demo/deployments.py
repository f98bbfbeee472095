"""Deployed state, frozen when a deployment is made: what moto does not keep, so that drift can happen."""

import copy
import json
from dataclasses import dataclass, field
from typing import Any

from moto.apigateway.models import Method, RestAPI, apigateway_backends
from moto.apigatewayv2.models import Api, apigatewayv2_backends

Key = tuple[str, str, str]
"""(account, region, API id)."""


@dataclass
class Frozen:
    """What one deployment of an API holds."""

    id: str
    created: float
    routes: list[dict[str, Any]]
    """REST: path, method, authorization, authorizer id, scopes, key flag, integration, contract. HTTP: routeKey in their place."""
    authorizers: dict[str, dict[str, Any]]
    about: dict[str, Any]
    """The API's own settings. REST: validators by id, models, gateway responses, policy, endpoint. HTTP: cors, endpoint."""
    auto: bool = False

    @property
    def content(self) -> tuple[Any, ...]:
        """Return what is deployed, without when and how."""
        return self.routes, self.authorizers, self.about


@dataclass
class Deployments:
    """Every frozen deployment, by API."""

    rest: dict[Key, dict[str, Frozen]] = field(default_factory=dict)
    http: dict[Key, list[Frozen]] = field(default_factory=dict)
    served: dict[tuple[Key, str], str] = field(default_factory=dict)
    """Deployment of an HTTP or WebSocket stage."""


def rest_api(key: Key) -> RestAPI:
    """Return moto's REST API."""
    account, region, api_id = key
    return apigateway_backends[account][region].apis[api_id]


def http_api(key: Key) -> Api:
    """Return moto's HTTP or WebSocket API."""
    account, region, api_id = key
    return apigatewayv2_backends[account][region].apis[api_id]


def freeze_rest(key: Key, deployment_id: str, created: float) -> Frozen:
    """Return the working copy of a REST API as a deployment keeps it."""
    api = rest_api(key)
    routes = [
        {"path": resource.get_path(), "method": verb, **_method(method)}
        for resource in api.resources.values()
        for verb, method in resource.resource_methods.items()
    ]
    authorizers = {each.id: copy.deepcopy(each.to_json()) for each in api.authorizers.values() if each.id}
    about = {
        "validators": {each.id: each.to_dict() for each in api.request_validators.values()},
        "models": [each.to_json() for each in api.models.values()],
        "gatewayResponses": [copy.deepcopy(each.to_json()) for each in api.gateway_responses.values()],
        "policy": json.loads(api.policy) if api.policy else None,
        "disableExecuteApiEndpoint": bool(api.disableExecuteApiEndpoint),
        "vpcEndpointIds": list(api.endpoint_configuration.get("vpcEndpointIds") or ()),
    }
    return Frozen(deployment_id, created, routes, authorizers, about)


def _method(method: Method) -> dict[str, Any]:
    integration = method.method_integration
    return {
        "authorization": method.authorization_type or "NONE",
        "authorizer": method.authorizer_id,
        "scopes": list(method.authorization_scopes or ()),
        "key": bool(method.api_key_required),
        "integration": None if integration is None else copy.deepcopy(integration.to_json()),
        "parameters": dict(method.request_parameters or {}),
        "models": dict(method.request_models or {}),
        "validator": method.request_validator_id,
        "responses": {code: copy.deepcopy(each.to_json()) for code, each in method.method_responses.items()},
    }


def freeze_http(key: Key, deployment_id: str, created: float, *, auto: bool) -> Frozen:
    """Return the working copy of an HTTP or WebSocket API as a deployment keeps it."""
    api = http_api(key)
    routes = []
    for route in api.routes.values():
        target = (route.target or "").removeprefix("integrations/")
        integration = api.integrations.get(target)
        routes.append(
            {
                "routeKey": route.route_key,
                "authorization": route.authorization_type or "NONE",
                "authorizer": route.authorizer_id,
                "scopes": list(route.authorization_scopes or ()),
                "integration": None if integration is None else copy.deepcopy(integration.to_json()),
            }
        )
    authorizers = {each.id: copy.deepcopy(each.to_json()) for each in api.authorizers.values()}
    about = {
        "cors": copy.deepcopy(api.cors_configuration),
        "disableExecuteApiEndpoint": bool(api.disable_execute_api_endpoint),
    }
    return Frozen(deployment_id, created, routes, authorizers, about, auto)
