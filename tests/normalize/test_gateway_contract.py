"""What a route promises and does to a call: the working copy and the export say it in the same shape, and gaps stay gaps."""

from typing import Any

import pytest

from auditor.model.contract import GatewayResponse, RequestModel, RequestValidator
from auditor.model.fact import Absent, NotApplicable, Present, Unread
from auditor.model.gateway import Api, Authorizer, DeployedRoute, GatewayAccount, Method, Route, Stage
from auditor.model.resource import Resource
from auditor.model.route_parts import RequestValidation
from auditor.normalize.facts import decimal
from auditor.normalize.shard import Normalized
from tests.normalize.test_gateway import ARN, REST, Calls, _gap, _http, _normal, _websocket

INTEGRATION: dict[str, Any] = {
    "type": "HTTP",
    "uri": "https://legacy.example.com",
    "httpMethod": "POST",
    "passthroughBehavior": "NEVER",
    "contentHandling": "CONVERT_TO_TEXT",
    "timeoutInMillis": 5000,
    "cacheKeyParameters": ["method.request.path.id"],
    "requestParameters": {"integration.request.header.X-User": "context.authorizer.claims.sub"},
    "requestTemplates": {"application/json": "{}"},
    "tlsConfig": {"insecureSkipVerification": True},
}
CONFIGURED = {
    "httpMethod": "POST",
    "authorizationType": "NONE",
    "apiKeyRequired": False,
    "operationName": "create",
    "requestValidatorId": "v1",
    "requestParameters": {"method.request.header.X-Tenant": True},
    "requestModels": {"application/json": "Order"},
    "methodResponses": {
        "200": {
            "statusCode": "200",
            "responseParameters": {"method.response.header.X-Id": False},
            "responseModels": {"application/json": "Empty"},
        }
    },
    "methodIntegration": {
        **INTEGRATION,
        "integrationResponses": {
            "200": {"statusCode": "200", "responseTemplates": {"application/json": None}},
            "400": {"statusCode": "400", "selectionPattern": ".*bad.*", "responseParameters": {"h": "'x'"}},
        },
    },
}
EXPORTED = {
    "operationId": "create",
    "parameters": [{"name": "X-Tenant", "in": "header", "required": True}],
    "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}}},
    "x-amazon-apigateway-request-validator": "all",
    "responses": {
        "200": {
            "description": "200 response",
            "headers": {"X-Id": {"schema": {"type": "string"}}},
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Empty"}}},
        }
    },
    "x-amazon-apigateway-integration": {
        **INTEGRATION,
        "type": "http",
        "passthroughBehavior": "never",
        "responses": {
            "default": {"statusCode": "200", "responseTemplates": {"application/json": None}},
            ".*bad.*": {"statusCode": "400", "responseParameters": {"h": "'x'"}},
        },
    },
}
VALIDATOR = {"id": "v1", "name": "all", "validateRequestBody": True, "validateRequestParameters": False}
ALIKE = (
    "request_parameters",
    "request_models",
    "request_validation",
    "responses",
    "operation_name",
    "integration",
    "integration_responses",
)


def _one(found: Normalized, kind: type[Resource]) -> Any:
    return next(each for each in found.resources if isinstance(each, kind))


def _rest(operation: dict[str, Any] | None = None, *more: Any, **root: Any) -> Calls:
    resources = {"item": [{"id": "r", "path": "/orders", "resourceMethods": {"POST": CONFIGURED}}]}
    summary = {"/orders": {"POST": {"authorizationType": "NONE", "apiKeyRequired": False}}}
    export = {"openapi": "3.0.1", "paths": {"/orders": {"post": operation or EXPORTED}}, **root}
    instead = {"GetResources": resources, "GetDeployment": {"id": "d1", "apiSummary": summary}, "GetExport": export}
    return [(name, given, instead.get(name.partition(":")[2], body)) for name, given, body in REST] + list(more)


def _validators(*items: Any) -> Any:
    return ("apigateway:GetRequestValidators", {"restApiId": "a1"}, {"item": list(items)})


