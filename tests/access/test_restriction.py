import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from auditor.access.strangers.restriction import RestrictionKind, restriction

API = "arn:aws:execute-api:eu-west-1:111122223333:abc"
ROUTE = "prod/GET/pets/{id}"
CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "resource-policy-restriction.yaml").read_text())
OPENNESS = [
    RestrictionKind.CLOSED,
    RestrictionKind.RESTRICTING,
    RestrictionKind.UNDECIDED,
    RestrictionKind.OPEN,
]

Written = dict[str, Any]


def statement(written: Written) -> Written:
    defaults = {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}
    merged: Written = {**defaults, **written}
    filled = {name: value for name, value in merged.items() if value is not None}
    for member in ("Resource", "NotResource"):
        if isinstance(filled.get(member), str):
            filled[member] = filled[member].replace("arn/", f"{API}/")
    return filled


def policy(*statements: Written) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement(each) for each in statements]})


def kind(*statements: Written, route: str = ROUTE, private: bool | None = False) -> RestrictionKind:
    return restriction(policy(*statements), f"{API}/{route}", private=private).kind


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
@pytest.mark.parametrize("endpoint", ["public", "private"])
def test_the_truth_table_holds(case: Written, endpoint: str) -> None:
    expected = case["expect"] if isinstance(case["expect"], str) else case["expect"][endpoint]
    route = f"{API}/{case.get('route', ROUTE)}"
    found = restriction(policy(*case["statements"]), route, private=endpoint == "private")
    assert found.kind.value == expected, found.why
    assert found.why.endswith(".")
    assert "\n" not in found.why


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_an_endpoint_type_that_is_not_told_decides_nothing_that_it_could_change(case: Written) -> None:
    route = case.get("route", ROUTE)
    either = {kind(*case["statements"], route=route, private=private) for private in (False, True)}
    found = kind(*case["statements"], route=route, private=None)
    if RestrictionKind.OPEN in either:
        assert found is (RestrictionKind.OPEN if len(either) == 1 else RestrictionKind.UNDECIDED)
    else:
        assert found is max(either, key=OPENNESS.index)


def test_the_truth_table_names_each_case_once() -> None:
    assert len({case["case"] for case in CASES}) == len(CASES) >= 50


@pytest.mark.parametrize("text", ["", "{}", "[]", '"*"', '{"Statement": []}', '{"Statement": [7]}', "{", "[" * 100_000])
def test_a_malformed_policy_is_undecided(text: str) -> None:
    assert restriction(text, f"{API}/{ROUTE}", private=False).kind is RestrictionKind.UNDECIDED


def test_a_member_written_twice_is_undecided() -> None:
    text = '{"Statement": {"Effect": "Deny", "Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}}'
    assert restriction(text, f"{API}/{ROUTE}", private=False).kind is RestrictionKind.UNDECIDED


def test_an_arn_that_is_no_route_is_an_error() -> None:
    with pytest.raises(ValueError, match="no ARN of a REST route"):
        restriction(policy({}), "arn:aws:iam::111122223333:role/x", private=False)


def test_the_reason_names_the_statement_and_its_sid() -> None:
    found = restriction(policy({"Sid": "Everyone"}), f"{API}/{ROUTE}", private=False)
    assert found.why == "Statement 1 (Everyone) allows anyone to call this route."


