"""Keys that a drawn request tells, and conditions that ask for them. Few values, so that they often meet."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

STRING = (
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
)
COMPARED = ("Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals")
NUMERIC = tuple(f"Numeric{each}" for each in COMPARED)
DATE = tuple(f"Date{each}" for each in COMPARED)
ARN = ("ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike")
INSTANTS = ("2026-03-01T12:00:00Z", "2026-03-02T00:00:00Z", "2026-06-01T08:30:00Z")
TOPICS = (
    "arn:aws:sns:eu-west-1:111122223333:red",
    "arn:aws:sns:us-east-1:111122223333:blue",
    "arn:aws:sns:us-east-1:444455556666:of:111122223333:red",
)


@dataclass(frozen=True)
class Key:
    """A condition key: what a request may tell, the operators that go with it, and what a policy may ask."""

    name: str
    told: Sequence[str | list[str]]
    operators: Sequence[str]
    asked: Sequence[Any]
    many: bool = False


_WORDS = ("red", "blue", "Red", "r*", "?lue", "*", "b*e", "r${*}", "${?}ed")
_SERVICES = ("athena.amazonaws.com", "kms.amazonaws.com", "*.amazonaws.com", "a*")

# Keys of the caller as a person or a role: absent from unsigned calls and from calls of a service.
OF_IDENTITIES = (
    Key("aws:PrincipalTag/team", ("red", "blue"), STRING, _WORDS),
    Key("aws:PrincipalTag/owner", ("red", "blue"), STRING, _WORDS),
    Key("aws:MultiFactorAuthAge", ("100", "300"), NUMERIC, ("100", "200", 300, "300.0")),
    Key("aws:MultiFactorAuthPresent", ("true", "false"), ("Bool",), ("true", "false", True, False)),
    Key("aws:TokenIssueTime", INSTANTS, DATE, (*INSTANTS, "2026-03-02", "1772366400", "2026-03-01T14:00:00+02:00")),
    Key("aws:PrincipalOrgID", ("o-red", "o-blue"), STRING, ("o-red", "o-*", "O-RED")),
)
OF_REQUESTS = (
    Key("aws:SourceIp", ("203.0.113.9", "198.51.100.7", "2001:db8::5"), ("IpAddress", "NotIpAddress"),
        ("203.0.113.0/24", "203.0.113.9", "198.51.100.0/25", "0.0.0.0/0", "2001:DB8::/32", "::/0")),
    Key("aws:SecureTransport", ("true", "false"), ("Bool",), ("true", "false", True, False)),
    Key("aws:SourceVpce", ("vpce-red", "vpce-blue"), STRING, ("vpce-red", "vpce-*", "VPCE-RED")),
    Key("aws:CurrentTime", INSTANTS, DATE, (*INSTANTS, "2026-03-02", "1772366400", "2026-03-01T14:00:00+02:00")),
    Key("aws:EpochTime", ("1772366400", "1780302600"), NUMERIC, ("1772366400", 1780302600, "1775000000")),
    Key("aws:SourceArn", TOPICS, ARN, (*TOPICS, "arn:aws:sns:*:111122223333:*", "arn:aws:s?s:*:*:r*",
                                       "arn:aws:sns:us-east-1:*:111122223333:red", "arn:aws:sns:*:111122223333:red")),
    Key("aws:SourceArn", TOPICS, STRING, (*TOPICS, "arn:aws:sns:*", "*:red")),
    Key("example:Fingerprint", ("cmVk", "Ymx1ZQ=="), ("BinaryEquals",), ("cmVk", "Ymx1ZQ==")),
    Key("aws:CalledVia", (["athena.amazonaws.com"], ["athena.amazonaws.com", "kms.amazonaws.com"]), STRING, _SERVICES, many=True),
    Key("aws:TagKeys", (["red"], ["red", "blue"], ["blue", "Red"]), STRING, _WORDS, many=True),
)  # fmt: skip
# Keys that follow from who calls what: a request tells none of them.
THAT_FOLLOW = (
    Key(
        "aws:PrincipalArn",
        (),
        ARN,
        ("arn:aws:iam::111122223333:role/reader", "arn:aws:iam::*:role/*", "arn:aws:iam::*:user/b*"),
    ),
    Key("aws:PrincipalAccount", (), STRING, ("111122223333", "4444*")),
    Key("aws:PrincipalType", (), STRING, ("User", "AssumedRole", "Account")),
    Key("aws:username", (), STRING, ("bob", "b?b", "BOB")),
    Key("aws:PrincipalIsAWSService", (), ("Bool",), ("true", "false")),
    Key("aws:PrincipalServiceName", (), STRING, ("lambda.amazonaws.com", "*.amazonaws.com")),
    Key("aws:ResourceAccount", (), STRING, ("111122223333", "4444*")),
)
KEYS = (*OF_IDENTITIES, *OF_REQUESTS, *THAT_FOLLOW)
VARIABLES = ("aws:PrincipalTag/team", "aws:PrincipalTag/owner", "aws:username")


def condition(random: Random, effect: str, present: set[str]) -> dict[str, dict[str, Any]]:
    """None, one or two questions about keys."""
    asked: dict[str, dict[str, Any]] = {}
    for _ in range(random.choice((0, 0, 0, 1, 1, 2))):
        key = random.choice(KEYS)
        asked.setdefault(_operator(random, key), {})[key.name] = None
    return {name: {key: _values(random, name, key, effect, present) for key in keys} for name, keys in asked.items()}


def variable(random: Random, effect: str, present: set[str]) -> str:
    """A variable; in a Deny one that can surely be replaced, for nobody says what else a Deny would mean."""
    name = random.choice(VARIABLES)
    if (effect == "Deny" and name not in present) or random.random() < 0.3:
        return f"${{{name}, 'red'}}"
    return f"${{{name}}}"


def _operator(random: Random, key: Key) -> str:
    if random.random() < 0.1:
        return "Null"
    quantifier = random.choice(("ForAllValues:", "ForAnyValue:")) if key.many or random.random() < 0.1 else ""
    return quantifier + random.choice(key.operators) + random.choice(("", "", "IfExists"))


def _values(random: Random, operator: str, name: str, effect: str, present: set[str]) -> Any:
    if operator == "Null":
        return random.choice(("true", "false", True, False))
    key = next(
        each for each in KEYS if each.name == name and operator.removesuffix("IfExists").endswith(tuple(each.operators))
    )
    values = [random.choice(key.asked) for _ in range(random.choice((1, 1, 2)))]
    if key.operators is STRING and random.random() < 0.15:
        values[0] = variable(random, effect, present)
    return values if len(values) > 1 or random.random() < 0.5 else values[0]
