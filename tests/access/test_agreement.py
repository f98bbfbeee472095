"""The evaluator and the slow reference decide alike, and what is not told never becomes a certain answer that is wrong.

`bench/agreement.py` asks for 100,000 of these; here are fewer, the same ones each time.
"""

from random import Random
from typing import Any

import pytest
from hypothesis import given, settings

from tests.access.reference.evaluator import agrees, decide
from tests.access.reference.strategies import CASES, numbered_case
from tests.access.worlds import decided

_PARTS, _EACH = 10, 1_000
_CERTAIN = frozenset({"allowed", "denied"})


@pytest.mark.parametrize("part", range(_PARTS))
def test_the_evaluator_decides_as_the_reference_does(part: int) -> None:
    for number in range(part * _EACH, (part + 1) * _EACH):
        case = numbered_case(number)
        found = decided(case)
        assert agrees(case, found.verdict.value, found.layer.value), number


@settings(max_examples=_EACH, deadline=None)
@given(CASES)
def test_hypothesis_finds_no_request_on_which_they_differ(case: dict[str, Any]) -> None:
    found = decided(case)
    assert agrees(case, found.verdict.value, found.layer.value)


@pytest.mark.parametrize("part", range(_PARTS))
def test_a_certain_answer_stays_when_the_rest_is_told(part: int) -> None:
    certain = 0
    for number in range(part * _EACH, (part + 1) * _EACH):
        whole = numbered_case(number)
        found = decided(_told_less(whole, Random(number))).verdict.value  # noqa: S311 - picks keys to hide
        if found in _CERTAIN:
            certain += 1
            assert {decide(whole, doubted=doubted)[0] for doubted in (True, False)} == {found}, number
    # A test of nothing would pass too: most answers are certain even so.
    assert certain > _EACH / 2


def _told_less(case: dict[str, Any], random: Random) -> dict[str, Any]:
    """Return the case with some of its keys neither told nor known to be absent; those of the principal stay."""
    keys = sorted([*case["context"], *case["absent"]])
    hidden = {each for each in keys if not each.lower().startswith("aws:principal") and random.random() < 1 / 3}
    return {
        **case,
        "context": {key: value for key, value in case["context"].items() if key not in hidden},
        "absent": [each for each in case["absent"] if each not in hidden],
    }
