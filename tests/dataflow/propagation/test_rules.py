"""Each rule P1 to P18 against its truth table in tests/cases/rules, which a compliance reader can review.

A table is `rule: P1`, `given:` (what each kind of resource says unless a case says otherwise) and `cases:`, each with `given:`
(resources as in the tables of checks), `lists:`, `gaps:`, `registers:` and `expect: [{route, status, because}]`: the
execute-api ARN, the status, and words of the reason. `severity:` and `basis:` are asked where they stand there.
A list of a kind that a case does not name was read to its end, those below an API or a stage among them.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from auditor.dataflow.build import flows
from auditor.dataflow.propagation.registry import rules
from auditor.model.estate import Estate
from tests.estates import UNSAID, estate, gap, listing, registers, resource, whole_lists

CASES = Path(__file__).parents[2] / "cases" / "rules"
TABLES = sorted(CASES.glob("*.yaml"))
BELOW = {
    "Stage": "RestApi",
    "Route": "Api",
    "Method": "RestApi",
    "Authorizer": "RestApi",
    "GatewayResponse": "RestApi",
    "DeployedRoute": "Stage",
}
"""Kinds whose lists stand below a parent, and the kind of that parent; those of HTTP APIs likewise."""


def _cases() -> list[Any]:
    found = []
    for path in TABLES:
        table = yaml.safe_load(path.read_text())
        found += [pytest.param(table, case, id=f"{path.stem}: {case['case']}") for case in table["cases"]]
    return found


def estate_of(table: Mapping[str, Any], case: Mapping[str, Any]) -> Estate:
    """Return the estate that a case describes."""
    base = table.get("given", {})
    resources = [resource({**base.get(each["kind"], {}), **each}) for each in case["given"]]
    named = [listing(**each) for each in case.get("lists", [])]
    parents = {each.arn: type(each).__name__ for each in resources}
    given_lists = {(each.kind, each.parent) for each in named}
    below = [
        listing(kind, arn)
        for kind, above in BELOW.items()
        for arn, is_a in parents.items()
        if is_a in {above, "Api" if above == "RestApi" else above} and (kind, arn) not in given_lists
    ]
    return estate(
        resources,
        registers(case.get("registers")),
        whole_lists([*named, *below]),
        [gap(**each) for each in case.get("gaps", [])],
    )


@pytest.mark.parametrize(("table", "case"), _cases())
def test_case(table: dict[str, Any], case: dict[str, Any]) -> None:
    found = {each.route: each.ruling(table["rule"]) for each in flows(estate_of(table, case))}
    for expected in case["expect"]:
        ruling = found[expected["route"]]
        assert ruling.status == expected["status"], ruling
        assert expected["because"] in ruling.because
        assert len(ruling.because) <= 160
        assert ruling.gap is None or UNSAID not in ruling.gap.detail, (
            "the rule looked at something that the case does not say"
        )
        assert (ruling.severity and ruling.severity.value) == expected.get(
            "severity", ruling.severity and ruling.severity.value
        )
        assert ruling.basis.value == expected.get("basis", ruling.basis.value)
        assert ruling.status.value not in {"fail", "needs_attestation"} or ruling.chain, (
            "what is found prints its chain"
        )


def test_every_rule_has_a_truth_table() -> None:
    assert {yaml.safe_load(path.read_text())["rule"] for path in TABLES} == {each.id for each in rules()}


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_each_table_shows_every_answer_that_the_rule_can_give(path: Path) -> None:
    table = yaml.safe_load(path.read_text())
    statuses = {each["status"] for case in table["cases"] for each in case["expect"]}
    assert {"pass", "not_applicable", "not_evaluated"} <= statuses
    assert statuses & {"fail", "needs_attestation"}
