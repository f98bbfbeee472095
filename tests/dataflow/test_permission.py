"""Whether API Gateway may invoke a function, by the function's own policy."""

import json
from typing import Any

import pytest

from auditor.access.family import family
from auditor.access.one_call import Truth
from auditor.access.patterns import SEGMENT, literal
from auditor.dataflow.permission import may_invoke
from auditor.model.platform import Function
from tests.estates import resource

API = "arn:aws:execute-api:eu-west-1:111122223333:r1"
ROUTE = family(f"{API}/live/GET/orders/{{id}}").language
USUAL: dict[str, Any] = {
    "Effect": "Allow",
    "Principal": {"Service": "apigateway.amazonaws.com"},
    "Action": "lambda:InvokeFunction",
    "Resource": "arn:aws:lambda:eu-west-1:111122223333:function:list",
}


def _function(policy: Any) -> Function:
    found = resource({"kind": "Function", "arn": USUAL["Resource"], "policy": policy})
    assert isinstance(found, Function)
    return found


def _from(*sources: str, operator: str = "ArnLike") -> dict[str, Any]:
    return {"Condition": {operator: {"AWS:SourceArn": list(sources)}}}


@pytest.mark.parametrize(
    ("statements", "answer"),
    [
        ([{}], Truth.YES),
        ([{"Principal": "*"}], Truth.YES),
        ([{"Principal": {"Service": "s3.amazonaws.com"}}], Truth.NO),
        ([{"Action": "lambda:GetFunction"}], Truth.NO),
        ([{"Action": "lambda:*"}], Truth.YES),
        ([_from(f"{API}/*/GET/orders/*")], Truth.YES),
        ([_from(f"{API}/*")], Truth.YES),
        ([_from(f"{API}/*/*/*")], Truth.YES),
        ([_from(f"{API}/live/POST/orders/*")], Truth.NO),
        ([_from(f"{API}/test/GET/orders/*")], Truth.NO),
        ([_from("arn:aws:execute-api:eu-west-1:111122223333:r2/*")], Truth.NO),
        ([_from(f"{API}/live/GET/orders/7")], Truth.UNKNOWN),
        ([_from(f"{API}/live/GET/orders/{{id}}")], Truth.UNKNOWN),
        ([_from(f"{API}/*", operator="StringEquals")], Truth.NO),
        ([_from(f"{API}/live/POST/*"), _from(f"{API}/*/GET/*")], Truth.YES),
        ([_from("arn:aws:execute-api:${aws:PrincipalAccount}")], Truth.UNKNOWN),
        ([{"Condition": {"StringEquals": {"AWS:SourceAccount": "111122223333"}}}], Truth.YES),
        ([{"Condition": {"StringEquals": {"AWS:SourceAccount": "999999999999"}}}], Truth.NO),
        ([{"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}}], Truth.UNKNOWN),
        ([{}, {"Effect": "Deny"}], Truth.NO),
        ([{}, {"Effect": "Deny", **_from(f"{API}/live/GET/orders/7")}], Truth.UNKNOWN),
        ([{}, {"Effect": "Deny", **_from(f"{API}/test/*")}], Truth.YES),
    ],
)
def test_the_policy_decides(statements: list[dict[str, Any]], answer: Truth) -> None:
    policy = json.dumps({"Statement": [{**USUAL, **each} for each in statements]})
    assert may_invoke(_function(policy), ROUTE) is answer


@pytest.mark.parametrize(
    ("policy", "answer"), [("absent", Truth.NO), ("unread", Truth.UNKNOWN), ("{", Truth.UNKNOWN), ("[]", Truth.UNKNOWN)]
)
def test_no_policy_is_a_no_and_what_was_not_read_or_understood_is_not_known(policy: str, answer: Truth) -> None:
    assert may_invoke(_function(policy), ROUTE) is answer


def test_a_function_that_was_not_read_is_not_known() -> None:
    assert may_invoke(None, ROUTE) is Truth.UNKNOWN


@pytest.mark.parametrize(
    ("written", "known", "unknown"),
    [
        (f"{API}/authorizers/a1", Truth.YES, Truth.UNKNOWN),
        (f"{API}/authorizers/*", Truth.YES, Truth.YES),
        (f"{API}/*/GET/orders", Truth.NO, Truth.NO),
    ],
)
def test_an_authorizer_calls_under_its_id_which_may_not_be_known(written: str, known: Truth, unknown: Truth) -> None:
    found = _function(json.dumps({"Statement": [{**USUAL, **_from(written)}]}))
    assert may_invoke(found, literal(f"{API}/authorizers/a1")) is known
    assert may_invoke(found, literal(f"{API}/authorizers/") + SEGMENT) is unknown
