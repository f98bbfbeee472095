"""Gaps, waivers, totals, causes: what the engine alone decides."""

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.access.principals import Principals
from auditor.assets import controls_dir
from auditor.catalog.load import CatalogSources, load
from auditor.checks.interface import Check, Outcome, Params, items
from auditor.checks.registry import checks
from auditor.errors import InvalidFileError
from auditor.evaluate.bind import bind
from auditor.evaluate.engine import evaluate
from auditor.evaluate.exit_code import exit_code
from auditor.model.control import Basis, Catalog, Control, CriterionMapping, Parameter, Severity, Waiver
from auditor.model.fact import need
from auditor.model.finding import Conclusion, Evaluation, WaiverState
from auditor.model.iam import AccessKey
from auditor.model.register import Registers
from auditor.model.status import Status
from tests.estates import AS_OF, estate, gap, listing, resource

TODAY = AS_OF.date()
KEY = "arn:aws:iam::111122223333:user/ci#AKIA1"


def _control(name: str, check: str, **other: Any) -> Control:
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
    }
    return Control(id=name, check=check, **{**given, **other})


def _catalog(*controls: Control, waivers: tuple[Waiver, ...] = ()) -> Catalog:
    return Catalog(controls=controls, criteria=(), framework="", registers=Registers(), waivers=waivers, digest="")


AGE = _control("KR-01", "access-key-age", parameters={"max_key_age_days": Parameter(value=90, source="s")})


def _key(days: int | None = 100, arn: str = KEY, **other: Any) -> Any:
    created = "unread" if days is None else AS_OF - timedelta(days=days)
    return resource({"kind": "AccessKey", "arn": arn, "status": "Active", "created": created, **other})


def _waiver(**other: Any) -> Waiver:
    given: dict[str, Any] = {
        "id": "W-1",
        "control": "KR-01",
        "resource": KEY,
        "reason": "moves in November",
        "requested_by": "a",
        "risk_owner": "b",
        "approver": "c",
        "approved_on": TODAY - timedelta(days=10),
        "expires_on": TODAY + timedelta(days=10),
        "ticket": "SEC-1",
    }
    return Waiver(**{**given, **other})


def _with(waiver: Waiver, *controls: Control, days: int = 100) -> Evaluation:
    return evaluate(estate([_key(days)]), _catalog(*(controls or (AGE,)), waivers=(waiver,)))


def test_a_waived_finding_is_a_deviation_still() -> None:
    found = _with(_waiver())
    assert [(each.status, each.waiver) for each in found.findings] == [(Status.WAIVED, "W-1")]
    assert found.results[0].conclusion is Conclusion.DEVIATIONS
    assert exit_code(found) == 0


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, WaiverState.APPLIED),
        ({"expires_on": TODAY}, WaiverState.APPLIED),
        ({"expires_on": TODAY - timedelta(days=1)}, WaiverState.EXPIRED),
        ({"starts_on": TODAY}, WaiverState.APPLIED),
        ({"starts_on": TODAY + timedelta(days=1)}, WaiverState.NOT_STARTED),
        ({"approved_on": TODAY + timedelta(days=1)}, WaiverState.NOT_STARTED),
        ({"resource": "arn:aws:iam::111122223333:user/other#AKIA2"}, WaiverState.STALE),
        ({"control": "KR-99"}, WaiverState.STALE),
        ({"compensating_control": "KR-99"}, WaiverState.UNSUPPORTED),
    ],
)
def test_what_becomes_of_a_waiver(changes: dict[str, Any], state: WaiverState) -> None:
    found = _with(_waiver(**changes))
    assert found.waivers[0].state is state
    expected = Status.WAIVED if state is WaiverState.APPLIED else Status.FAIL
    assert found.findings[0].status is expected


def test_a_waiver_of_a_finding_that_passes_is_stale() -> None:
    assert _with(_waiver(), days=10).waivers[0].state is WaiverState.STALE


def test_a_compensating_control_must_pass_on_the_same_resource() -> None:
    looser = _control("KR-02", "access-key-age", parameters={"max_key_age_days": Parameter(value=200, source="s")})
    assert _with(_waiver(compensating_control="KR-02"), AGE, looser).waivers[0].state is WaiverState.APPLIED
    assert (
        _with(_waiver(compensating_control="KR-02"), AGE, looser, days=300).waivers[0].state is WaiverState.UNSUPPORTED
    )


def test_a_gap_is_never_a_pass_and_is_never_waived() -> None:
    found = evaluate(estate([_key(None)]), _catalog(AGE, waivers=(_waiver(),)))
    assert [each.status for each in found.findings] == [Status.NOT_EVALUATED]
    assert found.waivers[0].state is WaiverState.STALE
    assert exit_code(found) == 3


def test_a_gap_wins_over_a_failure() -> None:
    found = evaluate(estate([_key(), _key(None, arn=f"{KEY}2")]), _catalog(AGE))
    assert exit_code(found) == 3
    assert exit_code(found, exit_zero=True) == 3


