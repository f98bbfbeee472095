"""What may let other sites in: HTTP APIs, routes and errors of REST APIs, function URLs."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from auditor.checks.cors import CREDENTIALS, ORIGIN
from auditor.checks.interface import Item
from auditor.model.contract import GatewayResponse
from auditor.model.estate import Estate
from auditor.model.fact import Present, is_unread
from auditor.model.gateway import Api, DeployedRoute, Protocol
from auditor.model.platform import Function, FunctionUrl

_HEADER = "gatewayresponse.header."
Place = tuple[str, str, str]
"""Account, region, and the ARN of an API, or of a stage with a path behind it."""


@dataclass(frozen=True)
class CorsItem(Item):
    """Something that may let other sites in."""

    of: Api | DeployedRoute | GatewayResponse | Function
    beside: tuple[DeployedRoute, ...] = ()
    """Routes whose callers it concerns: those of the path, or of the API."""
    url: FunctionUrl | None = None


def cors_headers(parameters: Mapping[str, str]) -> dict[str, str]:
    """Return the headers of a gateway response that speak of other sites, by name in lower case."""
    named = {
        name.removeprefix(_HEADER).lower(): value for name, value in parameters.items() if name.startswith(_HEADER)
    }
    return {name: value for name, value in named.items() if name in {ORIGIN, CREDENTIALS}}


def population(estate: Estate) -> Iterator[CorsItem]:
    """Yield what may let other sites in; where that was not read, what would hold it."""
    by_path, by_api = _routes(estate)
    for api in estate.of(Api):
        if api.protocol is Protocol.HTTP:
            yield _item(api, "AWS::ApiGatewayV2::Api", by_api[api.account, api.region, api.arn])
    for route in estate.of(DeployedRoute):
        if route.protocol is Protocol.REST:
            yield _item(route, route.resource_type, by_path[_path(route)])
    for response in estate.of(GatewayResponse):
        if _may_let_in(response):
            beside = by_api[response.account, response.region, response.api_arn]
            yield _item(response, GatewayResponse.cloudformation, beside)
    yield from _urls(estate)


def _routes(
    estate: Estate,
) -> tuple[Mapping[Place, tuple[DeployedRoute, ...]], Mapping[Place, tuple[DeployedRoute, ...]]]:
    """Return the routes by path, where a preflight answers for the others, and by API."""
    by_path: dict[Place, tuple[DeployedRoute, ...]] = defaultdict(tuple)
    by_api: dict[Place, list[DeployedRoute]] = defaultdict(list)
    for each in estate.of(DeployedRoute):
        by_path[_path(each)] += (each,)
        by_api[each.account, each.region, each.api_arn].append(each)
    return by_path, defaultdict(tuple, {place: tuple(found) for place, found in by_api.items()})


def _path(route: DeployedRoute) -> Place:
    return route.account, route.region, f"{route.stage_arn} {route.path}"


def _may_let_in(response: GatewayResponse) -> bool:
    """Return whether somebody gave it such a header, or may have."""
    if response.is_default == Present[bool](value=True):
        return False
    parameters = response.parameters
    return ORIGIN in cors_headers(parameters.value) if isinstance(parameters, Present) else is_unread(parameters)


def _urls(estate: Estate) -> Iterator[CorsItem]:
    """Yield each URL once: every qualifier of a function names all of them. What was not read is the function itself."""
    seen: set[tuple[str, str]] = set()
    for function in estate.of(Function):
        urls = function.urls.value if isinstance(function.urls, Present) else ()
        if is_unread(function.urls) and (function.account, function.function_arn) not in seen:
            seen.add((function.account, function.function_arn))
            yield CorsItem(function.function_arn, "AWS::Lambda::Function", function.account, function.region, function)
        for url in urls:
            if (function.account, url.function_arn) not in seen:
                seen.add((function.account, url.function_arn))
                yield CorsItem(
                    url.function_arn, "AWS::Lambda::Url", function.account, function.region, function, url=url
                )


def _item(of: Api | DeployedRoute | GatewayResponse, kind: str, beside: tuple[DeployedRoute, ...]) -> CorsItem:
    return CorsItem(of.arn, kind, of.account, of.region, of, beside)
