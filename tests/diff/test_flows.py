from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.dataflow.build import flows
from auditor.diff.compare import Side, compare
from auditor.diff.paths.said import LONGEST
from auditor.model.contract import GatewayResponse
from auditor.model.diff import Direction, FlowChange
from auditor.model.doors import StageExport
from auditor.model.fact import Absent, Present, Unread
from auditor.model.gateway import DeployedRoute, Deployment, DomainName, Method, Protocol, Stage, View
from auditor.model.resource import Listing, Resource
from auditor.model.route_parts import AuthorizerDefinition, Integration, JwtIssuer, RequestValidation, RouteSetting
from auditor.model.snapshot import GapReason, not_asked
from tests.diff.test_compare import ACCOUNT, REGION, REST, api, gap, listing, route, side
from tests.estates import not_set

STAGE = f"{REST}/stages/prod"
OPEN = Present[str](value="NONE")
ALLOW_ALL = (
    '{"Statement":[{"Effect":"Allow","Principal":"*","Action":"execute-api:Invoke","Resource":"execute-api:/*"}],'
    '"Version":"2012-10-17"}'
)
ALLOW_ONE = (
    '{"Statement":[{"Effect":"Allow","Principal":"*","Action":"execute-api:Invoke","Resource":"execute-api:/*",'
    '"Condition":{"IpAddress":{"aws:SourceIp":"198.51.100.7/32"}}}],"Version":"2012-10-17"}'
)
POOL = AuthorizerDefinition(
    name="pool", type="COGNITO_USER_POOLS", provider_arns=("arn:aws:cognito-idp:r:a:userpool/p",)
)
ISSUER = AuthorizerDefinition(name="i", type="JWT", issuers=(JwtIssuer(issuer="https://id.example", audiences=("a",)),))


def stage(**members: Any) -> Stage:
    given_ = {
        "arn": STAGE,
        "account": ACCOUNT,
        "region": REGION,
        "name": "prod",
        "api_arn": REST,
        "stage": "prod",
        "protocol": Protocol.REST,
        "deployment_id": Present(value="d1"),
    }
    return Stage(**not_set(Stage) | given_ | members)


def deployment(name: str, day: int = 12) -> Deployment:
    return Deployment(
        arn=f"{REST}/deployments/{name}",
        account=ACCOUNT,
        region=REGION,
        name=name,
        tags=Absent(),
        api_arn=REST,
        deployment_id=name,
        created=Present(value=datetime(2026, 8, day, tzinfo=UTC)),
        auto_deployed=Absent(),
    )


def method(**members: Any) -> Method:
    given_ = {
        "arn": f"{REST}/resources/r/methods/GET",
        "account": ACCOUNT,
        "region": REGION,
        "name": "GET /pets",
        "api_arn": REST,
        "path": "/pets",
        "http_method": "GET",
        "authorization_type": Present(value="AWS_IAM"),
        "api_key_required": Present(value=False),
    }
    return Method(**not_set(Method) | given_ | members)


def export(**members: Any) -> StageExport:
    given_ = {
        "arn": f"{STAGE}/exports/oas30",
        "account": ACCOUNT,
        "region": REGION,
        "name": "e",
        "api_arn": REST,
        "stage_arn": STAGE,
    }
    return StageExport(**not_set(StageExport) | given_ | members)


def http(uri: str = "https://back.example", **members: Any) -> Present[Integration]:
    given_ = {
        "type": "HTTP_PROXY",
        "uri": uri,
        "http_method": "GET",
        "connection_type": None,
        "connection_id": None,
        "credentials": None,
    }
    return Present(value=Integration(**given_ | members))


def limit(rate: str) -> RouteSetting:
    return RouteSetting(
        path="*", method="*", throttle_rate=rate, throttle_burst=10, logging_level=None, data_trace=None
    )


LISTED = tuple(
    listing(kind, parent=parent)
    for kind, parent in (
        ("DomainName", None),
        ("GatewayResponse", REST),
        ("Stage", REST),
        ("Method", REST),
        ("DeployedRoute", STAGE),
    )
)


