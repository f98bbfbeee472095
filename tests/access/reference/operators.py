"""Condition operators one by one: IAM user guide, condition operators, and multiple keys or values."""

import base64
import ipaddress
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from tests.access.reference.matching import Context, UnresolvedError, arn_matches, as_plain_text, filled, matches

# Each says whether one value of the request is what one value of the policy asks for.
Comparison = Callable[[str, str], bool]


def number(text: str) -> Fraction:
    return Fraction(text)


def instant(text: str) -> datetime:
    """A date: ISO 8601, or seconds since 1970. A day alone is its midnight in UTC."""
    if text.removeprefix("-").isdigit() and len(text) > 4:
        return datetime.fromtimestamp(int(text), UTC)
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def in_range(asked: str, told: str) -> bool:
    network, address = ipaddress.ip_network(asked), ipaddress.ip_address(told)
    return network.version == address.version and address in network


POSITIVE: Mapping[str, Comparison] = {
    "StringEquals": lambda asked, told: as_plain_text(asked) == told,
    "StringEqualsIgnoreCase": lambda asked, told: as_plain_text(asked).lower() == told.lower(),
    "StringLike": matches,
    "NumericEquals": lambda asked, told: number(told) == number(asked),
    "NumericLessThan": lambda asked, told: number(told) < number(asked),
    "NumericLessThanEquals": lambda asked, told: number(told) <= number(asked),
    "NumericGreaterThan": lambda asked, told: number(told) > number(asked),
    "NumericGreaterThanEquals": lambda asked, told: number(told) >= number(asked),
    "DateEquals": lambda asked, told: instant(told) == instant(asked),
    "DateLessThan": lambda asked, told: instant(told) < instant(asked),
    "DateLessThanEquals": lambda asked, told: instant(told) <= instant(asked),
    "DateGreaterThan": lambda asked, told: instant(told) > instant(asked),
    "DateGreaterThanEquals": lambda asked, told: instant(told) >= instant(asked),
    "Bool": lambda asked, told: asked == told,
    "BinaryEquals": lambda asked, told: base64.b64decode(asked) == base64.b64decode(told),
    "IpAddress": in_range,
    "ArnEquals": arn_matches,
    "ArnLike": arn_matches,
}

NEGATED: Mapping[str, str] = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "NumericNotEquals": "NumericEquals",
    "DateNotEquals": "DateEquals",
    "NotIpAddress": "IpAddress",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
}

# "You can use a policy variable in the string operators and the ARN operators", and in no other.
WITH_VARIABLES = ("String", "Arn")


def condition_holds(condition: Mapping[str, Mapping[str, Any]], version: str | None, context: Context) -> bool:
    """All operators and all keys must hold."""
    return all(
        _key_holds(name, key, [_written(name, value, version, context) for value in as_list(values)], context)
        for name, keys in condition.items()
        for key, values in keys.items()
    )


def _key_holds(name: str, key: str, asked: list[str | None], context: Context) -> bool:
    told = context.get(key.lower())
    if name == "Null":
        return ("true" if told is None else "false") in asked
    quantifier, _, operator = name.rpartition(":")
    if told is None and operator.endswith("IfExists"):
        return True
    operator = operator.removesuffix("IfExists")
    if told is None:
        return _holds_without_key(quantifier, operator)
    holding = [_value_holds(operator, asked, value) for value in as_list(told)]
    if quantifier == "ForAllValues":
        return all(holding)
    return any(holding)


def _holds_without_key(quantifier: str, operator: str) -> bool:
    """An absent key: ForAllValues holds, ForAnyValue does not; otherwise only a negated operator holds."""
    match quantifier:
        case "ForAllValues":
            return True
        case "ForAnyValue":
            return False
        case _:
            return operator in NEGATED


def _value_holds(operator: str, asked: list[str | None], told: str) -> bool:
    """One of several values is enough; for a negated operator, none may be met.

    None stands for a variable without a value: nothing equals it, or is like it ("Policy variables with no value").
    """
    asked_of = [value for value in asked if value is not None]
    if operator in NEGATED:
        return not any(POSITIVE[NEGATED[operator]](value, told) for value in asked_of)
    return any(POSITIVE[operator](value, told) for value in asked_of)


def has_null_variable(condition: Mapping[str, Mapping[str, Any]], version: str | None, context: Context) -> bool:
    """Whether a variable of a condition has no value."""
    return any(
        _written(name, value, version, context) is None
        for name, keys in condition.items()
        for values in keys.values()
        for value in as_list(values)
    )


def _written(name: str, value: Any, version: str | None, context: Context) -> str | None:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if name.rpartition(":")[2].startswith(WITH_VARIABLES):
        try:
            return filled(text, version, context)
        except UnresolvedError:
            return None
    return text


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
