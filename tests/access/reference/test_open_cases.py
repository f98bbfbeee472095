"""What hangs on a key that is not told: the reference answers it both ways, once the key is told one way or another."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

from tests.access.reference.cases import Case, written_cases
from tests.access.reference.evaluator import decide
from tests.access.reference.matching import VARIABLE
from tests.access.reference.operators import as_list
from tests.access.reference.principals import request_context

ABSENT = None
OTHERS = {"String": "other", "Arn": "arn:aws:other:::x", "BinaryEquals": "b3RoZXI=", "IpAddress": "192.0.2.77"}
ENDS = {"Numeric": ["0", "999999"], "Date": ["1999-01-01T00:00:00Z", "2099-01-01T00:00:00Z"], "Bool": ["true", "false"]}


def _conditions(node: Any) -> Iterator[tuple[str, str, Any]]:
    """Operator, key and values, wherever a condition stands."""
    if isinstance(node, dict):
        for name, value in node.items():
            if name == "Condition":
                yield from ((operator, key, asked) for operator, keys in value.items() for key, asked in keys.items())
            else:
                yield from _conditions(value)
    elif isinstance(node, list):
        for each in node:
            yield from _conditions(each)


def _candidates(operator: str, asked: Any) -> list[Any]:
    """Some value that satisfies, some that does not, and no value at all."""
    quantifier, _, plain = operator.rpartition(":")
    plain = plain.removesuffix("IfExists").replace("Not", "")
    told = [_meeting(plain, value) for value in as_list(asked)]
    for family, value in OTHERS.items():
        told += [value] if plain.startswith(family) else []
    for family, values in ENDS.items():
        told += values if plain.startswith(family) else []
    told += ["something"] if plain == "Null" else []
    return [ABSENT, *([value] if quantifier else value for value in told)]


def _meeting(operator: str, asked: Any) -> str:
    text = str(asked)
    if operator.startswith("IpAddress"):
        return text.partition("/")[0]
    return text.replace("*", "").replace("?", "x")


def _untold(case: Case) -> dict[str, list[Any]]:
    """Each key that is neither told nor absent, with values it may have."""
    known = {key.lower() for key in (*request_context(case), *case.get("absent", []))}
    known |= {"aws:principalarn", "aws:principalaccount", "aws:principaltype", "aws:principalisawsservice"}
    found: dict[str, list[Any]] = {}
    for operator, key, asked in _conditions(case):
        if key.lower() not in known:
            found.setdefault(key, []).extend(_candidates(operator, asked))
    for variable in VARIABLE.findall(str(case)):
        name = variable.partition(",")[0]
        if ":" in name and name.lower() not in known | {"aws:username"}:
            found.setdefault(name, []).extend([ABSENT, "red", "other"])
    return found


def _completed(case: Case) -> Iterator[Case]:
    untold = _untold(case)
    for values in product(*untold.values()):
        told = {key: value for key, value in zip(untold, values, strict=True) if value is not ABSENT}
        yield {**case, "context": {**case.get("context", {}), **told}}


OPEN = [
    case
    for case in written_cases()
    if case["expect"]["decision"] != "unknown" and case["file"] not in {"malformed", "unread"} and _untold(case)
]


@pytest.mark.parametrize("case", OPEN, ids=lambda case: f"{case['file']}: {case['case']}")
def test_conditional_means_that_both_answers_are_possible_and_only_then(case: Case) -> None:
    decisions = {decide(each)[0] for each in _completed(case)}
    expected = case["expect"]["decision"]
    assert decisions == ({"allowed", "denied"} if expected == "conditional" else {expected})