def taken(*resources: Resource, lists: tuple[Listing, ...] = LISTED, **members: Any) -> Side:
    """Return a side whose flows were built."""
    bare = side(*resources, listings=lists, **members)
    return replace(bare, estate=replace(bare.estate, flows=flows(bare.estate)))


def said(old: Side, new: Side) -> list[str]:
    return [each.what for each in compare(old, new).flows]


def only(old: Side, new: Side, member: str) -> FlowChange:
    found = [each for each in compare(old, new).flows if each.member == member]
    assert len(found) == 1, compare(old, new).flows
    return found[0]


def pair(before: dict[str, Any], after: dict[str, Any]) -> tuple[Side, Side]:
    """Return two sides of one route that was deployed anew in between."""
    d2 = Present[str](value="d2")
    old = taken(api(), stage(), route(**before), deployment("d1", 1))
    new = taken(
        api(),
        stage(deployment_id=d2),
        route(**{"deployment_id": d2, **after}),
        deployment("d1", 1),
        deployment("d2", 12),
    )
    return old, new


COGNITO = Present[str](value="COGNITO_USER_POOLS")
_BY_POOL = {"authorization_type": COGNITO, "authorizer": Present(value=POOL)}
CASES: list[tuple[str, dict[str, Any], dict[str, Any], str, str, Direction]] = [
    (
        "token gone",
        _BY_POOL,
        {"authorization_type": OPEN},
        "who",
        "`GET /pets` no longer asks for a token; deployed 2026-08-12",
        Direction.WORSE,
    ),
    (
        "token come",
        {"authorization_type": OPEN},
        _BY_POOL,
        "who",
        "`GET /pets` now asks for a token; deployed 2026-08-12",
        Direction.BETTER,
    ),
    ("token for signature", {}, _BY_POOL, "who", "asks for a token instead of an IAM signature", Direction.UNKNOWN),
    (
        "unknown type",
        {},
        {"authorization_type": Present(value="MTLS")},
        "who",
        "has authorization type MTLS instead of AWS_IAM",
        Direction.UNKNOWN,
    ),
    (
        "another issuer",
        _BY_POOL,
        {"authorization_type": Present(value="JWT"), "authorizer": Present(value=ISSUER)},
        "who",
        "trusts JWT id.example instead of user pool p",
        Direction.UNKNOWN,
    ),
    (
        "cache of decisions",
        _BY_POOL,
        {**_BY_POOL, "authorizer": Present(value=POOL.model_copy(update={"ttl_seconds": 3600}))},
        "authorizer",
        "has its authorizer changed: ttl seconds",
        Direction.UNKNOWN,
    ),
    (
        "scope gone",
        {**_BY_POOL, "authorization_scopes": Present(value=("a",))},
        _BY_POOL,
        "scopes",
        "no longer asks for scope a",
        Direction.WORSE,
    ),
    (
        "scope come",
        _BY_POOL,
        {**_BY_POOL, "authorization_scopes": Present(value=("a",))},
        "scopes",
        "now asks for scope a",
        Direction.BETTER,
    ),
    (
        "one scope more",
        {**_BY_POOL, "authorization_scopes": Present(value=("a",))},
        {**_BY_POOL, "authorization_scopes": Present(value=("b", "a"))},
        "scopes",
        "now takes scope b too",
        Direction.WORSE,
    ),
    (
        "key gone",
        {"api_key_required": Present(value=True)},
        {},
        "API key",
        "no longer needs an API key",
        Direction.WORSE,
    ),
    (
        "back end",
        {"integration": http()},
        {"integration": http("https://new.example")},
        "back end",
        "now leads to https://new.example instead of https://back.example",
        Direction.UNKNOWN,
    ),
    (
        "plain line",
        {"integration": http()},
        {"integration": http("http://back.example")},
        "back end",
        "now leads to http://back.example",
        Direction.WORSE,
    ),
    (
        "other path",
        {"integration": http()},
        {"integration": http("https://back.example/v2")},
        "back end",
        "another target of https://back.example",
        Direction.UNKNOWN,
    ),
    (
        "any certificate",
        {"integration": http()},
        {"integration": http(insecure_skip_verification=True)},
        "certificate check",
        "now takes any certificate",
        Direction.WORSE,
    ),
    (
        "validation gone",
        {"request_validation": Present(value=RequestValidation(validator="all", body=True, parameters=True))},
        {"request_validation": Present(value=RequestValidation(validator="some", body=False, parameters=True))},
        "validation",
        "no longer has its body validated",
        Direction.WORSE,
    ),
    (
        "identity header gone",
        {"integration": http(request_parameters={"integration.request.header.x-user": "context.identity.userArn"})},
        {"integration": http()},
        "transforms",
        "no longer sets header x-user from the verified caller",
        Direction.WORSE,
    ),
    (
        "header by the client",
        {"integration": http(request_parameters={"integration.request.header.x-user": "context.identity.userArn"})},
        {"integration": http(request_parameters={"integration.request.header.x-user": "method.request.querystring.u"})},
        "transforms",
        "now copies query u into header x-user",
        Direction.WORSE,
    ),
    (
        "template",
        {"integration": http(type="HTTP", request_templates={"application/json": "{}"})},
        {"integration": http(type="HTTP", request_templates={"application/json": "{ }"})},
        "template",
        "has another body template for application/json",
        Direction.UNKNOWN,
    ),
]


