from datetime import UTC, datetime
from typing import Any

import pytest

from auditor.dataflow.build import flows
from auditor.dataflow.deployed import undeployed
from auditor.model.contract import GatewayResponse
from auditor.model.doors import RoutingCondition, RoutingHeader, RoutingRule, StageExport
from auditor.model.estate import Estate
from auditor.model.fact import Absent, NotApplicable, Present, Unread
from auditor.model.flow import Backend, Drift, Flow, Trace, WhoKind
from auditor.model.gateway import (
    Api,
    ApiMapping,
    Authorizer,
    DeployedRoute,
    DomainName,
    Method,
    Protocol,
    RestApi,
    Route,
    Stage,
    View,
)
from auditor.model.resource import Listing, Resource
from auditor.model.route_parts import AuthorizerDefinition, GatewayAnswer, Integration, JwtIssuer
from auditor.model.snapshot import Gap, GapReason, Scope, Snapshot
from auditor.model.step import Domain
from tests.estates import not_set

NOW = datetime(2026, 9, 30, tzinfo=UTC)
ACCOUNT, REGION = "111122223333", "eu-west-1"
REST = f"arn:aws:apigateway:{REGION}::/restapis/abc"
V2 = f"arn:aws:apigateway:{REGION}::/apis/xyz"
POOL = f"arn:aws:cognito-idp:{REGION}:{ACCOUNT}:userpool/eu-west-1_Pool"
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:orders-api:live"
INVOKE = f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{FUNCTION}/invocations"
GAP = Gap(
    operation="apigateway:GetExport",
    account=ACCOUNT,
    region=REGION,
    resource=REST,
    reason=GapReason.DENIED,
    action="apigateway:GET",
    detail="AccessDenied",
)
UNREAD = Unread(gap=GAP)
COMMON: dict[str, Any] = {"account": ACCOUNT, "region": REGION, "tags": Absent()}
LAMBDA = Integration(
    type="AWS_PROXY", uri=INVOKE, http_method="POST", connection_type=None, connection_id=None, credentials=None
)


def integration(**members: Any) -> Present[Integration]:
    return Present(value=LAMBDA.model_copy(update=members))


def rest_api(**members: Any) -> RestApi:
    given = {
        "arn": REST,
        "name": "orders",
        "api_id": "abc",
        "created": Absent(),
        "policy": Absent(),
        "endpoint_types": Present(value=("REGIONAL",)),
        "vpc_endpoint_ids": Absent(),
        "api_key_source": Absent(),
        "disable_execute_api_endpoint": Absent(),
    }
    return RestApi(**not_set(RestApi) | COMMON | given | members)


def http_api(**members: Any) -> Api:
    given = {
        "arn": V2,
        "name": "shop",
        "api_id": "xyz",
        "protocol": Protocol.HTTP,
        "created": Absent(),
        "disable_execute_api_endpoint": Absent(),
        "api_key_selection_expression": Absent(),
    }
    return Api(**not_set(Api) | COMMON | given | members)


def stage(**members: Any) -> Stage:
    given = {"arn": f"{REST}/stages/prod", "name": "prod", "api_arn": REST, "stage": "prod", "protocol": Protocol.REST}
    return Stage(**not_set(Stage) | COMMON | given | members)


def deployed(**members: Any) -> DeployedRoute:
    given = {
        "arn": f"arn:aws:execute-api:{REGION}:{ACCOUNT}:abc/prod/GET/pets",
        "name": "GET /pets",
        "api_arn": REST,
        "stage_arn": f"{REST}/stages/prod",
        "stage": "prod",
        "protocol": Protocol.REST,
        "view": View.DEPLOYED,
        "deployment_id": Absent(),
        "route_key": "GET /pets",
        "method": "GET",
        "path": "/pets",
        "authorization_type": Present(value="AWS_IAM"),
        "authorizer": Absent(),
        "authorization_scopes": Absent(),
        "api_key_required": Present(value=False),
        "integration": integration(),
    }
    return DeployedRoute(**not_set(DeployedRoute) | COMMON | given | members)


