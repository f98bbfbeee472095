"""What API Gateway changes without being told to, as tables (dataflow.md section 2.2).

Sources: the developer guide's "Important notes" (known issues) and "Parameter mapping for HTTP APIs" where `source` says
documented; LocalStack's gateway, which its authors check against AWS, where it says observed. None was tried on a live account.
"""

from dataclasses import dataclass
from functools import lru_cache

from auditor.dataflow.transformation.under import Under
from auditor.dataflow.transformation.wording import fit
from auditor.model.gateway import Protocol
from auditor.model.identity import AuthenticatedBy, Origin
from auditor.model.transform import Source, Space, Transform, TransformKind, Where

_DOCUMENTED = "documented"
_OBSERVED = "observed"
_REST = frozenset({Protocol.REST})
_HTTP_API = frozenset({Protocol.HTTP})
_WITH_TEMPLATES = frozenset({Protocol.REST, Protocol.WEBSOCKET})
_ALL_TYPES = frozenset({"AWS", "AWS_PROXY", "HTTP", "HTTP_PROXY"})

DROPPED = (
    "Connection",
    "Content-Length",
    "Content-MD5",
    "Expect",
    "Max-Forwards",
    "Proxy-Authenticate",
    "Server",
    "TE",
    "Transfer-Encoding",
    "Trailer",
    "Upgrade",
    "WWW-Authenticate",
)
"""Request headers that REST APIs drop before anything can be mapped."""
REMAPPED = ("Authorization", "Date", "Host", "Server", "WWW-Authenticate")
"""Some of the answer's headers that REST APIs rename to `x-amzn-Remapped-…` on integrations that are no proxy."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that API Gateway does by itself."""

    protocols: frozenset[Protocol]
    types: frozenset[str]
    """Integration types; `SUBTYPE` is a service action of an HTTP API."""
    where: Where
    target: str
    text: str
    """What follows "API Gateway itself"."""
    source: str
    unless: str = ""
    """Target of a mapping that prevents it."""
    first: bool = False
    """Whether it happens before anything is mapped."""


CHANGES = (
    Change(
        _REST,
        frozenset({*_ALL_TYPES, "MOCK"}),
        Where.REQUEST,
        "",
        f"drops {', '.join(DROPPED[:6])} and {len(DROPPED) - 6} more headers before any mapping.",
        _OBSERVED,
        first=True,
    ),
    Change(
        _REST,
        frozenset({"AWS_PROXY", "HTTP_PROXY"}),
        Where.REQUEST,
        "header authorization",
        "drops header authorization where it holds an AWS signature.",
        _DOCUMENTED,
        first=True,
    ),
    Change(
        _REST,
        frozenset({"HTTP_PROXY"}),
        Where.REQUEST,
        "method",
        "lets header x-http-method-override of the client change the method.",
        _DOCUMENTED,
        unless="header x-http-method-override",
    ),
    Change(
        _REST, frozenset({"HTTP_PROXY"}), Where.REQUEST, "header host", "drops header host.", _OBSERVED, "header host"
    ),
    Change(
        _REST,
        frozenset({"HTTP_PROXY"}),
        Where.REQUEST,
        "header content-encoding",
        "drops header content-encoding.",
        _OBSERVED,
        unless="header content-encoding",
    ),
    Change(_REST, frozenset({"HTTP_PROXY"}), Where.REQUEST, "header via", "drops header via.", _OBSERVED),
    Change(_REST, frozenset({"AWS"}), Where.REQUEST, "header referer", "drops header referer.", _OBSERVED),
    Change(
        _WITH_TEMPLATES,
        frozenset({"AWS", "HTTP"}),
        Where.REQUEST,
        "",
        "sends on no header, query or path parameter that nothing maps.",
        _OBSERVED,
    ),
    Change(
        _REST,
        frozenset({"AWS", "HTTP", "HTTP_PROXY"}),
        Where.REQUEST,
        "header user-agent",
        "sets header user-agent to AmazonAPIGateway_ and the API's id where none is sent on.",
        _OBSERVED,
        unless="header user-agent",
    ),
    Change(
        _REST,
        frozenset({"AWS", "HTTP", "HTTP_PROXY"}),
        Where.REQUEST,
        "header x-amzn-trace-id",
        "adds headers x-amzn-trace-id and x-amzn-apigateway-api-id.",
        _OBSERVED,
    ),
    Change(
        _HTTP_API,
        frozenset({"HTTP_PROXY"}),
        Where.REQUEST,
        "header authorization",
        "passes header authorization on; no mapping can change or remove it.",
        _DOCUMENTED,
    ),
    Change(
        _HTTP_API,
        frozenset({"HTTP_PROXY"}),
        Where.REQUEST,
        "header forwarded",
        "turns headers x-forwarded-for, -host and -proto into header forwarded.",
        _DOCUMENTED,
    ),
    Change(
        _HTTP_API,
        frozenset({"SUBTYPE"}),
        Where.REQUEST,
        "",
        "sends the service nothing that no parameter names.",
        _DOCUMENTED,
    ),
    Change(
        _REST,
        frozenset({"AWS", "HTTP"}),
        Where.RESPONSE,
        "",
        f"renames {', '.join(REMAPPED)} and others in answers to x-amzn-remapped-….",
        _OBSERVED,
    ),
)

