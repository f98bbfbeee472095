"""Controls that fail for one cause: one deviation, over any number of controls."""

from typing import Any

from auditor.evaluate.causes import with_causes
from auditor.evaluate.waivers import key_of
from auditor.model.control import Basis, Control, CriterionMapping, Severity
from auditor.model.finding import Finding
from auditor.model.status import Status

ROUTE = "arn:aws:execute-api:eu-west-1:111122223333:a/prod/GET/x"


def _control(name: str, same_cause_as: str | None) -> Control:
    given: dict[str, Any] = {
        "version": 1,
        "title": "t",
        "statement": "s",
        "domain": "d",
        "criteria": (CriterionMapping(id="CC6.1", rationale="r"),),
        "severity": Severity.HIGH,
        "frequency": "f",
        "basis": Basis.DOCUMENTED,
        "procedure": "p",
        "remediation": "r",
        "check": "c",
    }
    return Control(id=name, same_cause_as=same_cause_as, **given)


CHAIN = (_control("AA-01", None), _control("AA-02", "AA-01"), _control("AA-03", "AA-02"), _control("AA-04", "AA-02"))


def _finding(control: str, status: Status = Status.FAIL, resource: str = ROUTE, region: str = "eu-west-1") -> Finding:
    return Finding(
        control=control,
        control_version=1,
        resource=resource,
        resource_type="T",
        account="111122223333",
        region=region,
        status=status,
        reason="r",
        severity=Severity.HIGH,
        criteria=(),
        observed={},
        exhibits=(),
        basis=Basis.DOCUMENTED,
    )


def _causes(*findings: Finding, controls: tuple[Control, ...] = CHAIN) -> dict[str, str | None]:
    caused = with_causes({key_of(each): each for each in findings}, controls)
    return {f"{each.control} {each.region}": each.root_cause for each in caused.values()}


def test_three_controls_in_a_chain_are_one_deviation() -> None:
    found = _causes(_finding("AA-01"), _finding("AA-02"), _finding("AA-03"))
    assert set(found.values()) == {f"AA-01:{ROUTE}"}


def test_a_control_that_does_not_fail_does_not_break_the_chain() -> None:
    found = _causes(_finding("AA-01"), _finding("AA-02", Status.PASS), _finding("AA-03"))
    assert found == {
        "AA-01 eu-west-1": f"AA-01:{ROUTE}",
        "AA-02 eu-west-1": None,
        "AA-03 eu-west-1": f"AA-01:{ROUTE}",
    }


def test_two_that_share_an_ancestor_which_does_not_fail_stay_two() -> None:
    found = _causes(_finding("AA-02", Status.PASS), _finding("AA-03"), _finding("AA-04"))
    assert set(found.values()) == {None}


def test_another_resource_or_region_is_another_cause() -> None:
    assert set(_causes(_finding("AA-01"), _finding("AA-02", resource="arn:other")).values()) == {None}
    assert set(_causes(_finding("AA-01"), _finding("AA-02", region="us-east-1")).values()) == {None}


def test_only_what_fails_shares_a_cause() -> None:
    assert set(_causes(_finding("AA-01"), _finding("AA-02", Status.NOT_EVALUATED)).values()) == {None}


def test_a_control_that_is_switched_off_joins_nothing() -> None:
    assert set(_causes(_finding("AA-01"), _finding("AA-03"), controls=(CHAIN[0], CHAIN[2])).values()) == {None}
