"""What `restriction` says of all calls, the reference says of each: calls are drawn, and policies whose conditions tell them apart."""

import json
from collections import Counter
from random import Random
from typing import Any

import pytest

from auditor.access.strangers.restriction import RestrictionKind, restriction
from tests.access.reference.evaluator import ALLOWED, decide
from tests.access.reference.statements import NotTwoValuedError

_ACCOUNT = "111122223333"
_API = f"arn:aws:execute-api:eu-west-1:{_ACCOUNT}:a1"
_PARTS, _EACH = 8, 120
_ROUTES = {
    "prod/GET/pets/{id}": ("prod/GET/pets/1", "prod/GET/pets/7", "prod/GET/pets/12", "prod/GET/pets/ada"),
    "prod/ANY/pets": ("prod/GET/pets", "prod/POST/pets", "prod/HEAD/pets"),
    "prod/GET/{proxy+}": (
        "prod/GET/pets",
        "prod/GET/pets/1",
        "prod/GET/pets/7",
        "prod/GET/pets/12",
        "prod/GET/pets/ada",
        "prod/GET/x/y",
    ),
}
_RESOURCES = (
    "*",
    "prod/*",
    "*/GET/*",
    "prod/GET/pets",
    "prod/GET/pets/*",
    "prod/GET/pets/1*",
    "prod/GET/pets/?",
    "dev/*",
)
_NAMED = {
    "aws:SourceIp": ("203.0.113.0/24", "203.0.113.128/25", "198.51.100.7", "2001:db8:1::/48", "0.0.0.0/1", "128.0.0.0/1", "::/0"),
    "aws:VpcSourceIp": ("10.0.0.0/16", "10.0.128.0/17", "172.16.0.0/12"),
    "aws:SourceVpce": ("vpce-1a", "vpce-1b", "vpce-1*", "vpce-*", "vpce-?a"),
    "aws:SourceVpc": ("vpc-1a", "vpc-2b", "vpc-*"),
    "aws:Referer": ("us", "u*", "*s", "US"),
}  # fmt: skip
_STRANGER = {
    "aws:SourceIp": ("8.8.8.8", "192.0.2.9", "2001:db8:2::1", "203.0.112.255"),
    "aws:VpcSourceIp": ("10.0.0.1", "10.0.200.1", "172.16.9.9", "192.168.0.1"),
    "aws:SourceVpce": ("vpce-9f", "vpce-0c"),
    "aws:SourceVpc": ("vpc-9f",),
}
_KNOWN = {
    "aws:SourceIp": ("203.0.113.9", "203.0.113.200", "198.51.100.7", "2001:db8:1::9"),
    "aws:SourceVpce": ("vpce-1a", "vpce-1b"),
    "aws:SourceVpc": ("vpc-1a", "vpc-2b"),
}
_PERHAPS = ("8.8.8.8", "203.0.113.9", "203.0.113.200", "198.51.100.7", "2001:db8:1::9")
_REFERERS = (None, "us", "US", "uz", "ours", "them", "u*", "*s")
_ADDRESSES = frozenset({"aws:SourceIp", "aws:VpcSourceIp"})
_KEYS = {
    False: ("aws:SourceIp",) * 6 + ("aws:SourceVpce", "aws:Referer"),
    True: ("aws:SourceVpce",) * 3 + ("aws:SourceVpc",) * 3 + ("aws:VpcSourceIp", "aws:SourceIp", "aws:Referer"),
}
"""The keys of conditions, by whether the API is private: now and then one that such calls do not carry."""
_PRIVATE_KEYS = ("aws:SourceVpce", "aws:SourceVpc", "aws:VpcSourceIp")


