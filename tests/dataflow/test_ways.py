"""Where a domain name leads: mappings and routing rules, as the routing mode lets them count."""

from typing import Any

import pytest

from auditor.dataflow.ways import are_read, leads_to, needed_ways, ways
from auditor.model.fact import NotReadError
from auditor.model.gateway import DeployedRoute, DomainName
from tests.estates import resource

MAPPING = {"path": "v1", "api_id": "a1", "stage": "prod"}
RULE = {"rule_id": "r", "priority": 1, "conditions": [], "api_id": "b1", "stage": "prod", "strip_base_path": False}


def _domain(**members: Any) -> DomainName:
    given = {"mappings": [MAPPING], "routing_rules": [RULE], "routing_mode": "absent"}
    found = resource({"kind": "DomainName", **given, **members})
    assert isinstance(found, DomainName)
    return found


def _route(path: str) -> DeployedRoute:
    arn = "arn:aws:apigateway:eu-west-1::/restapis/b1"
    found = resource(
        {
            "kind": "DeployedRoute",
            "api_arn": arn,
            "stage_arn": f"{arn}/stages/prod",
            "stage": "prod",
            "path": path,
            "protocol": "REST",
            "view": "DEPLOYED",
        }
    )
    assert isinstance(found, DeployedRoute)
    return found


@pytest.mark.parametrize(
    ("mode", "apis"),
    [
        ("BASE_PATH_MAPPING_ONLY", ["a1"]),
        ("API_MAPPING_ONLY", ["a1"]),
        ("ROUTING_RULE_ONLY", ["b1"]),
        ("ROUTING_RULE_THEN_BASE_PATH_MAPPING", ["a1", "b1"]),
        ("ROUTING_RULE_THEN_API_MAPPING", ["a1", "b1"]),
        ("absent", ["a1", "b1"]),
        ("BY_WEATHER", ["a1", "b1"]),
    ],
)
def test_the_routing_mode_says_what_counts(mode: str, apis: list[str]) -> None:
    assert [way.api_id for way in ways(_domain(routing_mode=mode))] == apis


@pytest.mark.parametrize(
    ("members", "read"),
    [
        ({"routing_rules": "unread"}, False),
        ({"mappings": "unread"}, False),
        ({"routing_mode": "unread"}, False),
        ({"routing_rules": "unread", "routing_mode": "API_MAPPING_ONLY"}, True),
        ({"mappings": "unread", "routing_mode": "ROUTING_RULE_ONLY"}, True),
    ],
)
def test_only_what_counts_can_hide_a_way(members: dict[str, Any], *, read: bool) -> None:
    domain = _domain(**members)
    assert are_read(domain) is read
    if not read:
        with pytest.raises(NotReadError):
            needed_ways(domain)


@pytest.mark.parametrize(
    ("base", "strip", "path", "reached"),
    [
        ("orders", True, "/health", True),
        ("orders", False, "/health", False),
        ("orders", False, "/orders/{id}", True),
        ("orders", False, "/{proxy+}", True),
        ("orders", False, "/{anything}/x", True),
        ("orders/v2", False, "/orders/v1", False),
        ("orders/v2", False, "/orders", False),
        ("orders/v2", False, "/orders/{version}", True),
    ],
)
def test_a_base_that_stays_on_must_be_the_routes_own(base: str, path: str, *, strip: bool, reached: bool) -> None:
    condition = {"base_paths": [base], "headers": []}
    domain = _domain(
        routing_mode="ROUTING_RULE_ONLY", routing_rules=[{**RULE, "conditions": [condition], "strip_base_path": strip}]
    )
    assert [leads_to(way, _route(path)) for way in ways(domain)] == [reached]


def test_a_rule_with_several_bases_and_headers_is_a_way_each() -> None:
    conditions = [
        {"base_paths": ["a", "b"], "headers": []},
        {"base_paths": [], "headers": [{"header": "x-v", "value_glob": "1*"}, {"header": "x-v", "value_glob": "2"}]},
    ]
    found = list(ways(_domain(routing_mode="ROUTING_RULE_ONLY", routing_rules=[{**RULE, "conditions": conditions}])))
    assert [(way.base, way.headers) for way in found] == [("a", ("x-v: 1* or x-v: 2",)), ("b", ("x-v: 1* or x-v: 2",))]
