"""cors-origins: no other site acts with a user's credentials, and where callers are asked who they are, origins are exact.

Claim: no answer combines any origin, or whatever origin asks, with credentials; where callers are asked, exact origins are
listed. Population: HTTP APIs, deployed routes of REST APIs, customised gateway responses with a CORS header, function URLs.
Deviation: any origin with credentials, or where callers are asked; a pattern; an echo of the origin. Cannot see: headers that
a back end sets itself, as every proxy's may: then nobody can tell. CORS of HTTP APIs is read as configured.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import assert_never

from auditor.checks.cors import CREDENTIALS, ORIGIN, Opening, Told, allows_credentials, judged, mapped, said
from auditor.checks.interface import Check, Item, Outcome, Params, not_applicable, passed, undecided
from auditor.checks.route_questions import KNOWN_AUTHORIZATION
from auditor.dataflow.transformation.passthrough import PROXIES, TEMPLATED
from auditor.dataflow.transformation.read import transforms
from auditor.dataflow.velocity.read import read
from auditor.model.contract import GatewayResponse
from auditor.model.estate import Estate
from auditor.model.fact import Present, need
from auditor.model.gateway import Api, DeployedRoute, Protocol, Stage
from auditor.model.identity import AuthenticatedBy
from auditor.model.platform import Function, FunctionUrl
from auditor.model.route_parts import IntegrationResponse
from auditor.model.status import Status
from auditor.model.transform import Transform, TransformKind, Where

_HEADER = "gatewayresponse.header."
_LISTED = "its answers"
Place = tuple[str, str, str]
"""Account, region, ARN of an API, or of a stage with a path behind it."""


class _Params(Params):
    allowed_origins: list[str]


@dataclass(frozen=True)
class CorsItem(Item):
    """Something that may let other sites in."""

    of: Api | DeployedRoute | GatewayResponse | Function
    beside: tuple[DeployedRoute, ...] = ()
    """Routes whose callers it concerns: those of the path, or of the API."""
    url: FunctionUrl | None = None


def _test(item: CorsItem, estate: Estate, params: _Params) -> Outcome:
    match item.of:
        case Api():
            return _http(item, item.of, estate, params)
        case DeployedRoute():
            return _route(item, item.of, params)
        case GatewayResponse():
            return _error(item, item.of, estate, params)
        case Function():
            return _url(item, item.of, params)
        case _:
            assert_never(item.of)


def _http(item: CorsItem, api: Api, estate: Estate, params: _Params) -> Outcome:
    cors = need(api.cors)
    if cors is None:
        return undecided("the API sets no CORS headers, so those of its back ends count, which nobody saw")
    told = Told((), {"allow_origins": list(cors.allow_origins), "allow_credentials": cors.allow_credentials})
    opening = Opening(_LISTED, cors.allow_origins, cors.allow_credentials)
    return judged(opening, lambda: _api_asks(item, api.arn, estate), params.allowed_origins, told)


def _route(item: CorsItem, route: DeployedRoute, params: _Params) -> Outcome:
    integration = need(route.integration)
    if integration is None:
        return not_applicable("the route has no integration")
    if integration.type in PROXIES:
        return undecided("the back end sets CORS headers itself: the integration is a proxy", type=integration.type)
    if integration.type not in TEMPLATED:
        return undecided(f"what integration type {integration.type} does with headers is not known to this version")
    responses = need(route.integration_responses) or ()
    found = [
        each
        for each in transforms(integration, responses, (), Protocol.REST, AuthenticatedBy.UNKNOWN)
        if each.where is Where.RESPONSE
    ]
    if any(each.kind is TransformKind.NOT_UNDERSTOOD for each in found):
        return undecided("a mapping or template of its answers is not understood")
    outcomes = [
        judged(each, lambda: _any_asks(item.beside), params.allowed_origins, _seen(each))
        for each in _openings(found, responses)
    ]
    silent = passed("its answers carry no header that lets other sites in")
    order = list(Status)
    return min(outcomes, key=lambda each: order.index(each.status), default=silent)


def _seen(opening: Opening) -> Told:
    origins = None if opening.origins is None else list(opening.origins)
    return Told((), {"where": opening.where, "allow_origins": origins, "allow_credentials": opening.credentials})


def _openings(found: Iterable[Transform], responses: Iterable[IntegrationResponse]) -> Iterator[Opening]:
    """Yield what the answers of each status say; an override of a template beats the mapping, so it comes last."""
    by_status: dict[str, dict[str, Transform]] = defaultdict(dict)
    for each in found:
        name = each.target.removeprefix("header ")
        if name in {ORIGIN, CREDENTIALS}:
            by_status[each.layer.rpartition(" ")[2]][name] = each
    branching = {each.status for each in responses if any(read(text).branches for text in each.templates.values())}
    for status, headers in by_status.items():
        origin, credentials = headers.get(ORIGIN), headers.get(CREDENTIALS)
        if origin is not None:
            origins, is_echo = said(origin.sources)
            allowed = allows_credentials(credentials.sources if credentials else None)
            yield Opening(f"answers of status {status}", origins, allowed, is_echo and status not in branching)


def _error(item: CorsItem, response: GatewayResponse, estate: Estate, params: _Params) -> Outcome:
    parameters = need(response.parameters)
    headers = _cors_headers(parameters or {})
    if ORIGIN not in headers:
        return not_applicable("it carries no header that lets other sites in")
    origins, is_echo = said(mapped(headers[ORIGIN]))
    credentials = allows_credentials(mapped(headers[CREDENTIALS]) if CREDENTIALS in headers else None)
    opening = Opening(f"errors of type {response.response_type}", origins, credentials, is_echo)
    return judged(opening, lambda: _api_asks(item, response.api_arn, estate), params.allowed_origins, _seen(opening))


def _cors_headers(parameters: Mapping[str, str]) -> dict[str, str]:
    named = {
        name.removeprefix(_HEADER).lower(): value for name, value in parameters.items() if name.startswith(_HEADER)
    }
    return {name: value for name, value in named.items() if name in {ORIGIN, CREDENTIALS}}


def _url(item: CorsItem, function: Function, params: _Params) -> Outcome:
    url = item.url
    if url is None:
        need(function.urls)
        return not_applicable("the function has no URL")
    if url.cors is None:
        return undecided("the URL sets no CORS headers, so the function's own count, which nobody saw", url=url.url)
    given = json.loads(url.cors)
    origins = tuple(str(each) for each in given.get("AllowOrigins") or ())
    opening = Opening(f"answers of {url.url}", origins, bool(given.get("AllowCredentials", False)))
    asks = {"AWS_IAM": True, "NONE": False}.get(url.auth_type)
    return judged(opening, lambda: asks, params.allowed_origins, _seen(opening))


def _api_asks(item: CorsItem, api_arn: str, estate: Estate) -> bool | None:
    """Return whether any route of an API asks who calls; raise NotReadError where one that does may hide."""
    asked = _any_asks(item.beside)
    if asked is False:
        estate.whole(Stage, item.account, item.region, api_arn)
        for each in estate.of(Stage):
            if (each.account, each.region, each.api_arn) == (item.account, item.region, api_arn):
                estate.whole(DeployedRoute, item.account, item.region, each.arn)
    return asked


def _any_asks(routes: Iterable[DeployedRoute]) -> bool | None:
    """Return whether a route asks who calls; None where a type is not known; raise NotReadError where it was not read."""
    types = [each.authorization_type for each in routes]
    if any(isinstance(each, Present) and each.value in KNOWN_AUTHORIZATION for each in types):
        return True
    return None if any(need(each) not in {"NONE", None} for each in types) else False


def _population(estate: Estate) -> Iterator[CorsItem]:
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
    return (
        ORIGIN in _cors_headers(parameters.value) if isinstance(parameters, Present) else parameters.state == "unread"
    )


def _urls(estate: Estate) -> Iterator[CorsItem]:
    """Yield each URL once: every qualifier of a function names all of them. What was not read is the function itself."""
    seen: set[tuple[str, str]] = set()
    for function in estate.of(Function):
        urls = function.urls.value if isinstance(function.urls, Present) else ()
        if function.urls.state == "unread" and (function.account, function.function_arn) not in seen:
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


CHECK = Check(
    name="cors-origins",
    reads=("Api", "DeployedRoute", "GatewayResponse", "Function"),
    params=_Params,
    population=_population,
    test=_test,
)
