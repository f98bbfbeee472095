import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from auditor.access.restriction import RestrictionKind, restriction

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
