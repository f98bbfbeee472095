"""Hostile and broken policies: a named problem and `unknown`, never an allow, never a crash, and not slow."""

import itertools
import json
from typing import Any

import pytest

from auditor.access.gateway.enter import Presented, enter
from auditor.access.gateway.gate import Gate, route_family
from auditor.access.gateway.pair import pair
from auditor.access.iam.caller import caller
from auditor.access.iam.context import Context
from auditor.access.iam.decide import Subject
from auditor.access.iam.operators import expression
from auditor.access.iam.policies import Layer, policy
from auditor.access.iam.request import Arn, names_action
from auditor.access.iam.truth import Truth
from auditor.access.matrix.matrix import Matrix
from auditor.access.patterns import glob
from auditor.access.principals import Known, Principals
from auditor.access.who_can import WhoCan
from auditor.model.access import Access
from auditor.model.fact import Absent, Fact, Present
from auditor.model.gateway import Protocol
from tests.estates import estate as estate_with

HERE = "111122223333"
ARN = f"arn:aws:execute-api:eu-west-1:{HERE}:a1/prod/GET/pets/{{id}}"
_TOLD = Context({"aws:sourceip": ("203.0.113.9",)}, frozenset({"aws:username"}))


def _gate(own: Fact[str] = Absent(), kind: str = "AWS_IAM") -> Gate:  # noqa: B008 - a frozen value
    return Gate(
        route=ARN,
        account=HERE,
        region="eu-west-1",
        protocol=Protocol.REST,
        family=route_family(ARN, Protocol.REST),
        authorization=Present(value=kind),
        policy=own,
        private=False,
        api_key_required=Absent(),
    )


def _known(text: str) -> Known:
    return Known(
        caller(f"arn:aws:iam::{HERE}:role/reader"),
        Subject(identity=(policy(Layer.IDENTITY, "own", text),)),
        Context(),
        None,
    )


def _with(**members: Any) -> str:
    statement = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "*", **members}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("{", "not understood"),
        ("[]", "a policy is a JSON object"),
        ('{"Statement": []}', "at least one statement"),
        ('{"Statement": [{"Effect": "allow", "Action": "*", "Resource": "*"}]}', "Effect is neither"),
        ('{"Version": "2030-01-01", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}', "no version"),
        (
            _with(Condition={"StringFancy": {"aws:SourceIp": "x"}}),
            "condition stringfancy aws:sourceip is not understood",
        ),
        (
            _with(Condition={"IpAddress": {"aws:SourceIp": "203.0.113.0/99"}}),
            "ipaddress aws:sourceip is not understood",
        ),
        (_with(Condition={"NumericLessThan": {"aws:SourceIp": "many"}}), "numericlessthan"),
        (_with(Condition={"StringEquals": {"aws:SourceIp": "redacted:k:0123"}}), "stringequals aws:sourceip"),
        (_with(Principal="*"), "names a principal"),
        (json.dumps({"Statement": [{"Effect": "Allow", "Action": "*"}]}), "names no resource"),
        ("[" * 100_000, "not understood"),
    ],
)
def test_what_is_not_understood_is_unknown_and_says_why(text: str, named: str) -> None:
    found = pair(_known(text), _gate(), _TOLD)
    assert found.decision == "unknown"
    assert named in "; ".join(found.by)


def test_a_variable_without_a_value_grants_nothing() -> None:
    found = pair(_known(_with(Resource=f"arn:aws:execute-api:eu-west-1:{HERE}:a1/*/${{aws:username}}")), _gate(), _TOLD)
    assert found.decision == "denied"


_OF_A_USER = f"arn:aws:execute-api:eu-west-1:{HERE}:a1/*${{aws:username}}"
_NOT_EQUAL = {"StringNotEquals": {"aws:SourceIp": "${aws:username}"}}


@pytest.mark.parametrize(
    ("statement", "decision"),
    [
        # A resource with it matches nothing: nothing is denied.
        ({"Effect": "Deny", "Resource": _OF_A_USER}, "allowed"),
        ({"Effect": "Deny", "NotResource": _OF_A_USER}, "unknown"),
        ({"Effect": "Deny", "Resource": "*", "Condition": {"StringEquals": {"aws:SourceIp": "${aws:username}"}}}, "allowed"),
        # AWS's own example of such a Deny denies.
        ({"Effect": "Deny", "Resource": "*", "Condition": _NOT_EQUAL}, "denied"),
    ],
)  # fmt: skip
def test_a_deny_with_a_variable_without_a_value(statement: dict[str, Any], decision: str) -> None:
    allow = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    policy_text = json.dumps({"Version": "2012-10-17", "Statement": [allow, {"Action": "*", **statement}]})
    told = _TOLD.with_told({"aws:sourceip": ("203.0.113.7",)})
    found = pair(_known(policy_text), _gate(), told)
    assert found.decision == decision
    assert ("has no value" in "; ".join(found.by)) is (decision == "unknown")


