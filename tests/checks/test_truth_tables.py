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
from tests.estates import UNSAID, environments, estate, gap, listing, registers, resource, whole_lists

CASES = Path(__file__).parents[1] / "cases"
TABLES = sorted(path for path in CASES.glob("*.yaml") if "check" in yaml.safe_load(path.read_text()))


def _cases() -> list[Any]:
    found = []
    for path in TABLES:
        table = yaml.safe_load(path.read_text())
        found += [pytest.param(table, case, id=f"{path.stem}: {case['case']}") for case in table["cases"]]
    return found


def catalog_of(table: Mapping[str, Any], case: Mapping[str, Any]) -> Catalog:
    """Return a catalog of one control: the table's check, with the case's parameters and registers."""
    parameters = {**table.get("parameters", {}), **case.get("parameters", {})}
    control = Control(
        id="XX-01",
        version=1,
        title="t",
        statement="s",
        domain="d",
        subject=table.get("subject", "estate"),
        criteria=(CriterionMapping(id="CC6.1", rationale="r"),),
        severity=Severity.HIGH,
        frequency="f",
        basis=Basis.DOCUMENTED,
        procedure="p",
        remediation="r",
        registers=tuple(Registers.model_fields),
        check=table["check"],
        parameters={name: Parameter(value=value, source="case") for name, value in parameters.items()},
    )
    given = registers(case.get("registers"))
    return Catalog(controls=(control,), criteria=(), framework="", registers=given, waivers=(), digest="")


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
    return replace(given, environments=environments(case.get("environments")))


@pytest.mark.parametrize(("table", "case"), _cases())
def test_case(table: dict[str, Any], case: dict[str, Any]) -> None:
    evaluation = evaluate(estate_of(table, case), catalog_of(table, case))
    found = {(each.resource, each.status.value): each.reason for each in evaluation.findings}
    expected = {(each["resource"], each["status"]): each["because"] for each in case["expect"]}
    assert found.keys() == expected.keys(), found
    for key, words in expected.items():
        assert words in found[key]
        assert UNSAID not in found[key], "the check looked at something that the case does not say"


def test_every_check_has_a_truth_table() -> None:
    tables = {yaml.safe_load(path.read_text())["check"] for path in TABLES}
    assert tables == {check.name for check in checks()}


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_each_table_has_a_pass_a_fail_and_a_gap(path: Path) -> None:
    statuses = {each["status"] for case in yaml.safe_load(path.read_text())["cases"] for each in case["expect"]}
    needed = {"pass", "fail"} if path.stem == "collection-complete" else {"pass", "fail", "not_evaluated"}
    assert needed <= statuses
    assert KINDS
