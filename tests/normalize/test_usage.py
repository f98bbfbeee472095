"""Use of API keys: counted by plan, and what was not counted, not told or not read is no "never used"."""

from collections.abc import Mapping
from typing import Any

import pytest

from auditor.model.fact import Fact, NotApplicable, Present, Unread
from auditor.model.keys_and_plans import ApiKey
from auditor.normalize.shard import Normalized
from tests.normalize.test_doors import Calls, _gap, _normal

KEYS: Calls = [("apigateway:GetApiKeys", {}, {"item": [{"id": "k1", "enabled": True}]})]
DAYS = {"startDate": "2026-09-28", "endDate": "2026-09-30"}
PLAN = "arn:aws:apigateway:eu-west-1::/usageplans/p1"


def _plan(plan: str, values: Any, *, keys: tuple[str, ...] = ("k1",)) -> Calls:
    return [
        ("apigateway:GetUsagePlanKeys", {"usagePlanId": plan}, {"item": [{"id": each} for each in keys]}),
        ("apigateway:GetUsage", {"usagePlanId": plan}, {"usagePlanId": plan, **DAYS, "values": values}),
    ]


def _plans(*plans: str) -> Calls:
    return [("apigateway:GetUsagePlans", {}, {"item": [{"id": each} for each in plans]})]


def _told(found: Normalized) -> tuple[Fact[bool], Mapping[str, Any] | None]:
    (key,) = (each for each in found.resources if isinstance(each, ApiKey))
    (beside,) = (each for each in found.observations if each.arn == key.arn)
    usage = beside.facts.get("usage")
    assert usage is None or isinstance(usage, dict)
    return key.usage_read, usage


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"k1": [[5, 95], [7, 88], [0, 88]]}, {"days": 3, "used": 12, "lastUsedDay": "2026-09-29"}),
        ({"k1": [[0, 100], [0, 100], [1, 99]]}, {"days": 3, "used": 1, "lastUsedDay": "2026-09-30"}),
        # Counted, and nothing came.
        ({"k1": [[0, 100], [0, 100], [0, 100]]}, {"days": 3, "used": 0}),
        # Which day is which is not told.
        ({"k1": [[5, 95], [7, 88]]}, {"days": 2, "used": 12}),
        ({"k1": [[5, 95], [7, 88], [0, 88], [0, 88]]}, {"days": 4, "used": 12}),
        ({"k1": []}, {"days": 0, "used": 0}),
    ],
)
def test_what_a_plan_counted_is_told_with_the_last_day_where_days_can_be_told(
    values: Any, expected: Mapping[str, Any]
) -> None:
    assert _told(_normal([*KEYS, *_plans("p1"), *_plan("p1", values)])) == (
        Present(value=True),
        {"p1": {**DAYS, **expected}},
    )


@pytest.mark.parametrize("values", [{}, None, {"another": [[1, 2]]}])
def test_a_plan_that_tells_nothing_of_its_key_did_not_count_nought(values: Any) -> None:
    assert _told(_normal([*KEYS, *_plans("p1"), *_plan("p1", values)])) == (Present(value=True), None)


def test_each_plan_that_has_the_key_tells_its_own() -> None:
    one, other = _plan("p1", {"k1": [[1, 9], [0, 9], [0, 9]]}), _plan("p2", {"k1": [[0, 9], [0, 9], [4, 5]]})
    read, usage = _told(_normal([*KEYS, *_plans("p1", "p2"), *one, *other]))
    assert read == Present(value=True)
    assert {plan: of["lastUsedDay"] for plan, of in (usage or {}).items()} == {"p1": "2026-09-28", "p2": "2026-09-30"}


def test_of_a_key_outside_all_plans_nothing_is_counted() -> None:
    read, usage = _told(_normal([*KEYS, *_plans("p1"), *_plan("p1", {"k2": [[1, 9]]}, keys=("k2",))]))
    assert isinstance(read, NotApplicable)
    assert usage is None


@pytest.mark.parametrize(
    ("operation", "about"),
    [("apigateway:GetUsagePlans", None), ("apigateway:GetUsagePlanKeys", PLAN), ("apigateway:GetUsage", PLAN)],
)
def test_what_was_denied_is_not_read(operation: str, about: str | None) -> None:
    calls = [each for each in [*KEYS, *_plans("p1"), *_plan("p1", {"k1": [[1, 9]] * 3})] if each[0] != operation]
    read, usage = _told(_normal(calls, _gap(operation, about)))
    assert isinstance(read, Unread)
    assert read.gap.operation == operation
    assert usage is None


@pytest.mark.parametrize(
    "answer",
    [
        {**DAYS, "values": {"k1": "none"}},
        {**DAYS, "values": {"k1": ["none", "none", "none"]}},
        {**DAYS, "values": {"k1": [["many", 1]]}},
        {**DAYS, "values": {"k1": [[]]}},
        {**DAYS, "values": {"k1": [[True, 1]]}},
        {**DAYS, "values": {"k1": 3}},
        {**DAYS, "startDate": "soon", "values": {"k1": [[1, 9]]}},
    ],
)
def test_numbers_that_make_no_sense_are_not_read(answer: Mapping[str, Any]) -> None:
    keys = _plan("p1", {})[:1]
    usage = ("apigateway:GetUsage", {"usagePlanId": "p1"}, {"usagePlanId": "p1", **answer})
    found = _normal([*KEYS, *_plans("p1"), *keys, usage])
    read, told = _told(found)
    assert isinstance(read, Unread)
    assert told is None
    assert "plan p1 counted" in read.gap.detail
    assert [gap.operation for gap in found.gaps] == ["apigateway:GetUsage"]