def web_socket(key: str, **members: Any) -> DeployedRoute:
    given = {
        "arn": f"arn:aws:execute-api:{REGION}:{ACCOUNT}:xyz/live/{key}",
        "name": key,
        "api_arn": V2,
        "stage_arn": f"{V2}/stages/live",
        "stage": "live",
        "protocol": Protocol.WEBSOCKET,
        "route_key": key,
        "method": key,
        "path": key,
    }
    return deployed(**given | members)


def method(**members: Any) -> Method:
    given = {
        "arn": f"{REST}/resources/r1/methods/GET",
        "name": "GET /pets",
        "api_arn": REST,
        "path": "/pets",
        "http_method": "GET",
        "authorization_type": Present(value="AWS_IAM"),
        "authorizer_id": Absent(),
        "authorization_scopes": Absent(),
        "api_key_required": Present(value=False),
        "integration": integration(),
    }
    return Method(**not_set(Method) | COMMON | given | members)


def domain(**members: Any) -> DomainName:
    given = {
        "arn": f"arn:aws:apigateway:{REGION}::/domainnames/api.example.com",
        "name": "api.example.com",
        "domain": "api.example.com",
        "endpoint_types": Absent(),
        "security_policy": Absent(),
        "mutual_tls_truststore": Absent(),
        "mappings": Present(value=(ApiMapping(path="v1", api_id="abc", stage="prod"),)),
    }
    return DomainName(**not_set(DomainName) | COMMON | given | members)


def authorizer(definition: AuthorizerDefinition) -> Authorizer:
    return Authorizer(
        **COMMON,
        arn=f"{REST}/authorizers/a1",
        name=definition.name,
        api_arn=REST,
        authorizer_id="a1",
        definition=Present(value=definition),
    )


def listing(kind: str, parent: str | None = None, *, complete: bool = True) -> Listing:
    return Listing(
        kind=kind,
        account=ACCOUNT,
        region=REGION,
        parent=parent,
        operation="apigateway:X",
        count=0,
        complete=complete,
        pages=(),
    )


_LISTED = (listing("DomainName"), listing("GatewayResponse", REST))


def estate(*resources: Resource, listings: tuple[Listing, ...] = _LISTED) -> Estate:
    snapshot = Snapshot(
        id="20260930T000000Z-00000000",
        root="0" * 64,
        as_of=NOW,
        finished_at=NOW,
        tool_version="0",
        scope=Scope(partition="aws", accounts=(ACCOUNT,), regions=(REGION,), services=("apigateway",)),
        callers={},
        redaction_key_id="k",
        shards=(),
    )
    return Estate(snapshot=snapshot, resources=resources, observations={}, listings=listings)


def flow(*resources: Resource, **listed: Any) -> Flow:
    return flows(estate(*resources, **listed))[0]


def sentence(found: Flow, name: str) -> str:
    return next(step.sentence for step in found.steps if step.name == name)


def test_each_deployed_route_is_one_flow_in_a_defined_order() -> None:
    routes = [
        deployed(
            arn=f"arn:aws:execute-api:{REGION}:{ACCOUNT}:abc/prod/{verb}{path}",
            route_key=f"{verb} {path}",
            method=verb,
            path=path,
        )
        for verb, path in [("POST", "/b"), ("GET", "/b"), ("PUT", "/a")]
    ]
    assert [each.route_key for each in flows(estate(*routes, rest_api()))] == ["PUT /a", "GET /b", "POST /b"]


def test_all_fourteen_steps_are_there_short_and_in_all_four_domains() -> None:
    found = flow(deployed(integration=integration(uri="https://" + "x" * 200)), rest_api(), stage())
    assert [step.n for step in found.steps] == list(range(1, 15))
    assert all(len(step.sentence) <= 160 for step in found.steps)
    assert {step.domain for step in found.steps} == set(Domain)


