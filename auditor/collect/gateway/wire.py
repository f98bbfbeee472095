"""How API Gateway's operations are declared: verb-based actions, ARNs without an account, two ways of paging."""

import re
from collections.abc import Iterator
from typing import Any

from auditor.collect.interface import Answer, Caller, Operation, Paging

_V1 = Paging(items="item", token_out="position", token_in="position")  # noqa: S106 - names of page tokens
V2_PAGES = Paging(items="items", token_out="nextToken", token_in="NextToken")  # noqa: S106 - names of page tokens

LOG_DESTINATION = "access-log-destination"
"""Topic under which stages' access-log destinations are remembered for the collectors of log groups and streams."""
FUNCTION = "function"
"""Topic of the functions, by ARN with the alias or version as written, that integrations and authorizers name."""
WEB_ACL = "web-acl"
"""Topic of the web ACLs that stages name."""
EXECUTION_LOGS = "execution-logs"
"""Topic of the beginnings of the names of the log groups that API Gateway itself makes for an API's execution logs."""

_URIS = frozenset({"uri", "authorizerUri", "integrationUri"})
_FUNCTION = re.compile(r"arn:[\w-]+:lambda:[a-z0-9-]+:\d{12}:function:[\w-]+(?::(?:\$LATEST|[\w-]+))?(?![\w$:{-])")


_LEFT_OUT_WHEN_EMPTY = frozenset({"GetBasePathMappings"})
"""Lists that AWS answers with `{}` where there is nothing to list (docs/wire-facts.md)."""


def named_functions(call: Caller, answer: Answer) -> Answer:
    """Remember the functions that the integrations and authorizers of an answer name, and return the answer.

    A name with a stage variable in it is left out: variables are stored redacted, so nothing could be joined to it.
    """
    for uri in _uris(answer.bodies):
        found = _FUNCTION.search(uri)
        if found is not None:
            call.remember(FUNCTION, found.group(0))
    return answer


def _uris(value: Any) -> Iterator[str]:
    match value:
        case dict():
            for name, inner in value.items():
                if name in _URIS and isinstance(inner, str):
                    yield inner
                else:
                    yield from _uris(inner)
        case list() | tuple():
            for inner in value:
                yield from _uris(inner)


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
