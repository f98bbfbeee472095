"""Budgets: how many answers an account of a given size may cost, and each operation within what it declares."""

from collections import Counter
from collections.abc import Callable, Iterator

import pytest
import time_machine

from auditor.collect.identity import GET_CALLER_IDENTITY
from auditor.collect.registry import collectors
from auditor.collect.scope import DESCRIBE_REGIONS
from auditor.demo.front import Front
from auditor.normalize.wire import PAGE_TOKENS
from tests.collecting import AS_OF, ENVIRONMENT, PATIENCE, Collection, collected
from tests.sized import LARGE, SMALL, Sized
from tests.sized_answers import Size

BUDGETS = {"small": (SMALL, 280), "large": (LARGE, 2_700)}
BEFORE = (GET_CALLER_IDENTITY, DESCRIBE_REGIONS)
"""Calls that no collector makes: who asks, and where."""
OPERATIONS = {each.id: each for each in (*BEFORE, *(one for of in collectors() for one in of.operations))}


@pytest.fixture(scope="module", params=list(BUDGETS))
def read(request: pytest.FixtureRequest) -> Iterator[tuple[str, Sized, Collection]]:
    backend = Sized(BUDGETS[request.param][0])
    with pytest.MonkeyPatch.context() as patch, Front(backend) as front, time_machine.travel(AS_OF, tick=True):
        for name, value in {**ENVIRONMENT, "AWS_ENDPOINT_URL": front.endpoint}.items():
            patch.setenv(name, value)
        yield request.param, backend, collected(patience=PATIENCE)


def _counted(collection: Collection) -> Counter[str]:
    counted: Counter[str] = Counter()
    for listing in (each for of in collection.listings.values() for each in of):
        counted[listing.kind] += listing.count
    return counted


def test_an_account_costs_no_more_answers_than_its_budget(
    read: tuple[str, Sized, Collection], record_property: Callable[[str, object], None]
) -> None:
    name, backend, collection = read
    made = sum(collection.calls.values())
    blank = sum(collection.calls.get(each, 0) for each in backend.blank)
    record_property("told", f"budget, {name} account: {made} answers of {BUDGETS[name][1]}, {blank} of them blank")
    assert made <= BUDGETS[name][1], collection.calls


def test_what_was_generated_is_what_was_read(read: tuple[str, Sized, Collection]) -> None:
    name, backend, collection = read
    size: Size = BUDGETS[name][0]
    counted = Counter(type(each).__name__ for of in collection.resources.values() for each in of)
    expected = {
        "RestApi": size.rest_apis,
        "Method": size.rest_apis * size.resources * size.methods,
        "Role": size.roles,
        "User": size.users,
        "KmsKey": size.kms_keys,
        "Secret": size.secrets,
    }
    assert {kind: counted[kind] for kind in expected} == expected
    written = [gap for of in collection.gaps.values() for gap in of if gap.operation not in backend.blank]
    assert written == []


def test_no_operation_is_called_more_often_than_it_declares(read: tuple[str, Sized, Collection]) -> None:
    _, _, collection = read
    counted = _counted(collection)
    further = Counter(
        page.operation for of in collection.pages.values() for page in of if PAGE_TOKENS & page.parameters.keys()
    )
    above = {
        name: (made, most)
        for name, made in collection.calls.items()
        if made > (most := _own(name, counted) + further[name])
    }
    assert above == {}


def _own(name: str, counted: Counter[str]) -> int:
    operation = OPERATIONS[name]
    return operation.times * (sum(counted[kind] for kind in operation.per) if operation.per else 1)