@pytest.mark.parametrize(
    ("before", "after", "member", "words", "direction"), [pytest.param(*each[1:], id=each[0]) for each in CASES]
)
def test_a_change_is_said_in_words_with_the_day_of_its_deployment(
    before: dict[str, Any], after: dict[str, Any], member: str, words: str, direction: Direction
) -> None:
    found = only(*pair(before, after), member)
    assert words in found.what
    assert found.direction is direction
    assert found.deployed == date(2026, 8, 12)
    assert found.what.endswith("; deployed 2026-08-12")
    assert found.what == f"`GET /pets` {found.change}"


@pytest.mark.parametrize("each", CASES, ids=[each[0] for each in CASES])
def test_what_was_not_read_is_no_change(each: tuple[str, dict[str, Any], dict[str, Any], str, str, Direction]) -> None:
    _, before, after, *_ = each
    hidden = {name: Unread(gap=gap(resource=STAGE)) for name in before.keys() | after.keys()}
    assert said(*pair(before, hidden)) == []
    assert said(*pair(hidden, after)) == []


STAGE_CASES: list[tuple[str, dict[str, Any], dict[str, Any], str, str, Direction]] = [
    (
        "web ACL gone",
        {"web_acl_arn": Present(value="arn:aws:wafv2:r:a:regional/webacl/shop/1")},
        {},
        "web ACL",
        "is no longer behind web ACL shop",
        Direction.WORSE,
    ),
    (
        "web ACL come",
        {},
        {"web_acl_arn": Present(value="arn:aws:wafv2:r:a:regional/webacl/shop/1")},
        "web ACL",
        "is now behind web ACL shop",
        Direction.BETTER,
    ),
    (
        "limit gone",
        {"settings": Present(value=(limit("50.0"),))},
        {"settings": Present(value=())},
        "throttle",
        "no longer has a limit of 50.0 calls a second",
        Direction.WORSE,
    ),
    (
        "other limit",
        {"settings": Present(value=(limit("50.0"),))},
        {"settings": Present(value=(limit("60.0"),))},
        "throttle",
        "is limited to 60.0 calls a second instead of 50.0",
        Direction.NEITHER,
    ),
    (
        "cache on",
        {"cache_cluster_enabled": Present(value=False)},
        {"cache_cluster_enabled": Present(value=True)},
        "cache",
        "now gives an earlier answer again for 300 s, told apart by the path alone",
        Direction.UNKNOWN,
    ),
    (
        "log gone",
        {
            "access_log_destination": Present(value="arn:aws:logs:r:a:log-group:l"),
            "access_log_format": Present(value='{"user":"$context.identity.userArn","id":"$context.requestId"}'),
        },
        {},
        "trace",
        "no longer has an access log",
        Direction.WORSE,
    ),
]


