"""Conditions that are narrower than others: what is said, and that no request contradicts it."""

from random import Random

import pytest

from auditor.access.iam.condition import holds
from auditor.access.iam.context import Context
from auditor.access.iam.truth import Truth
from auditor.access.implied import implies
from auditor.access.policy import Condition

IP, VPCE, ARN = "aws:sourceip", "aws:sourcevpce", "aws:principalarn"
OFFICE, PART, OTHER = "203.0.113.0/24", "203.0.113.128/25", "198.51.100.0/24"


def one(operator: str, key: str, *values: str) -> tuple[Condition, ...]:
    return (Condition(operator, key, tuple(sorted(values))),)


@pytest.mark.parametrize(
    ("narrow", "wide", "expected"),
    [
        (one("ipaddress", IP, OFFICE), one("ipaddress", IP, OFFICE, OTHER), True),
        (one("ipaddress", IP, OFFICE, OTHER), one("ipaddress", IP, OFFICE), False),
        (one("ipaddress", IP, PART), one("ipaddress", IP, OFFICE), True),
        (one("ipaddress", IP, OFFICE), one("ipaddress", IP, PART), False),
        (one("notipaddress", IP, OFFICE), one("notipaddress", IP, PART), True),
        (one("notipaddress", IP, PART), one("notipaddress", IP, OFFICE), False),
        (one("ipaddress", IP, OFFICE), one("ipaddress", IP, "2001:db8::/32"), False),
        (one("ipaddress", IP, "office"), one("ipaddress", IP, "0.0.0.0/0"), False),
        (one("stringlike", VPCE, "vpce-1a"), one("stringlike", VPCE, "vpce-*"), True),
        (one("stringequals", VPCE, "vpce-1a"), one("stringequals", VPCE, "vpce-*"), False),
        (one("stringequals", VPCE, "vpce-1a"), one("stringlike", VPCE, "vpce-*"), False),
        (one("stringnotequals", VPCE, "vpce-1a", "vpce-2b"), one("stringnotequals", VPCE, "vpce-1a"), True),
        (one("foranyvalue:stringequals", VPCE, "a"), one("foranyvalue:stringequals", VPCE, "a", "b"), True),
        (one("arnlike", ARN, "arn:aws:iam::1:role/x"), one("arnlike", ARN, "arn:aws:iam::*:role/*"), True),
        (one("arnlike", ARN, "arn:aws:iam::1:role/x"), one("arnlike", ARN, "arn:*:x"), False),
        (one("stringlike", VPCE, "${aws:username}"), one("stringlike", VPCE, "*"), False),
        (one("ipaddress", IP, OFFICE), one("ipaddress", VPCE, OFFICE), False),
        (one("ipaddress", IP, OFFICE), one("ipaddressifexists", IP, OFFICE), False),
        (one("datelessthan", "aws:currenttime", "2026"), one("datelessthan", "aws:currenttime", "2027"), False),
        (one("ipaddress", IP, OFFICE), (), True),
        ((), one("ipaddress", IP, OFFICE), False),
        ((*one("ipaddress", IP, PART), *one("stringequals", VPCE, "a")), one("ipaddress", IP, OFFICE), True),
    ],
)
def test_what_is_narrower(narrow: tuple[Condition, ...], wide: tuple[Condition, ...], expected: bool) -> None:  # noqa: FBT001 - a parameter of pytest
    assert implies(narrow, wide) is expected


_VALUES = {
    IP: ("203.0.113.0/24", "203.0.113.128/25", "0.0.0.0/1", "203.0.0.0/8", "203.0.113.7", "::/0"),
    VPCE: ("vpce-1a", "vpce-1*", "vpce-*", "vpce-?a", "*", "${aws:username}"),
    ARN: ("arn:aws:iam::1:role/x", "arn:aws:iam::*:role/*", "arn:aws:iam::1:role/*", "arn:aws:*:*:*:role/x", "*"),
}
_OPERATORS = {
    IP: ("ipaddress", "notipaddress"),
    VPCE: ("stringequals", "stringnotequals", "stringlike", "stringnotlike"),
    ARN: ("arnlike", "arnnotlike", "arnequals"),
}
_REQUESTS: dict[str, tuple[tuple[str, ...], ...]] = {
    IP: (("203.0.113.7",), ("203.0.113.200",), ("203.9.9.9",), ("8.8.8.8",), ("2001:db8::1",)),
    VPCE: (("vpce-1a",), ("vpce-1b",), ("vpce-2a",), ("x",), ("vpce-1a", "x"), ("x", "y")),
    ARN: (("arn:aws:iam::1:role/x",), ("arn:aws:iam::2:role/x",), ("arn:aws:iam::1:role/a:b",), ("arn:aws:iam::1:user/x",)),
}  # fmt: skip


def _condition(random: Random, key: str) -> Condition:
    operator = random.choice(_OPERATORS[key])
    prefix = random.choice(("", "", "", "forallvalues:", "foranyvalue:"))
    suffix = random.choice(("", "", "ifexists"))
    values = random.sample(_VALUES[key], random.randint(1, 3))
    return Condition(prefix + operator + suffix, key, tuple(sorted(values)))


def test_no_request_meets_the_narrower_and_not_the_wider() -> None:
    said = 0
    for number in range(20_000):
        random = Random(number)  # noqa: S311 - makes tests, guards nothing
        key = random.choice((IP, VPCE, ARN))
        narrow, wide = _condition(random, key), _condition(random, key)
        if narrow == wide or not implies((narrow,), (wide,)):
            continue
        said += 1
        contexts = [Context({key: values}) for values in _REQUESTS[key]] + [Context({}, frozenset({key}))]
        for context in contexts:
            told = context.with_told({"aws:username": ("1a",)})
            if holds(narrow, told, dynamic=True) is Truth.YES:
                assert holds(wide, told, dynamic=True) is Truth.YES, (narrow, wide, context)
    assert said > 300
