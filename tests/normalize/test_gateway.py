"""From API Gateway's answers to what is deployed: every gap rule, in the wire's own words."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model.estate import Estate
from auditor.model.fact import Absent, NotApplicable, Present, Unread
from auditor.model.gateway import DeployedRoute, DomainName, Method, RestApi, Stage, View
from auditor.model.keys_and_plans import ApiKey
from auditor.model.snapshot import Gap, GapReason, Page, ShardKey
from auditor.normalize.gateway.authorizers import exported_definition
from auditor.normalize.shard import Normalized, normalize
from auditor.store.canonical import sha256
from tests.estates import snapshot, with_flows

KEY = ShardKey(account="111122223333", region="eu-west-1", service="apigateway")
NOW = datetime(2026, 9, 30, tzinfo=UTC)
ARN = "arn:aws:apigateway:eu-west-1::/restapis/a1"
EXECUTE = "arn:aws:execute-api:eu-west-1:111122223333:a1/prod"
Calls = list[tuple[str, dict[str, Any], Any]]


def _page(operation: str, parameters: Mapping[str, Any], body: Any) -> tuple[Page, bytes]:
    content = json.dumps(body).encode()
    page = Page(
        operation=operation,
        parameters=dict(parameters),
        account=KEY.account,
        region=KEY.region,
        caller="arn:aws:iam::111122223333:role/r",
        requested_at=NOW,
        answered_at=NOW,
        request_id="r",
        status=200,
        sequence=0,
        sha256=sha256(content),
        size=len(content),
    )
    return page, content


def _gap(operation: str, resource: str | None) -> Gap:
    return Gap(
        operation=operation,
        account=KEY.account,
        region=KEY.region,
        resource=resource,
        reason=GapReason.DENIED,
        action="apigateway:GET",
        detail="path; AccessDeniedException",
    )


REST: Calls = [
    ("apigateway:GetRestApis", {"limit": 500}, {"item": [{"id": "a1", "name": "orders", "createdDate": 1700000000}]}),
    (
        "apigateway:GetResources",
        {"restApiId": "a1"},
        {
            "item": [
                {
                    "id": "r1",
                    "path": "/orders",
                    "resourceMethods": {
                        "GET": {"httpMethod": "GET", "authorizationType": "AWS_IAM", "apiKeyRequired": False}
                    },
                }
            ]
        },
    ),
    ("apigateway:GetAuthorizers", {"restApiId": "a1"}, {"item": []}),
    ("apigateway:GetDeployments", {"restApiId": "a1"}, {"item": [{"id": "d1", "createdDate": 1700000000}]}),
    ("apigateway:GetStages", {"restApiId": "a1"}, {"item": [{"stageName": "prod", "deploymentId": "d1"}]}),
    (
        "apigateway:GetDeployment",
        {"restApiId": "a1", "deploymentId": "d1"},
        {"id": "d1", "apiSummary": {"/orders": {"GET": {"authorizationType": "NONE", "apiKeyRequired": True}}}},
    ),
    (
        "apigateway:GetExport",
        {"restApiId": "a1", "stageName": "prod"},
        {
            "openapi": "3.0.1",
            "paths": {
                "/orders": {
                    "get": {
                        "security": [{"api_key": []}],
                        "x-amazon-apigateway-integration": {
                            "type": "http_proxy",
                            "uri": "https://x",
                            "httpMethod": "GET",
                        },
                    }
                }
            },
            "components": {"securitySchemes": {"api_key": {"type": "apiKey", "name": "x-api-key", "in": "header"}}},
        },
    ),
]


def _normal(calls: Calls, gaps: list[Gap] | None = None, without: str = "", **instead: Any) -> Normalized:
    pages = [
        _page(operation, parameters, instead.get(operation.partition(":")[2], body))
        for operation, parameters, body in calls
        if operation != without
    ]
    return normalize(KEY, "aws", pages, gaps or [])


def _routes(found: Normalized) -> list[DeployedRoute]:
    return [each for each in found.resources if isinstance(each, DeployedRoute)]


def test_the_deployment_says_what_callers_meet_not_the_working_copy() -> None:
    found = _normal(REST)
    route = _routes(found)[0]
    assert route.arn == f"{EXECUTE}/GET/orders"
    assert route.authorization_type == Present(value="NONE")
    assert route.api_key_required == Present(value=True)
    method = next(each for each in found.resources if isinstance(each, Method))
    assert method.authorization_type == Present(value="AWS_IAM")


def test_without_the_summary_the_export_says_it() -> None:
    gap = _gap("apigateway:GetDeployment", f"{ARN}/deployments/d1")
    found = _normal(REST, [gap], without="apigateway:GetDeployment")
    assert _routes(found)[0].authorization_type == Present(value="NONE")
    assert _routes(found)[0].api_key_required == Present(value=True)
    assert all(each.complete for each in found.listings if each.kind == "DeployedRoute")


def test_without_the_export_details_are_unread_and_the_type_is_known() -> None:
    gap = _gap("apigateway:GetExport", f"{ARN}/stages/prod")
    route = _routes(_normal(REST, [gap], without="apigateway:GetExport"))[0]
    assert route.authorization_type == Present(value="NONE")
    assert route.integration == Unread(gap=gap)


def test_without_either_nobody_knows_the_routes() -> None:
    gaps = [
        _gap("apigateway:GetExport", f"{ARN}/stages/prod"),
        _gap("apigateway:GetDeployment", f"{ARN}/deployments/d1"),
    ]
    calls = [each for each in REST if each[0] not in {"apigateway:GetExport", "apigateway:GetDeployment"}]
    found = _normal(calls, gaps)
    assert _routes(found) == []
    assert [each.complete for each in found.listings if each.kind == "DeployedRoute"] == [False]


def test_a_route_that_only_the_export_knows_is_a_route() -> None:
    found = _normal(REST, GetDeployment={"id": "d1", "apiSummary": {}})
    assert [each.route_key for each in _routes(found)] == ["GET /orders"]


def test_an_authorizer_that_the_export_does_not_tell_is_unread_never_absent() -> None:
    summary = {"id": "d1", "apiSummary": {"/orders": {"GET": {"authorizationType": "CUSTOM", "apiKeyRequired": False}}}}
    found = _normal(REST, GetDeployment=summary)
    assert isinstance(_routes(found)[0].authorizer, Unread)
    assert [gap.reason for gap in found.gaps] == [GapReason.MALFORMED]


def test_the_authorizer_of_the_deployment_is_read_from_the_export() -> None:
    summary = {
        "id": "d1",
        "apiSummary": {"/orders": {"ANY": {"authorizationType": "COGNITO_USER_POOLS", "apiKeyRequired": False}}},
    }
    scheme = {
        "type": "apiKey",
        "x-amazon-apigateway-authtype": "cognito_user_pools",
        "x-amazon-apigateway-authorizer": {"type": "cognito_user_pools", "providerARNs": ["arn:pool"]},
    }
    export = {
        "openapi": "3.0.1",
        "paths": {"/orders": {"x-amazon-apigateway-any-method": {"security": [{"pool": ["a/read"]}]}}},
        "components": {"securitySchemes": {"pool": scheme}},
    }
    route = _routes(_normal(REST, GetDeployment=summary, GetExport=export))[0]
    assert isinstance(route.authorizer, Present)
    assert route.authorizer.value.provider_arns == ("arn:pool",)
    assert route.authorization_scopes == Present(value=("a/read",))
    assert route.authorizer.value.identity_source == ()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"type": "token"}, ("method.request.header.X-Token",)),
        ({"type": "cognito_user_pools"}, ("method.request.header.X-Token",)),
        ({"type": "token", "identitySource": "method.request.header.Other"}, ("method.request.header.Other",)),
        # Its sources stand in the extension, or nowhere.
        ({"type": "request"}, ()),
    ],
)
def test_an_export_tells_the_header_of_a_token_as_the_name_of_the_scheme(
    given: dict[str, str], expected: tuple[str, ...]
) -> None:
    scheme = {"type": "apiKey", "name": "X-Token", "in": "header", "x-amazon-apigateway-authorizer": given}
    found = exported_definition("pool", scheme)
    assert found is not None
    assert found.identity_source == expected


def test_a_canary_is_a_second_deployment() -> None:
    stages = {
        "item": [
            {"stageName": "prod", "deploymentId": "d1", "canarySettings": {"deploymentId": "d2", "percentTraffic": 5.0}}
        ]
    }
    canary = {"id": "d2", "apiSummary": {"/orders": {"GET": {"authorizationType": "NONE", "apiKeyRequired": False}}}}
    calls: Calls = [*REST, ("apigateway:GetDeployment", {"restApiId": "a1", "deploymentId": "d2"}, canary)]
    pages = [_page(name, given, stages if name == "apigateway:GetStages" else body) for name, given, body in calls]
    found = normalize(KEY, "aws", pages, [])
    assert [each.arn for each in _routes(found)] == [f"{EXECUTE}/GET/orders", f"{EXECUTE}/GET/orders#canary/d2"]
    assert isinstance(_routes(found)[1].integration, Unread)
    assert found.gaps == ()


@pytest.mark.parametrize(
    "policy", ['{"Version":"2012-10-17","Statement":[]}', '{\\"Version\\":\\"2012-10-17\\",\\"Statement\\":[]}']
)
def test_plain_and_escaped_policies_are_one(policy: str) -> None:
    apis = {"item": [{"id": "a1", "name": "orders", "policy": policy}]}
    api = next(each for each in _normal(REST, GetRestApis=apis).resources if isinstance(each, RestApi))
    assert api.policy == Present(value='{"Statement":[],"Version":"2012-10-17"}')


@pytest.mark.parametrize("policy", ["nonsense", "[1]", 7])
def test_a_policy_that_is_none_is_unread_never_absent(policy: Any) -> None:
    apis = {"item": [{"id": "a1", "name": "orders", "policy": policy}]}
    found = _normal(REST, GetRestApis=apis)
    assert isinstance(next(each for each in found.resources if isinstance(each, RestApi)).policy, Unread)
    assert [gap.operation for gap in found.gaps] == ["apigateway:GetRestApis"]


def test_no_policy_is_absent() -> None:
    assert next(each for each in _normal(REST).resources if isinstance(each, RestApi)).policy == Absent()


@pytest.mark.parametrize("value", [{}, [], True, "soon", -(10**30)])
def test_a_date_of_another_type_is_unread(value: Any) -> None:
    keys: Calls = [
        ("apigateway:GetApiKeys", {"limit": 500}, {"item": [{"id": "k", "createdDate": value, "enabled": "yes"}]})
    ]
    found = _normal(keys)
    key = next(each for each in found.resources if isinstance(each, ApiKey))
    assert (isinstance(key.created, Unread), isinstance(key.enabled, Unread)) == (True, True)


def test_an_empty_list_is_a_list_that_was_read() -> None:
    found = _normal([("apigateway:GetApiKeys", {"limit": 500}, {"item": []})])
    assert [(each.kind, each.count, each.complete, len(each.pages)) for each in found.listings] == [
        ("ApiKey", 0, True, 1)
    ]


def test_a_list_that_failed_is_a_list_that_was_not_read() -> None:
    found = normalize(KEY, "aws", [], [_gap("apigateway:GetApiKeys", None)])
    assert [(each.kind, each.count, each.complete) for each in found.listings] == [("ApiKey", 0, False)]


def test_mappings_of_both_api_versions_are_one_list_and_either_gap_hides_it() -> None:
    calls: Calls = [
        ("apigateway:GetDomainNames", {}, {"item": [{"domainName": "api.example.com", "mutualTlsAuthentication": {}}]}),
        ("apigatewayv2:GetDomainNames", {}, {"items": [{"domainName": "api.example.com"}]}),
        (
            "apigateway:GetBasePathMappings",
            {"domainName": "api.example.com"},
            {"item": [{"basePath": "(none)", "restApiId": "a1", "stage": "prod"}]},
        ),
        (
            "apigatewayv2:GetApiMappings",
            {"DomainName": "api.example.com"},
            {"items": [{"apiMappingKey": "", "apiId": "a1", "stage": "prod"}]},
        ),
    ]
    domain = next(each for each in _normal(calls).resources if isinstance(each, DomainName))
    assert isinstance(domain.mappings, Present)
    assert [(each.path, each.api_id) for each in domain.mappings.value] == [("", "a1")]
    assert domain.mutual_tls_truststore == Absent()
    gap = _gap("apigatewayv2:GetApiMappings", "arn:aws:apigateway:eu-west-1::/domainnames/api.example.com")
    hidden = next(each for each in _normal(calls[:3], [gap]).resources if isinstance(each, DomainName))
    assert hidden.mappings == Unread(gap=gap)


def _websocket(**stage: Any) -> Calls:
    return [
        ("apigatewayv2:GetApis", {}, {"items": [{"apiId": "w1", "name": "notify", "protocolType": "WEBSOCKET"}]}),
        (
            "apigatewayv2:GetRoutes",
            {"ApiId": "w1"},
            {"items": [{"routeId": "r", "routeKey": "$connect", "authorizationType": "NONE"}]},
        ),
        ("apigatewayv2:GetIntegrations", {"ApiId": "w1"}, {"items": []}),
        ("apigatewayv2:GetAuthorizers", {"ApiId": "w1"}, {"items": []}),
        ("apigatewayv2:GetStages", {"ApiId": "w1"}, {"items": [{"stageName": "prod", **stage}]}),
    ]


@pytest.mark.parametrize(
    ("stage", "view"),
    [
        ({"autoDeploy": True}, View.DEPLOYED),
        ({"autoDeploy": False}, View.CONFIGURED),
        ({}, View.CONFIGURED),
        ({"autoDeploy": True, "lastDeploymentStatusMessage": "Deployment failed: no integration"}, View.CONFIGURED),
        ({"autoDeploy": True, "lastDeploymentStatusMessage": "Successfully deployed stage"}, View.DEPLOYED),
    ],
)
def test_a_websocket_route_says_which_side_it_shows(stage: dict[str, Any], view: View) -> None:
    route = _routes(_normal(_websocket(**stage)))[0]
    assert (route.arn, route.view) == ("arn:aws:execute-api:eu-west-1:111122223333:w1/prod/$connect", view)


def test_what_cannot_exist_is_not_applicable() -> None:
    stage = next(each for each in _normal(_websocket()).resources if isinstance(each, Stage))
    assert isinstance(stage.web_acl_arn, NotApplicable)
    assert stage.access_log_destination == Absent()


def _http(auto: bool, export: Any = None) -> Calls:  # noqa: FBT001 - a case
    calls: Calls = [
        ("apigatewayv2:GetApis", {}, {"items": [{"apiId": "h1", "name": "c", "protocolType": "HTTP"}]}),
        (
            "apigatewayv2:GetRoutes",
            {"ApiId": "h1"},
            {
                "items": [
                    {"routeId": "r", "routeKey": "GET /a", "authorizationType": "AWS_IAM", "apiKeyRequired": False}
                ]
            },
        ),
        ("apigatewayv2:GetIntegrations", {"ApiId": "h1"}, {"items": []}),
        ("apigatewayv2:GetAuthorizers", {"ApiId": "h1"}, {"items": []}),
        (
            "apigatewayv2:GetStages",
            {"ApiId": "h1"},
            {"items": [{"stageName": "live", "autoDeploy": auto, "deploymentId": "d"}]},
        ),
    ]
    if export is not None:
        calls.append(("apigatewayv2:ExportApi", {"ApiId": "h1", "StageName": "live"}, export))
    return calls


_EXPORT_GAP = _gap("apigatewayv2:ExportApi", "arn:aws:apigateway:eu-west-1::/apis/h1/stages/live")


def test_an_http_export_that_was_denied_hides_the_routes_unless_they_deploy_themselves() -> None:
    hidden = _normal(_http(auto=False), [_EXPORT_GAP])
    assert _routes(hidden) == []
    assert [each.complete for each in hidden.listings if each.kind == "DeployedRoute"] == [False]
    followed = _normal(_http(auto=True), [_EXPORT_GAP])
    assert [each.authorization_type for each in _routes(followed)] == [Present(value="AWS_IAM")]


def test_an_http_export_is_the_deployed_side() -> None:
    export = {"openapi": "3.0.1", "paths": {"/a": {"get": {}}, "/$default": {"x-amazon-apigateway-any-method": {}}}}
    routes = _routes(_normal(_http(auto=False, export=export)))
    assert {each.route_key: each.authorization_type for each in routes} == {
        "GET /a": Present(value="NONE"),
        "$default": Present(value="NONE"),
    }


@given(st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(shuffler: Any) -> None:
    pages = [_page(*each) for each in [*REST, *_websocket()]]
    first = normalize(KEY, "aws", pages, [])
    shuffler.shuffle(pages)
    assert normalize(KEY, "aws", pages, []) == first


def _tree(items: list[dict[str, Any]]) -> Normalized:
    return _normal(REST, GetResources={"item": items})


def _resource(number: int, path: str, parent: int) -> dict[str, Any]:
    method = {"httpMethod": "GET", "authorizationType": "AWS_IAM", "apiKeyRequired": False}
    return {"id": f"r{number}", "parentId": f"r{parent}", "path": path, "resourceMethods": {"GET": method}}


def test_resources_that_are_each_others_parents_are_read_by_their_paths() -> None:
    # Nothing climbs the tree: AWS tells the whole path of each resource.
    found = _tree([_resource(1, "/a", 2), _resource(2, "/a/b", 1), _resource(3, "/c", 3)])
    assert sorted(each.path for each in found.resources if isinstance(each, Method)) == ["/a", "/a/b", "/c"]
    estate = with_flows(Estate(snapshot(), tuple(found.resources), {}, tuple(found.listings)))
    assert [each.route_key for each in estate.flows] == ["GET /orders"]


def test_a_huge_tree_is_read_to_its_last_leaf() -> None:
    deep = "/x" * 5_000
    found = _tree([*(_resource(n, f"/n/{n}", n - 1) for n in range(20_000)), _resource(20_000, deep, 19_999)])
    paths = {each.path for each in found.resources if isinstance(each, Method)}
    assert len(paths) == 20_001
    assert deep in paths
    assert not found.gaps


def test_a_resource_without_a_path_or_listed_twice_is_never_lost() -> None:
    bare = {name: value for name, value in _resource(1, "", 2).items() if name != "path"}
    found = _tree([bare, _resource(2, "/a", 1), _resource(2, "/a", 1)])
    assert {each.path for each in found.resources if isinstance(each, Method)} == {"", "/a"}