@pytest.mark.parametrize(
    ("before", "after", "member", "words", "direction"), [pytest.param(*each[1:], id=each[0]) for each in STAGE_CASES]
)
def test_what_the_stage_sets_needs_no_deployment(
    before: dict[str, Any], after: dict[str, Any], member: str, words: str, direction: Direction
) -> None:
    found = only(taken(api(), stage(**before), route()), taken(api(), stage(**after), route()), member)
    assert words in found.what
    assert (found.direction, found.deployed) == (direction, None)
    hidden = {name: Unread(gap=gap(resource=REST)) for name in before.keys() | after.keys()}
    assert said(taken(api(), stage(**before), route()), taken(api(), stage(**hidden), route())) == []
    assert said(taken(api(), stage(**hidden), route()), taken(api(), stage(**after), route())) == []


def test_a_new_route_that_asks_nobody_is_worse_and_one_that_is_gone_is_better() -> None:
    refund = route("/refund", authorization_type=OPEN)
    old, new = (
        taken(api(), stage(), route(), deployment("d1")),
        taken(api(), stage(), route(), refund, deployment("d1")),
    )
    come = only(old, new, "route")
    assert (come.what, come.direction) == ("`GET /refund` is new and asks nobody; deployed 2026-08-12", Direction.WORSE)
    gone = only(new, old, "route")
    assert (gone.what, gone.direction) == ("`GET /refund` is gone", Direction.BETTER)


def test_a_route_that_a_policy_limits_is_not_open() -> None:
    limited = api(policy=Present(value=ALLOW_ONE))
    old, new = taken(limited, stage()), taken(limited, stage(), route(authorization_type=OPEN))
    assert "its resource policy limits who may call" in only(old, new, "route").what


def test_routes_behind_a_gap_neither_come_nor_go() -> None:
    cut = (*LISTED[:-1], listing("DeployedRoute", parent=STAGE, complete=False))
    seen, hidden = taken(api(), stage(), route()), taken(api(), stage(), lists=cut, gaps=(gap(resource=STAGE),))
    assert said(seen, hidden) == []
    assert said(hidden, seen) == []


def test_doors_that_nobody_could_have_seen_are_no_news() -> None:
    domain = DomainName(
        **not_set(DomainName)
        | {
            "arn": f"arn:aws:apigateway:{REGION}::/domainnames/api.example.com",
            "account": ACCOUNT,
            "region": REGION,
            "name": "api.example.com",
            "domain": "api.example.com",
            "routing_mode": Present(value="BASE_PATH_MAPPING_ONLY"),
            "mappings": Present(value=({"path": "v1", "api_id": "abc", "stage": "prod"},)),
        }
    )
    before, after = taken(api(), stage(), route()), taken(api(), stage(), route(), domain)
    assert "now answers under https://api.example.com/v1, too" in only(before, after, "doors").what
    assert "no longer answers under https://api.example.com/v1" in only(after, before, "doors").what
    unread = taken(api(), stage(), route(), lists=LISTED[1:])
    assert said(unread, after) == []
    assert said(after, unread) == []


def test_a_method_that_was_edited_and_not_deployed_changes_no_flow() -> None:
    before = taken(api(), stage(), route(), method(), deployment("d1"))
    after = taken(api(), stage(), route(), method(authorization_type=OPEN), deployment("d1"))
    found = only(before, after, "drift")
    words = "`GET /pets` was edited, not deployed: authorization type AWS_IAM becomes NONE with the next deployment"
    assert (found.what, found.direction, found.deployed) == (words, Direction.NEITHER, None)
    assert said(before, after) == [words]
    assert said(after, before) == ["`GET /pets` was edited back to what is deployed"]


