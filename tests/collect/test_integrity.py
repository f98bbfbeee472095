"""The guard: what a whole answer holds, by declaration and by botocore's model."""

import json
from typing import Any

import pytest

from auditor.collect.gateway.domains import BASE_PATHS
from auditor.collect.gateway.rest import APIS
from auditor.collect.integrity import BrokenAnswerError, RawAnswer, whole
from auditor.collect.interface import Operation
from auditor.collect.services.iam_operations import ACCESS_KEYS
from auditor.collect.services.kms import KEY, POLICY, ROTATION
from auditor.demo.wire import model


def _answer(operation: Operation, body: bytes) -> RawAnswer:
    shape = model(operation.service).operation_model(operation.name).output_shape
    return RawAnswer(200, {"content-length": str(len(body))}, body, shape)


def _whole(operation: Operation, value: Any) -> Any:
    return whole(operation, _answer(operation, json.dumps(value).encode()))


@pytest.mark.parametrize(
    ("operation", "value", "told"),
    [
        (APIS, {"item": ""}, "item is of another type"),
        (APIS, {"item": {}}, "item is of another type"),
        (APIS, {"item": ["x"]}, "item is no list of records"),
        (APIS, {"item": [{"id": ""}]}, "item holds a record without id"),
        (KEY, {"KeyMetadata": []}, "KeyMetadata is of another type"),
        (KEY, {"KeyMetadata": None}, "KeyMetadata is missing"),
        (POLICY, {"Policy": {"Version": "2012-10-17"}}, "Policy is of another type"),
        (ROTATION, {"KeyRotationEnabled": "true"}, "KeyRotationEnabled is of another type"),
        (ROTATION, {"KeyRotationEnabled": True, "more": json.loads("[" * 200 + "]" * 200)}, "nested too deeply"),
    ],
)
def test_a_member_of_another_type_breaks_the_answer(operation: Operation, value: Any, told: str) -> None:
    with pytest.raises(BrokenAnswerError, match=told):
        _whole(operation, value)


def test_members_that_the_model_does_not_know_break_nothing() -> None:
    value = {"KeyRotationEnabled": False, "NewMember": [1, {"x": None}]}
    assert _whole(ROTATION, value) == value


def test_a_list_that_aws_leaves_out_when_it_is_empty_is_empty() -> None:
    assert _whole(BASE_PATHS, {}) == {}
    with pytest.raises(BrokenAnswerError, match="item is missing"):
        _whole(APIS, {})


@pytest.mark.parametrize("inner", [b"<AccessKeyMetadata/>", b"<AccessKeyMetadata></AccessKeyMetadata>"])
def test_an_empty_xml_list_is_a_list(inner: bytes) -> None:
    result = b"<ListAccessKeysResult>%s<IsTruncated>false</IsTruncated></ListAccessKeysResult>" % inner
    body = b"<ListAccessKeysResponse>%s</ListAccessKeysResponse>" % result
    assert whole(ACCESS_KEYS, _answer(ACCESS_KEYS, body))["AccessKeyMetadata"] == ""


def test_xml_that_nests_without_end_is_broken() -> None:
    body = b"<ListAccessKeysResponse>" + b"<a>" * 5000 + b"</a>" * 5000 + b"</ListAccessKeysResponse>"
    with pytest.raises(BrokenAnswerError, match="not of the service's format"):
        whole(ACCESS_KEYS, _answer(ACCESS_KEYS, body))
