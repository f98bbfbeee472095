"""Estates of identities and gates, drawn by hypothesis: few names and many patterns, so that matches are frequent."""

import json
from typing import Any

from hypothesis import strategies as st

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


@st.composite
def statements(draw: st.DrawFn, *, with_principal: bool) -> dict[str, Any]:
    """Draw one statement."""
    resources = draw(st.lists(st.sampled_from(_PATTERNS), min_size=1, max_size=3))
    actions = draw(st.lists(st.sampled_from(_ACTIONS), min_size=1, max_size=2))
    found: dict[str, Any] = {
        "Effect": draw(st.sampled_from(("Allow", "Allow", "Deny"))),
        draw(st.sampled_from(("Action", "Action", "Action", "NotAction"))): actions,
        draw(st.sampled_from(("Resource", "Resource", "Resource", "NotResource"))): resources,
        "Condition": draw(st.sampled_from(_CONDITIONS)),
    }
    if with_principal:
        named = draw(st.lists(st.sampled_from(_PRINCIPALS), min_size=1, max_size=3))
        found[draw(st.sampled_from(("Principal", "Principal", "Principal", "NotPrincipal")))] = {"AWS": named}
    return found


@st.composite
def documents(draw: st.DrawFn, *, with_principal: bool) -> str:
    """Draw the text of a policy, now and then a malformed one."""
    if draw(st.integers(0, 19)) == 0:
        return "{"
    written = draw(st.lists(statements(with_principal=with_principal), min_size=1, max_size=3))
    return json.dumps({"Version": "2012-10-17", "Statement": written})


@st.composite
def policies(draw: st.DrawFn, layer: Layer) -> Policy:
    """Draw a policy, now and then one that was not read."""
    if draw(st.integers(0, 19)) == 0:
        return unread(layer, "drawn", "not read")
    return policy(layer, "drawn", draw(documents(with_principal=layer is Layer.ENDPOINT)))


@st.composite
def identities(draw: st.DrawFn) -> Known:
    """Draw one identity."""
    levels = st.lists(st.lists(policies(Layer.SERVICE_CONTROL), min_size=1, max_size=2).map(tuple), max_size=2)
    subject = Subject(
        identity=tuple(draw(st.lists(policies(Layer.IDENTITY), max_size=3))),
        boundary=tuple(draw(st.lists(policies(Layer.BOUNDARY), max_size=1))),
        control=tuple(draw(levels)),
    )
    keys = draw(
        st.sampled_from(
            (
                Context(),
                Context({"aws:principalorgid": ("o-1",)}),
                Context({"aws:principaltag/team": ("ada-x",)}, frozenset({"aws:principalorgid"})),
            )
        )
    )
    return Known(caller(draw(st.sampled_from(_ARNS))), subject, keys, None)


@st.composite
def gates(draw: st.DrawFn) -> tuple[Gate, ...]:
    """Draw the gates of a few routes of two APIs."""
    found = []
    for api, protocol in (("a1", Protocol.REST), ("b2", draw(st.sampled_from((Protocol.REST, Protocol.HTTP))))):
        is_rest = protocol is Protocol.REST
        private = is_rest and draw(st.booleans())
        own: Fact[str] = Absent() if is_rest else NotApplicable(why="HTTP")
        if is_rest and draw(st.booleans()):
            own = Present(value=draw(documents(with_principal=True)))
        endpoints = _endpoints(draw) if private else ()
        for route in draw(st.lists(st.sampled_from(_ROUTES), min_size=1, max_size=3, unique=True)):
            arn = f"arn:aws:execute-api:eu-west-1:{HERE}:{api}/{route}"
            found.append(
                Gate(
                    route=arn,
                    account=HERE,
                    region="eu-west-1",
                    protocol=protocol,
                    family=route_family(arn, protocol),
                    authorization=Present(value="AWS_IAM"),
                    policy=own,
                    private=private,
                    api_key_required=Absent(),
                    endpoints=endpoints,
                )
            )
    return tuple(found)


def _endpoints(draw: st.DrawFn) -> tuple[Endpoint, ...]:
    ids = draw(st.lists(st.sampled_from(("vpce-1", "vpce-2")), max_size=2, unique=True))
    return tuple(Endpoint(each, None, tuple(draw(st.lists(policies(Layer.ENDPOINT), max_size=1)))) for each in ids)