@pytest.mark.parametrize("private", [False, True])
@pytest.mark.parametrize("part", range(_PARTS))
def test_each_call_is_what_is_said_of_all(part: int, private: bool) -> None:  # noqa: FBT001 - a parameter of pytest
    seen: Counter[str] = Counter()
    for number in range(part * _EACH, (part + 1) * _EACH):
        random = Random(f"{private}{number}")  # noqa: S311 - makes tests, guards nothing
        route = random.choice(sorted(_ROUTES))
        policy = {
            "Version": "2012-10-17",
            "Statement": [_statement(random, _KEYS[private]) for _ in range(random.randint(1, 4))],
        }
        found = restriction(json.dumps(policy), f"{_API}/{route}", private=private)
        let_in = {name for name, call in _calls(route, json.dumps(policy), private) if _is_let_in(policy, *call)}
        seen[found.kind.value] += 1
        match found.kind:
            case RestrictionKind.OPEN:
                assert "stranger" in let_in, (policy, route, found.why)
            case RestrictionKind.RESTRICTING:
                assert let_in, (policy, route, found.why)
                assert let_in <= {"named", "named, perhaps"}, (policy, route, found.why)
            case RestrictionKind.CLOSED:
                assert not let_in, (policy, route, found.why)
    assert all(seen[kind] for kind in (RestrictionKind.OPEN, RestrictionKind.RESTRICTING, RestrictionKind.CLOSED))
    assert seen[RestrictionKind.UNDECIDED] < _EACH / 6


def _statement(random: Random, keys: tuple[str, ...]) -> dict[str, Any]:
    conditions: dict[str, dict[str, list[str]]] = {}
    for _ in range(random.choice((0, 0, 1, 1, 2))):
        key = random.choice(keys)
        base = random.choice(_OF_ADDRESSES if key in _ADDRESSES else _OF_TEXT)
        operator = (
            random.choice(("", "", "", "ForAllValues:", "ForAnyValue:")) + base + random.choice(("", "", "IfExists"))
        )
        conditions.setdefault(operator, {})[key] = random.sample(_NAMED[key], random.randint(1, 2))
    if random.random() < 1 / 8:
        conditions["Null"] = {random.choice(keys): [random.choice(("true", "false"))]}
    return {
        "Effect": random.choice(("Allow", "Allow", "Deny")),
        "Principal": random.choice(("*", "*", "*", {"AWS": "*"}, {"AWS": "444455556666"})),
        "Action": random.choice(("execute-api:Invoke", "execute-api:*")),
        "Resource": [each if each == "*" else f"{_API}/{each}" for each in random.sample(_RESOURCES, 2)],
        "Condition": conditions,
    }


_OF_TEXT: tuple[str, ...] = ("StringEquals", "StringNotEquals", "StringLike", "StringNotLike")
_OF_ADDRESSES: tuple[str, ...] = ("IpAddress", "NotIpAddress")


def _calls(route: str, policy: str, private: bool) -> list[tuple[str, tuple[str, dict[str, str]]]]:  # noqa: FBT001 - as above
    """Return calls of the route, each by a stranger or from a network that policies here name."""
    found = []
    for arn in _ROUTES[route]:
        for name, context in _inside(by_address="aws:SourceIp" in policy) if private else _outside():
            for referer in _REFERERS if "aws:Referer" in policy else (None,):
                sent = {} if referer is None else {"aws:Referer": referer}
                found.append((name, (arn, {**context, **sent, "aws:SecureTransport": "true"})))
    return found


def _outside() -> list[tuple[str, dict[str, str]]]:
    key = "aws:SourceIp"
    return [("stranger", {key: each}) for each in _STRANGER[key]] + [("named", {key: each}) for each in _KNOWN[key]]


def _inside(*, by_address: bool) -> list[tuple[str, dict[str, str]]]:
    """Return calls through endpoints; `by_address`: perhaps they carry an aws:SourceIp, AWS documents both ways."""
    found = []
    for address in _STRANGER["aws:VpcSourceIp"]:
        for endpoint in (*_STRANGER["aws:SourceVpce"], *_KNOWN["aws:SourceVpce"]):
            for vpc in (*_STRANGER["aws:SourceVpc"], *_KNOWN["aws:SourceVpc"]):
                is_named = endpoint in _KNOWN["aws:SourceVpce"] or vpc in _KNOWN["aws:SourceVpc"]
                values = dict(zip(_PRIVATE_KEYS, (endpoint, vpc, address), strict=True))
                name = "named" if is_named else "stranger"
                found.append((name, values))
                if by_address:
                    found += [(f"{name}, perhaps", {**values, "aws:SourceIp": each}) for each in _PERHAPS]
    return found


def _is_let_in(policy: dict[str, Any], arn: str, context: dict[str, str]) -> bool:
    case = {
        "action": "execute-api:Invoke",
        "resource": f"{_API}/{arn}",
        "resource_account": _ACCOUNT,
        "resource_policy": policy,
        "context": context,
    }
    try:
        return decide(case)[0] == ALLOWED
    except NotTwoValuedError:
        return False
