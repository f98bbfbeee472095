"""A stage variable's value is kept where it is a target beyond doubt; what could be a secret never is."""

import base64
import json
import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from auditor.collect.redact import Redactor
from auditor.collect.shapes import SHAPES
from auditor.collect.stage_variables import _ANYTHING, is_target

REDACTOR = Redactor(b"key")
FUNCTION = "arn:aws:lambda:eu-west-1:111122223333:function:orders-api"

KEPT = [
    ("host", "orders.internal.halvorsen.example"),
    ("backendHost", "orders.example.com:8443"),
    ("backend_host", "10.0.12.7"),
    ("lambdaUrl", "abcdefghij0123456789klmnopqrst01.lambda-url.eu-west-1.on.aws"),
    ("endpoint", "https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/prod"),
    ("apiUrl", "https://orders.example.com/v1/orders/{id}"),
    ("ordersurl", "http://backend:8080"),
    ("fn", "orders-list"),
    ("lambdaAlias", "live"),
    ("functionName", "OrdersList:prod"),
    ("authorizerFunction", f"{FUNCTION}:live"),
    ("target", FUNCTION),
    ("role", "arn:aws:iam::111122223333:role/gateway/orders"),
    (
        "listenerTarget",
        "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/orders/50dc6c495c0c9188/f2f7dc8efc522ab2",
    ),
    ("vpcLinkId", "z2yd9p"),
    ("version", "42"),
    ("version", "$LATEST"),
    ("service_version", "1.4.2"),
    ("env", "PROD"),
    ("environment", "prod2"),
    ("stage", "blue"),
    ("region", "eu-west-1"),
    ("port", "8080"),
]
GOES = [
    ("host", "hunter2"),
    ("fn", "hunter2"),
    ("env", "Tr0ub4dor"),
    ("host", "Tr0ub4dor&3"),
    ("anything", "orders.example.com"),
    ("colour", "prod"),
    ("dbPassword", "orders.example.com"),
    ("apiKeyHost", "orders.example.com"),
    ("tokenUrl", "https://login.example.com"),
    ("authEndpoint", "https://login.example.com"),
    ("privateHost", "orders.example.com"),
    ("pinStage", "prod"),
    ("signature_version", "4"),
    ("url", "https://user:word@orders.example.com"),
    ("url", "https://orders.example.com/?sig=abc"),
    ("url", "https://orders.example.com/#abc"),
    ("url", "https://hooks.slack.example/services/T024BE7LD/B0LQ1/XyzXyzXyz"),
    ("url", "https://hooks.example.com/9f86d081884c7d65"),
    ("host", "9f86d081884c7d65.requests.example"),
    ("host", "admin:1234"),
    ("host", "deadbeefcafe"),
    ("host", "correcthorsebatterystaple"),
    ("host", "OrdersList"),
    ("stage", "z2yd9p"),
    ("stage", "8080"),
    ("fn", "orders-1A2B3C4D5E6F"),
    ("host", ""),
    ("version", "123456"),
]


@pytest.mark.parametrize(("name", "value"), KEPT)
def test_a_target_stays(name: str, value: str) -> None:
    assert is_target(name, value)


@pytest.mark.parametrize(("name", "value"), GOES)
def test_what_may_be_a_secret_goes(name: str, value: str) -> None:
    assert not is_target(name, value)


STAGES = [
    ("apigateway:GetStages", lambda pair: {"item": [{"variables": pair}]}),
    ("apigateway:GetStages", lambda pair: {"item": [{"canarySettings": {"stageVariableOverrides": pair}}]}),
    ("apigatewayv2:GetStages", lambda pair: {"items": [{"stageVariables": pair}]}),
]


@pytest.mark.parametrize(("operation", "answer"), STAGES)
def test_every_place_of_stage_variables_keeps_targets_and_digests_the_rest(operation: str, answer: object) -> None:
    body = json.dumps(answer({"fn": "orders-list", "pw": "orders-list"}))  # type: ignore[operator]  # a table of functions
    kept, places = REDACTOR.body(operation, body.encode())
    assert b'"fn":"orders-list"' in kept
    assert b'"pw":"redacted:' in kept
    assert len(places) == 1


@pytest.mark.parametrize("operation", ["lambda:GetFunctionConfiguration", "apigateway:GetStage", "x:Y"])
@pytest.mark.parametrize("member", ["variables", "Variables", "environment", "stageVariables", "staticQueryParameters"])
def test_variables_of_anything_else_go_whatever_they_look_like(operation: str, member: str) -> None:
    kept, _ = REDACTOR.body(operation, json.dumps({member: {"host": "orders.example.com"}}).encode())
    assert b"orders.example.com" not in kept


_NAMES = st.sampled_from(sorted(_ANYTHING)) | st.text(string.ascii_letters + "_", max_size=12).map(
    lambda each: f"{each}Host"
)
_BYTES = st.binary(min_size=9, max_size=40)
_RANDOM = (
    _BYTES.map(lambda each: base64.b64encode(each).decode())
    | _BYTES.map(lambda each: base64.urlsafe_b64encode(each).decode().rstrip("="))
    | _BYTES.map(bytes.hex)
)
_ALNUM = string.ascii_letters + string.digits
_MIXED = st.text(_ALNUM, min_size=7, max_size=30).filter(
    lambda each: any(one.isdigit() for one in each) and any(one.isalpha() for one in each)
)
_SHAPED = st.one_of([st.from_regex(shape, fullmatch=True) for shape in SHAPES])


@given(_NAMES, _RANDOM)
def test_random_bytes_never_survive(name: str, value: str) -> None:
    # Letters alone, in a row that reads like a word, are one: nobody could tell.
    assume(any(not each.isalpha() for each in value) or set(value) <= set("abcdef"))
    assert not is_target(name, value)


@given(_NAMES, _MIXED)
def test_letters_and_digits_in_one_word_never_survive(name: str, value: str) -> None:
    assert not is_target(name, value)


@given(_NAMES, _SHAPED)
def test_what_has_the_shape_of_a_credential_never_survives(name: str, value: str) -> None:
    kept, _ = REDACTOR.body("apigateway:GetStages", json.dumps({"item": [{"variables": {name: value}}]}).encode())
    assert "redacted:" in next(iter(json.loads(kept)["item"][0]["variables"].values()))


@given(
    st.sampled_from(["key", "token", "secret", "pass", "pwd", "auth", "cert", "private", "salt", "signature"]), _NAMES
)
def test_a_name_that_speaks_of_a_secret_keeps_nothing(word: str, name: str) -> None:
    for joined in (f"{word}_{name}", f"{name}{word.title()}", f"{name}{word}"):
        assert not any(is_target(joined, value) for _, value in KEPT)


@pytest.mark.parametrize("word", ["hunter2", "Tr0ub4dor", "P4ssword", "passw0rd", "S3cret99", "letmein1", "qwerty123"])
@pytest.mark.parametrize("name", sorted(_ANYTHING))
def test_passwords_of_the_usual_kind_never_survive(name: str, word: str) -> None:
    assert not is_target(name, word)
