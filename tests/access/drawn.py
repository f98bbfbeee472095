"""Estates of identities and gates, each made from a number: few names and many patterns, so that matches are frequent."""

import json
from dataclasses import replace
from random import Random
from typing import Any

from auditor.access.gateway.gate import Endpoint, Gate, route_family
from auditor.access.iam.caller import caller
from auditor.access.iam.context import Context
from auditor.access.iam.decide import Subject
from auditor.access.iam.policies import Layer, Policy, policy, unread
from auditor.access.principals import Known
from auditor.model.fact import Absent, Fact, NotApplicable, Present
from auditor.model.gateway import Protocol

HERE, OTHER = "111122223333", "444455556666"
_API = f"arn:aws:execute-api:eu-west-1:{HERE}:a1"
_ROUTES = (
    "prod/GET/pets",
    "prod/GET/pets/{id}",
    "prod/ANY/pets/{id}",
    "prod/POST/orders/{id}/lines/{line}",
    "prod/ANY/{proxy+}",
    "dev/GET/pets",
)
_PATTERNS = (
    "*",
    f"{_API}/*",
    f"{_API}/prod/*",
    f"{_API}/*/GET/*",
    f"{_API}/prod/GET/pets",
    f"{_API}/prod/GET/pets/*",
    f"{_API}/prod/GET/pets/1*",
    f"{_API}/prod/GET/pets/?",
    f"{_API}/prod/*/pets/${{aws:username}}",
    f"{_API}/prod/POST/orders/*/lines/7",
    f"{_API}/dev/*",
    "arn:aws:execute-api:*:*:*/*/GET/*",
    f"arn:aws:execute-api:eu-west-1:{HERE}:b2/*",
)
_ACTIONS = ("execute-api:Invoke", "execute-api:*", "*", "EXECUTE-API:invoke", "s3:GetObject")
_ARNS = (
    f"arn:aws:iam::{HERE}:user/ada",
    f"arn:aws:iam::{HERE}:role/reader",
    f"arn:aws:iam::{HERE}:role/team/writer",
    f"arn:aws:iam::{OTHER}:role/partner",
    f"arn:aws:iam::{HERE}:root",
)
_PRINCIPALS = ("*", HERE, OTHER, f"arn:aws:iam::{HERE}:root", *_ARNS, f"arn:aws:sts::{HERE}:assumed-role/reader/s1")
_CONDITIONS: tuple[dict[str, Any], ...] = (
    {},
    {},
    {},
    {"StringEquals": {"aws:PrincipalAccount": HERE}},
    {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}},
    {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
    {"StringEquals": {"aws:SourceVpce": "vpce-1"}},
    {"StringNotEqualsIfExists": {"aws:SourceVpce": "vpce-1"}},
    {"StringLike": {"aws:PrincipalTag/team": "${aws:username}*"}},
    {"Bool": {"aws:SecureTransport": "false"}},
    {"DateLessThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"}},
    {"StringFancy": {"aws:PrincipalArn": "x"}},
)
_KEYS = (
    Context(),
    Context({"aws:principalorgid": ("o-1",)}),
    Context({"aws:principaltag/team": ("ada-x",)}, frozenset({"aws:principalorgid"})),
)


def estate(number: int) -> tuple[tuple[Gate, ...], tuple[Known, ...]]:
    """Return the gates of two APIs, and up to three identities."""
    random = Random(number)  # noqa: S311 - makes tests, guards nothing
    return _gates(random), tuple(_identity(random) for _ in range(random.randint(1, 3)))


def _statement(random: Random, *, with_principal: bool) -> dict[str, Any]:
    found: dict[str, Any] = {
        "Effect": random.choice(("Allow", "Allow", "Deny")),
        random.choice(("Action", "Action", "Action", "NotAction")): _some(random, _ACTIONS, 2),
        random.choice(("Resource", "Resource", "Resource", "NotResource")): _some(random, _PATTERNS, 3),
        "Condition": random.choice(_CONDITIONS),
    }
    if with_principal:
        found[random.choice(("Principal",) * 3 + ("NotPrincipal",))] = {"AWS": _some(random, _PRINCIPALS, 3)}
    return found


def _document(random: Random, *, with_principal: bool) -> str:
    """Return the text of a policy, now and then a malformed one."""
    if random.random() < 1 / 20:
        return "{"
    written = [_statement(random, with_principal=with_principal) for _ in range(random.randint(1, 3))]
    return json.dumps({"Version": "2012-10-17", "Statement": written})


def _policies(random: Random, layer: Layer, most: int) -> tuple[Policy, ...]:
    """Return some policies, now and then one that was not read."""
    has_principal = layer is Layer.ENDPOINT
    return tuple(
        unread(layer, "made", "not read")
        if random.random() < 1 / 20
        else policy(layer, "made", _document(random, with_principal=has_principal))
        for _ in range(random.randint(0, most))
    )


def _identity(random: Random) -> Known:
    boundary = _policies(random, Layer.BOUNDARY, 1)
    who = replace(caller(random.choice(_ARNS)), is_bounded=bool(boundary))
    levels = tuple(_policies(random, Layer.SERVICE_CONTROL, 2) for _ in range(random.randint(0, 2)))
    return Known(who, Subject(_policies(random, Layer.IDENTITY, 3), boundary, (), levels), random.choice(_KEYS), None)


def _gates(random: Random) -> tuple[Gate, ...]:
    found: list[Gate] = []
    for api, protocol in (("a1", Protocol.REST), ("b2", random.choice((Protocol.REST, Protocol.HTTP)))):
        is_rest = protocol is Protocol.REST
        private = is_rest and random.random() < 1 / 3
        own: Fact[str] = Absent() if is_rest else NotApplicable(why="HTTP")
        if is_rest and random.random() < 2 / 3:
            own = Present(value=_document(random, with_principal=True))
        endpoints = _endpoints(random) if private else ()
        routes = random.sample(_ROUTES, random.randint(1, 3))
        found += [_gate(f"{api}/{route}", protocol, (own, endpoints), private=private) for route in routes]
    return tuple(found)


def _gate(place: str, protocol: Protocol, around: tuple[Fact[str], tuple[Endpoint, ...]], *, private: bool) -> Gate:
    arn = f"arn:aws:execute-api:eu-west-1:{HERE}:{place}"
    return Gate(
        route=arn,
        account=HERE,
        region="eu-west-1",
        protocol=protocol,
        family=route_family(arn, protocol),
        authorization=Present(value="AWS_IAM"),
        policy=around[0],
        private=private,
        api_key_required=Absent(),
        endpoints=around[1],
    )


def _endpoints(random: Random) -> tuple[Endpoint, ...]:
    ids = random.sample(("vpce-1", "vpce-2"), random.randint(0, 2))
    return tuple(Endpoint(each, None, _policies(random, Layer.ENDPOINT, 1)) for each in ids)


def _some(random: Random, of: tuple[str, ...], most: int) -> list[str]:
    return random.sample(of, random.randint(1, most))
