"""apigateway:GetUsage: how much a key was used, by the plans that have it."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from auditor.model.fact import Fact, NotApplicable, Present, Unread
from auditor.model.snapshot import Gap
from auditor.normalize.facts import number, text
from auditor.normalize.reading import Read, Reading

_PLANS = "apigateway:GetUsagePlans"
_PLAN_KEYS = "apigateway:GetUsagePlanKeys"
_USAGE = "apigateway:GetUsage"
_NO_PLAN = NotApplicable(why="no usage plan has the key, and use is counted by plan")

Told = dict[str, dict[str, Any]]
"""What was counted, by plan."""


class Usage:
    """What the plans of a shard tell of keys."""

    def __init__(self, read: Reading) -> None:
        """Index plans by the keys that they have."""
        self._read = read
        # A plan whose keys were not read may have any key.
        self._hidden = read.gap(_PLANS, None) or next((gap for gap in read.gaps if gap.operation == _PLAN_KEYS), None)
        self._plans: dict[str, set[str]] = {}
        for found in read.reads(_PLAN_KEYS):
            plan = str(found.page.parameters.get("usagePlanId"))
            for each in found.body.get("item") or ():
                self._plans.setdefault(str(each.get("id")), set()).add(plan)

    def of(self, key_id: str, arn: str) -> tuple[Fact[bool], Told]:
        """Return whether a key's use was read, and what was counted of it."""
        plans = sorted(self._plans.get(key_id, ()))
        gap, told = self._hidden or self._unasked(plans), {}
        for plan in plans:
            try:
                told[plan] = _counted(self._read.reads(_USAGE, usagePlanId=plan), key_id)
            except (AttributeError, LookupError, TypeError, ValueError):
                gap = gap or self._read.broken(_USAGE, arn, f"what plan {plan} counted of the key is not understood")
        if gap is not None:
            return Unread(gap=gap), {}
        return Present(value=True) if plans else _NO_PLAN, {plan: of for plan, of in told.items() if of}

    def pages(self, key_id: str) -> tuple[str, ...]:
        """Return the digests of the pages that tell which plans have a key, and of its use."""
        plans, calls = sorted(self._plans.get(key_id, ())), (_PLAN_KEYS, _USAGE)
        return tuple(page for plan in plans for call in calls for page in self._read.pages_of(call, usagePlanId=plan))

    def _unasked(self, plans: Iterable[str]) -> Gap | None:
        gaps = (self._read.gap(_USAGE, self._read.arn(f"/usageplans/{plan}")) for plan in plans)
        return next((gap for gap in gaps if gap is not None), None)


def _counted(answers: Iterable[Read], key_id: str) -> dict[str, Any]:
    """Return what one plan counted of a key over its pages; empty where it tells nothing of the key."""
    told: dict[str, Any] = {}
    used: list[int] = []
    for each in answers:
        days = (each.body.get("values") or {}).get(key_id)
        if days is not None:
            told |= {name: text(each.body[name]) for name in ("startDate", "endDate")}
            used += [_used(day) for day in days]
    return told | _summed(told, used) if told else told


def _used(day: Any) -> int:
    """Return the calls of one day: the first of two numbers, the second being what is left of the quota."""
    if not isinstance(day, list):
        raise TypeError("no pair of numbers")
    return number(day[0])


def _summed(told: dict[str, Any], used: list[int]) -> dict[str, Any]:
    first = date.fromisoformat(told["startDate"])
    asked = (date.fromisoformat(told["endDate"]) - first).days + 1
    last = max((index for index, calls in enumerate(used) if calls > 0), default=None)
    summed: dict[str, Any] = {"days": len(used), "used": sum(used)}
    if last is not None and len(used) == asked:
        summed["lastUsedDay"] = (first + timedelta(days=last)).isoformat()
    return summed