SAYS = {"x-amazon-apigateway-request-validators": {"all": {k: v for k, v in VALIDATOR.items() if "validate" in k}}}


def test_both_sides_say_a_method_in_the_same_shape() -> None:
    found = _normal(_rest(None, _validators(VALIDATOR), **SAYS))
    method, route = _one(found, Method), _one(found, DeployedRoute)
    for name in ALIKE:
        assert isinstance(getattr(method, name), Present), name
        assert getattr(method, name) == getattr(route, name), name
    assert route.request_validation == Present(value=RequestValidation(validator="all", body=True, parameters=False))
    assert [each.selection_pattern for each in route.integration_responses.value] == [None, ".*bad.*"]


def test_the_validator_of_the_whole_api_holds_where_a_method_names_none() -> None:
    bare = {name: each for name, each in EXPORTED.items() if not name.endswith("validator")}
    named = {**SAYS, "x-amazon-apigateway-request-validator": "all"}
    validated = _one(_normal(_rest(bare, **named)), DeployedRoute).request_validation
    assert validated.value.validator == "all"
    assert _one(_normal(_rest(bare, **SAYS)), DeployedRoute).request_validation == Absent()


def test_a_validator_that_the_export_does_not_explain_is_no_validation_known() -> None:
    route = _one(_normal(_rest()), DeployedRoute)
    assert isinstance(route.request_validation, Unread)
    assert isinstance(route.integration, Present)


@pytest.mark.parametrize("listed", [[], [{"id": "v1", "name": "all"}]])
def test_a_validator_that_is_not_listed_or_half_told_is_unread(listed: list[Any]) -> None:
    assert isinstance(_one(_normal(_rest(None, _validators(*listed), **SAYS)), Method).request_validation, Unread)


def test_a_denied_list_of_validators_hides_what_a_method_validates() -> None:
    gap = _gap("apigateway:GetRequestValidators", ARN)
    assert _one(_normal(_rest(None, **SAYS), [gap]), Method).request_validation == Unread(gap=gap)


def test_without_a_tls_setting_certificates_of_a_rest_api_are_checked() -> None:
    bare = {**EXPORTED, "x-amazon-apigateway-integration": {"type": "http", "uri": "https://x"}}
    integration = _one(_normal(_rest(bare, **SAYS)), DeployedRoute).integration.value
    assert integration.insecure_skip_verification is False


@pytest.mark.parametrize(
    ("key", "path", "method"),
    [
        ("*/*", "*", "*"),
        ("~1orders~1{id}/GET", "/orders/{id}", "GET"),
        ("orders/{id}/GET", "/orders/{id}", "GET"),
        ("/orders/GET", "/orders", "GET"),
        ("~1/GET", "/", "GET"),
    ],
)
def test_the_keys_of_method_settings_are_taken_apart(key: str, path: str, method: str) -> None:
    settings = {key: {"loggingLevel": "ERROR", "throttlingRateLimit": 50.5, "throttlingBurstLimit": 100}}
    stages = {"item": [{"stageName": "prod", "deploymentId": "d1", "methodSettings": settings}]}
    found = _one(_normal(REST, GetStages=stages), Stage).settings.value[0]
    assert (found.path, found.method, found.throttle_rate, found.logging_level) == (path, method, "50.5", "ERROR")


@pytest.mark.parametrize("settings", [[], {"*/*": []}, {"*/*": {"dataTraceEnabled": "maybe"}}, {"nokey": {}, "x/": {}}])
def test_settings_that_make_no_sense_are_unread(settings: Any) -> None:
    stages = {"item": [{"stageName": "prod", "deploymentId": "d1", "methodSettings": settings}]}
    assert isinstance(_one(_normal(REST, GetStages=stages), Stage).settings, Unread)