@pytest.mark.parametrize(
    ("members", "kind", "label"),
    [
        ({"authorization_type": Present(value="NONE")}, WhoKind.NONE, "open to anyone"),
        ({}, WhoKind.IAM, "IAM"),
        ({"authorization_type": UNREAD}, WhoKind.UNKNOWN, "not read"),
        ({"authorization_type": Present(value="QUANTUM")}, WhoKind.UNKNOWN, "unknown type QUANTUM"),
        ({"authorization_type": Present(value="CUSTOM")}, WhoKind.UNKNOWN, "authorizer missing"),
        ({"authorization_type": Present(value="JWT"), "authorizer": UNREAD}, WhoKind.JWT, "JWT, authorizer not read"),
    ],
)
def test_who_may_call_is_what_the_deployed_route_carries(members: dict[str, Any], kind: WhoKind, label: str) -> None:
    found = flow(deployed(**members), rest_api())
    assert (found.who.kind, found.who.label) == (kind, label)


def test_an_authorizer_that_is_defined_but_not_attached_protects_nothing() -> None:
    defined = authorizer(AuthorizerDefinition(name="pool", type="COGNITO_USER_POOLS", provider_arns=(POOL,)))
    assert flow(deployed(authorization_type=Present(value="NONE")), rest_api(), defined).who.kind is WhoKind.NONE


@pytest.mark.parametrize(
    ("authorization", "definition", "kind", "label", "detail"),
    [
        (
            "COGNITO_USER_POOLS",
            AuthorizerDefinition(name="p", type="COGNITO_USER_POOLS", provider_arns=(POOL,)),
            WhoKind.COGNITO,
            "user pool eu-west-1_Pool",
            POOL,
        ),
        (
            "JWT",
            AuthorizerDefinition(
                name="j", type="JWT", issuers=(JwtIssuer(issuer="https://id.example.com/x", audiences=("a",)),)
            ),
            WhoKind.JWT,
            "JWT id.example.com",
            "https://id.example.com/x",
        ),
        (
            "CUSTOM",
            AuthorizerDefinition(name="l", type="REQUEST", function_uri=INVOKE),
            WhoKind.LAMBDA,
            "λ orders-api:live",
            FUNCTION,
        ),
        (
            "JWT",
            AuthorizerDefinition(name="l", type="REQUEST", function_uri=INVOKE),
            WhoKind.UNKNOWN,
            "unknown authorizer REQUEST",
            "",
        ),
    ],
)
def test_authorizers_are_named(
    authorization: str, definition: AuthorizerDefinition, kind: WhoKind, label: str, detail: str
) -> None:
    route = deployed(authorization_type=Present(value=authorization), authorizer=Present(value=definition))
    found = flow(route, rest_api()).who
    assert (found.kind, found.label, found.detail) == (kind, label, detail)


@pytest.mark.parametrize(
    ("statement", "label"),
    [
        ('{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}', "open to anyone"),
        ('{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}', "no identity, closed by policy"),
        (
            '{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}}',
            "no identity, limited by policy",
        ),
        ('{"Effect":"Allow","Principal":"*","NotAction":"s3:*","Resource":"*"}', "open to anyone"),
        (
            '{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*","Condition":{"DateGreaterThan":{"aws:CurrentTime":"2099-01-01"}}}',
            "no identity, policy undecided",
        ),
    ],
)
def test_a_resource_policy_shows_beside_nobody_asked(statement: str, label: str) -> None:
    api = rest_api(policy=Present(value=f'{{"Statement":[{statement}]}}'))
    found = flow(deployed(authorization_type=Present(value="NONE")), api)
    assert (found.who.kind, found.who.label) == (WhoKind.NONE, label)


def test_an_unread_policy_is_never_called_open() -> None:
    found = flow(deployed(authorization_type=Present(value="NONE")), rest_api(policy=UNREAD))
    assert found.who.label == "no identity, policy not read"


def test_a_message_route_inherits_from_connect() -> None:
    nobody = Present[str](value="NONE")
    found = flows(estate(web_socket("$connect"), web_socket("$default", authorization_type=nobody)))
    assert [(each.who.kind, each.who.label) for each in found] == [(WhoKind.IAM, "IAM"), (WhoKind.INHERITED, "IAM")]


