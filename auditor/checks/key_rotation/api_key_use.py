"""For how long an API key lies unused, as far as the usage plans that have it tell."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from pydantic import JsonValue

from auditor.checks.age import days_since
from auditor.model.estate import Estate
from auditor.model.fact import Present
from auditor.model.keys_and_plans import ApiKey, UsagePlan
from auditor.model.words import counted


@dataclass(frozen=True)
class Unused:
    """For how many days something lies unused: what was never used counts from the day it was made."""

    least: int
    most: int | None
    """None: nobody can tell."""
    words: str
    """`last used 3 days ago`."""


def unused(key: ApiKey, estate: Estate) -> Unused:
    """Return for how long a key lies unused; its `usage_read` must be Present(true), or nothing follows from silence."""
    told = usage_of(key, estate)
    found = [_by_plan(each, estate) for each in told.values()]
    found += [(0, None) for plan in _plans_with(key, estate) if plan not in told]
    least, most = min((each for each, _ in found), default=0), _least_of(each for _, each in found)
    age = days_since(key.created.value, estate) if isinstance(key.created, Present) else None
    if age is None:
        # Where it was used at all, it is no younger than that use.
        return Unused(least if most is not None else 0, most, _words(least, most))
    if most is not None and most <= age:
        return Unused(least, most, _words(least, most))
    made = f"made {counted(age, 'day')} ago"
    if most is None and age <= least:
        return Unused(age, age, f"never used, {made}")
    return Unused(min(least, age), age, f"{made}, {_words(least, most)}")


def usage_of(key: ApiKey, estate: Estate) -> Mapping[str, Mapping[str, JsonValue]]:
    """Return what the plans counted of a key, by the id of each that told something."""
    beside = estate.observations.get((key.account, key.region, key.arn))
    told = beside.facts.get("usage") if beside else None
    return {plan: each for plan, each in told.items() if isinstance(each, dict)} if isinstance(told, dict) else {}


def _plans_with(key: ApiKey, estate: Estate) -> Iterator[str]:
    """Yield the ids of the plans that have a key, or may have it: what they counted is asked for."""
    for plan in estate.of(UsagePlan):
        ids = plan.key_ids.value if isinstance(plan.key_ids, Present) else (key.key_id,)
        if (plan.account, plan.region) == (key.account, key.region) and key.key_id in ids:
            yield plan.arn.rpartition("/")[2]


def _by_plan(told: Mapping[str, JsonValue], estate: Estate) -> tuple[int, int | None]:
    """Return the least and the most days since a key was used by one plan."""
    first, last = _day(told.get("startDate")), _day(told.get("endDate"))
    used_on = _day(told.get("lastUsedDay"))
    if used_on is not None:
        days = _days(used_on, estate)
        return days, days
    if first is None or last is None:
        return 0, None
    if told.get("used") != 0:
        return 0, _days(first, estate)
    is_whole = told.get("days") == (last - first).days + 1
    return (_days(first, estate) + 1 if is_whole else 0), None


def _day(told: JsonValue) -> date | None:
    return date.fromisoformat(told) if isinstance(told, str) else None


def _days(day: date, estate: Estate) -> int:
    return max(0, (estate.as_of.date() - day).days)


def _least_of(given: Iterator[int | None] | tuple[int | None, ...]) -> int | None:
    return min((each for each in given if each is not None), default=None)


def _words(least: int, most: int | None) -> str:
    if most is not None and least == most:
        return f"last used {counted(most, 'day')} ago"
    if most is not None:
        return f"used {counted(most, 'day')} ago at the most"
    return f"not used for {counted(least, 'day')} at least" if least else "how much it is used is not told"
