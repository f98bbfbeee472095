"""What decides who may call: authorizers as each API version lists them, and as exports write them."""

from collections.abc import Mapping
from typing import Any

from auditor.model.fact import NotApplicable
from auditor.model.gateway import Authorizer
from auditor.model.route_parts import AuthorizerDefinition, JwtClaim, JwtIssuer
from auditor.normalize.facts import Members, flag, number, optional, text, texts
from auditor.normalize.gateway.integrations import mapping
from auditor.normalize.reading import Found, Reading

_NO_TAGS = NotApplicable(why="carries no tags of its own")


def authorizer(read: Reading, found: Found, api_arn: str) -> Authorizer:
    """Add an item of either version's GetAuthorizers, and return it."""
    identity, definition = _LISTED[found.operation]
    authorizer_id = str(found.record.get(identity, ""))
    arn = f"{api_arn}/authorizers/{authorizer_id}"
    made = Authorizer(
        **read.place,
        arn=arn,
        name=str(found.record.get("name", authorizer_id)),
        tags=_NO_TAGS,
        api_arn=api_arn,
        authorizer_id=authorizer_id,
        definition=Members(read, found.operation, arn, {"it": found.record}).take("it", definition),
    )
    read.add(made, found.pages)
    return made


def rest_definition(record: Mapping[str, Any]) -> AuthorizerDefinition:
    """Return an item of apigateway:GetAuthorizers."""
    return AuthorizerDefinition(
        name=text(record.get("name")),
        type=text(record.get("type")).upper(),
        provider_arns=texts(record.get("providerARNs") or []),
        credentials=optional(text, record.get("authorizerCredentials")),
        **_shared(record),
    )


def http_definition(record: Mapping[str, Any]) -> AuthorizerDefinition:
    """Return an item of apigatewayv2:GetAuthorizers."""
    return AuthorizerDefinition(
        name=text(record.get("name")),
        type=text(record.get("authorizerType")).upper(),
        credentials=optional(text, record.get("authorizerCredentialsArn")),
        **_shared(record),
    )


_LISTED = {
    "apigateway:GetAuthorizers": ("id", rest_definition),
    "apigatewayv2:GetAuthorizers": ("authorizerId", http_definition),
}
"""By operation: the member that names an authorizer, and what reads the rest."""


def exported_definition(name: str, scheme: Mapping[str, Any]) -> AuthorizerDefinition | None:
    """Return `x-amazon-apigateway-authorizer` of a security scheme; None where there is none."""
    given = mapping(scheme.get("x-amazon-apigateway-authorizer"))
    if not given:
        return None
    if given.get("identitySource") is None and text(given.get("type")).upper() in _READ_A_HEADER:
        given = {**given, "identitySource": _header(scheme)}
    return AuthorizerDefinition(
        name=name,
        type=text(given.get("type")).upper(),
        provider_arns=texts(given.get("providerARNs") or []),
        credentials=optional(text, given.get("authorizerCredentials")),
        **_shared(given),
    )


_READ_A_HEADER = frozenset({"TOKEN", "COGNITO_USER_POOLS"})
"""Types of which a document tells the header as the scheme's own name: `identitySource` is for the others."""


def _header(scheme: Mapping[str, Any]) -> str | None:
    name = optional(text, scheme.get("name"))
    return f"method.request.header.{name}" if name and scheme.get("in") == "header" else None


def _shared(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members that all three write alike."""
    return {
        "issuers": issuers(record.get("jwtConfiguration")),
        "algorithms": _algorithms(record.get("jwtConfiguration")),
        "function_uri": optional(text, record.get("authorizerUri")),
        "identity_source": sources(record.get("identitySource")),
        "ttl_seconds": optional(number, record.get("authorizerResultTtlInSeconds")),
        "validation_expression": optional(text, record.get("identityValidationExpression")) or None,
        "payload_format_version": optional(text, record.get("authorizerPayloadFormatVersion")),
        "simple_responses": optional(flag, record.get("enableSimpleResponses")),
    }


def issuers(configuration: Any) -> tuple[JwtIssuer, ...]:
    """Return the issuers of a JWT configuration: v2 has one, REST a list of them."""
    given = _folded(configuration)
    each = given.get("issuers") or ([configuration] if given.get("issuer") else [])
    return tuple(sorted((_issuer(_folded(one)) for one in each), key=lambda found: found.issuer))


def _algorithms(configuration: Any) -> tuple[str, ...] | None:
    return optional(texts, _folded(configuration).get("defaultalgorithms"))


def _folded(value: Any) -> Mapping[str, Any]:
    """Return an object with its names in lower case: the two API versions and their exports differ in nothing else."""
    return {str(name).lower(): inner for name, inner in mapping(value).items()}


def _issuer(given: Mapping[str, Any]) -> JwtIssuer:
    audiences = given.get("audiences") or given.get("audience") or ()
    audiences = (audiences,) if isinstance(audiences, str) else audiences
    claims = (_claim(_folded(one)) for one in given.get("additionalclaims") or ())
    return JwtIssuer(
        issuer=text(given.get("issuer")),
        audiences=tuple(sorted(text(one) for one in audiences)),
        additional_claims=tuple(sorted(claims, key=lambda each: each.name)),
        jwks_uri=optional(text, given.get("jwksuri")),
    )


def _claim(given: Mapping[str, Any]) -> JwtClaim:
    return JwtClaim(
        name=text(given.get("claimname")),
        format=optional(text, given.get("format")),
        required=optional(flag, given.get("required")),
        expected_values=texts(given.get("expectedvalues") or []),
    )


def sources(value: Any) -> tuple[str, ...]:
    """Return identity sources: v1 joins them with commas, v2 lists them."""
    if value is None:
        return ()
    parts = value.split(",") if isinstance(value, str) else value
    return tuple(sorted(text(part).strip() for part in parts if text(part).strip()))