def test_the_reason_names_the_networks() -> None:
    found = restriction(
        policy({"Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}), f"{API}/{ROUTE}", private=False
    )
    assert found.why == "Statement 1 allows only calls that come from aws:SourceIp 203.0.113.0/24."


def test_characters_that_patterns_use_inside_are_plain_in_a_policy() -> None:
    for character in "\ue000\ue001\ue002\ue003\0":
        assert kind({"Resource": f"execute-api:/{character}"}) is RestrictionKind.CLOSED


def test_an_intricate_pattern_is_no_pass() -> None:
    narrow = {"Effect": "Deny", "Condition": {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}
    intricate = "execute-api:/prod/GET/*" + "a*?" * 40 + "?" * 30
    found = kind({}, narrow | {"Resource": intricate}, route="prod/GET/{proxy+}")
    assert found in {RestrictionKind.OPEN, RestrictionKind.UNDECIDED}


_ALL_SHOWN = "xyzqwkjvbu0123456789abcdefghilmnoprstXYZQWKJVBU"
DENY: Written = {"Effect": "Deny"}
LETS_A_STRANGER_IN: dict[str, tuple[Written, ...]] = {
    "a pattern of 1,700 characters": ({"Condition": {"StringLike": {"aws:Referer": "a" * 1700 + "*"}}},),
    "a Deny of all but a long pattern": (
        {},
        DENY | {"Condition": {"StringNotLike": {"aws:Referer": "k=" + "a" * 2400 + "*"}}},
    ),
    "every plain character is named": (
        {},
        DENY | {"Condition": {"Null": {"aws:Referer": "true"}}},
        DENY | {"Condition": {"StringEquals": {"aws:Referer": ""}}},
        DENY | {"Condition": {"StringLike": {"aws:Referer": ["~*", _ALL_SHOWN + "*~"]}}},
    ),
    "an inner character in a pattern": ({"Condition": {"StringLike": {"aws:Referer": "\ue000"}}},),
    "letters whose case is not plain": (
        {},
        DENY | {"Condition": {"StringEqualsIgnoreCase": {"aws:Referer": "\u00df"}}},
        DENY | {"Condition": {"StringNotEqualsIgnoreCase": {"aws:Referer": "ss"}}},
    ),
    "an action with the Kelvin sign": ({}, DENY | {"Action": "execute-api:Invo\u212ae"}),
    "an operator with the Kelvin sign": ({}, DENY | {"Condition": {"StringLi\u212ae": {"aws:Referer": "*"}}}),
}


@pytest.mark.parametrize("written", LETS_A_STRANGER_IN.values(), ids=LETS_A_STRANGER_IN)
def test_odd_texts_are_no_pass(written: tuple[Written, ...]) -> None:
    assert kind(*written) in {RestrictionKind.OPEN, RestrictionKind.UNDECIDED}


def test_an_id_that_differs_in_case_alone_is_no_stranger() -> None:
    one = DENY | {"Condition": {"StringEqualsIgnoreCase": {"aws:SourceVpce": "vpce-x"}}}
    others = DENY | {"Condition": {"StringLike": {"aws:SourceVpce": "vpce-xyzqwkjvbu*"}}}
    assert kind({}, one, others, private=True) is RestrictionKind.OPEN


def _hostile() -> dict[str, tuple[Written, ...]]:
    words = [f"{number:05x}".translate(str.maketrans("0123456789", "ghijklmnop")) for number in range(7000)]
    agents = {"StringLike": {"aws:UserAgent": [f"*{each}*" for each in words[:800]]}}
    endpoints = {"StringNotLike": {"aws:SourceVpce": [f"vpce-*{each}*" for each in words[:60]]}}
    networks = [{"NotIpAddress": {"aws:SourceIp": f"203.{n // 250}.{n % 250}.0/24"}} for n in range(1000)]
    return {
        "800 patterns of user agents": ({"Condition": agents},),
        "60 patterns of endpoints": ({}, DENY | {"Condition": endpoints}),
        "200 patterns of resources": ({}, DENY | {"Resource": [f"execute-api:/*{each}*" for each in words[:200]]}),
        "7,000 statements": ({}, *(DENY | {"Resource": f"execute-api:/prod/GET/pets/*{each}"} for each in words)),
        "1,000 networks, each in a statement": ({}, *(DENY | {"Condition": each} for each in networks)),
    }


@pytest.mark.parametrize(("name", "written"), _hostile().items())
def test_a_policy_that_takes_too_long_to_tell_apart_is_no_pass(name: str, written: tuple[Written, ...]) -> None:
    private = "endpoints" in name
    assert kind(*written, route="prod/GET/{proxy+}", private=private) in {
        RestrictionKind.OPEN,
        RestrictionKind.UNDECIDED,
    }


def test_half_a_character_is_no_policy() -> None:
    text = '{"Statement": {"Sid": "\\ud800", "Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}}'
    found = restriction(text, f"{API}/{ROUTE}", private=False)
    assert found.kind is RestrictionKind.UNDECIDED
    assert found.why.encode()


@pytest.mark.parametrize(
    ("written", "private", "why"),
    [
        (
            ({"Condition": {"StringEquals": {"aws:SourceVpce": "vpce-1a", "aws:SourceVpc": "vpc-2b"}}},),
            True,
            "Statement 1 allows only calls that come from aws:SourceVpce vpce-1a and aws:SourceVpc vpc-2b.",
        ),
        (
            (
                {"Condition": {"StringEquals": {"aws:SourceVpce": "vpce-1a"}}},
                {"Condition": {"StringEquals": {"aws:SourceVpc": "vpc-2b"}}},
            ),
            True,
            "Statements 1 and 2 allow only calls that come from aws:SourceVpce vpce-1a or aws:SourceVpc vpc-2b.",
        ),
        (
            (
                {"Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}},
                DENY | {"Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}},
            ),
            False,
            "Statement 2 denies whatever the policy allows of this route.",
        ),
        (
            ({"Condition": {"IpAddress": {"aws:SourceIp": "::ffff:203.0.113.0/120"}}},),
            False,
            "Whether AWS compares IPv4 callers with IPv4 written as IPv6 is not documented: ::ffff:cb00:7100/120.",
        ),
        (
            ({"Sid": "a\nb", "Resource": "execute-api:/prod/GET/pets/1"},),
            False,
            "Statement 1 (a b) allows anyone to call a part of this route.",
        ),
        (
            ({}, DENY | {"Condition": {"DateGreaterThan": {"aws:CurrentTime": "2030-01-01"}}}),
            False,
            "Statement 2 denies depending on what cannot be told: aws:currenttime dategreaterthan 2030-01-01.",
        ),
    ],
)
def test_the_reason_says_what_decides(written: tuple[Written, ...], private: bool, why: str) -> None:  # noqa: FBT001 - a parameter of pytest
    assert restriction(policy(*written), f"{API}/{ROUTE}", private=private).why == why


NOW = datetime(2026, 9, 30, 22, tzinfo=UTC)
UNTIL = {"Condition": {"DateLessThan": {"aws:CurrentTime": "2026-12-31T00:00:00Z"}}}
AFTER = {"Condition": {"DateGreaterThan": {"aws:CurrentTime": "2026-12-31T00:00:00Z"}}}
EPOCH = {"Condition": {"NumericLessThan": {"aws:EpochTime": "1798675200"}}}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ((UNTIL,), RestrictionKind.OPEN),
        ((EPOCH,), RestrictionKind.OPEN),
        ((AFTER,), RestrictionKind.UNDECIDED),
        (({}, DENY | UNTIL), RestrictionKind.UNDECIDED),
        (({}, DENY | AFTER), RestrictionKind.OPEN),
        ((UNTIL, DENY | {"Condition": {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}), RestrictionKind.RESTRICTING),
    ],
)  # fmt: skip
def test_what_is_open_now_is_open_and_what_is_shut_now_may_open(
    written: tuple[Written, ...], expected: RestrictionKind
) -> None:
    found = restriction(policy(*written), f"{API}/{ROUTE}", private=False, moment=NOW)
    assert found.kind is expected
    assert (expected is RestrictionKind.OPEN) is found.why.endswith(
        "anyone to call this route at the time of the snapshot."
    )


statements = st.lists(
    st.sampled_from([each for case in CASES if "route" not in case for each in case["statements"]]),
    min_size=1,
    max_size=4,
)
routes = st.sampled_from([ROUTE, "prod/ANY/pets", "prod/GET/{proxy+}", "test/POST/a/{b}/c", "prod/GET/"])


@given(statements, routes)
def test_an_open_allow_never_makes_a_policy_more_restricting(written: list[Written], route: str) -> None:
    before, after = kind(*written, route=route), kind(*written, {}, route=route)
    assert OPENNESS.index(after) >= OPENNESS.index(before)


@given(statements, routes)
def test_a_plain_deny_closes_whatever_can_be_read(written: list[Written], route: str) -> None:
    found = kind(*written, {"Effect": "Deny"}, route=route)
    assert found in {RestrictionKind.CLOSED, RestrictionKind.UNDECIDED}
    odd = any("Conditions" in each or "AWS:SourceIp" in str(each) or None in each.values() for each in written)
    assert found is RestrictionKind.CLOSED or odd


@given(st.data(), statements, routes)
def test_order_sid_and_string_or_list_never_matter(data: st.DataObject, written: list[Written], route: str) -> None:
    shuffled = [
        {
            name: [value] if name in {"Action", "Resource"} and isinstance(value, str) else value
            for name, value in each.items()
        }
        | {"Sid": f"S{n}"}
        for n, each in enumerate(data.draw(st.permutations([statement(each) for each in written])))
    ]
    text = json.dumps({"Version": "2012-10-17", "Statement": shuffled})
    assert restriction(text, f"{API}/{route}", private=False).kind is kind(*written, route=route)
