"""Drawn cases are ones that the reference can answer, and that its answers are worth comparing on."""

import copy
from collections import Counter

from hypothesis import given, settings

from tests.access.reference.cases import Case
from tests.access.reference.evaluator import decide
from tests.access.reference.principals import Policy
from tests.access.reference.strategies import CASES, numbered_case

NOTHING: Policy = {"Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}
NOTHING_TO_ANYONE: Policy = {"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}]}


@given(CASES)
@settings(max_examples=300, deadline=None)
def test_one_more_denial_denies_whatever_else_is_said(case: Case) -> None:
    for field in ("resource_policy", "endpoint_policy"):
        assert _decided({**case, field: NOTHING_TO_ANYONE}) == {"denied"}
    if "identity" in case.get("principal", {}):
        refused = copy.deepcopy(case)
        refused["principal"]["identity"].append(NOTHING)
        assert _decided(refused) == {"denied"}


@given(CASES)
@settings(max_examples=300, deadline=None)
def test_what_limits_grants_nothing(case: Case) -> None:
    unlimited = copy.deepcopy(case)
    unlimited.pop("organization", None)
    unlimited.pop("endpoint_policy", None)
    unlimited.get("principal", {}).pop("boundary", None)
    if _decided(case) == {"allowed"}:
        assert _decided(unlimited) == {"allowed"}


def _decided(case: Case) -> set[str]:
    """The decisions that a case may have: one, where AWS's pages leave nothing open."""
    return {decide(case, doubted=doubted)[0] for doubted in (True, False)}


def test_a_number_stands_for_one_case() -> None:
    assert numbered_case(7) == numbered_case(7)
    assert numbered_case(7) != numbered_case(8)


def test_every_decision_and_layer_comes_up_often() -> None:
    found = Counter(decide(numbered_case(number), doubted=False) for number in range(4_000))
    layers = {layer for _, layer in found}
    assert len(layers) == 9
    assert min(found.values()) > 40
    assert sum(times for (decision, _), times in found.items() if decision == "allowed") > 1_000
