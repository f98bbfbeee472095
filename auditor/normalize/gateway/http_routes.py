"""apigatewayv2:GetRoutes to Route, joined with its integration; of WebSocket APIs also with what becomes of answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from auditor.model.fact import Absent, Fact, NotApplicable, Present, Unread
from auditor.model.gateway import Api, Protocol, Route
from auditor.model.route_parts import Integration, IntegrationResponse, MethodResponse
from auditor.normalize.facts import Members, flag, text, text_map
from auditor.normalize.gateway.integrations import http_integration, http_responses, mapping, websocket_response
from auditor.normalize.reading import Found, Reading

_ROUTES = "apigatewayv2:GetRoutes"
_INTEGRATIONS = "apigatewayv2:GetIntegrations"
_INTEGRATION_RESPONSES = "apigatewayv2:GetIntegrationResponses"
_ROUTE_RESPONSES = "apigatewayv2:GetRouteResponses"
_NO_TAGS = NotApplicable(why="carries no tags of its own")
_NO_CONTRACT = NotApplicable(why="HTTP APIs validate no request")
_REST_ONLY = NotApplicable(why="only REST APIs have validators")

T = TypeVar("T")


@dataclass(frozen=True)
class _Leads:
    """Where a route leads, and what becomes of the answers."""

    integration: Fact[Integration]
    responses: Fact[tuple[IntegrationResponse, ...]]


def configured_routes(read: Reading, api: Api) -> list[Route]:
    """Add every route of an API's working copy, and return them."""
    leads = _integrations(read, api)
    return [_route(read, each, api, leads) for each in read.records(_ROUTES, "items", ApiId=api.api_id)]


def _integrations(read: Reading, api: Api) -> Mapping[str, _Leads] | Unread:
    gap = read.gap(_INTEGRATIONS, api.arn)
    if gap is not None:
        return Unread(gap=gap)
    is_websocket = api.protocol is Protocol.WEBSOCKET
    found: dict[str, _Leads] = {}
    for each in read.records(_INTEGRATIONS, "items", ApiId=api.api_id):
        about = Members(read, _INTEGRATIONS, api.arn, {"it": each.record})
        key = str(each.record.get("integrationId"))
        found[key] = _Leads(
            about.take("it", lambda record: http_integration(record, is_websocket=is_websocket)),
            _answers(read, api, key)
            if is_websocket
            else about.take("it", lambda record: http_responses(record.get("responseParameters"))),
        )
    return found


def _answers(read: Reading, api: Api, key: str) -> Fact[tuple[IntegrationResponse, ...]]:
    arn = f"{api.arn}/integrations/{key}"
    responses = _below(read, (_INTEGRATION_RESPONSES, arn), websocket_response, ApiId=api.api_id, IntegrationId=key)
    if not isinstance(responses, Present):
        return responses
    return Present(value=tuple(sorted(responses.value, key=lambda each: each.selection_pattern or "")))


def _below(
    read: Reading, call: tuple[str, str], convert: Callable[[Mapping[str, Any]], T], **asked: str
) -> Fact[tuple[T, ...]]:
    """Return a list below a resource, its items converted; unread where it was not read to its end."""
    operation, arn = call
    gap = read.gap(operation, arn)
    asked_for = read.reads(operation, **asked)
    if gap is None and not asked_for:
        gap = read.broken(operation, arn, "the answer is not there")
    items = [each.record for each in read.records(operation, "items", **asked)]
    return Members(read, operation, arn, {"it": items}, gap).take("it", lambda listed: tuple(map(convert, listed)))


def _route(read: Reading, found: Found, api: Api, leads: Mapping[str, _Leads] | Unread) -> Route:
    record = found.record
    key, arn = str(record.get("routeKey", "")), f"{api.arn}/routes/{record.get('routeId')}"
    about = Members(read, _ROUTES, arn, record)
    integration, answers = _target(record.get("target"), leads)
    route = Route(
        account=read.key.account,
        region=read.key.region,
        arn=arn,
        name=key,
        tags=_NO_TAGS,
        api_arn=api.arn,
        route_key=key,
        authorization_type=about.text("authorizationType"),
        authorizer_id=about.text("authorizerId"),
        authorization_scopes=about.texts("authorizationScopes"),
        api_key_required=about.flag("apiKeyRequired"),
        request_validation=_REST_ONLY,
        operation_name=about.text("operationName"),
        integration=integration,
        integration_responses=answers,
        **_contract(read, api, about, str(record.get("routeId"))),
    )
    read.add(route, [*found.pages, *_pages(read, api, str(record.get("routeId")))])
    return route


def _pages(read: Reading, api: Api, route_id: str) -> list[str]:
    asked = {"ApiId": api.api_id}
    return [
        *read.pages_of(_INTEGRATIONS, **asked),
        *read.pages_of(_INTEGRATION_RESPONSES, **asked),
        *read.pages_of(_ROUTE_RESPONSES, **asked, RouteId=route_id),
    ]


def _contract(read: Reading, api: Api, about: Members, route_id: str) -> dict[str, Any]:
    """Return what a route of a WebSocket API promises."""
    if api.protocol is not Protocol.WEBSOCKET:
        members = ("request_parameters", "request_models", "responses", "model_selection_expression")
        return dict.fromkeys(members, _NO_CONTRACT)
    call = (_ROUTE_RESPONSES, about.resource)
    return {
        "request_parameters": about.take("requestParameters", _parameters),
        "request_models": about.take("requestModels", text_map),
        "responses": _below(read, call, _route_response, ApiId=api.api_id, RouteId=route_id),
        "model_selection_expression": about.text("modelSelectionExpression"),
    }


def _parameters(value: Any) -> dict[str, bool]:
    return {text(name): flag(mapping(value[name]).get("required", False)) for name in sorted(mapping(value))}


def _route_response(record: Mapping[str, Any]) -> MethodResponse:
    return MethodResponse(
        status=text(record.get("routeResponseKey")),
        parameters=tuple(sorted(mapping(record.get("responseParameters")))),
        models=text_map(record.get("responseModels")),
    )


def _target(
    target: Any, leads: Mapping[str, _Leads] | Unread
) -> tuple[Fact[Integration], Fact[tuple[IntegrationResponse, ...]]]:
    if not isinstance(target, str) or not target:
        return Absent(), Absent()
    if isinstance(leads, Unread):
        return leads, leads
    found = leads.get(target.removeprefix("integrations/"))
    return (found.integration, found.responses) if found else (Absent(), Absent())
