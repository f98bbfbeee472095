"""Which rules and mappings of a domain name never get a call."""

from typing import Any

import pytest

from auditor.dataflow.shadows import steps
from auditor.model.gateway import DomainName
from tests.estates import resource

BOTH = "ROUTING_RULE_THEN_BASE_PATH_MAPPING"
BETA = [{"header": "x-beta", "value_glob": "1"}]


def _condition(*paths: str, headers: Any = ()) -> dict[str, Any]:
    return {"base_paths": list(paths), "headers": list(headers)}


def _rule(priority: int, *conditions: dict[str, Any]) -> dict[str, Any]:
    return {
        "rule_id": f"r{priority}",
        "priority": priority,
        "conditions": list(conditions),
        "api_id": "a1",
        "stage": "prod",
        "strip_base_path": True,
    }


def _shadowed(rules: list[dict[str, Any]], mappings: tuple[str, ...] = (), mode: str = BOTH) -> dict[str, str]:
    given = {
        "kind": "DomainName",
        "arn": "d",
        "domain": "d.example.com",
        "routing_mode": mode,
        "routing_rules": rules,
        "mappings": [{"path": path, "api_id": "a1", "stage": "prod"} for path in mappings],
    }
    domain = resource(given)
    assert isinstance(domain, DomainName)
    return {each.label: each.shadow.label for each in steps(domain) if each.shadow is not None}


@pytest.mark.parametrize(
    ("rules", "mappings", "shadowed"),
    [
        ([_rule(1), _rule(2)], (), {"rule r2 (priority 2)": "rule r1 (priority 1)"}),
        ([_rule(2), _rule(1, _condition("a"))], (), {}),
        ([_rule(1, _condition("a")), _rule(2, _condition("a"))], (), {"rule r2 (priority 2)": "rule r1 (priority 1)"}),
        ([_rule(1, _condition("a")), _rule(2, _condition("a", "b"))], (), {}),
        (
            [_rule(1, _condition("a", "b")), _rule(2, _condition("b"))],
            (),
            {"rule r2 (priority 2)": "rule r1 (priority 1)"},
        ),
        ([_rule(1, _condition(headers=BETA)), _rule(2, _condition("a"))], (), {}),
        (
            [_rule(1, _condition(headers=BETA)), _rule(2, _condition("a"), _condition(headers=BETA))],
            (),
            {"rule r2 (priority 2)": "rule r1 (priority 1)"},
        ),
        ([_rule(1, _condition("a"), _condition(headers=BETA)), _rule(2, _condition("a"))], (), {}),
        ([_rule(1, _condition("a"))], ("a", "b", ""), {"mapping /a": "rule r1 (priority 1)"}),
        ([_rule(1, _condition(headers=BETA))], ("a", ""), {}),
        ([_rule(1)], ("",), {"mapping /": "rule r1 (priority 1)"}),
    ],
)
def test_only_what_an_earlier_rule_takes_for_certain_is_shadowed(
    rules: list[dict[str, Any]], mappings: tuple[str, ...], shadowed: dict[str, str]
) -> None:
    assert _shadowed(rules, mappings) == shadowed


def test_a_mode_that_leaves_rules_or_mappings_aside_lets_them_shadow_nothing() -> None:
    assert _shadowed([_rule(1)], ("a",), "BASE_PATH_MAPPING_ONLY") == {}
    assert _shadowed([_rule(1)], ("a",), "ROUTING_RULE_ONLY") == {}
