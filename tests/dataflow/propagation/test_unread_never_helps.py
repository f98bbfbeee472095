"""Whatever of a rule's truth table is hidden, no ruling gets cleaner; whatever it says, no rule breaks."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from auditor.model.estate import Estate
from auditor.model.status import Status
from tests.checks.test_unread_never_helps import _absent, _changed, _strange, _unread
from tests.dataflow.propagation.test_rules import TABLES, estate_of
from tests.estates import with_flows

_CLEAN = frozenset({Status.PASS, Status.NOT_APPLICABLE})


def _rulings(given: Estate, rule: str) -> Mapping[str, Status]:
    return {each.route: each.ruling(rule).status for each in given.flows}


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_a_fact_that_was_not_read_never_makes_a_ruling_cleaner(path: Path) -> None:
    table = yaml.safe_load(path.read_text())
    for case in table["cases"]:
        given = with_flows(estate_of(table, case))
        before = _rulings(given, table["rule"])
        for what, hidden in _changed(given, _unread):
            after = _rulings(hidden, table["rule"])
            where = f"{case['case']}: {what} unread"
            better = {route for route, status in before.items() if status not in _CLEAN and after[route] in _CLEAN}
            assert not better, f"{where}: cleaner"
            excused = {
                route
                for route, status in before.items()
                if status is Status.PASS and after[route] is Status.NOT_APPLICABLE
            }
            assert not excused, f"{where}: excused"


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
@pytest.mark.parametrize("make", [_absent, _strange], ids=["absent", "unknown text"])
def test_whatever_a_fact_says_no_rule_breaks(path: Path, make: Any) -> None:
    table = yaml.safe_load(path.read_text())
    for case in table["cases"]:
        for _, changed in _changed(estate_of(table, case), make):
            assert len(_rulings(changed, table["rule"])) == len(changed.flows)
