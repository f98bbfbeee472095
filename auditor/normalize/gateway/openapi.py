"""The exports: API Gateway's own OpenAPI documents of what a stage's deployment froze.

Extensions as documented under "OpenAPI extensions for API Gateway"; untried on a live account. Both API versions: v1
`GetExport(oas30, integrations and authorizers)`, v2 `ExportApi(OAS30)`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from auditor.model.gateway import AuthorizerDefinition, Integration, JwtIssuer
from auditor.normalize.facts import number, text

_ANY = "x-amazon-apigateway-any-method"
_VERBS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})
_BESIDE = frozenset({"parameters", "summary", "description", "servers"})
"""What OpenAPI allows beside the operations of a path."""
_KEY_HEADER = "x-api-key"
_TYPES = {"token": "CUSTOM", "request": "CUSTOM", "cognito_user_pools": "COGNITO_USER_POOLS", "jwt": "JWT"}
_AUTHTYPES = {"awssigv4": "AWS_IAM", "cognito_user_pools": "COGNITO_USER_POOLS", "jwt": "JWT"}


@dataclass(frozen=True)
class ExportedOperation:
    """One method of one path, as deployed."""

    path: str
    method: str
    authorization_type: str
    authorizer: AuthorizerDefinition | None
    scopes: tuple[str, ...]
    api_key_required: bool
    integration: Integration | None


def operations(document: Mapping[str, Any], *, paths_may_be_empty: bool) -> Iterator[ExportedOperation]:
    """Yield every operation of an export. Raises ValueError or TypeError where the document makes no sense.

    `paths_may_be_empty`: a REST API has resources without methods; a route of an HTTP API always has one.
    """
    schemes = _mapping(_mapping(document.get("components")).get("securitySchemes"))
    for path, item in sorted(_mapping(document["paths"]).items()):
        if not isinstance(item, Mapping) or (not item and not paths_may_be_empty):
            raise ValueError(f"{path} holds no operation")
        for verb, operation in sorted(item.items()):
            if verb == _ANY or verb.lower() in _VERBS:
                method = "ANY" if verb == _ANY else verb.upper()
                yield _operation(path, method, _mapping(operation), schemes)
            elif verb not in _BESIDE and not verb.startswith("x-"):
                raise ValueError(f"{path} holds {verb}, which is no operation")


def _mapping(value: Any) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise TypeError("no object")
    return value


def _operation(path: str, method: str, operation: Mapping[str, Any], schemes: Mapping[str, Any]) -> ExportedOperation:
    authorization, definition, key = "NONE", None, False
    scopes: tuple[str, ...] = ()
    for requirement in operation.get("security") or ():
        for name, asked in sorted(_mapping(requirement).items()):
            scheme = _mapping(schemes.get(name))
            if _is_key(name, scheme):
                key = True
                continue
            authorization = _authorization(scheme)
            definition = _authorizer(name, scheme)
            scopes = tuple(sorted(text(each) for each in asked or ()))
    stated = _mapping(operation.get("x-amazon-apigateway-auth")).get("type")
    if stated is not None and authorization == "NONE":
        authorization = text(stated).upper()
    return ExportedOperation(
        path,
        method,
        authorization,
        definition,
        scopes,
        key,
        integration(operation.get("x-amazon-apigateway-integration")),
    )


def _is_key(name: str, scheme: Mapping[str, Any]) -> bool:
    if "x-amazon-apigateway-authtype" in scheme or "x-amazon-apigateway-authorizer" in scheme:
        return False
    return scheme.get("type") == "apiKey" and str(scheme.get("name", name)).lower() == _KEY_HEADER


def _authorization(scheme: Mapping[str, Any]) -> str:
    """Return the authorization type that a security scheme stands for; an unknown scheme is its own type, never NONE."""
    authorizer = _mapping(scheme.get("x-amazon-apigateway-authorizer"))
    kind = str(authorizer.get("type", "")).lower()
    authtype = str(scheme.get("x-amazon-apigateway-authtype", "")).lower()
    return _AUTHTYPES.get(authtype) or _TYPES.get(kind) or ("CUSTOM" if authtype == "custom" else "UNKNOWN")


def _authorizer(name: str, scheme: Mapping[str, Any]) -> AuthorizerDefinition | None:
    given = _mapping(scheme.get("x-amazon-apigateway-authorizer"))
    if not given:
        return None
    ttl = given.get("authorizerResultTtlInSeconds")
    return AuthorizerDefinition(
        name=name,
        type=text(given.get("type")).upper(),
        provider_arns=tuple(sorted(text(each) for each in given.get("providerARNs") or ())),
        issuers=issuers(given.get("jwtConfiguration")),
        function_uri=given.get("authorizerUri"),
        identity_source=sources(given.get("identitySource")),
        ttl_seconds=None if ttl is None else number(ttl),
    )


def issuers(configuration: Any) -> tuple[JwtIssuer, ...]:
    """Return the issuers of a JWT configuration: v2 has one, REST a list of them."""
    given = {name.lower(): value for name, value in _mapping(configuration).items()}
    each = given.get("issuers") or ([configuration] if given.get("issuer") else [])
    return tuple(sorted((_issuer(_mapping(one)) for one in each), key=lambda found: found.issuer))


def _issuer(given: Mapping[str, Any]) -> JwtIssuer:
    members = {name.lower(): value for name, value in given.items()}
    audiences = members.get("audiences") or members.get("audience") or ()
    audiences = (audiences,) if isinstance(audiences, str) else audiences
    return JwtIssuer(issuer=text(members.get("issuer")), audiences=tuple(sorted(text(one) for one in audiences)))


def sources(value: Any) -> tuple[str, ...]:
    """Return identity sources: v1 joins them with commas, v2 lists them."""
    if value is None:
        return ()
    parts = value.split(",") if isinstance(value, str) else value
    return tuple(sorted(text(part).strip() for part in parts if text(part).strip()))


def integration(value: Any) -> Integration | None:
    """Return where an operation goes: the extension of an export, or methodIntegration of GetResources."""
    given = _mapping(value)
    if not given:
        return None
    return Integration(
        type=text(given.get("type", "")).upper(),
        uri=given.get("uri"),
        http_method=given.get("httpMethod"),
        connection_type=given.get("connectionType"),
        connection_id=given.get("connectionId"),
        credentials=given.get("credentials"),
        subtype=given.get("integrationSubtype"),
    )
