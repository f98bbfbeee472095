"""What routes, integrations and stages are made of: values without a life of their own.

Member names follow botocore 1.44.5 in snake case. `None` is always "not told"; it decides nothing.
"""

from pydantic import Field

from auditor.model.base import Frozen


class Integration(Frozen):
    """Where a route sends its calls. Stage variables are kept as written: `${stageVariables.x}`.

    The same shape for the working copy and for an export. `None` is "not told", which decides nothing.
    """

    type: str
    """AWS, AWS_PROXY, HTTP, HTTP_PROXY, MOCK."""
    uri: str | None
    http_method: str | None
    connection_type: str | None
    connection_id: str | None
    credentials: str | None
    """Role ARN, or `arn:aws:iam::*:user/*` for the caller's own."""
    subtype: str | None = None
    """HTTP API first-class service action, e.g. `SQS-SendMessage`."""
    timeout_ms: int | None = None
    passthrough: str | None = None
    """WHEN_NO_MATCH, WHEN_NO_TEMPLATES, NEVER."""
    content_handling: str | None = None
    """CONVERT_TO_BINARY, CONVERT_TO_TEXT."""
    request_parameters: dict[str, str] = Field(default_factory=dict)
    """Mapped parameter to its source; on HTTP APIs `overwrite:header.x` or a service action's parameters."""
    request_templates: dict[str, str] = Field(default_factory=dict)
    """Body template by content type, on WebSocket APIs by template key."""
    template_selection: str | None = None
    response_selection: str | None = None
    """What a WebSocket API looks at to choose a template, and an integration response."""
    cache_key_parameters: tuple[str, ...] = ()
    cache_namespace: str | None = None
    insecure_skip_verification: bool | None = None
    """REST only: whether a back end's certificate may come from any authority. Where AWS names no such setting it is off."""
    has_tls_config: bool | None = None
    """HTTP API private integrations only: whether calls use TLS at all."""
    server_name_to_verify: str | None = None
    target: str | None = None
    """REST over a VPC link of the newer kind: ARN of the load balancer."""
    response_transfer_mode: str | None = None
    """BUFFERED, STREAM."""
    payload_format_version: str | None = None


class IntegrationResponse(Frozen):
    """What becomes of one kind of answer of the back end."""

    status: str | None
    """Status that callers get. WebSocket integration responses have none; theirs is the key in `selection_pattern`."""
    selection_pattern: str | None
    """Expression over the back end's status or error that chooses this one; None: the default."""
    parameters: dict[str, str]
    """Mapped header to its source; on HTTP APIs `overwrite:header.x` and the like."""
    templates: dict[str, str]
    """Body template by content type."""
    content_handling: str | None


class MethodResponse(Frozen):
    """An answer that a method or route declares."""

    status: str
    """On WebSocket APIs the route response key, `$default`."""
    parameters: tuple[str, ...]
    models: dict[str, str]
    """Model by content type, on WebSocket APIs by model key."""


class RequestValidation(Frozen):
    """What a method's validator looks at. An export names it and says what it does, as the API's list of validators does."""

    validator: str
    """The validator's name."""
    body: bool
    parameters: bool


class JwtClaim(Frozen):
    """A claim that a REST JWT authorizer looks at beside issuer, audience and times."""

    name: str
    format: str | None
    """SINGLE_STRING."""
    required: bool | None
    expected_values: tuple[str, ...]


class JwtIssuer(Frozen):
    """One issuer of a JWT authorizer. A REST JWT authorizer may hold several."""

    issuer: str
    audiences: tuple[str, ...]
    additional_claims: tuple[JwtClaim, ...] = ()
    jwks_uri: str | None = None
    """Where AWS found the keys of the issuer; read-only."""


class AuthorizerDefinition(Frozen):
    """What decides who may call: the same shape for a configured authorizer and for the one a deployment froze."""

    name: str
    type: str
    """TOKEN, REQUEST, COGNITO_USER_POOLS, JWT."""
    provider_arns: tuple[str, ...] = ()
    """User pools."""
    issuers: tuple[JwtIssuer, ...] = ()
    function_uri: str | None = None
    """Invocation URI of a Lambda authorizer, as AWS gives it."""
    identity_source: tuple[str, ...] = ()
    ttl_seconds: int | None = None
    """None: not set. On REST APIs the service default (300) applies; on HTTP APIs nothing is cached."""
    algorithms: tuple[str, ...] | None = None
    """Signing algorithms of a REST JWT authorizer; None: not told, and not to be chosen on HTTP APIs."""
    credentials: str | None = None
    """ARN of the role with which a Lambda authorizer is called; None: the function's own policy allows it."""
    validation_expression: str | None = None
    payload_format_version: str | None = None
    simple_responses: bool | None = None


class RouteSetting(Frozen):
    """How a stage treats one method or route; path and method `*` stand for all that have no setting of their own."""

    path: str
    """As in DeployedRoute: `/orders/{id}`; the route key where there is no path."""
    method: str
    throttle_rate: str | None
    """Requests a second as decimal text, so that canonical bytes hold no floats."""
    throttle_burst: int | None
    logging_level: str | None
    """OFF, ERROR, INFO."""
    data_trace: bool | None
    metrics: bool | None = None
    caching: bool | None = None
    cache_ttl_seconds: int | None = None
    cache_encrypted: bool | None = None
    cache_control_needs_authorization: bool | None = None
    unauthorized_cache_control: str | None = None
    """What an invalidation without the right gets: FAIL_WITH_403, SUCCEED_WITH_RESPONSE_HEADER, SUCCEED_WITHOUT_RESPONSE_HEADER."""


class Cors(Frozen):
    """Which other origins a browser lets call an HTTP API. `None`: not told."""

    allow_origins: tuple[str, ...]
    allow_methods: tuple[str, ...]
    allow_headers: tuple[str, ...]
    expose_headers: tuple[str, ...]
    allow_credentials: bool | None
    max_age_seconds: int | None


class GatewayAnswer(Frozen):
    """An answer that the gateway gives by itself, as an export writes it: one that somebody customised."""

    response_type: str
    """ACCESS_DENIED, DEFAULT_4XX, …"""
    status: str | None
    """None: the type's own status."""
    parameters: dict[str, str]
    """`gatewayresponse.header.X` to its source."""
    templates: dict[str, str]
    """Body template by content type."""
