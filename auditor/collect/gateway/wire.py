"""How API Gateway's operations are declared: verb-based actions, ARNs without an account, two ways of paging."""

from auditor.collect.interface import Operation, Paging

_V1 = Paging(items="item", token_out="position", token_in="position")  # noqa: S106 - names of page tokens
_V2 = Paging(items="items", token_out="nextToken", token_in="NextToken")  # noqa: S106 - names of page tokens

LOG_DESTINATION = "access-log-destination"
"""Topic under which stages' access-log destinations are remembered for the collectors of log groups and streams."""


_LEFT_OUT_WHEN_EMPTY = frozenset({"GetBasePathMappings"})
"""Lists that AWS answers with `{}` where there is nothing to list (docs/wire-facts.md)."""


def v1_list(name: str, path: str, identity: str = "id", limit: str = "", per: tuple[str, ...] = ()) -> Operation:
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
        page=_V2,
        per=per,
    )


def v2_get(name: str, path: str, required: tuple[str, ...], per: tuple[str, ...] = ()) -> Operation:
    """Declare a single answer of HTTP and WebSocket API management."""
    return Operation(
        "apigatewayv2", name, "apigateway:GET", f"arn:{{partition}}:apigateway:{{region}}::{path}", required, per=per
    )