def test_a_message_route_without_connect_is_open_only_where_the_routes_were_read() -> None:
    message = web_socket("$default", authorization_type=Present(value="NONE"))
    assert flow(message, listings=(listing("Route", V2),)).who.label == "open to anyone"
    assert flow(message).who.label == "not read"


@pytest.mark.parametrize(
    ("members", "kind", "label"),
    [
        ({}, "LAMBDA", "λ orders-api:live"),
        ({"uri": INVOKE.replace("orders-api:live", "${stageVariables.fn}")}, "LAMBDA", "λ ${stageVariables.fn}"),
        ({"uri": FUNCTION}, "LAMBDA", "λ orders-api:live"),
        (
            {
                "uri": INVOKE.replace("2015-03-31", "2021-11-15").replace(
                    "/invocations", "/response-streaming-invocations"
                )
            },
            "LAMBDA",
            "λ orders-api:live",
        ),
        ({"type": "HTTP_PROXY", "uri": "https://legacy.example.com/a/b"}, "HTTP", "https://legacy.example.com"),
        ({"type": "HTTP", "uri": "https://user:pw@legacy.example.com/"}, "HTTP", "https://legacy.example.com"),
        (
            {"type": "HTTP_PROXY", "uri": "http://internal/x", "connection_type": "VPC_LINK"},
            "PRIVATE",
            "private internal",
        ),
        (
            {
                "type": "HTTP_PROXY",
                "connection_type": "VPC_LINK",
                "uri": f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:listener/app/shop-alb/1/2",
            },
            "PRIVATE",
            "private shop-alb",
        ),
        (
            {"type": "AWS", "uri": f"arn:aws:apigateway:{REGION}:sqs:action/SendMessage"},
            "AWS_SERVICE",
            "sqs SendMessage",
        ),
        (
            {"type": "AWS", "uri": f"arn:aws:apigateway:{REGION}:sqs:path/{ACCOUNT}/queue"},
            "AWS_SERVICE",
            f"sqs /{ACCOUNT}/queue",
        ),
        ({"uri": None, "subtype": "SQS-SendMessage"}, "AWS_SERVICE", "SQS-SendMessage"),
        ({"type": "MOCK", "uri": None}, "MOCK", "mock answer"),
        ({"type": "AWS", "uri": "nonsense"}, "UNKNOWN", "AWS, target unknown"),
        ({"type": "NEW", "uri": "x"}, "UNKNOWN", "NEW, target unknown"),
    ],
)
def test_integrations_have_a_class_and_a_word(members: dict[str, Any], kind: str, label: str) -> None:
    found = flow(deployed(integration=integration(**members)), rest_api())
    assert (found.backend.kind, found.backend.label) == (kind, label)


def test_a_missing_integration_is_not_an_unread_one() -> None:
    assert flow(deployed(integration=Absent())).backend == Backend(kind="NONE", label="no integration", target=None)
    assert flow(deployed(integration=UNREAD)).backend == Backend(kind="UNKNOWN", label="not read", target=None)


def test_every_door_is_shown() -> None:
    found = flow(deployed(), rest_api(), domain(mutual_tls_truststore=Present(value="s3://b/t.pem")))
    assert [(each.url, each.kind, each.mutual_tls) for each in found.doors] == [
        ("https://abc.execute-api.eu-west-1.amazonaws.com/prod/pets", "execute-api", False),
        ("https://api.example.com/v1/pets", "domain", True),
    ]
    assert found.doors_complete


OFF = rest_api(disable_execute_api_endpoint=Present(value=True))


def export(*, is_off: bool = False, **members: Any) -> StageExport:
    given = {
        "arn": f"{REST}/stages/prod/exports/oas30",
        "name": "export of prod",
        "api_arn": REST,
        "stage_arn": f"{REST}/stages/prod",
        "disable_execute_api_endpoint": Present(value=is_off),
    }
    return StageExport(**not_set(StageExport) | COMMON | given | members)


def test_a_disabled_endpoint_is_no_door_once_it_is_deployed() -> None:
    found = flow(deployed(), OFF, export(is_off=True))
    assert (found.doors, found.doors_complete) == ((), True)