def test_exit_zero_turns_off_a_failure_alone() -> None:
    found = evaluate(estate([_key()]), _catalog(AGE))
    assert (exit_code(found), exit_code(found, exit_zero=True)) == (1, 0)


def test_gaps_of_the_collection_control_give_neither_1_nor_3() -> None:
    control = _control("CH-05", "collection-complete", subject="collection")
    found = evaluate(estate([], gaps=[gap()]), _catalog(control))
    assert [each.status for each in found.findings] == [Status.FAIL]
    assert exit_code(found) == 0


def test_an_inferred_rule_asks_a_person_and_says_possible() -> None:
    inferred = _control("KR-01", "access-key-age", basis=Basis.INFERRED, parameters=AGE.parameters)
    found = evaluate(estate([_key()]), _catalog(inferred)).findings[0]
    assert (found.status, found.reason.startswith("possible: ")) == (Status.NEEDS_ATTESTATION, True)


def test_two_controls_that_fail_for_one_cause_share_it() -> None:
    second = _control("KR-02", "access-key-age", same_cause_as="KR-01", parameters=AGE.parameters)
    causes = {each.root_cause for each in evaluate(estate([_key()]), _catalog(AGE, second)).findings}
    assert causes == {f"KR-01:{KEY}"}
    young = {each.root_cause for each in evaluate(estate([_key(5)]), _catalog(AGE, second)).findings}
    assert young == {None}


def test_evidence_of_a_list_that_ended_early_is_kept() -> None:
    cut = listing("User", operation="iam:GetAccountAuthorizationDetails", complete=False, pages=("first page",))
    given = estate([], listings=[cut], gaps=[gap("iam:GetAccountAuthorizationDetails")])
    found = evaluate(given, _catalog(AGE)).findings
    assert [(each.status, each.exhibits) for each in found] == [(Status.NOT_EVALUATED, ("first page",))]


def test_every_mismatch_of_controls_and_checks_is_told_at_once() -> None:
    wrong = _catalog(
        _control("KR-01", "acces-key-age"),
        _control("KR-04", "api-key-age", parameters={"max_key_age_days": Parameter(value="ninety", source="s")}),
        _control("KR-06", "kms-rotation"),
        _control("KR-09", "secret-rotation", parameters={"max_rotation_days": Parameter(value=90, source="s")}),
    )
    with pytest.raises(InvalidFileError) as caught:
        bind(wrong)
    told = "\n".join(caught.value.problems)
    for words in (
        "did you mean access-key-age?",
        "max_key_age_days",
        "max_rotation_period_days",
        "reads the register secrets",
    ):
        assert words in told


_DAYS = st.lists(st.one_of(st.none(), st.integers(0, 400)), max_size=12)


@given(_DAYS, st.randoms())
def test_totals_add_up_and_order_does_not_matter(days: list[int | None], shuffler: random.Random) -> None:
    keys = [_key(each, arn=f"{KEY}{index}") for index, each in enumerate(days)]
    first = evaluate(estate(keys), _catalog(AGE))
    shuffler.shuffle(keys)
    second = evaluate(estate(keys), _catalog(AGE))
    assert first == second
    counted = first.results[0].totals.model_dump()
    assert counted.pop("population") == sum(counted.values()) == len(days)


def test_a_check_that_forgets_to_look_cannot_turn_a_gap_into_a_pass() -> None:
    def test(item: Any, _estate: Any, _params: Any) -> Outcome:
        return Outcome(Status.PASS, f"created {need(item.of.created)}")

    careless = Check("careless", ("AccessKey",), Params, lambda given: items(given.of(AccessKey)), test)
    found = evaluate(estate([_key(None)]), _catalog(_control("KR-01", "careless")), [careless])
    assert [each.status for each in found.findings] == [Status.NOT_EVALUATED]


def test_every_check_is_bound_by_a_shipped_control() -> None:
    shipped = load(CatalogSources(controls=(controls_dir(),), criteria=controls_dir() / "criteria" / "tsc-2017.yaml"))
    assert {check.name for check in checks()} == {control.check for control in shipped.controls}


def test_what_is_said_of_a_waiver_cannot_be_waived() -> None:
    limits = {name: Parameter(value=5, source="s") for name in ("max_days", "max_days_critical")}
    approval = _control("CH-07", "waiver-approval", parameters=limits)
    long = _waiver()
    excuse = _waiver(id="W-2", control="CH-07", resource="auditor:waiver/W-1", expires_on=TODAY)
    found = evaluate(estate([_key()]), _catalog(AGE, approval, waivers=(long, excuse)))
    status = {(each.control, each.resource): each.status for each in found.findings}
    assert status["CH-07", "auditor:waiver/W-1"] is Status.FAIL
    assert [each.state for each in found.waivers] == [WaiverState.APPLIED, WaiverState.STALE]
    assert "no waiver can accept" in found.waivers[1].why
    assert exit_code(found) == 1


def test_what_an_estate_is_asked_once_is_shared_by_all_checks_and_by_no_other_estate() -> None:
    one = estate([])
    assert one.once(Principals) is one.once(Principals)
    other = replace(one)
    assert other.once(Principals) is not one.once(Principals)
    assert other.once(Principals).estate is other
