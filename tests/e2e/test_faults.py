"""Every operation that collectors use, every way an answer can go wrong, over real HTTP: never a cleaner result.

The matrix is printed at the end of the run: operations, faults, and how each cell ended. `same`: the fault left no trace, because it passed
or spoiled nothing that is read. `not evaluated`: a control says what it could not see. `gap alone`: no control needed it, the completeness
sheet names it.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
import time_machine

from auditor.demo.faults import Fault, Rule
from auditor.demo.front import Front
from auditor.evaluate.exit_code import exit_code
from auditor.evaluate.totals import is_for_a_gap
from auditor.model.finding import Evaluation
from auditor.model.resource import Listing
from auditor.model.snapshot import GapReason
from auditor.model.status import Status
from tests.collecting import AS_OF, ENVIRONMENT, PATIENCE, Collection, collected, judged, services_for
from tests.e2e.fault_matrix import OPERATIONS, Cell, cells
from tests.replay import front, load

SCOPE_OPERATIONS = {"sts:GetCallerIdentity", "ec2:DescribeRegions"}
"""Asked once an account, before any collector."""
CLEAN = {Status.PASS, Status.NOT_APPLICABLE}
REASONS = {
    Fault.DENY: {GapReason.DENIED},
    Fault.EXPIRED: {GapReason.EXPIRED},
    Fault.THROTTLE: {GapReason.THROTTLED},
    Fault.ERROR: {GapReason.UNAVAILABLE},
    Fault.UNAVAILABLE: {GapReason.UNAVAILABLE},
    Fault.RESET: {GapReason.UNAVAILABLE},
    Fault.TIME_OUT: {GapReason.UNAVAILABLE},
    Fault.WRONG_ERROR: {GapReason.UNSUPPORTED, GapReason.MALFORMED},
    Fault.PAGE_DENIED: {GapReason.DENIED},
}
"""What a gap says of each fault; of all others that the answer was malformed."""


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


def _with_fault(simulation: Front, whole: Collection, rule: Rule) -> Collection:
    # A call that hangs is not waited for long; the second attempt is for the others, on a machine that is busy.
    hangs = rule.fault is Fault.TIME_OUT
    patience = replace(PATIENCE, attempts=2, read_timeout=0.5) if hangs else PATIENCE
    simulation.fault(rule)
    try:
        return collected(*services_for(rule.operation), patience=patience).over(whole)
    finally:
        simulation.clear_faults()


def test_the_small_estate_calls_every_operation_and_fails_where_it_should(
    whole: Collection, before: Evaluation
) -> None:
    assert set(OPERATIONS) <= set(whole.calls)
    assert not [gap for gaps in whole.gaps.values() for gap in gaps]
    failing = {control for (control, _), status in _findings(before).items() if status is Status.FAIL}
    assert failing >= {"GW-ID-01", "GW-ID-10", "GW-ID-14", "GW-OB-01", "KR-01", "KR-04", "KR-06", "KR-09"}
    assert failing >= {"GW-ID-04", "GW-ID-06", "GW-RT-07", "GW-RT-12", "GW-OB-04", "GW-OB-05"}
    assert exit_code(before) == 1


def test_every_declared_operation_is_called_and_nothing_else(whole: Collection) -> None:
    assert set(whole.calls) == {*OPERATIONS, *SCOPE_OPERATIONS}


@pytest.mark.parametrize("cell", tuple(cells()), ids=lambda cell: cell.id)
def test_a_fault_never_gives_a_cleaner_result(
    simulation: Front, whole: Collection, before: Evaluation, cell: Cell, record_property: Callable[[str, object], None]
) -> None:
    collection = _with_fault(simulation, whole, cell.rule())
    after = judged(collection)
    _never_cleaner(before, after)
    end = _end(cell, whole, collection, after)
    record_property("matrix", ("fault matrix", cell.operation, cell.column, end))
    if cell.must_pass:
        assert end == "same"
        assert _findings(after) == _findings(before)
    if end != "same":
        _is_told(cell, collection, after)
    assert exit_code(after) in {1, 3}


def _never_cleaner(before: Evaluation, after: Evaluation) -> None:
    old, new = _findings(before), _findings(after)
    hidden = {each.control for each in after.findings if is_for_a_gap(each)}
    for (control, resource), status in old.items():
        now = new.get((control, resource))
        if now is None:
            assert control in hidden, f"{control} lost sight of {resource} without saying so"
        elif status not in CLEAN:
            assert now not in CLEAN, f"{control} on {resource} was {status.value} and became {now.value}"
    for key, status in new.items():
        assert key in old or status not in CLEAN, f"{key} appeared as {status.value}"


def _end(cell: Cell, whole: Collection, collection: Collection, after: Evaluation) -> str:
    """Return how a cell ended; what left no gap must have changed nothing at all."""
    gaps = [gap for of in collection.gaps.values() for gap in of]
    if not gaps:
        assert collection.resources == whole.resources, "the estate changed, and no gap says so"
        assert _lists(collection) == _lists(whole)
        assert cell.may_be_unread, "nobody noticed"
        return "same"
    return "not evaluated" if any(is_for_a_gap(each) for each in after.findings) else "gap alone"


def _lists(collection: Collection) -> set[Listing]:
    """Return what was listed, without the digests of the pages that it stood on."""
    return {each.model_copy(update={"pages": ()}) for of in collection.listings.values() for each in of}


def _is_told(cell: Cell, collection: Collection, after: Evaluation) -> None:
    gaps = [gap for of in collection.gaps.values() for gap in of]
    own = [gap for gap in gaps if gap.operation == cell.operation]
    assert {gap.reason for gap in own} & REASONS.get(cell.fault, {GapReason.MALFORMED})
    assert {gap.action for gap in own} == {OPERATIONS[cell.operation].action}
    sheet = [each for each in after.findings if each.control == "CH-05" and each.status is Status.FAIL]
    for operation in sorted({gap.operation for gap in gaps}):
        assert any(operation in each.reason for each in sheet), f"the completeness sheet does not name {operation}"


@pytest.mark.parametrize("operation", sorted(OPERATIONS))
def test_a_denied_call_is_named_with_its_action_and_changes_nothing_else(
    simulation: Front, whole: Collection, before: Evaluation, operation: str
) -> None:
    after = judged(_with_fault(simulation, whole, Rule(operation, Fault.DENY)))
    touched = {each.control for each in after.findings if is_for_a_gap(each)}
    for each in after.findings:
        if is_for_a_gap(each):
            assert OPERATIONS[operation].action in each.reason
            assert each.observed["operation"] == operation
    old, new = _findings(before), _findings(after)
    for key in old.keys() | new.keys():
        if key[0] not in touched and key[0] != "CH-05":
            assert old.get(key) is new.get(key), f"{key} changed although its control needs nothing of {operation}"
    assert exit_code(after) == (3 if touched else 1)


@pytest.mark.parametrize("share", range(0, 100, 8))
def test_credentials_that_expire_in_mid_run_hide_nothing(
    simulation: Front, whole: Collection, before: Evaluation, share: int, record_property: Callable[[str, object], None]
) -> None:
    made = sum(whole.calls.values())
    simulation.fault(Rule("*", Fault.EXPIRED, after=2 + made * share // 100))
    try:
        collection = collected()
    finally:
        simulation.clear_faults()
    after = judged(collection)
    _never_cleaner(before, after)
    gaps = [gap for of in collection.gaps.values() for gap in of]
    assert {gap.reason for gap in gaps} == {GapReason.EXPIRED}
    assert exit_code(after) == 3
    record_property(
        "matrix", ("expiry in mid-run", f"after {share} %", "expired", "gaps in every list that came later")
    )
