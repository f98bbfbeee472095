"""What IAM decides, case by case as a compliance reader can review it (tests/cases/access)."""

from typing import Any

import pytest

from tests.access.reference.cases import written_cases
from tests.access.worlds import decided

LEAST = 250


def _read() -> list[Any]:
    return [pytest.param(case, id=f"{case['file']}: {case['case']}") for case in written_cases()]


def test_there_are_as_many_cases_as_a_reviewer_was_promised() -> None:
    assert len(written_cases()) >= LEAST


@pytest.mark.parametrize("case", _read())
def test_the_decision_and_the_layer_that_made_it(case: dict[str, Any]) -> None:
    found = decided(case)
    expected = case["expect"]
    assert found.verdict.value == expected["decision"]
    if "layer" in expected:
        assert found.layer.value == expected["layer"]
    if "statement" in expected:
        assert found.statement == str(expected["statement"])