def test_a_method_that_stands_on_no_stage_is_not_deployed() -> None:
    before = taken(api(), stage(), route(), method())
    new = method(arn=f"{REST}/resources/r/methods/PUT", name="PUT /pets", http_method="PUT", authorization_type=OPEN)
    assert said(before, taken(api(), stage(), route(), method(), new)) == [
        "`PUT /pets` is new in the working copy and on no stage"
    ]


def test_a_policy_that_was_edited_and_not_deployed_changes_no_flow() -> None:
    open_ = route(authorization_type=OPEN)
    before = taken(api(policy=Present(value=ALLOW_ONE)), stage(), open_)
    after = taken(api(policy=Present(value=ALLOW_ALL)), stage(), open_)
    assert said(before, after) == ["`GET /pets` has its resource policy edited, not deployed"]
    told = export(policy=Present(value=ALLOW_ONE))
    before = taken(api(policy=Present(value=ALLOW_ONE)), stage(), open_, method(authorization_type=OPEN), told)
    after = taken(api(policy=Present(value=ALLOW_ALL)), stage(), open_, method(authorization_type=OPEN), told)
    assert said(before, after) == ["`GET /pets` was edited, not deployed: resource policy"]


def test_answers_of_the_gateway_that_were_edited_and_not_deployed_change_no_flow() -> None:
    members = {
        "arn": f"{REST}/gatewayresponses/UNAUTHORIZED",
        "account": ACCOUNT,
        "region": REGION,
        "name": "UNAUTHORIZED",
    }
    answer = GatewayResponse(
        **not_set(GatewayResponse)
        | members
        | {"api_arn": REST, "response_type": "UNAUTHORIZED", "status": Present(value="404")}
    )
    before, after = (
        taken(api(), stage(), route(integration=http())),
        taken(api(), stage(), route(integration=http()), answer),
    )
    assert said(before, after) == ["`GET /pets` has the gateway's own answers edited, not deployed"]
    d2 = Present[str](value="d2")
    deployed = taken(api(), stage(), route(integration=http(), deployment_id=d2), answer, deployment("d2"))
    found = only(before, deployed, "transforms")
    assert found.what.endswith("; deployed 2026-08-12")


def test_a_policy_that_was_deployed_says_whom_it_lets_in() -> None:
    d2 = Present[str](value="d2")
    before = taken(api(policy=Present(value=ALLOW_ONE)), stage(), route(authorization_type=OPEN), deployment("d2"))
    after = taken(
        api(policy=Present(value=ALLOW_ALL)),
        stage(),
        route(authorization_type=OPEN, deployment_id=d2),
        deployment("d2"),
    )
    worse = only(before, after, "resource policy")
    assert worse.what == "`GET /pets` is no longer limited by its resource policy; deployed 2026-08-12"
    assert worse.direction is Direction.WORSE


def test_a_canary_that_begins_is_held_against_what_the_stage_serves() -> None:
    beside = route(authorization_type=OPEN, deployment_id=Present(value="d2"))
    canary = beside.model_copy(update={"arn": f"{beside.arn}#canary/d2"})
    on = stage(canary_deployment_id=Present(value="d2"), canary_percent=Present(value="5"))
    before, after = taken(api(), stage(), route()), taken(api(), on, route(), canary)
    found = said(before, after)
    assert "Stage prod: canary began: deployment d2 takes 5 % of the calls" in found
    assert "`GET /pets` in the canary no longer asks for an IAM signature" in found
    assert said(after, before) == ["Stage prod: canary ended"]
    promoted = taken(api(), stage(deployment_id=Present(value="d2")), beside)
    assert "Stage prod: canary was promoted: deployment d2 takes all calls" in said(after, promoted)


def test_whether_a_canary_began_is_not_known_where_its_member_was_not_read() -> None:
    unread = stage(canary_deployment_id=Unread(gap=gap(resource=REST)))
    on = stage(canary_deployment_id=Present(value="d2"), canary_percent=Present(value="5"))
    assert said(taken(api(), unread, route()), taken(api(), on, route())) == []
    assert said(taken(api(), on, route()), taken(api(), unread, route())) == []


