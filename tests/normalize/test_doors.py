"""From API Gateway's answers to what stands before the APIs: owners, routing rules, gaps, and what an export says."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from auditor.model.doors import StageExport
from auditor.model.fact import Absent, NotApplicable, Present, Unread
from auditor.model.gateway import DomainName
from auditor.model.route_parts import GatewayAnswer
from auditor.model.snapshot import Gap, GapReason, Page, ShardKey
from auditor.normalize.facts import decimal
from auditor.normalize.shard import Normalized, normalize
from auditor.store.canonical import sha256

KEY = ShardKey(account="111122223333", region="eu-west-1", service="apigateway")
NOW = datetime(2026, 9, 30, tzinfo=UTC)
ARN = "arn:aws:apigateway:eu-west-1::/domainnames/api.example.com"
STAGE = "arn:aws:apigateway:eu-west-1::/restapis/a1/stages/prod"
Calls = list[tuple[str, dict[str, Any], Any]]
DOMAINS: Calls = [
    (
        "apigateway:GetDomainNames",
        {"resourceOwner": "SELF"},
        {
            "item": [
                {"domainName": "api.example.com", "routingMode": "ROUTING_RULE_ONLY", "endpointAccessMode": "STRICT"}
            ]
        },
    ),
    ("apigatewayv2:GetDomainNames", {}, {"items": []}),
    ("apigateway:GetBasePathMappings", {"domainName": "api.example.com"}, {"item": []}),
]
RULE = {
    "routingRuleId": "r1",
    "priority": 5,
    "conditions": [{"matchBasePaths": {"anyOf": ["v1"]}}],
    "actions": [{"invokeApi": {"apiId": "a1", "stage": "prod"}}],
}


def _normal(calls: Calls, *gaps: Gap) -> Normalized:
    pages = []
    for operation, parameters, body in calls:
        content = json.dumps(body).encode()
        page = Page(
            operation=operation,
            parameters=parameters,
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
        pages.append((page, content))
    return normalize(KEY, "aws", pages, gaps)


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


def _domains(found: Normalized) -> list[DomainName]:
    return [each for each in found.resources if isinstance(each, DomainName)]


def _rules(*rules: Any) -> Calls:
    return [
        *DOMAINS,
        ("apigatewayv2:ListRoutingRules", {"DomainName": "api.example.com"}, {"routingRules": list(rules)}),
    ]


def test_routing_rules_stand_by_priority_and_keep_their_base_where_aws_does_not_say() -> None:
    first = {**RULE, "routingRuleId": "r0", "priority": 1, "conditions": []}
    domain = _domains(_normal(_rules(RULE, first)))[0]
    assert isinstance(domain.routing_rules, Present)
    assert [(each.rule_id, each.strip_base_path) for each in domain.routing_rules.value] == [
        ("r0", False),
        ("r1", False),
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"actions": []},
        {"actions": [{"sendElsewhere": {}}]},
        {"actions": [*RULE["actions"], *RULE["actions"]]},  # type: ignore[misc]
        {"conditions": [{"matchMoonPhase": {}}]},
        {"priority": "soon"},
    ],
)
def test_a_rule_of_a_form_that_nobody_knows_hides_where_the_domain_leads(change: dict[str, Any]) -> None:
    found = _normal(_rules({**RULE, **change}))
    assert isinstance(_domains(found)[0].routing_rules, Unread)
    assert [each.operation for each in found.gaps] == ["apigatewayv2:ListRoutingRules"]


def test_rules_that_were_denied_are_unread_and_those_that_do_not_count_are_not_asked_for() -> None:
    gap = _gap("apigatewayv2:ListRoutingRules", ARN)
    assert _domains(_normal(DOMAINS, gap))[0].routing_rules == Unread(gap=gap)
    plain: Calls = [(DOMAINS[0][0], DOMAINS[0][1], {"item": [{"domainName": "a", "routingMode": "API_MAPPING_ONLY"}]})]
    assert isinstance(_domains(_normal(plain))[0].routing_rules, NotApplicable)


def test_what_only_the_older_list_tells_is_unread_without_it() -> None:
    newer: Calls = [("apigatewayv2:GetDomainNames", {}, {"items": [{"domainName": "api.example.com"}]})]
    gap = _gap("apigateway:GetDomainNames", None)
    domain = _domains(_normal(newer, gap))[0]
    assert domain.endpoint_access_mode == Unread(gap=gap)
    assert domain.policy == Unread(gap=gap)
    assert domain.security_policy == Absent()


def test_a_shared_domain_name_names_its_owner_and_leads_where_nobody_here_may_read() -> None:
    shared = {
        "domainName": "s.example",
        "domainNameId": "x1",
        "domainNameArn": "arn:aws:apigateway:eu-west-1:999988887777:/domainnames/s.example+x1",
    }
    calls: Calls = [*_rules(), ("apigateway:GetDomainNames", {"resourceOwner": "OTHER_ACCOUNTS"}, {"item": [shared]})]
    found = {each.domain: each for each in _domains(_normal(calls))}
    assert found["s.example"].owner_account == Present(value="999988887777")
    assert isinstance(found["s.example"].mappings, NotApplicable)
    assert found["api.example.com"].owner_account == Absent()
    del shared["domainNameArn"]
    assert isinstance(_domains(_normal(calls))[1].owner_account, Unread)


@pytest.mark.parametrize(
    ("document", "state"),
    [
        ({}, "absent"),
        ({"servers": [{"url": "https://x"}]}, "absent"),
        ({"servers": [{"x-amazon-apigateway-endpoint-configuration": {"disableExecuteApiEndpoint": True}}]}, "present"),
        ({"x-amazon-apigateway-endpoint-configuration": {"disableExecuteApiEndpoint": False}}, "present"),
        ({"servers": [{"x-amazon-apigateway-endpoint-configuration": "yes"}]}, "unread"),
        (
            {
                "servers": [
                    {"x-amazon-apigateway-endpoint-configuration": {"disableExecuteApiEndpoint": True}},
                    {"x-amazon-apigateway-endpoint-configuration": {"disableExecuteApiEndpoint": False}},
                ]
            },
            "unread",
        ),
    ],
)
def test_an_export_may_say_that_the_default_endpoint_is_off(document: dict[str, Any], state: str) -> None:
    calls: Calls = [("apigateway:GetExport", {"restApiId": "a1", "stageName": "prod"}, document)]
    export = next(each for each in _normal(calls).resources if isinstance(each, StageExport))
    assert (export.stage_arn, export.disable_execute_api_endpoint.state) == (STAGE, state)


_STATEMENTS = {"Version": "2012-10-17", "Statement": []}


@pytest.mark.parametrize("written", [_STATEMENTS, json.dumps(_STATEMENTS), json.dumps(json.dumps(_STATEMENTS))[1:-1]])
def test_an_export_tells_the_policy_as_an_object_or_as_text(written: Any) -> None:
    document = {"x-amazon-apigateway-policy": written}
    calls: Calls = [("apigateway:GetExport", {"restApiId": "a1", "stageName": "prod"}, document)]
    export = next(each for each in _normal(calls).resources if isinstance(each, StageExport))
    assert export.policy == Present(value='{"Statement":[],"Version":"2012-10-17"}')


@pytest.mark.parametrize("written", [[], 1, "none"])
def test_a_policy_of_an_export_that_is_none_is_unread(written: Any) -> None:
    document = {"x-amazon-apigateway-policy": written}
    calls: Calls = [("apigateway:GetExport", {"restApiId": "a1", "stageName": "prod"}, document)]
    export = next(each for each in _normal(calls).resources if isinstance(each, StageExport))
    assert isinstance(export.policy, Unread)


def test_an_export_that_was_denied_is_an_export_of_which_nobody_knows() -> None:
    gap = _gap("apigateway:GetExport", STAGE)
    export = next(each for each in _normal([], gap).resources if isinstance(each, StageExport))
    assert export.disable_execute_api_endpoint == Unread(gap=gap)
    assert export.gateway_responses == Unread(gap=gap)
    assert isinstance(export.cors, NotApplicable)


def _export(operation: str, document: dict[str, Any]) -> StageExport:
    names = ("restApiId", "stageName") if operation == "apigateway:GetExport" else ("ApiId", "StageName")
    calls: Calls = [(operation, dict(zip(names, ("a1", "prod"), strict=True)), document)]
    return next(each for each in _normal(calls).resources if isinstance(each, StageExport))


_FORBIDDEN = {"responseParameters": {"gatewayresponse.header.X-A": "'b'"}, "responseTemplates": {"a/b": "c"}}


@pytest.mark.parametrize(
    ("written", "status"), [({}, None), ({"statusCode": "403"}, "403"), ({"statusCode": 403}, "403")]
)
def test_an_export_tells_the_customised_answers_of_the_gateway(written: dict[str, Any], status: str | None) -> None:
    document = {"x-amazon-apigateway-gateway-responses": {"DEFAULT_4XX": _FORBIDDEN | written}}
    found = _export("apigateway:GetExport", document).gateway_responses
    answer = GatewayAnswer(
        response_type="DEFAULT_4XX",
        status=status,
        parameters={"gatewayresponse.header.X-A": "'b'"},
        templates={"a/b": "c"},
    )
    assert found == Present(value=(answer,))


@pytest.mark.parametrize(
    ("written", "state"),
    [
        (None, "absent"),
        ({}, "present"),
        ([], "unread"),
        ({"DEFAULT_4XX": {"statusCode": True}}, "unread"),
        ({"DEFAULT_4XX": {"responseParameters": "none"}}, "unread"),
    ],
)
def test_answers_of_a_form_that_nobody_knows_are_unread(written: Any, state: str) -> None:
    document = {"x-amazon-apigateway-gateway-responses": written}
    assert _export("apigateway:GetExport", document).gateway_responses.state == state


@pytest.mark.parametrize(
    ("written", "state"),
    [
        (None, "absent"),
        ({"allowOrigins": ["*"], "allowCredentials": False}, "present"),
        ({"allowOrigins": 1}, "unread"),
    ],
)
def test_the_export_of_an_http_api_tells_its_cors_configuration(written: Any, state: str) -> None:
    export = _export("apigatewayv2:ExportApi", {"x-amazon-apigateway-cors": written})
    assert export.cors.state == state
    assert isinstance(export.gateway_responses, NotApplicable)
    if isinstance(export.cors, Present):
        assert (export.cors.value.allow_origins, export.cors.value.allow_credentials) == (("*",), False)


@pytest.mark.parametrize(("value", "text"), [(10000.0, "10000"), (2.5, "2.5"), (0, "0"), (1e-05, "0.00001")])
def test_a_rate_is_kept_as_decimal_text(value: float, text: str) -> None:
    assert decimal(value) == text
