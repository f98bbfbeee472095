"""What IAM decides, case by case as a compliance reader can review it (tests/cases/access)."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.access.worlds import decided

CASES = Path(__file__).parents[1] / "cases" / "access"


def _read() -> list[Any]:
    return [
        pytest.param(case, id=f"{path.stem}: {case['case']}")
        for path in sorted(CASES.glob("*.yaml"))
        for case in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


@pytest.mark.parametrize("case", _read())
def test_the_decision_and_the_layer_that_made_it(case: dict[str, Any]) -> None:
    found = decided(case)
    expected = case["expect"]
    assert (found.verdict.value, found.layer.value) == (expected["decision"], expected["layer"])
    if "statement" in expected:
        assert found.statement == str(expected["statement"])