def test_what_an_older_collection_never_asked_for_is_no_change() -> None:
    never = Unread(gap=not_asked("apigateway:GetExport", (ACCOUNT, REGION), STAGE, "apigateway:GET"))
    assert never.gap.reason is GapReason.NOT_ASKED
    old = taken(api(), stage(), route(integration=never, request_validation=never), schema_version=1)
    new = taken(api(), stage(), route(integration=http()))
    assert said(old, new) == []
    assert said(new, old) == []


def test_a_stage_variable_that_stood_as_a_digest_is_no_other_back_end() -> None:
    leads = http("https://${stageVariables.host}/v1")
    names: dict[str, Any] = {"variable_names": Present(value=("host",))}
    old = taken(api(), stage(**names), route(integration=leads), schema_version=2)
    new = taken(api(), stage(**names, variable_values=Present(value={"host": "b.example"})), route(integration=leads))
    assert said(old, new) == []
    moved = taken(api(), stage(**names, variable_values=Present(value={"host": "c.example"})), route(integration=leads))
    words = "`GET /pets` now leads to https://c.example instead of https://b.example, by a stage variable"
    assert said(new, moved) == [words]


def test_an_edit_of_a_websocket_api_without_a_deployment_is_not_deployed() -> None:
    def socket(kind: str, deployed: str) -> Iterator[Resource]:
        arn, base = f"arn:aws:apigateway:{REGION}::/apis/ws1", not_set(DeployedRoute)
        members = {
            "arn": f"arn:aws:execute-api:{REGION}:{ACCOUNT}:ws1/live/$connect",
            "api_arn": arn,
            "stage_arn": f"{arn}/stages/live",
            "stage": "live",
            "protocol": Protocol.WEBSOCKET,
            "view": View.CONFIGURED,
            "route_key": "$connect",
            "method": "$connect",
            "path": "$connect",
            "authorization_type": Present(value=kind),
            "deployment_id": Present(value=deployed),
        }
        yield DeployedRoute(**base | {"account": ACCOUNT, "region": REGION, "name": "$connect"} | members)

    lists = (listing("Route", parent=f"arn:aws:apigateway:{REGION}::/apis/ws1"),)
    before, edited = taken(*socket("AWS_IAM", "d1"), lists=lists), taken(*socket("NONE", "d1"), lists=lists)
    found = only(before, edited, "who")
    assert found.what == "`$connect` no longer asks for an IAM signature, in the working copy, not deployed"
    assert found.direction is Direction.NEITHER
    deployed = only(before, taken(*socket("NONE", "d2"), lists=lists), "who")
    assert (deployed.direction, deployed.deployed) == (Direction.WORSE, None)
    assert deployed.what.endswith("as configured")


changed = st.sampled_from([case[1] for case in CASES] + [case[2] for case in CASES])
staged = st.sampled_from([case[1] for case in STAGE_CASES] + [case[2] for case in STAGE_CASES])


@given(changed, staged)
def test_nothing_changes_between_equal_sides(members: dict[str, Any], set_: dict[str, Any]) -> None:
    one = taken(api(), stage(**set_), route(**members), method())
    assert compare(one, one).flows == ()
    assert compare(one, taken(api(), stage(**set_), route(**members), method())).flows == ()


@given(st.data(), changed, changed, staged)
def test_order_of_resources_does_not_matter_and_sentences_are_short(
    data: st.DataObject, before: dict[str, Any], after: dict[str, Any], set_: dict[str, Any]
) -> None:
    long = "/p" * 90
    old, new = (
        [api(), stage(), route(long, **before), route()],
        [api(), stage(**set_), route(long, **after), route("/new")],
    )
    found = compare(taken(*old), taken(*new)).flows
    shuffled = compare(taken(*data.draw(st.permutations(old))), taken(*data.draw(st.permutations(new)))).flows
    assert shuffled == found
    assert all(len(each.what) <= LONGEST for each in found)
    rank = [Direction.WORSE, Direction.UNKNOWN, Direction.BETTER, Direction.NEITHER]
    assert [each.direction for each in found] == sorted((each.direction for each in found), key=rank.index)
