"""Passages from few words, for tests of what reads them: a deployed route with what a case is about, the rest in order."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from auditor.dataflow.passage import Passage
from auditor.dataflow.propagation.interface import Neighbours
from auditor.dataflow.routing import backend
from auditor.model.fact import Absent, Fact, Present, Unread
from auditor.model.flow import Who, WhoKind
from auditor.model.gateway import DeployedRoute, Protocol, Stage
from auditor.model.identity import AuthenticatedBy, Origin
from auditor.model.resource import Listing
from auditor.model.route_parts import AuthorizerDefinition, Integration, JwtIssuer, RouteSetting
from auditor.model.transform import Source, Space, Transform, TransformKind, Where
from tests.estates import ACCOUNT, REGION, estate, gap, resource

T = TypeVar("T")

FUNCTION = "arn:aws:lambda:eu-west-1:111122223333:function:orders"
FUNCTION_URI = f"arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/{FUNCTION}/invocations"
QUEUE_URI = "arn:aws:apigateway:eu-west-1:sqs:path/111122223333/orders"
SERVER = "https://orders.example.com/v1"
CALLERS_OWN = "arn:aws:iam::*:user/*"
HIDDEN = Unread(gap=gap("test:hidden"))

_KINDS = {each.value: each for each in WhoKind}
_TYPES = {"NONE": "NONE", "IAM": "AWS_IAM", "COGNITO": "COGNITO_USER_POOLS", "JWT": "JWT", "LAMBDA": "CUSTOM"}
_AUTHORIZERS = {
    "COGNITO": AuthorizerDefinition(name="customers", type="COGNITO_USER_POOLS", provider_arns=("pool-a",)),
    "JWT": AuthorizerDefinition(
        name="tokens", type="JWT", issuers=(JwtIssuer(issuer="https://id.example.com", audiences=("orders",)),)
    ),
    "LAMBDA": AuthorizerDefinition(name="own", type="REQUEST", function_uri=FUNCTION_URI),
}
_DETAILS = {
    "COGNITO": "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_a",
    "JWT": "https://id.example.com",
    "LAMBDA": "arn:aws:lambda:eu-west-1:111122223333:function:authorizer",
}
_INTEGRATIONS: Mapping[str, Mapping[str, Any]] = {
    "LAMBDA_PROXY": {"type": "AWS_PROXY", "uri": FUNCTION_URI},
    "LAMBDA": {"type": "AWS", "uri": FUNCTION_URI},
    "HTTP_PROXY": {"type": "HTTP_PROXY", "uri": SERVER},
    "HTTP": {"type": "HTTP", "uri": SERVER},
    "PRIVATE_PROXY": {"type": "HTTP_PROXY", "uri": SERVER, "connection_type": "VPC_LINK"},
    "PRIVATE": {"type": "HTTP", "uri": SERVER, "connection_type": "VPC_LINK"},
    "AWS_SERVICE": {"type": "AWS", "uri": QUEUE_URI},
    "AWS_SUBTYPE": {"type": "AWS_PROXY", "uri": None, "subtype": "SQS-SendMessage"},
    "MOCK": {"type": "MOCK", "uri": None},
    "UNKNOWN": {"type": "QUANTUM", "uri": None},
}


def fact(value: T | Unread | None) -> Fact[T]:
    """Return a value as a fact: None is absent, a gap stays one."""
    if value is None:
        return Absent()
    return value if isinstance(value, Unread) else Present(value=value)


def integration(kind: str = "HTTP_PROXY", **other: Any) -> Integration:
    """Return an integration of a class."""
    usual = {"http_method": "POST", "connection_type": None, "connection_id": None, "credentials": None}
    return Integration.model_validate({**usual, **_INTEGRATIONS[kind], **other})


def source(text: str) -> Source:
    """Return a source from `identity authorizer.claims.sub`, `client.header x-user-id`, `static`."""
    space, _, path = text.partition(" ")
    return Source(Space(space), path)


def change(kind: str, target: str = "", *sources: str, **other: Any) -> Transform:
    """Return a change on the request; its origin follows from its sources where it is not given."""
    taken = tuple(source(each) for each in sources)
    usual = {"where": Where.REQUEST, "origin": _origin(taken), "sentence": "It changes.", "layer": "parameter mapping"}
    return Transform(kind=TransformKind(kind), target=target, sources=taken, **{**usual, **other})


def _origin(sources: Sequence[Source]) -> Origin:
    found = {Origin.CLIENT if each.space.is_client else _OF[each.space] for each in sources}
    return Origin.MIXED if {Origin.VERIFIED, Origin.CLIENT} <= found else next(iter(sorted(found)), Origin.STATIC)


_OF = {Space.IDENTITY: Origin.VERIFIED, Space.GATEWAY: Origin.GATEWAY, Space.STATIC: Origin.STATIC}


def told_by(name: str = "header x-user-id", path: str = "authorizer.claims.sub", **other: Any) -> Transform:
    """Return the change that tells the back end who called."""
    return change("ADD_IDENTITY", name, f"identity {path}", **other)


def passage(by: str = "JWT", kind: str | None = "HTTP_PROXY", *changes: Transform, **other: Any) -> Passage:
    """Return a passage: who asks, what kind of integration, what is changed; the rest by the names of Passage.

    `key`: the route key; `protocol`; `integration` replaces `kind`; `path` and `api` set the route's place.
    """
    key, api = other.pop("key", "POST /orders"), other.pop("api", "a1")
    protocol = Protocol(other.pop("protocol", "HTTP"))
    sends = other.pop("integration", integration(kind) if kind is not None else None)
    route = _route(by, key, api, protocol)
    usual: dict[str, Any] = {
        "route": route,
        "asked": route,
        "api": None,
        "stage": None,
        "is_canary": False,
        "variables": {},
        "who": Who(kind=_KINDS.get(by, WhoKind.NONE), label=by, detail=_DETAILS.get(by, "")),
        "authenticated_by": AuthenticatedBy(by),
        "authorizer": fact(_AUTHORIZERS.get(by)),
        "mutual_tls": False,
        "doors": (),
        "doors_complete": True,
        "private": False,
        "policy": Absent(),
        "policy_text": Absent(),
        "integration": fact(sends),
        "responses": Present(value=()),
        "backend": backend(fact(sends)),
        "gateway_responses": (),
        "setting": Absent(),
        "transforms": Present(value=changes),
        "log": Absent(),
        "trace": None,
    }
    return Passage(**{**usual, **other})


def _route(by: str, key: str, api: str, protocol: Protocol) -> DeployedRoute:
    method, _, path = key.rpartition(" ")
    room = "restapis" if protocol is Protocol.REST else "apis"
    api_arn = f"arn:aws:apigateway:{REGION}::/{room}/{api}"
    place = f"{method or key}{path if method else ''}"
    made = resource(
        {
            "kind": "DeployedRoute",
            "arn": f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{api}/live/{place}",
            "api_arn": api_arn,
            "stage_arn": f"{api_arn}/stages/live",
            "stage": "live",
            "protocol": protocol,
            "view": "DEPLOYED",
            "route_key": key,
            "method": method or key,
            "path": path or key,
            "authorization_type": _TYPES.get(by, "unread" if by == "UNKNOWN" else "NONE"),
        }
    )
    assert isinstance(made, DeployedRoute)
    return made


def stage(**facts: Any) -> Stage:
    """Return a REST stage with these facts."""
    api_arn = f"arn:aws:apigateway:{REGION}::/restapis/a1"
    made = resource(
        {"kind": "Stage", "arn": f"{api_arn}/stages/live", "api_arn": api_arn, "stage": "live", "protocol": "REST"}
        | facts
    )
    assert isinstance(made, Stage)
    return made


def setting(path: str = "*", method: str = "*", **other: Any) -> RouteSetting:
    """Return how a stage treats a route."""
    usual = {"throttle_rate": None, "throttle_burst": None, "logging_level": None, "data_trace": None}
    return RouteSetting.model_validate({"path": path, "method": method, **usual, **other})


def among(*passages: Passage, listings: Sequence[Listing] = ()) -> Neighbours:
    """Return passages as each other's neighbours, all lists read."""
    return Neighbours(estate([each.route for each in passages], listings=listings), passages)
