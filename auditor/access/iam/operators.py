"""Condition operators on one value of the request and one of the policy (IAM user guide, "Condition operators").

Each returns YES or NO, or UNKNOWN where a value is not of the operator's type: no such policy can be told.
"""

import re
from base64 import b64decode
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address

from auditor.access.iam.truth import Truth, truth_of
from auditor.access.patterns import ONE, STAR
from auditor.access.sources import network

Test = Callable[[str, str], Truth]
"""Of the request's value and the policy's: a language (see `patterns`) for the operators that take wildcards."""
_ANY = "[^\\x00]"
_EPOCH = re.compile(r"-?\d+(\.\d+)?")
_PARTS = 6
"""Of an ARN: arn, partition, service, region, account, resource."""


@lru_cache(maxsize=65_536)
def expression(language: str) -> re.Pattern[str]:
    """Return the regular expression of a language that knows `*` and `?` alone.

    What stands between two stars is taken where it comes first, for good: a later place could not help what follows. So a
    pattern of many stars costs its length times the text's, and no more.
    """
    first, *others = (
        "".join(_ANY if each == ONE else re.escape(each) for each in part) for part in language.split(STAR)
    )
    if not others:
        return re.compile(first)
    *middle, last = others
    return re.compile(first + "".join(f"(?>{_ANY}*?{each})" for each in middle) + f"{_ANY}*" + last)


def _like(value: str, language: str) -> Truth:
    return truth_of(expression(language).fullmatch(value) is not None)


def _arn(value: str, language: str) -> Truth:
    """Compare part by part: a wildcard stays within its part, but for the last one."""
    wanted = language.split(":", _PARTS - 1)
    if len(wanted) < _PARTS:
        return Truth.YES if language == STAR else Truth.UNKNOWN
    found = value.split(":", _PARTS - 1)
    if len(found) < _PARTS:
        return Truth.NO
    return truth_of(all(expression(each).fullmatch(part) for part, each in zip(found, wanted, strict=True)))


def _equal(value: str, wanted: str) -> Truth:
    return truth_of(value == wanted)


def _equal_ignoring_case(value: str, wanted: str) -> Truth:
    return truth_of(value.casefold() == wanted.casefold())


def _bool(value: str, wanted: str) -> Truth:
    if wanted.lower() not in {"true", "false"}:
        return Truth.UNKNOWN
    return truth_of(value.lower() == wanted.lower())


def _binary(value: str, wanted: str) -> Truth:
    try:
        return truth_of(b64decode(value, validate=True) == b64decode(wanted, validate=True))
    except ValueError:
        return Truth.UNKNOWN


def _within(value: str, block: str) -> Truth:
    address, found = _address(value), network(block)
    return Truth.UNKNOWN if address is None or found is None else truth_of(address in found)


@lru_cache(maxsize=65_536)
def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


def _number(text: str) -> Decimal | None:
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _moment(text: str) -> Decimal | None:
    """Return seconds since 1970 of an ISO 8601 date or an epoch time."""
    if _EPOCH.fullmatch(text):
        return Decimal(text)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return Decimal(str((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()))


def _ordered(read: Callable[[str], Decimal | None], holds: Callable[[Decimal, Decimal], bool]) -> Test:
    def test(value: str, wanted: str) -> Truth:
        left, right = read(value), read(wanted)
        return Truth.UNKNOWN if left is None or right is None else truth_of(holds(left, right))

    return test


_ORDERS: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    "equals": lambda left, right: left == right,
    "lessthan": lambda left, right: left < right,
    "lessthanequals": lambda left, right: left <= right,
    "greaterthan": lambda left, right: left > right,
    "greaterthanequals": lambda left, right: left >= right,
}

TESTS: Mapping[str, Test] = {
    "stringequals": _equal,
    "stringequalsignorecase": _equal_ignoring_case,
    "stringlike": _like,
    "arnequals": _arn,
    "arnlike": _arn,
    "bool": _bool,
    "binaryequals": _binary,
    "ipaddress": _within,
    **{f"numeric{name}": _ordered(_number, holds) for name, holds in _ORDERS.items()},
    **{f"date{name}": _ordered(_moment, holds) for name, holds in _ORDERS.items()},
}
"""By the operator's name, lower case."""
NEGATED: Mapping[str, str] = {
    "stringnotequals": "stringequals",
    "stringnotequalsignorecase": "stringequalsignorecase",
    "stringnotlike": "stringlike",
    "arnnotequals": "arnequals",
    "arnnotlike": "arnlike",
    "notipaddress": "ipaddress",
    "numericnotequals": "numericequals",
    "datenotequals": "dateequals",
}
"""Operators that say the opposite of another."""
WITH_WILDCARDS = frozenset({"stringlike", "arnequals", "arnlike"})
WITH_VARIABLES = frozenset({"stringequals", "stringequalsignorecase", *WITH_WILDCARDS})
"""Operators whose values may hold policy variables; in any other such a value has no documented meaning."""