_EVENT = {
    (Protocol.REST, "1.0"): {
        AuthenticatedBy.IAM: "identity.userArn",
        AuthenticatedBy.COGNITO: "authorizer.claims",
        AuthenticatedBy.LAMBDA: "authorizer",
    },
    (Protocol.WEBSOCKET, "1.0"): {
        AuthenticatedBy.IAM: "identity.userArn",
        AuthenticatedBy.LAMBDA: "authorizer",
    },
    (Protocol.HTTP, "1.0"): {
        AuthenticatedBy.IAM: "identity.userArn",
        AuthenticatedBy.JWT: "authorizer.claims",
        AuthenticatedBy.LAMBDA: "authorizer",
    },
    (Protocol.HTTP, "2.0"): {
        AuthenticatedBy.IAM: "authorizer.iam",
        AuthenticatedBy.JWT: "authorizer.jwt.claims",
        AuthenticatedBy.LAMBDA: "authorizer.lambda",
    },
}
"""Where a Lambda proxy finds the caller below `requestContext` of its event (developer guide; dataflow.md section 3.1)."""


@lru_cache(maxsize=1024)
def changes(integration_type: str, under: Under, mapped: frozenset[str]) -> tuple[tuple[Change, Transform], ...]:
    """Return what happens by itself with an integration type (`SUBTYPE` for service actions), in the order of the table."""
    return tuple(
        (each, _transform(each))
        for each in CHANGES
        if under.protocol in each.protocols and integration_type in each.types and each.unless not in mapped
    )


def prevents() -> frozenset[str]:
    """Return the targets whose mapping prevents something."""
    return _PREVENTS


@lru_cache(maxsize=256)
def caller_in_event(under: Under, payload_format: str | None) -> Transform | None:
    """Return what a Lambda proxy is told about the caller; None where nobody was asked."""
    if under.authenticated_by in {AuthenticatedBy.NONE, AuthenticatedBy.API_KEY_ONLY}:
        return None
    version = (payload_format or "1.0") if under.protocol is Protocol.HTTP else "1.0"
    path = _EVENT.get((under.protocol, version), {}).get(under.authenticated_by)
    if path is None:
        text = "API Gateway itself may put the caller into requestContext of the event; where is not known."
        return _made(Where.REQUEST, "event requestContext", text, (), Origin.UNKNOWN)
    text = f"API Gateway itself puts the verified caller into requestContext.{path} of the event."
    found = (Source(Space.IDENTITY, path),)
    return _made(Where.REQUEST, f"event requestContext.{path}", text, found, Origin.VERIFIED)


def ignored(what: str, where: Where) -> Transform:
    """Return that a proxy leaves something aside that is configured: `body templates`."""
    return _made(
        where, "body", f"API Gateway itself ignores the {what}: the integration is a proxy.", (), Origin.STATIC
    )


def _transform(change: Change) -> Transform:
    is_client = change.target in {"method", "header authorization"}
    origin = Origin.CLIENT if is_client else Origin.GATEWAY
    return _made(change.where, change.target, f"API Gateway itself {change.text}", (), origin)


def _made(where: Where, target: str, text: str, found: tuple[Source, ...], origin: Origin) -> Transform:
    return Transform(TransformKind.IMPLICIT, where, target, found, origin, fit(text), "API Gateway")


_PREVENTS = frozenset(each.unless for each in CHANGES if each.unless)
