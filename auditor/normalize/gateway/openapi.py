"""The exports: API Gateway's own OpenAPI documents of what a stage's deployment froze.

Extensions as documented under "OpenAPI extensions for API Gateway"; untried on a live account. Both API versions: v1
`GetExport(oas30, all extensions)`, v2 `ExportApi(OAS30)`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from auditor.model.gateway import Protocol
from auditor.model.route_parts import (
    AuthorizerDefinition,
    Integration,
    IntegrationResponse,
    MethodResponse,
    RequestValidation,
)
from auditor.normalize.facts import flag, optional, text
from auditor.normalize.gateway.authorizers import exported_definition
from auditor.normalize.gateway.integrations import (
    exported_http_integration,
    exported_responses,
    http_responses,
    mapping,
    rest_integration,
)

_ANY = "x-amazon-apigateway-any-method"
_INTEGRATION = "x-amazon-apigateway-integration"
_VALIDATOR = "x-amazon-apigateway-request-validator"
_VERBS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})
_BESIDE = frozenset({"parameters", "summary", "description", "servers"})
"""What OpenAPI allows beside the operations of a path."""
_KEY_HEADER = "x-api-key"
_TYPES = {"token": "CUSTOM", "request": "CUSTOM", "cognito_user_pools": "COGNITO_USER_POOLS", "jwt": "JWT"}
_AUTHTYPES = {"awssigv4": "AWS_IAM", "cognito_user_pools": "COGNITO_USER_POOLS", "jwt": "JWT"}
_PLACES = {"header": "header", "query": "querystring", "path": "path"}
"""Where a parameter stands, in OpenAPI's words and in API Gateway's."""


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
    integration_responses: tuple[IntegrationResponse, ...]
    contract: "ExportedContract"


@dataclass(frozen=True)
class ExportedContract:
    """What a method of a REST API promises: HTTP APIs have no such thing."""

    request_parameters: dict[str, bool]
    request_models: dict[str, str]
    validation: RequestValidation | str | None
    """A name alone where the document does not say what that validator does."""
    responses: tuple[MethodResponse, ...]
    operation_name: str | None


@dataclass(frozen=True)
class _Document:
    protocol: Protocol
    schemes: Mapping[str, Any]
    validators: Mapping[str, Any]
    validator: str | None
    """Of every method that names none."""


def operations(document: Mapping[str, Any], protocol: Protocol) -> Iterator[ExportedOperation]:
    """Yield every operation of an export. Raises ValueError or TypeError where the document makes no sense."""
    whole = _Document(
        protocol,
        mapping(mapping(document.get("components")).get("securitySchemes")),
        mapping(document.get(f"{_VALIDATOR}s")),
        optional(text, document.get(_VALIDATOR)),
    )
    for path, item in sorted(mapping(document["paths"]).items()):
        # A REST API has resources without methods; a route of an HTTP API always has one.
        if not isinstance(item, Mapping) or (not item and protocol is not Protocol.REST):
            raise ValueError(f"{path} holds no operation")
        for verb, operation in sorted(item.items()):
            if verb == _ANY or verb.lower() in _VERBS:
                method = "ANY" if verb == _ANY else verb.upper()
                beside = item.get("parameters") or ()
                yield _operation((path, method), {**mapping(operation), "beside": beside}, whole)
            elif verb not in _BESIDE and not verb.startswith("x-"):
                raise ValueError(f"{path} holds {verb}, which is no operation")


def _operation(key: tuple[str, str], operation: Mapping[str, Any], whole: _Document) -> ExportedOperation:
    authorization, definition, has_key = "NONE", None, False
    scopes: tuple[str, ...] = ()
    for requirement in operation.get("security") or ():
        for name, asked in sorted(mapping(requirement).items()):
            scheme = mapping(whole.schemes.get(name))
            if _is_key(name, scheme):
                has_key = True
                continue
            authorization = _authorization(scheme)
            definition = exported_definition(name, scheme)
            scopes = tuple(sorted(text(each) for each in asked or ()))
    stated = mapping(operation.get("x-amazon-apigateway-auth")).get("type")
    if stated is not None and authorization == "NONE":
        authorization = text(stated).upper()
    given = mapping(operation.get(_INTEGRATION))
    is_rest = whole.protocol is Protocol.REST
    return ExportedOperation(
        path=key[0],
        method=key[1],
        authorization_type=authorization,
        authorizer=definition,
        scopes=scopes,
        api_key_required=has_key,
        integration=rest_integration(given) if is_rest else exported_http_integration(given),
        integration_responses=(
            exported_responses(given.get("responses")) if is_rest else http_responses(given.get("responseParameters"))
        ),
        contract=_contract(operation, whole),
    )


def _is_key(name: str, scheme: Mapping[str, Any]) -> bool:
    if "x-amazon-apigateway-authtype" in scheme or "x-amazon-apigateway-authorizer" in scheme:
        return False
    return scheme.get("type") == "apiKey" and str(scheme.get("name", name)).lower() == _KEY_HEADER


def _authorization(scheme: Mapping[str, Any]) -> str:
    """Return the authorization type that a security scheme stands for; an unknown scheme is its own type, never NONE."""
    authorizer = mapping(scheme.get("x-amazon-apigateway-authorizer"))
    kind = str(authorizer.get("type", "")).lower()
    authtype = str(scheme.get("x-amazon-apigateway-authtype", "")).lower()
    return _AUTHTYPES.get(authtype) or _TYPES.get(kind) or ("CUSTOM" if authtype == "custom" else "UNKNOWN")


def _contract(operation: Mapping[str, Any], whole: _Document) -> ExportedContract:
    parameters = [mapping(each) for each in (*operation["beside"], *(operation.get("parameters") or ()))]
    named = [each for each in parameters if each.get("in") in _PLACES]
    responses = mapping(operation.get("responses")).items()
    return ExportedContract(
        request_parameters=dict(sorted(_parameter(each) for each in named)),
        request_models=_models(mapping(operation.get("requestBody")).get("content")),
        validation=_validation(operation.get(_VALIDATOR, whole.validator), whole.validators),
        responses=tuple(_method_response(text(status), mapping(each)) for status, each in sorted(responses)),
        operation_name=optional(text, operation.get("operationId")),
    )


def _parameter(given: Mapping[str, Any]) -> tuple[str, bool]:
    name = f"method.request.{_PLACES[given['in']]}.{text(given.get('name'))}"
    return name, flag(given.get("required", False))


def _models(content: Any) -> dict[str, str]:
    """Return the model of each content type; a schema that stands in place has no name."""
    found = {
        name: text(mapping(mapping(each).get("schema")).get("$ref", "")) for name, each in mapping(content).items()
    }
    return {name: reference.rpartition("/")[2] for name, reference in sorted(found.items())}


def _method_response(status: str, given: Mapping[str, Any]) -> MethodResponse:
    headers = sorted(mapping(given.get("headers")))
    return MethodResponse(
        status=status,
        parameters=tuple(f"method.response.header.{text(name)}" for name in headers),
        models=_models(given.get("content")),
    )


def _validation(name: Any, validators: Mapping[str, Any]) -> RequestValidation | str | None:
    if name is None or name not in validators:
        return optional(text, name)
    given = mapping(validators[name])
    return RequestValidation(
        validator=text(name),
        body=flag(given.get("validateRequestBody", False)),
        parameters=flag(given.get("validateRequestParameters", False)),
    )
