"""The written cases and the reference evaluator agree, wherever a case tells everything."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from tests.access.reference.cases import Case, written_cases
from tests.access.reference.evaluator import decide
from tests.access.reference.matching import VARIABLE, matches, with_wildcards
from tests.access.reference.operators import NEGATED, POSITIVE
from tests.access.reference.principals import request_context

CASES = written_cases()

DECISIONS = {"allowed", "denied", "conditional", "unknown"}
LAYERS = {
    "service control policy",
    "resource control policy",
    "VPC endpoint policy",
    "resource policy",
    "trust policy",
    "identity policy",
    "permissions boundary",
    "session policy",
}
FIELDS = {
    "case",
    "file",
    "source",
    "principal",
    "organization",
    "resource_account",
    "resource_policy",
    "endpoint_policy",
    "action",
    "resource",
    "context",
    "absent",
    "expect",
}


def _values(node: Any, *names: str) -> Iterator[Any]:
    """All values that stand under one of these names, at any depth."""
    if isinstance(node, dict):
        for name, value in node.items():
            if name in names:
                yield value
            yield from _values(value, *names)
    elif isinstance(node, list):
        for each in node:
            yield from _values(each, *names)


def _keys_asked(case: Case) -> set[str]:
    conditions = [keys for found in _values(case, "Condition") for keys in found.values()]
    variables = {found.partition(",")[0].strip() for found in VARIABLE.findall(str(case))}
    return {key.lower() for keys in conditions for key in keys} | {each.lower() for each in variables - {"*", "?", "$"}}


def _everything_told(case: Case) -> bool:
    """Both sides of the case are plain: decided, all read and understood, each key that a policy asks for told or certainly absent."""
    if case["expect"]["decision"] not in {"allowed", "denied"} or case["file"] in {"malformed", "unread"}:
        return False
    absent = {key.lower() for key in case.get("absent", [])}
    filled_in = {
        key.lower() for key in ("aws:PrincipalArn", "aws:PrincipalAccount", "aws:PrincipalType", "aws:username")
    }
    services = {"aws:principalisawsservice", "aws:principalservicename"}
    return _keys_asked(case) <= set(request_context(case)) | absent | filled_in | services


TOLD = [case for case in CASES if _everything_told(case)]


@pytest.mark.parametrize("case", TOLD, ids=lambda case: f"{case['file']}: {case['case']}")
def test_the_reference_decides_as_the_case_says(case: Case) -> None:
    decision, layer = decide(case)
    assert decision == case["expect"]["decision"]
    assert layer == case["expect"].get("layer")


def test_most_cases_tell_everything() -> None:
    assert len(TOLD) > 600


def test_cases_are_in_the_plain_form() -> None:
    for case in CASES:
        assert set(case) <= FIELDS, case["case"]
        assert case["source"], case["case"]
        assert case["expect"]["decision"] in DECISIONS, case["case"]
        assert case["expect"].get("layer") in {*LAYERS, None}, case["case"]


def test_no_two_cases_share_a_name() -> None:
    names = Counter((case["file"], case["case"]) for case in CASES)
    assert [name for name, times in names.items() if times > 1] == []


def test_a_statement_expected_is_one_of_the_case() -> None:
    for case in CASES:
        if "statement" in case["expect"]:
            assert case["expect"]["statement"] in set(_values(case, "Sid")), case["case"]


def test_every_operator_is_asked() -> None:
    asked = {
        name for case in CASES for found in _values(case, "Condition") if isinstance(found, dict) for name in found
    }
    for operator in (*POSITIVE, *NEGATED):
        for written in (operator, f"{operator}IfExists", f"ForAllValues:{operator}", f"ForAnyValue:{operator}"):
            assert written in asked


@pytest.mark.parametrize("pattern", ["", "*", "?", "a*", "*a", "a?b", "a*b*a", "**", "?*?", "a.b"])
@pytest.mark.parametrize("text", ["", "a", "ab", "aab", "a.b", "abba", "axb"])
def test_wildcards_match_as_a_regular_expression_would(pattern: str, text: str) -> None:
    expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    assert matches(with_wildcards(pattern), text) == bool(re.fullmatch(expression, text))
