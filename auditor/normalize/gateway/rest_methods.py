"""apigateway:GetResources(embed=methods) to Method, its validator looked up in apigateway:GetRequestValidators."""

from collections.abc import Mapping
from typing import Any

from auditor.model.fact import Absent, Fact, NotApplicable, Present, Unread
from auditor.model.gateway import Method
from auditor.model.route_parts import Integration, MethodResponse, RequestValidation
from auditor.normalize.facts import Members, flag, text, text_map
from auditor.normalize.gateway.integrations import mapping, rest_integration, rest_responses
from auditor.normalize.reading import Found, Reading

_RESOURCES = "apigateway:GetResources"
_VALIDATORS = "apigateway:GetRequestValidators"
_NO_TAGS = NotApplicable(why="carries no tags of its own")
_WEBSOCKET_ONLY = NotApplicable(why="REST APIs choose models by content type")


def methods(read: Reading, api_id: str, api_arn: str) -> None:
    """Add every method of an API's working copy."""
    for found in read.records(_RESOURCES, "item", restApiId=api_id):
        held = found.record.get("resourceMethods") or {}
        if not isinstance(held, Mapping):
            read.broken(_RESOURCES, api_arn, f"resourceMethods of {found.record.get('path', '')} is not understood")
            continue
        for verb, record in sorted(held.items()):
            _method(read, found, (api_id, api_arn, verb), record if isinstance(record, Mapping) else None)


def _method(read: Reading, found: Found, place: tuple[str, str, str], record: Mapping[str, Any] | None) -> None:
    api_id, api_arn, verb = place
    arn = f"{api_arn}/resources/{found.record.get('id')}/methods/{verb}"
    path = str(found.record.get("path", ""))
    about = Members(read, _RESOURCES, arn, record)
    method = Method(
        account=read.key.account,
        region=read.key.region,
        arn=arn,
        name=f"{verb} {path}",
        tags=_NO_TAGS,
        api_arn=api_arn,
        path=path,
        http_method=verb,
        authorization_type=about.text("authorizationType"),
        authorizer_id=about.text("authorizerId"),
        authorization_scopes=about.texts("authorizationScopes"),
        api_key_required=about.flag("apiKeyRequired"),
        request_parameters=about.take("requestParameters", _flags),
        request_models=about.take("requestModels", text_map),
        request_validation=_validation(read, (api_id, api_arn), about.text("requestValidatorId")),
        responses=about.take("methodResponses", _responses),
        operation_name=about.text("operationName"),
        model_selection_expression=_WEBSOCKET_ONLY,
        integration=about.take("methodIntegration", _integration),
        integration_responses=about.inner("methodIntegration").take("integrationResponses", rest_responses),
    )
    read.add(method, [*found.pages, *read.pages_of(_VALIDATORS, restApiId=api_id)])


def _integration(value: Any) -> Integration:
    found = rest_integration(value)
    if found is None:
        raise ValueError("empty integration")
    return found


def _flags(value: Any) -> dict[str, bool]:
    return {text(name): flag(value[name]) for name in sorted(mapping(value))}


def _responses(value: Any) -> tuple[MethodResponse, ...]:
    return tuple(_response(text(status), mapping(each)) for status, each in sorted(mapping(value).items()))


def _response(status: str, given: Mapping[str, Any]) -> MethodResponse:
    parameters = mapping(given.get("responseParameters"))
    models = text_map(given.get("responseModels"))
    return MethodResponse(status=status, parameters=tuple(sorted(parameters)), models=models)


def _validation(read: Reading, api: tuple[str, str], named: Fact[str]) -> Fact[RequestValidation]:
    """Return what the validator that a method names looks at."""
    if isinstance(named, Unread):
        return Unread(gap=named.gap)
    if not isinstance(named, Present):
        return Absent()
    api_id, api_arn = api
    gap = read.gap(_VALIDATORS, api_arn)
    listed = read.records(_VALIDATORS, "item", restApiId=api_id)
    record = next((each.record for each in listed if each.record.get("id") == named.value), None)
    # A list that ended early may still hold the one that is named.
    return Members(read, _VALIDATORS, api_arn, {"it": record or 0}, gap if record is None else None).take("it", _what)


def _what(record: Any) -> RequestValidation:
    return RequestValidation(
        validator=text(record.get("name")),
        body=flag(record["validateRequestBody"]),
        parameters=flag(record["validateRequestParameters"]),
    )