def test_an_allow_that_a_variable_without_a_value_would_grant_is_unknown() -> None:
    told = _TOLD.with_told({"aws:sourceip": ("203.0.113.7",)})
    for written in ({"Condition": _NOT_EQUAL}, {"Resource": ["*", _OF_A_USER]}):
        found = pair(_known(_with(**written)), _gate(), told)
        assert found.decision == "unknown"
        assert "has no value" in "; ".join(found.by)


def test_a_deleted_principal_is_nobody() -> None:
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": "AROAEXAMPLEDELETED01"},
        "Action": "execute-api:Invoke",
        "Resource": "execute-api:/*",
    }
    gate = _gate(Present(value=json.dumps({"Version": "2012-10-17", "Statement": [statement]})))
    nothing = json.dumps({"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]})
    assert pair(_known(nothing), gate, _TOLD).decision == "denied"
    estate = estate_with([])
    (route,) = WhoCan((gate,), Principals(estate), _TOLD).routes((gate,), with_denied=True)
    assert [(each.principal, each.decision) for each in route.callers] == [("AROAEXAMPLEDELETED01", "denied")]
    assert "names an identity that was deleted" in route.callers[0].by[0]


@pytest.mark.parametrize("kind", ["NONE", "CUSTOM", "COGNITO_USER_POOLS"])
def test_a_broken_resource_policy_lets_nobody_in_for_certain(kind: str) -> None:
    (found,) = enter(_gate(Present(value='{"Statement": 7}'), kind), Presented(token=True), Context())
    assert found.verdict.value == "unknown"


def test_ten_thousand_statements_are_decided_by_the_one_that_speaks() -> None:
    others = [
        {
            "Effect": "Allow",
            "Action": "execute-api:Invoke",
            "Resource": f"arn:aws:execute-api:eu-west-1:{HERE}:a1/prod/GET/pets/{n}*/x",
        }
        for n in range(10_000)
    ]
    one = {
        "Sid": "All",
        "Effect": "Allow",
        "Action": "execute-api:*",
        "Resource": f"arn:aws:execute-api:eu-west-1:{HERE}:a1/*",
    }
    found = _both(_known(json.dumps({"Version": "2012-10-17", "Statement": [*others, one]})))
    assert (found.decision, found.by) == ("allowed", ("identity policy: own#All",))


def test_six_megabytes_of_policy_are_read() -> None:
    resources = [f"arn:aws:execute-api:eu-west-1:{HERE}:a1/prod/POST/{'x' * 80}{n}" for n in range(50_000)]
    text = _with(Resource=resources)
    assert len(text) > 6_000_000
    assert _both(_known(text)).decision == "denied"


def test_more_ways_to_cut_a_route_than_can_be_told_apart_are_unknown() -> None:
    many = [f"arn:aws:execute-api:eu-west-1:{HERE}:a1/prod/GET/pets/*{chr(97 + n)}*{chr(98 + n)}*" for n in range(22)]
    assert _both(_known(_with(Resource=many))).decision in {"unknown", "partly"}


def test_a_pattern_of_thousands_of_wildcards_is_not_waited_for() -> None:
    pattern = f"arn:aws:execute-api:eu-west-1:{HERE}:a1/prod/GET/pets/" + "*a" * 4_000
    assert _both(_known(_with(Resource=pattern))).decision in {"unknown", "partly", "denied"}


def test_many_wildcards_against_a_text_that_nearly_matches_are_not_waited_for() -> None:
    nearly = Context({"aws:referer": ("a" * 400,)}, frozenset())
    condition = _with(Condition={"StringLike": {"aws:Referer": "*a" * 60 + "b"}})
    assert pair(_known(condition), _gate(), nearly).decision == "denied"
    assert Arn("a" * 400).within(glob("*a" * 60 + "b")) is Truth.NO
    assert Arn("a" * 400).within(glob("*a" * 60)) is Truth.YES
    assert not names_action("*a" * 60 + "b", "a" * 400)


@pytest.mark.parametrize(
    "pattern", ["*", "a*b", "*a?b*", "ab*ab", "a**b", "?*?", "*ab*ab", "a?", "", "*.*(", "aa*aa*aa"]
)
def test_a_pattern_matches_a_text_as_it_does_character_by_character(pattern: str) -> None:
    for length in range(7):
        for letters in itertools.product("ab.", repeat=length):
            text = "".join(letters)
            assert (expression(glob(pattern)).fullmatch(text) is not None) is _matches(pattern, text)


def _matches(pattern: str, text: str) -> bool:
    """Return the same by the definition."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return any(_matches(pattern[1:], text[place:]) for place in range(len(text) + 1))
    return bool(text) and pattern[0] in {"?", text[0]} and _matches(pattern[1:], text[1:])


def _both(known: Known) -> Access:
    """Return what the pair says, after the matrix said the same."""
    gate = _gate()
    found = pair(known, gate, _TOLD)
    row = Matrix((gate,), _TOLD).row(known)
    assert getattr(row, found.decision, 0 if row.let_in else 1) == 1
    return found
