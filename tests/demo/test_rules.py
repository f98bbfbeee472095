"""tests/demo/rules.yaml speaks of every rule, and of routes that the sample company has at the end of that quarter."""

import csv
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import DemoRun

_EXPECTED: dict[str, list[dict[str, Any]]] = yaml.safe_load((Path(__file__).parent / "rules.yaml").read_text())
_QUIET = frozenset({"pass", "not_applicable", "not_evaluated"})


def _routes(run: DemoRun, quarter: str) -> set[tuple[str, str, str, bool]]:
    with (run.pack(quarter) / "data" / "flows" / "routes.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return {(each["api_name"], each["stage"], each["route_key"], "#canary/" in each["route"]) for each in rows}


def test_every_rule_has_a_case_that_it_finds() -> None:
    found = {rule for rule, cases in _EXPECTED.items() if any(case["status"] not in _QUIET for case in cases)}
    assert found == {f"P{number}" for number in range(1, 19)}


@pytest.mark.parametrize("quarter", ["2026-Q2", "2026-Q3"])
def test_every_route_that_is_expected_to_show_a_rule_is_deployed(demo_run: DemoRun, quarter: str) -> None:
    cases = [case for listed in _EXPECTED.values() for case in listed if case.get("quarter", quarter) == quarter]
    named = {(each["api"], each["stage"], each["route"], each.get("canary", False)) for each in cases}
    assert named
    assert named <= _routes(demo_run, quarter)
