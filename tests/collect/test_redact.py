"""Secrets go before anything is stored; evidence stays."""

import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.collect.redact import Redactor, strings

REDACTOR = Redactor(b"key")
SECRET = "MARKED-hunter2-0815"

PLANTED = {
    "an API key's value": ("apigateway:GetApiKeys", {"item": [{"id": "k", "value": SECRET}]}),
    "a plan key's value, given unasked": ("apigateway:GetUsagePlanKeys", {"item": [{"id": "k", "value": SECRET}]}),
    "a key's value in the place of its id": ("apigateway:GetUsage", {"values": {f"{SECRET}-of-a-key": [[1, 2]]}}),
    "a stage variable": ("apigateway:GetStages", {"item": [{"variables": {"anything": SECRET}}]}),
    "a canary's stage variable": (
        "apigateway:GetStages",
        {"item": [{"canarySettings": {"stageVariableOverrides": {"x": SECRET}}}]},
    ),
    "a stage variable of an HTTP API": ("apigatewayv2:GetStages", {"items": [{"stageVariables": {"x": SECRET}}]}),
    "a client secret": ("x:Y", {"ClientSecret": SECRET}),
    "a literal header of a mapping": (
        "apigateway:GetResources",
        {"requestParameters": {"integration.request.header.X-Api-Key": f"'{SECRET}'"}},
    ),
    "a literal header of an HTTP API": (
        "apigatewayv2:GetIntegrations",
        {"requestParameters": {"overwrite:header.Authorization": SECRET}},
    ),
    "a bearer token in a template": ("x:Y", {"template": f'"Authorization": "Bearer {SECRET}"'}),
    "a password in a template": ("x:Y", {"template": json.dumps({"user": "u", "password": SECRET})}),
    "a password in a text that is JSON in JSON": ("x:Y", {"policy": json.dumps(json.dumps({"password": SECRET}))}),
    "a password in a URL": ("x:Y", {"uri": f"https://user:{SECRET}@example.com/x"}),
    "an assignment in a description": ("x:Y", {"description": f"temporary password={SECRET} until May"}),
    "a private key": ("x:Y", {"text": f"-----BEGIN RSA PRIVATE KEY-----\n{SECRET}\n-----END RSA PRIVATE KEY-----"}),
    "an AWS secret access key": ("x:Y", {"note": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}),
    "a JSON Web Token": ("x:Y", {"note": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc123"}),
    "a secret in a member's name": ("x:Y", {f"token={SECRET}": 1}),
}
KEPT = [
    "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db/password-AbCdEf",
    "arn:aws:iam::111122223333:role/service-role/VeryLongRoleNameWithUpperAndLower1234567890",
    "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:111122223333:function:Orders1/invocations",
    "$context.requestId $context.identity.userArn $context.authorizer.claims.sub",
    "method.request.header.Authorization",
    "aws:TokenIssueTime",
    "basic authentication",
    "https://login.example.com/oauth2/default",
    "da39a3ee5e6b4b0d3255bfef95601890afd80709",
    "$input.params('token')",
    "AKIAIOSFODNN7EXAMPLE",
    "secretsmanager:GetSecretValue",
]


@pytest.mark.parametrize("name", PLANTED)
def test_a_secret_goes(name: str) -> None:
    operation, document = PLANTED[name]
    content, places = REDACTOR.body(operation, json.dumps(document).encode())
    for secret in (SECRET, "wJalrXUtnFEMI", "eyJzdWIiOiIxMjM0In0"):
        assert secret.encode() not in content
    assert places
    assert SECRET not in str(places)
    assert b"redacted:" in content
    json.loads(content)


@pytest.mark.parametrize("text", KEPT)
def test_evidence_stays(text: str) -> None:
    body = json.dumps({"member": text, "policy": json.dumps({"Resource": text})}).encode()
    assert REDACTOR.body("x:Y", body) == (body, ())


def test_a_policy_in_iam_xml_is_cleaned_behind_its_percent_encoding() -> None:
    document = quote(json.dumps({"Statement": [{"Condition": {"StringEquals": {"x": f"token={SECRET}"}}}]}), safe="")
    content, places = REDACTOR.body("iam:X", f"<R><Doc>{document}</Doc><N>kept</N></R>".encode())
    assert SECRET.encode() not in content
    assert places == ("Doc[1]",)
    assert b"<N>kept</N>" in content


def test_a_diff_still_sees_a_change_and_another_key_gives_another_digest() -> None:
    first, second = REDACTOR.digest("one"), REDACTOR.digest("two")
    assert first != second
    assert REDACTOR.digest("one") == first
    assert Redactor(b"other").digest("one") != first


def test_members_that_nobody_knows_and_their_order_stay() -> None:
    body = b'{"zeta":{"new":[1,2.50,null]},"variables":{"a":"x"},"alpha":true}'
    content, places = REDACTOR.body("apigateway:GetStages", body)
    assert list(json.loads(content)) == ["zeta", "variables", "alpha"]
    assert json.loads(content)["zeta"] == {"new": [1, 2.5, None]}
    assert places == ("/variables/a",)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)


@given(_JSON)
def test_redacting_twice_changes_nothing_more(value: object) -> None:
    body = json.dumps({"variables": {"a": "planted"}, "rest": value}).encode()
    once, _ = REDACTOR.body("apigateway:GetStages", body)
    twice, places = REDACTOR.body("apigateway:GetStages", once)
    assert (twice, places) == (once, ())
    assert "planted" not in list(strings(json.loads(once)["variables"]))
