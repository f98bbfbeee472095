"""The doctor's probe: every collector runs as it is, each operation is asked once at the most, and a refusal is a gap."""

from collections.abc import Iterator

import pytest
import time_machine

from auditor.collect.interface import Operation
from auditor.collect.probe import Entered, enter_all
from auditor.collect.registry import collectors
from auditor.collect.settings import AccountTarget, CollectSettings
from auditor.demo.faults import Fault, Rule
from auditor.demo.front import Front
from auditor.errors import UsageError
from auditor.model.snapshot import GapReason
from tests.collecting import ACCOUNT, AS_OF, ENVIRONMENT, REGION
from tests.replay import front, load

OPERATIONS: dict[str, Operation] = {each.id: each for collector in collectors() for each in collector.operations}


@pytest.fixture
def simulation(monkeypatch: pytest.MonkeyPatch) -> Iterator[Front]:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    with front(load("one-of-each")) as simulated, time_machine.travel(AS_OF, tick=True):
        monkeypatch.setenv("AWS_ENDPOINT_URL", simulated.endpoint)
        yield simulated


def _entered(*targets: AccountTarget) -> list[Entered]:
    settings = CollectSettings(redaction_key=b"k", regions=(REGION,), accounts=targets or (AccountTarget(),))
    return list(enter_all(settings, (REGION,), lambda _text: None))


def test_every_declared_operation_has_its_line_and_is_asked_once_at_the_most(simulation: Front) -> None:
    (entered,) = _entered()
    assert entered.identity is not None
    assert entered.identity.account == ACCOUNT
    assert sorted(each.operation.id for each in entered.probed) == sorted(OPERATIONS)
    asked = {each.operation.id for each in entered.probed if each.asked}
    assert {name for name in asked if simulation.calls[name] != 1} == set()
    assert {name for name in OPERATIONS if simulation.calls[name]} == asked
    # Whatever needs no item to be asked about, and comes after no other service, is always asked.
    assert {name for name, operation in OPERATIONS.items() if not operation.per} <= asked | _after()


def _after() -> set[str]:
    return {operation.id for each in collectors() if each.told_by for operation in each.operations}


def test_a_refusal_of_everything_is_a_gap_of_each_and_stops_nothing(simulation: Front) -> None:
    for operation in OPERATIONS:
        simulation.fault(Rule(operation, Fault.DENY))
    (entered,) = _entered()
    refused = {each.operation.id for each in entered.probed if each.gap is not None}
    assert refused == {each.operation.id for each in entered.probed if each.asked}
    assert {each.gap.reason for each in entered.probed if each.gap} == {GapReason.DENIED}
    # An account that does not say whether it has an organization is asked nothing more about one.
    untold = {name for name, operation in OPERATIONS.items() if not operation.per} - _after() - refused
    assert {name.partition(":")[0] for name in untold} <= {"organizations"}


@pytest.mark.parametrize("fault", [Fault.HTML, Fault.BLANK, Fault.ERROR, Fault.RESET])
def test_broken_answers_are_gaps_too(simulation: Front, fault: Fault) -> None:
    simulation.fault(Rule("secretsmanager:ListSecrets", fault))
    (entered,) = _entered()
    gaps = {each.operation.id: each.gap for each in entered.probed if each.gap is not None}
    assert list(gaps) == ["secretsmanager:ListSecrets"]


def test_the_smallest_page_is_asked_for(simulation: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []
    answer = simulation._backend.answer

    def listen(environ: dict[str, object], request: object) -> object:
        heard.append(f"{request.id} {request.parameters}")  # type: ignore[attr-defined]  # the front's own request
        return answer(environ, request)  # type: ignore[arg-type]

    monkeypatch.setattr(simulation._backend, "answer", listen)
    _entered()
    sizes = {line.partition(" ")[0]: line for line in heard}
    assert "'Limit': 1" in sizes["kms:ListKeys"]
    assert "'MaxItems': '1'" in sizes["iam:GetAccountAuthorizationDetails"]
    assert "'MaxResults': '1'" in sizes["apigatewayv2:GetApis"]


def test_credentials_of_another_account_are_told_and_the_rest_goes_on(simulation: Front) -> None:
    del simulation
    first, second = _entered(AccountTarget("999988887777"), AccountTarget(ACCOUNT))
    assert isinstance(first.error, UsageError)
    assert (first.identity, bool(second.probed)) == (None, True)
