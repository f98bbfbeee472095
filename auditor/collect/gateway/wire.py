"""How API Gateway's operations are declared: verb-based actions, ARNs without an account, two ways of paging."""

import re
from collections.abc import Iterator
from typing import Any

from auditor.collect.interface import Answer, Caller, Operation, Paging

V1_TOKENS = {"token_out": "position", "token_in": "position"}
_V1 = Paging(items="item", **V1_TOKENS)
V2_PAGES = Paging(items="items", token_out="nextToken", token_in="NextToken")  # noqa: S106 - names of page tokens

LOG_DESTINATION = "access-log-destination"
"""Topic under which stages' access-log destinations are remembered for the collectors of log groups and streams."""
FUNCTION = "function"
"""Topic of the functions, by ARN with the alias or version as written, that integrations and authorizers name."""
LOAD_BALANCER = "load-balancer"
"""Topic of the load balancers, by ARN, that integrations and VPC links name."""
WEB_ACL = "web-acl"
"""Topic of the web ACLs that stages name."""
EXECUTION_LOGS = "execution-logs"
"""Topic of the beginnings of the names of the log groups that API Gateway itself makes for an API's execution logs."""

_TARGETS = frozenset({"uri", "authorizerUri", "integrationUri", "integrationTarget", "targetArns"})
"""Members that say where calls go."""
_FUNCTION = re.compile(r"arn:[\w-]+:lambda:[a-z0-9-]+:\d{12}:function:[\w-]+(?::(?:\$LATEST|[\w-]+))?(?![\w$:{-])")
_BALANCER = re.compile(
    r"(?P<place>arn:[\w-]+:elasticloadbalancing:[a-z0-9-]+:\d{12}:)"
    r"(?:loadbalancer/(?P<whole>(?:app|net)/[\w-]+/[0-9a-f]+)|listener/(?P<above>(?:app|net)/[\w-]+/[0-9a-f]+)/[0-9a-f]+)"
    r"(?![\w$/{-])"
)
"""An application or network load balancer, or a listener, whose ARN holds that of the load balancer above it."""


_LEFT_OUT_WHEN_EMPTY = frozenset({"GetBasePathMappings"})
"""Lists that AWS answers with `{}` where there is nothing to list (docs/wire-facts.md)."""


def named_targets(call: Caller, answer: Answer) -> Answer:
    """Remember the functions and load balancers that an answer's integrations, authorizers or VPC links name; return it.

    A name with a stage variable in it is left out: which function it is, each stage of the API decides for itself.
    """
    for target in _targets(answer.bodies):
        function = _FUNCTION.search(target)
        if function is not None:
            call.remember(FUNCTION, function.group(0))
        balancer = load_balancer(target)
        if balancer is not None:
            call.remember(LOAD_BALANCER, balancer)
    return answer


def load_balancer(target: str) -> str | None:
    """Return the ARN of the load balancer that a target names, by its own ARN or by one of its listeners'."""
    found = _BALANCER.search(target)
    return f"{found['place']}loadbalancer/{found['whole'] or found['above']}" if found is not None else None


def _targets(value: Any) -> Iterator[str]:
    match value:
        case dict():
            for name, inner in value.items():
                if name in _TARGETS and isinstance(inner, str | list):
                    yield from (
                        [inner] if isinstance(inner, str) else (each for each in inner if isinstance(each, str))
                    )
                else:
                    yield from _targets(inner)
        case list() | tuple():
            for inner in value:
                yield from _targets(inner)


def v1_list(  # noqa: PLR0913 - one argument a trait of an operation
    name: str, path: str, identity: str = "id", limit: str = "", per: tuple[str, ...] = (), *, times: int = 1
) -> Operation:
    """Declare a list of REST API management. An empty list is `{"item": []}` on the wire (not confirmed on a live account)."""
    return Operation(
        service="apigateway",
        name=name,
        action="apigateway:GET",
        resource=f"arn:{{partition}}:apigateway:{{region}}::{path}",
        required=() if name in _LEFT_OUT_WHEN_EMPTY else ("item",),
        records=(("item", identity),),
        page=_V1,
        per=per,
        times=times,
        limit=limit,
    )


def v1_get(
    name: str,
    path: str,
    required: tuple[str, ...],
    records: tuple[tuple[str, str], ...] = (),
    per: tuple[str, ...] = (),
) -> Operation:
    """Declare a single answer of REST API management."""
    return Operation(
        service="apigateway",
        name=name,
        action="apigateway:GET",
        resource=f"arn:{{partition}}:apigateway:{{region}}::{path}",
        required=required,
        records=records,
        per=per,
    )


def v2_list(name: str, path: str, *identities: str, per: tuple[str, ...] = ()) -> Operation:
    """Declare a list of HTTP and WebSocket API management."""
    return Operation(
        service="apigatewayv2",
        name=name,
        action="apigateway:GET",
        resource=f"arn:{{partition}}:apigateway:{{region}}::{path}",
        required=("items",),
        records=tuple(("items", each) for each in identities),
        page=V2_PAGES,
        per=per,
    )


def v2_get(name: str, path: str, required: tuple[str, ...], per: tuple[str, ...] = ()) -> Operation:
    """Declare a single answer of HTTP and WebSocket API management."""
    return Operation(
        "apigatewayv2", name, "apigateway:GET", f"arn:{{partition}}:apigateway:{{region}}::{path}", required, per=per
    )
