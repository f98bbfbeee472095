"""Every operation that collectors use, every way an answer can go wrong, over real HTTP: never a cleaner result."""

from collections.abc import Iterator

import pytest
import time_machine

from auditor.collect.registry import collectors
from auditor.demo.faults import Fault, Rule
from auditor.demo.front import Front
from auditor.evaluate.exit_code import exit_code
from auditor.evaluate.totals import is_for_a_gap
from auditor.model.finding import Evaluation, Status
from tests.collecting import AS_OF, ENVIRONMENT, Collection, collected, judged, services_for
from tests.replay import front, load

OPERATIONS = sorted({operation.id for collector in collectors() for operation in collector.operations})
ACTIONS = {operation.id: operation.action for collector in collectors() for operation in collector.operations}
SCOPE_OPERATIONS = {"sts:GetCallerIdentity", "ec2:DescribeRegions"}
"""Asked once an account, before any collector."""
CLEAN = {Status.PASS, Status.NOT_APPLICABLE}


@pytest.fixture(scope="module")
def environment() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in ENVIRONMENT.items():
            patch.setenv(name, value)
        yield patch


@pytest.fixture(scope="module")
def simulation(environment: pytest.MonkeyPatch) -> Iterator[Front]:
    with front(load("one-of-each")) as simulated, time_machine.travel(AS_OF, tick=True):
        environment.setenv("AWS_ENDPOINT_URL", simulated.endpoint)
        yield simulated


@pytest.fixture(scope="module")
def whole(simulation: Front) -> Collection:
    simulation.clear_faults()
    return collected()


@pytest.fixture(scope="module")
def before(whole: Collection) -> Evaluation:
    return judged(whole)


def _findings(evaluation: Evaluation) -> dict[tuple[str, str], Status]:
    return {(each.control, each.resource): each.status for each in evaluation.findings}


def _with_fault(simulation: Front, whole: Collection, rule: Rule) -> Evaluation:
    simulation.fault(rule)
    try:
        return judged(collected(*services_for(rule.operation)).over(whole))
    finally:
        simulation.clear_faults()


def test_the_small_estate_calls_every_operation_and_fails_where_it_should(
    whole: Collection, before: Evaluation
) -> None:
    assert set(OPERATIONS) <= set(whole.calls)
    assert not [gap for gaps in whole.gaps.values() for gap in gaps]
    failing = {control for (control, _), status in _findings(before).items() if status is Status.FAIL}
    assert failing >= {"GW-ID-01", "GW-ID-10", "GW-ID-14", "GW-OB-01", "KR-01", "KR-04", "KR-06", "KR-09"}
    assert exit_code(before) == 1


def test_every_declared_operation_is_called_and_nothing_else(whole: Collection) -> None:
    assert set(whole.calls) == {*OPERATIONS, *SCOPE_OPERATIONS}


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("fault", [Fault.TRUNCATE, Fault.BLANK, Fault.HTML, Fault.WRONG_TYPE, Fault.DENY, Fault.ERROR])
def test_a_fault_never_gives_a_cleaner_result(
    simulation: Front, whole: Collection, before: Evaluation, operation: str, fault: Fault
) -> None:
    after = _with_fault(simulation, whole, Rule(operation, fault))
    old, new = _findings(before), _findings(after)
    for (control, resource), status in old.items():
        now = new.get((control, resource))
        if now is None:
            hidden = [each for each in after.findings if each.control == control and is_for_a_gap(each)]
            assert hidden, f"{control} lost sight of {resource} without saying so"
        elif status not in CLEAN:
            assert now not in CLEAN, f"{control} on {resource} was {status.value} and became {now.value}"
    for key, status in new.items():
        assert key in old or status not in CLEAN, f"{key} appeared as {status.value}"
    assert exit_code(after) in {1, 3}
    collection = [each for each in after.findings if each.control == "CH-05" and each.status is Status.FAIL]
    assert any(operation in each.reason for each in collection), "the completeness sheet does not name the call"


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_denied_call_is_named_with_its_action_and_changes_nothing_else(
    simulation: Front, whole: Collection, before: Evaluation, operation: str
) -> None:
    after = _with_fault(simulation, whole, Rule(operation, Fault.DENY))
    touched = {each.control for each in after.findings if is_for_a_gap(each)}
    for each in after.findings:
        if is_for_a_gap(each):
            assert ACTIONS[operation] in each.reason
            assert each.observed["operation"] == operation
    old, new = _findings(before), _findings(after)
    for key in old.keys() | new.keys():
        if key[0] not in touched and key[0] != "CH-05":
            assert old.get(key) is new.get(key), f"{key} changed although its control needs nothing of {operation}"
    assert exit_code(after) == (3 if touched else 1)


@pytest.mark.parametrize("service", sorted({operation.partition(":")[0] for operation in OPERATIONS}))
def test_a_throttle_that_passes_costs_nothing(
    simulation: Front, whole: Collection, before: Evaluation, service: str
) -> None:
    operation = next(each for each in OPERATIONS if each.startswith(f"{service}:"))
    after = _with_fault(simulation, whole, Rule(operation, Fault.THROTTLE, times=1))
    assert _findings(after) == _findings(before)
