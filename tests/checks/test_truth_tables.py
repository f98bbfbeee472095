"""Each check against its truth table in tests/cases, which a compliance reader can review."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from auditor.checks.registry import checks
from auditor.evaluate.engine import evaluate
from auditor.model.control import Basis, Catalog, Control, CriterionMapping, Parameter, Severity
from auditor.model.estate import Estate
from auditor.model.kinds import KINDS
from auditor.model.register import Registers
from tests.estates import (
    UNSAID,
    collected,
    environments,
    estate,
    gap,
    listing,
    registers,
    resource,
    waiver,
    whole_lists,
    with_flows,
)

CASES = Path(__file__).parents[1] / "cases"
TABLES = sorted(path for path in CASES.glob("*.yaml") if "check" in yaml.safe_load(path.read_text()))


def _cases() -> list[Any]:
    found = []
    for path in TABLES:
        table = yaml.safe_load(path.read_text())
        found += [pytest.param(table, case, id=f"{path.stem}: {case['case']}") for case in table["cases"]]
    return found


TESTED = "XX-01"
_NEVER = {
    "collection-complete": {"not_evaluated"},
    # What a back end makes of what it is shown, nobody can read: the best result needs a person.
    "back-ends-know-the-gateway": {"pass"},
}
"""Statuses that a check cannot give by its nature."""


def _control(name: str, table: Mapping[str, Any], case: Mapping[str, Any]) -> Control:
    parameters = {**table.get("parameters", {}), **case.get("parameters", {})}
    return Control(
        id=name,
        version=1,
        title="t",
        statement="s",
        domain="d",
        subject=table.get("subject", "estate"),
        criteria=(CriterionMapping(id="CC6.1", rationale="r"),),
        severity=Severity(table.get("severity", "high")),
        frequency="f",
        basis=Basis.DOCUMENTED,
        procedure="p",
        remediation="r",
        registers=tuple(Registers.model_fields),
        check=table["check"],
        parameters={name: Parameter(value=value, source="case") for name, value in parameters.items()},
    )


def catalog_of(table: Mapping[str, Any], case: Mapping[str, Any]) -> Catalog:
    """Return a catalog of the tested control, with the case's parameters, registers and waivers, and those beside it."""
    beside = [_control(each["id"], each, {}) for each in table.get("controls", [])]
    return Catalog(
        controls=(*beside, _control(TESTED, table, case)),
        criteria=(),
        framework="",
        registers=registers(case.get("registers")),
        waivers=tuple(waiver(each) for each in case.get("waivers", [])),
        digest="",
    )


def estate_of(table: Mapping[str, Any], case: Mapping[str, Any]) -> Estate:
    """Return the estate that a case describes."""
    base = table.get("given", {})
    resources = [resource({**base.get(each["kind"], {}), **each}) for each in case.get("given", [])]
    given = estate(
        resources,
        registers(case.get("registers")),
        whole_lists([listing(**each) for each in case.get("lists", [])]),
        [gap(**each) for each in case.get("gaps", [])],
        case.get("beside"),
    )
    given = replace(given, environments=environments(case.get("environments")))
    given = with_flows(given)
    return collected(given, {**table.get("snapshot", {}), **case.get("snapshot", {})})


@pytest.mark.parametrize(("table", "case"), _cases())
def test_case(table: dict[str, Any], case: dict[str, Any]) -> None:
    evaluation = evaluate(estate_of(table, case), catalog_of(table, case))
    tested = [each for each in evaluation.findings if each.control == TESTED]
    found = {(each.resource, each.status.value): each.reason for each in tested}
    severities = {each.resource: each.severity.value for each in tested}
    expected = {(each["resource"], each["status"]): each["because"] for each in case["expect"]}
    assert found.keys() == expected.keys(), found
    for key, words in expected.items():
        assert words in found[key]
        assert UNSAID not in found[key], "the check looked at something that the case does not say"
    for each in case["expect"]:
        assert severities[each["resource"]] == each.get("severity", severities[each["resource"]])


def test_every_check_has_a_truth_table() -> None:
    tables = {yaml.safe_load(path.read_text())["check"] for path in TABLES}
    assert tables == {check.name for check in checks()}


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_each_table_has_a_pass_a_fail_and_a_gap(path: Path) -> None:
    statuses = {each["status"] for case in yaml.safe_load(path.read_text())["cases"] for each in case["expect"]}
    assert {"pass", "fail", "not_evaluated"} - _NEVER.get(path.stem, set()) <= statuses
    assert KINDS