def test_a_disabled_endpoint_that_is_not_deployed_is_a_door() -> None:
    found = flow(deployed(), OFF, export(is_off=False))
    assert [each.kind for each in found.doors] == ["execute-api"]


def test_a_disabled_endpoint_of_which_nothing_tells_that_it_is_deployed_may_be_a_door() -> None:
    found = flow(deployed(), OFF)
    assert (found.doors, found.doors_complete) == ((), False)


def test_a_routing_rule_is_a_door_and_says_which_headers_it_asks_for() -> None:
    rule = RoutingRule(
        rule_id="r",
        priority=1,
        conditions=(
            RoutingCondition(base_paths=("beta",), headers=()),
            RoutingCondition(base_paths=(), headers=(RoutingHeader(header="x-version", value_glob="2*"),)),
        ),
        api_id="abc",
        stage="prod",
        strip_base_path=True,
    )
    ruled = domain(mappings=Present(value=()), routing_rules=Present(value=(rule,)))
    door = flow(deployed(), rest_api(), ruled).doors[1]
    assert (door.url, door.when) == ("https://api.example.com/beta/pets", "x-version: 2*")


def test_a_mapping_without_a_stage_takes_it_from_the_path() -> None:
    mapped = domain(mappings=Present(value=(ApiMapping(path="", api_id="abc", stage=""),)))
    assert flow(deployed(), rest_api(), mapped).doors[1].url == "https://api.example.com/prod/pets"


def test_a_mapping_of_another_stage_is_no_door() -> None:
    mapped = domain(mappings=Present(value=(ApiMapping(path="", api_id="abc", stage="test"),)))
    assert len(flow(deployed(), rest_api(), mapped).doors) == 1


@pytest.mark.parametrize(
    ("resources", "listings"),
    [
        ((rest_api(),), ()),
        ((rest_api(),), (listing("DomainName", complete=False),)),
        ((rest_api(), domain(routing_rules=UNREAD)), (listing("DomainName"),)),
        ((rest_api(), domain(mappings=UNREAD)), (listing("DomainName"),)),
        ((rest_api(disable_execute_api_endpoint=UNREAD),), (listing("DomainName"),)),
        ((), (listing("DomainName"),)),
    ],
)
def test_doors_behind_a_gap_are_not_called_complete(
    resources: tuple[Resource, ...], listings: tuple[Listing, ...]
) -> None:
    assert not flow(deployed(), *resources, listings=listings).doors_complete


def test_the_default_stage_is_not_in_the_address() -> None:
    route = deployed(
        api_arn=V2,
        stage="$default",
        stage_arn=f"{V2}/stages/$default",
        protocol=Protocol.HTTP,
        route_key="$default",
        method="$default",
        path="$default",
    )
    assert flow(route, http_api()).doors[0].url == "https://xyz.execute-api.eu-west-1.amazonaws.com/"


def test_a_web_socket_answers_on_wss_and_in_china_under_its_own_suffix() -> None:
    route = web_socket("$connect", arn=f"arn:aws-cn:execute-api:{REGION}:{ACCOUNT}:xyz/live/$connect")
    api = http_api(protocol=Protocol.WEBSOCKET)
    assert flow(route, api).doors[0].url == "wss://xyz.execute-api.eu-west-1.amazonaws.com.cn/live"


@pytest.mark.parametrize(
    ("api", "private"),
    [
        (rest_api(), False),
        (rest_api(endpoint_types=Present(value=("PRIVATE",))), True),
        (rest_api(endpoint_types=UNREAD), None),
    ],
)
def test_privacy_is_three_valued(api: RestApi, private: bool | None) -> None:  # noqa: FBT001 - a table's column
    assert flow(deployed(), api).private is private


