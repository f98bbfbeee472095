"""One change that is made to a call or its answer on the way, by configuration or by API Gateway itself."""

from dataclasses import dataclass
from enum import StrEnum

from auditor.model.identity import Origin


class TransformKind(StrEnum):
    """The closed list of what can happen."""

    PASS_ALL = "PASS_ALL"  # noqa: S105 - no password
    COPY = "COPY"
    RENAME = "RENAME"
    ADD_IDENTITY = "ADD_IDENTITY"
    SET_STATIC = "SET_STATIC"
    APPEND = "APPEND"
    OVERWRITE = "OVERWRITE"
    REMOVE = "REMOVE"
    REWRITE_PATH = "REWRITE_PATH"
    TEMPLATE = "TEMPLATE"
    OVERRIDE = "OVERRIDE"
    """Made inside a body template: it beats the visible mapping."""
    PASSTHROUGH = "PASSTHROUGH"
    CONTENT = "CONTENT"
    SERVICE_CALL = "SERVICE_CALL"
    STATUS_MAP = "STATUS_MAP"
    HEADER_RESPONSE = "HEADER_RESPONSE"
    GATEWAY_ERROR = "GATEWAY_ERROR"
    IMPLICIT = "IMPLICIT"
    """Done by API Gateway without being told to."""
    NOT_UNDERSTOOD = "NOT_UNDERSTOOD"


class Where(StrEnum):
    """On which way a change is made."""

    REQUEST = "request"
    RESPONSE = "response"
    ERROR = "error"
    """An answer that API Gateway gives by itself."""


class Space(StrEnum):
    """Where a value is taken from."""

    CLIENT_HEADER = "client.header"
    CLIENT_QUERY = "client.query"
    CLIENT_PATH = "client.path"
    CLIENT_BODY = "client.body"
    """The path is a JSON path; `$` is the whole body."""
    CLIENT_ALL = "client.all"
    """Every header, query and path parameter; the path names one of them where only those of a kind are meant."""
    IDENTITY = "identity"
    """`authorizer.…`, `identity.…` of `$context`: what speaks of who calls."""
    GATEWAY = "gateway"
    """The rest of `$context`: `requestId`, `identity.sourceIp`."""
    STAGE_VARIABLE = "stageVar"
    STATIC = "static"
    BACKEND_HEADER = "backend.header"
    BACKEND_BODY = "backend.body"
    UNKNOWN = "unknown"

    @property
    def is_client(self) -> bool:
        """Return whether the client alone decides the value."""
        return self.value.startswith("client.")


@dataclass(frozen=True, slots=True)
class Source:
    """One place that a value is taken from."""

    space: Space
    path: str
    """Header names in lower case on HTTP APIs, as written on REST APIs, where the gateway compares case; without `$context.`."""


@dataclass(frozen=True, slots=True)
class Transform:
    """One change, in one sentence."""

    kind: TransformKind
    where: Where
    target: str
    """`header x-user-id` (lower case), `query q`, `path`, `body`, `status`, `body application/json`; empty where it is all of it."""
    sources: tuple[Source, ...]
    origin: Origin
    """Of the value that is put in: VERIFIED only where the route's authorizer gives such a value."""
    sentence: str
    """At most 160 characters."""
    layer: str
    """What says so: `parameter mapping`, `body template application/json`, `integration`, `route`, `API Gateway`, `gateway response X`."""
    score: int = 0
    """Of a template: how much it does (dataflow.md section 2.3); 0 for the rest."""
    fits: bool = True
    """Whether it can be said in one sentence."""
    hidden: bool = False
    """Whether a reader of the visible mapping does not see it."""
    at: str = ""
    """`line 3, column 5` of the template that it stands in."""