def test_a_stage_tells_its_variables_by_name_and_what_was_kept_apart_from_digests() -> None:
    overrides = {"target": "redacted:k:2", "fn": "orders-next"}
    canary = {"deploymentId": "d2", "percentTraffic": 5.0, "stageVariableOverrides": overrides}
    variables = {"target": "redacted:k:1", "fn": "orders", "url": "https://redacted:k:3@a.example"}
    stage = {"stageName": "prod", "deploymentId": "d1", "variables": variables}
    found = _one(_normal(REST, GetStages={"item": [{**stage, "canarySettings": canary}]}), Stage)
    hidden = {"target": "redacted:k:1", "url": "https://redacted:k:3@a.example"}
    assert found.variable_names == Present(value=("fn", "target", "url"))
    assert found.variable_digests == Present(value=hidden)
    assert found.variable_values == Present(value={"fn": "orders"})
    assert found.canary_percent == Present(value="5")
    assert found.canary_variable_names == Present(value=("fn", "target"))
    assert found.canary_variable_values == Present(value={"fn": "orders-next"})


def test_a_stage_of_the_newer_version_tells_which_values_were_kept() -> None:
    found = _one(_normal(_websocket(stageVariables={"fn": "orders", "x": "redacted:k:1"})), Stage)
    assert found.variable_values == Present(value={"fn": "orders"})
    assert found.variable_digests == Present(value={"x": "redacted:k:1"})
    assert isinstance(found.canary_variable_values, NotApplicable)


def test_settings_of_the_newer_version_have_the_same_shape() -> None:
    given = {
        "defaultRouteSettings": {"throttlingRateLimit": 10.0},
        "routeSettings": {"$connect": {"loggingLevel": "OFF"}},
    }
    found = _one(_normal(_websocket(**given)), Stage).settings.value
    assert [(each.path, each.method, each.throttle_rate, each.logging_level) for each in found] == [
        ("$connect", "$connect", None, "OFF"),
        ("*", "*", "10", None),
    ]


W1 = "arn:aws:apigateway:eu-west-1::/apis/w1"


def _socket(*more: Any) -> Calls:
    routes = [{"routeId": "r", "routeKey": "$connect", "target": "integrations/i1"}]
    instead = {
        "apigatewayv2:GetRoutes": {"items": routes},
        "apigatewayv2:GetIntegrations": {"items": [{"integrationId": "i1", "integrationType": "AWS"}]},
    }
    return [(name, given, instead.get(name, body)) for name, given, body in _websocket()] + list(more)


def test_a_websocket_route_tells_what_becomes_of_answers() -> None:
    answers = [{"integrationResponseKey": "/400/", "contentHandlingStrategy": "CONVERT_TO_TEXT"}]
    calls = _socket(
        ("apigatewayv2:GetIntegrationResponses", {"ApiId": "w1", "IntegrationId": "i1"}, {"items": answers}),
        (
            "apigatewayv2:GetRouteResponses",
            {"ApiId": "w1", "RouteId": "r"},
            {"items": [{"routeResponseKey": "$default"}]},
        ),
    )
    route = _one(_normal(calls), Route)
    assert [each.selection_pattern for each in route.integration_responses.value] == ["/400/"]
    assert [each.status for each in route.responses.value] == ["$default"]


def test_denied_answers_of_a_websocket_api_are_unread_and_nothing_else_is() -> None:
    gaps = [
        _gap("apigatewayv2:GetIntegrationResponses", f"{W1}/integrations/i1"),
        _gap("apigatewayv2:GetRouteResponses", f"{W1}/routes/r"),
    ]
    found = _one(_normal(_socket(), gaps), DeployedRoute)
    assert (found.integration_responses, found.responses) == (Unread(gap=gaps[0]), Unread(gap=gaps[1]))
    assert isinstance(found.integration, Present)