@pytest.mark.parametrize(
    ("fact", "trace", "said"),
    [
        (Absent(), "NONE", "Writes no access log."),
        (
            Present(value=f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/apigw/orders"),
            Trace.ANONYMOUS,
            "Writes an access log to /aws/apigw/orders, which does not say who called.",
        ),
        (
            Present(value=f"arn:aws:firehose:{REGION}:{ACCOUNT}:deliverystream/amazon-apigateway-x"),
            Trace.ANONYMOUS,
            "Writes an access log to amazon-apigateway-x, which does not say who called.",
        ),
        (UNREAD, None, "Whether calls are logged was not read."),
    ],
)
def test_the_access_log_is_the_stages(fact: Any, trace: str | None, said: str) -> None:
    found = flow(deployed(), rest_api(), stage(access_log_destination=fact))
    assert (found.trace, sentence(found, "evidence")) == (trace, said)


def test_a_stage_that_was_not_read_is_no_missing_log() -> None:
    assert flow(deployed(), rest_api()).trace is None


def test_an_equal_working_copy_is_no_drift() -> None:
    assert flow(deployed(), rest_api(), method()).drift is Drift.NONE


@pytest.mark.parametrize(
    ("members", "field"),
    [
        ({"authorization_type": Present(value="NONE")}, "authorization type"),
        ({"api_key_required": Present(value=True)}, "API key required"),
        ({"authorization_scopes": Present(value=("a",))}, "scopes"),
        ({"integration": integration(uri="https://x.example.com")}, "integration target"),
        ({"integration": integration(type="AWS")}, "integration type"),
        ({"integration": Absent()}, "integration"),
    ],
)
def test_a_working_copy_that_moved_on_is_drift(members: dict[str, Any], field: str) -> None:
    found = flow(deployed(), rest_api(), method(**members))
    assert found.drift is Drift.UNDEPLOYED_CHANGE
    assert [each.field for each in found.drift_fields] == [field]


@pytest.mark.parametrize(
    ("configured", "deployed_side"),
    [
        ({"timeout_ms": 29000, "passthrough": "WHEN_NO_MATCH", "cache_namespace": "r1"}, {}),
        ({"cache_key_parameters": ("method.request.path.id",), "response_transfer_mode": "BUFFERED"}, {}),
        ({"insecure_skip_verification": False}, {"insecure_skip_verification": None}),
        ({"payload_format_version": "1.0"}, {}),
    ],
)
def test_what_only_one_side_tells_of_an_integration_is_no_drift(
    configured: dict[str, Any], deployed_side: dict[str, Any]
) -> None:
    route = deployed(integration=integration(**deployed_side))
    assert flow(route, rest_api(), method(integration=integration(**configured))).drift is Drift.NONE


@pytest.mark.parametrize("member", ["request_models", "responses"])
def test_what_an_export_may_leave_out_is_no_drift(member: str) -> None:
    assert flow(deployed(**{member: UNREAD}), rest_api(), method()).drift is Drift.NONE


@pytest.mark.parametrize(
    ("members", "field"),
    [
        ({"insecure_skip_verification": True}, "certificate check"),
        ({"server_name_to_verify": "orders.example.com"}, "server name to verify"),
        (
            {"request_parameters": {"integration.request.header.X-User": "context.authorizer.claims.sub"}},
            "request mapping",
        ),
        ({"request_templates": {"application/json": "{}"}}, "body templates"),
        ({"passthrough": "NEVER"}, "body passthrough"),
        ({"content_handling": "CONVERT_TO_TEXT"}, "content handling"),
    ],
)
def test_what_is_done_to_a_call_on_its_way_is_compared(members: dict[str, Any], field: str) -> None:
    found = flow(deployed(), rest_api(), method(integration=integration(**members)))
    assert [each.field for each in found.drift_fields] == [field]


def test_an_http_authorizer_without_a_time_keeps_nothing() -> None:
    definition = AuthorizerDefinition(name="fn", type="REQUEST", function_uri=INVOKE, ttl_seconds=None)
    given: dict[str, Any] = {
        "api_arn": V2,
        "protocol": Protocol.HTTP,
        "authorization_type": Present[str](value="CUSTOM"),
    }
    route = deployed(**given, authorizer=Present(value=definition))
    working = Route(
        **not_set(Route)
        | COMMON
        | {"arn": f"{V2}/routes/r", "name": "GET /pets", "api_arn": V2, "route_key": "GET /pets"}
        | {"authorization_type": given["authorization_type"], "authorizer_id": Present[str](value="a1")}
        | {"api_key_required": Present[bool](value=False), "integration": integration()}
    )
    same = authorizer(definition.model_copy(update={"ttl_seconds": 0})).model_copy(update={"api_arn": V2})
    kept = authorizer(definition.model_copy(update={"ttl_seconds": 300})).model_copy(update={"api_arn": V2})
    assert flow(route, http_api(), working, same).drift is Drift.NONE
    assert [each.field for each in flow(route, http_api(), working, kept).drift_fields] == ["authorizer cache seconds"]


@pytest.mark.parametrize(
    "member",
    [
        "authorization_type",
        "api_key_required",
        "authorization_scopes",
        "integration",
        "request_validation",
        "request_parameters",
        "integration_responses",
    ],
)
def test_what_was_not_read_is_unknown_drift_never_none(member: str) -> None:
    assert flow(deployed(**{member: UNREAD}), rest_api(), method()).drift is Drift.UNKNOWN
    assert flow(deployed(), rest_api(), method(**{member: UNREAD})).drift is Drift.UNKNOWN


def test_a_known_difference_is_drift_even_beside_something_unread() -> None:
    moved = method(authorization_type=Present(value="NONE"), integration=UNREAD)
    assert flow(deployed(), rest_api(), moved).drift is Drift.UNDEPLOYED_CHANGE


def test_an_authorizer_is_compared_by_what_it_is() -> None:
    definition = AuthorizerDefinition(name="pool", type="COGNITO_USER_POOLS", provider_arns=(POOL,), ttl_seconds=300)
    kind = Present[str](value="COGNITO_USER_POOLS")
    route = deployed(authorization_type=kind, authorizer=Present(value=definition))
    working = method(authorization_type=kind, authorizer_id=Present(value="a1"))
    same = definition.model_copy(update={"ttl_seconds": None, "identity_source": ("method.request.header.X",)})
    assert flow(route, rest_api(), working, authorizer(same)).drift is Drift.NONE
    other = definition.model_copy(update={"provider_arns": (POOL + "2",)})
    assert [each.field for each in flow(route, rest_api(), working, authorizer(other)).drift_fields] == ["user pools"]
    whole = (listing("DomainName"), listing("Authorizer", REST))
    assert [each.field for each in flow(route, rest_api(), working, listings=whole).drift_fields] == ["authorizer"]
    assert flow(route, rest_api(), working).drift is Drift.UNKNOWN


def test_a_deployed_route_that_the_working_copy_lacks_is_drift_where_the_copy_was_read() -> None:
    whole = (listing("DomainName"), listing("Method", REST))
    found = flow(deployed(), rest_api(), listings=whole)
    assert found.drift is Drift.UNDEPLOYED_CHANGE
    assert found.drift_fields[0].configured == "removed, not deployed"
    assert flow(deployed(), rest_api(), listings=(listing("Method", REST, complete=False),)).drift is Drift.UNKNOWN
    assert flow(deployed(), rest_api()).drift is Drift.UNKNOWN


def test_a_configured_view_has_unknown_drift_and_says_so() -> None:
    route = web_socket("$connect", view=View.CONFIGURED, api_key_required=NotApplicable(why="none"))
    found = flow(route, http_api(protocol=Protocol.WEBSOCKET))
    assert found.drift is Drift.UNKNOWN
    assert sentence(found, "entry").endswith("; the working copy is shown, for what is deployed cannot be read.")


def test_routes_on_no_stage_are_named_where_the_stages_were_read() -> None:
    lonely = method(arn=f"{REST}/resources/r2/methods/PUT", http_method="PUT")
    given = {"arn": f"{V2}/routes/r", "name": "GET /x", "api_arn": V2, "route_key": "GET /x"}
    http = Route(**not_set(Route) | COMMON | given | {"authorization_type": Present[str](value="NONE")})
    found = undeployed(estate(deployed(), method(), lonely, http, listings=(listing("Stage", REST),)))
    assert found == (lonely,)
    hidden = (listing("Stage", REST), listing("DeployedRoute", f"{REST}/stages/prod", complete=False))
    assert undeployed(estate(deployed(), lonely, stage(), listings=hidden)) == ()


def test_equal_api_arns_of_two_accounts_do_not_mix() -> None:
    other = rest_api(account="444455556666", name="theirs", disable_execute_api_endpoint=Present(value=True))
    found = flow(deployed(), rest_api(), other)
    assert found.api_name == "orders"
    assert len(found.doors) == 1


def test_a_private_api_is_not_called_open_to_the_world() -> None:
    private: dict[str, Any] = {"endpoint_types": Present(value=("PRIVATE",))}
    everyone = '{"Statement":{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}}'
    route = deployed(authorization_type=Present(value="NONE"))
    assert flow(route, rest_api(**private)).who.label == "no identity, private without policy"
    opened = rest_api(**private, policy=Present(value=everyone))
    assert flow(route, opened).who.label == "open to anyone in any VPC"


FORBIDDEN = GatewayAnswer(response_type="DEFAULT_4XX", status="403", parameters={}, templates={})
PLAIN_BODY = {"application/json": '{"message":$context.error.messageString}'}


def customised(**members: Any) -> GatewayResponse:
    given = {
        "arn": f"{REST}/gatewayresponses/DEFAULT_4XX",
        "name": "DEFAULT_4XX",
        "api_arn": REST,
        "response_type": "DEFAULT_4XX",
        "status": Present(value="403"),
        "is_default": Present(value=False),
    }
    return GatewayResponse(**not_set(GatewayResponse) | COMMON | given | members)


@pytest.mark.parametrize(
    ("working", "told", "expected"),
    [
        ((customised(),), Present(value=(FORBIDDEN,)), Drift.NONE),
        ((customised(templates=Present(value=PLAIN_BODY)),), Present(value=(FORBIDDEN,)), Drift.NONE),
        ((customised(status=Absent()),), Present(value=(FORBIDDEN,)), Drift.NONE),
        ((), Present(value=()), Drift.NONE),
        ((), Absent(), Drift.NONE),
        ((customised(is_default=Present(value=True)),), Present(value=()), Drift.NONE),
        ((customised(status=Present(value="404")),), Present(value=(FORBIDDEN,)), Drift.UNDEPLOYED_CHANGE),
        ((customised(templates=Present(value={"a/b": "x"})),), Present(value=(FORBIDDEN,)), Drift.UNDEPLOYED_CHANGE),
        ((customised(),), Present(value=()), Drift.UNDEPLOYED_CHANGE),
        ((), Present(value=(FORBIDDEN,)), Drift.UNDEPLOYED_CHANGE),
        ((customised(),), Absent(), Drift.UNKNOWN),
        ((customised(parameters=UNREAD),), Present(value=(FORBIDDEN,)), Drift.UNKNOWN),
        ((), UNREAD, Drift.UNKNOWN),
    ],
)
def test_answers_of_the_gateway_that_were_edited_and_not_deployed_are_drift(
    working: tuple[GatewayResponse, ...], told: Any, expected: Drift
) -> None:
    found = flow(deployed(), rest_api(), method(), *working, export(gateway_responses=told))
    assert found.drift is expected
    assert [each.field for each in found.drift_fields] == ["gateway responses"] * (expected is Drift.UNDEPLOYED_CHANGE)


def test_answers_of_the_gateway_that_were_not_listed_are_unknown_drift() -> None:
    assert flow(deployed(), rest_api(), method(), listings=(listing("DomainName"),)).drift is Drift.UNKNOWN


def _statuses(*resources: Resource) -> str:
    return " ".join(step.sentence for step in flow(deployed(), rest_api(), *resources).steps)


def test_the_answers_of_the_gateway_are_those_that_are_deployed_where_the_export_tells() -> None:
    assert "403" in _statuses(export(gateway_responses=Present(value=(FORBIDDEN,))))
    assert "403" not in _statuses(customised(), export(gateway_responses=Present(value=())))
    assert "403" in _statuses(customised(), export())
    assert "403" not in _statuses(customised(), export(gateway_responses=UNREAD))
