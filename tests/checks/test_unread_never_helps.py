"""Each case of the truth tables again, with one fact changed: what was not read never makes anything cleaner."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from auditor.evaluate.engine import evaluate
from auditor.model.estate import Estate
from auditor.model.fact import Absent, Present, Unread
from auditor.model.resource import Resource
from auditor.model.status import Status
from tests.checks.test_truth_tables import TABLES, catalog_of, estate_of
from tests.estates import gap, with_flows

_CLEAN = frozenset({Status.PASS, Status.NOT_APPLICABLE})
_NO_WORD = re.compile(r"-?[0-9.]+|[\[{].*", re.DOTALL)
_STRANGE = "A_VALUE_OF_TOMORROW"
_Key = tuple[str, str, str]


def _changed(given: Estate, make: Callable[[Any], Any]) -> Iterator[tuple[str, Estate]]:
    """Yield the estate with one fact of one resource changed, once for each that is read."""
    for index, each in enumerate(given.resources):
        for name in type(each).model_fields:
            fact = getattr(each, name)
            if not isinstance(fact, Present | Absent) or (other := make(fact)) is None:
                continue
            resources: list[Resource] = list(given.resources)
            resources[index] = each.model_copy(update={name: other})
            yield f"{type(each).__name__}.{name}", with_flows(replace(given, resources=tuple(resources)))


def _unread(_fact: Any) -> Unread:
    return Unread(gap=gap("test:hidden"))


def _absent(fact: Any) -> Absent | None:
    return None if isinstance(fact, Absent) else Absent()


def _strange(fact: Any) -> Any:
    """Return a text that no version knows; numbers and documents kept as text stay so, as normalisation keeps them."""
    is_text = isinstance(fact, Present) and isinstance(fact.value, str) and not _NO_WORD.fullmatch(fact.value)
    return fact.model_copy(update={"value": _STRANGE}) if is_text else None


def _statuses(given: Estate, table: Mapping[str, Any], case: Mapping[str, Any]) -> dict[_Key, Status]:
    evaluation = evaluate(given, catalog_of(table, case))
    return {(each.resource, each.account, each.region): each.status for each in evaluation.findings}


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_a_fact_that_was_not_read_never_makes_anything_cleaner(path: Path) -> None:
    table = yaml.safe_load(path.read_text())
    for case in table["cases"]:
        given = estate_of(table, case)
        before = _statuses(given, table, case)
        for what, hidden in _changed(given, _unread):
            after = _statuses(hidden, table, case)
            where = f"{case['case']}: {what} unread"
            better = {key for key, status in before.items() if status not in _CLEAN and after.get(key) in _CLEAN}
            assert not better, f"{where}: cleaner"
            excused = {
                key
                for key, status in before.items()
                if status is Status.PASS and after.get(key) is Status.NOT_APPLICABLE
            }
            assert not excused, f"{where}: excused"
            unseen = {key for key in after.keys() - before.keys() if after[key] is Status.NOT_EVALUATED}
            assert before.keys() <= after.keys() or unseen, f"{where}: lost"


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
@pytest.mark.parametrize("make", [_absent, _strange], ids=["absent", "unknown text"])
def test_whatever_a_fact_says_no_check_breaks(path: Path, make: Callable[[Any], Any]) -> None:
    table = yaml.safe_load(path.read_text())
    for case in table["cases"]:
        for _, changed in _changed(estate_of(table, case), make):
            assert _statuses(changed, table, case) is not None