def test_an_http_api_validates_nothing_and_says_what_it_does_to_answers() -> None:
    extension = {"type": "http_proxy", "responseParameters": {"500": {"overwrite:statuscode": "403"}}, "tlsConfig": {}}
    export = {"openapi": "3.0.1", "paths": {"/a": {"get": {"x-amazon-apigateway-integration": extension}}}}
    route = _one(_normal(_http(auto=False, export=export)), DeployedRoute)
    assert isinstance(route.request_parameters, NotApplicable)
    assert route.integration_responses.value[0].parameters == {"overwrite:statuscode": "403"}
    told = route.integration.value
    assert (told.has_tls_config, told.server_name_to_verify, told.insecure_skip_verification) == (True, None, None)


def test_cors_is_told_of_http_apis_alone() -> None:
    api = {"apiId": "h1", "name": "c", "protocolType": "HTTP", "corsConfiguration": {"allowOrigins": ["*"]}}
    assert _one(_normal(_http(auto=True), GetApis={"items": [api]}), Api).cors.value.allow_origins == ("*",)
    assert isinstance(_one(_normal(_websocket()), Api).cors, NotApplicable)


def test_a_rest_jwt_authorizer_tells_every_issuer_with_its_claims() -> None:
    configuration = {
        "issuers": [
            {
                "issuer": "https://id.example.com",
                "audiences": ["orders"],
                "additionalClaims": [{"claimName": "scope", "required": True, "expectedValues": ["b", "a"]}],
                "jwksUri": "https://id.example.com/keys",
            }
        ],
        "defaultAlgorithms": ["RS256"],
    }
    item = {"id": "z", "name": "jwt", "type": "JWT", "jwtConfiguration": configuration}
    definition = _one(_normal(REST, GetAuthorizers={"item": [item]}), Authorizer).definition.value
    assert definition.algorithms == ("RS256",)
    claim = definition.issuers[0].additional_claims[0]
    assert (claim.name, claim.required, claim.expected_values) == ("scope", True, ("a", "b"))
    assert definition.issuers[0].jwks_uri == "https://id.example.com/keys"


@pytest.mark.parametrize("member", ["authorizerUri", "authorizerCredentials", "authorizerResultTtlInSeconds"])
def test_an_authorizers_member_of_another_type_makes_it_unread(member: str) -> None:
    item = {"id": "z", "name": "fn", "type": "TOKEN", member: ["x"]}
    assert isinstance(_one(_normal(REST, GetAuthorizers={"item": [item]}), Authorizer).definition, Unread)


def test_validators_models_and_gateway_responses_are_resources() -> None:
    calls: Calls = [
        *REST,
        _validators(VALIDATOR),
        ("apigateway:GetModels", {"restApiId": "a1"}, {"item": [{"name": "Order", "schema": "{}"}]}),
        (
            "apigateway:GetGatewayResponses",
            {"restApiId": "a1"},
            {"item": [{"responseType": "ACCESS_DENIED", "statusCode": "403", "defaultResponse": True}]},
        ),
    ]
    found = _normal(calls)
    assert _one(found, RequestValidator).arn == f"{ARN}/requestvalidators/v1"
    assert (_one(found, RequestModel).arn, _one(found, RequestModel).resource_type) == (
        f"{ARN}/models/Order",
        "AWS::ApiGateway::Model",
    )
    answer = _one(found, GatewayResponse)
    assert (answer.arn, answer.is_default) == (f"{ARN}/gatewayresponses/ACCESS_DENIED", Present(value=True))


def test_the_accounts_throttle_is_read_as_decimal_text() -> None:
    body = {"throttleSettings": {"rateLimit": 10000.0, "burstLimit": 5000}}
    found = _one(_normal([("apigateway:GetAccount", {}, body)]), GatewayAccount)
    assert (found.throttle_rate, found.throttle_burst) == (Present(value="10000"), Present(value=5000))


@pytest.mark.parametrize(("value", "written"), [(10000.0, "10000"), (0.5, "0.5"), (-1, "-1"), (1e-05, "0.00001")])
def test_a_rate_is_written_without_an_exponent(value: float, written: str) -> None:
    assert decimal(value) == written


@pytest.mark.parametrize("value", [True, "5", float("nan"), float("inf")])
def test_what_is_no_rate_is_refused(value: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        decimal(value)
