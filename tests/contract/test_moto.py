"""The collectors against moto, in this process: counts come out, and what moto cannot answer is a gap by name."""

from collections import Counter
from collections.abc import Iterator

import pytest

from auditor.collect.registry import collectors
from auditor.model.snapshot import GapReason
from auditor.model.status import Status
from tests.collecting import ENVIRONMENT, Collection, collected, judged
from tests.e2e.small_estate import running

OPERATIONS = {each.id: each for of in collectors() for each in of.operations}


@pytest.fixture(scope="module")
def read() -> Iterator[Collection]:
    with pytest.MonkeyPatch.context() as patch, running() as simulation:
        for name, value in {**ENVIRONMENT, "AWS_ENDPOINT_URL": simulation.endpoint}.items():
            patch.setenv(name, value)
        yield collected()


def test_the_counts_of_the_small_estate_come_out(read: Collection) -> None:
    counted = Counter(type(each).__name__ for of in read.resources.values() for each in of)
    expected = {"RestApi": 1, "User": 1, "AccessKey": 1, "Secret": 1, "KmsKey": 2, "DomainName": 2, "ApiKey": 1}
    assert {kind: counted[kind] for kind in expected} == expected
    assert counted["DeployedRoute"] == 6


def test_what_moto_cannot_answer_is_a_gap_by_name(read: Collection) -> None:
    gaps = [gap for of in read.gaps.values() for gap in of]
    for gap in gaps:
        assert gap.action == OPERATIONS[gap.operation].action
        assert gap.reason in {GapReason.UNSUPPORTED, GapReason.UNAVAILABLE, GapReason.MALFORMED}
    sheet = " ".join(each.reason for each in judged(read).findings if each.control == "CH-05")
    assert {gap.operation for gap in gaps} <= {each for each in OPERATIONS if each in sheet}


def test_the_open_routes_fail(read: Collection) -> None:
    failing = {
        each.resource for each in judged(read).findings if (each.control, each.status) == ("GW-ID-01", Status.FAIL)
    }
    assert {route.rpartition("/GET")[2] for route in failing} >= {"/open", "/keyed"}
