"""Paths to power: each kind of step as yes, no, conditional and unknown; and what holds of all of them."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from auditor.access.power.direct import Power
from auditor.access.power.graph import MOST_PATHS, Paths
from auditor.access.principals import Principals
from tests.access.small_estates import estate_of
from tests.estates import ACCOUNT

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases/power/paths.yaml").read_text())
DEV = f"arn:aws:iam::{ACCOUNT}:user/dev"


@pytest.mark.parametrize("case", [pytest.param(each, id=each["case"]) for each in CASES])
def test_best_path(case: dict[str, Any]) -> None:
    power = Power(case.get("power", Power.ADMINISTRATOR.value))
    found = Paths(Principals(estate_of(case))).of(DEV, power)
    expected = case["expect"]
    if expected["is"] == "denied":
        assert [each.text for each in found] == []
        return
    assert (found[0].verdict.value, found[0].hops) == (expected["is"], expected["hops"]), found[0]
    assert found[0].text.startswith(expected["by"])
    by = {label for step in found[0].steps for label in step.answer.by}
    assert by >= set(expected.get("of", ()))


def test_paths_are_the_same_whatever_the_order_and_a_few_are_kept() -> None:
    roles = {f"r{number}": {"allow": ["* on *"], "trust": ACCOUNT} for number in range(9)}
    case = {"dev": ["sts:AssumeRole on *"], "roles": roles}
    turned = {**case, "roles": dict(reversed(roles.items()))}
    found = [Paths(Principals(estate_of(each))).of(DEV, Power.ADMINISTRATOR) for each in (case, turned)]
    assert found[0] == found[1]
    assert [each.steps[0].what for each in found[0]] == [f"assumes r{number}" for number in range(MOST_PATHS)]


def test_no_path_comes_back_to_an_identity() -> None:
    roles = {name: {"allow": ["sts:AssumeRole on *"], "trust": ACCOUNT} for name in ("one", "two", "three")}
    case = {"dev": ["sts:AssumeRole on *"], "roles": roles, "boss": f"arn:aws:iam::{ACCOUNT}:role/three"}
    paths = Paths(Principals(estate_of(case)))
    for each in paths.everyone:
        for path in paths.of(each.who.arn, Power.ADMINISTRATOR):
            passed = (path.start, *path.via)
            assert len(set(passed)) == len(passed)
