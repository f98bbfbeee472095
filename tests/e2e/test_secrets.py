"""No marked secret of any declared operation stands in a stored byte, wherever AWS's model has a place for one."""

import json

import pytest
import time_machine

from auditor.collect.interface import Operation
from auditor.collect.redact import Redactor
from auditor.collect.registry import collectors
from auditor.demo.front import Front
from auditor.normalize.wire import parse_body
from tests.collecting import AS_OF, ENVIRONMENT, collected, judged
from tests.full_answers import MARK, Full, Planting, written

OPERATIONS = {each.id: each for of in collectors() for each in of.operations}


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_what_is_kept_of_a_full_answer_holds_no_secret(operation: Operation) -> None:
    planting = Planting(operation)
    body = written(operation, planting.answer())
    kept, places = Redactor(b"k").body(operation.id, body)
    assert [path for secret, path in planting.planted.items() if secret.encode() in kept] == []
    assert MARK.encode() not in kept
    assert places or not planting.planted
    assert parse_body(operation.id, kept).keys() == parse_body(operation.id, body).keys()


def test_a_collection_of_full_answers_stores_no_secret_and_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    backend = Full()
    with Front(backend) as front, time_machine.travel(AS_OF, tick=True):
        for name, value in {**ENVIRONMENT, "AWS_ENDPOINT_URL": front.endpoint}.items():
            monkeypatch.setenv(name, value)
        read = collected()
    assert len(backend.planted) > 20
    evaluation = judged(read)
    told = [
        *(each.model_dump_json() for of in read.resources.values() for each in of),
        *(each.model_dump_json() for of in read.observations.values() for each in of),
        *(each.model_dump_json() for of in read.gaps.values() for each in of),
        *(each.model_dump_json() for of in read.pages.values() for each in of),
        evaluation.model_dump_json(),
    ]
    bodies = [body.decode() for body in read.bodies.values()]
    assert len(bodies) > len(OPERATIONS) // 2
    assert MARK not in json.dumps([*told, *bodies])
