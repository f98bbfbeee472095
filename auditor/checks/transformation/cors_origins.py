"""cors-origins: no other site acts with a user's credentials, and where callers are asked who they are, origins are exact.

Claim: no answer combines any origin, or whatever origin asks, with credentials; where callers are asked, exact origins are
listed. Population: HTTP APIs, deployed routes of REST APIs, customised gateway responses with a CORS header, function URLs.
Deviation: any origin with credentials, or where callers are asked; a pattern; an echo of the origin. Cannot see: headers that
a back end sets itself, as every proxy's may: then nobody can tell. CORS of HTTP APIs is read as configured.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import assert_never

from auditor.checks.cors import CREDENTIALS, ORIGIN, Opening, Told, allows_credentials, judged, mapped, said
from auditor.checks.cors_population import CorsItem, cors_headers, population
from auditor.checks.interface import Check, Outcome, Params, not_applicable, passed, undecided
from auditor.checks.route_questions import KNOWN_AUTHORIZATION
from auditor.dataflow.transformation.passthrough import PROXIES, TEMPLATED
from auditor.dataflow.transformation.read import transforms
from auditor.dataflow.velocity.read import read
from auditor.model.contract import GatewayResponse
from auditor.model.estate import Estate
from auditor.model.fact import Present, need
from auditor.model.gateway import Api, DeployedRoute, Protocol, Stage
from auditor.model.identity import AuthenticatedBy
from auditor.model.platform import Function
from auditor.model.route_parts import IntegrationResponse
from auditor.model.status import Status
from auditor.model.transform import Transform, TransformKind, Where

_LISTED = "its answers"


class _Params(Params):
    allowed_origins: list[str]


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
    also = _who_asks(item) if "*" in cors.allow_origins else ()
    told = Told(also, {"allow_origins": list(cors.allow_origins), "allow_credentials": cors.allow_credentials})
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
        judged(each, lambda: _any_asks(item.beside), params.allowed_origins, _seen(each, item))
        for each in _openings(found, responses)
    ]
    silent = passed("its answers carry no header that lets other sites in")
    order = list(Status)
    return min(outcomes, key=lambda each: order.index(each.status), default=silent)


def _seen(opening: Opening, item: CorsItem) -> Told:
    also = _who_asks(item) if "*" in (opening.origins or ()) else ()
    origins = None if opening.origins is None else list(opening.origins)
    return Told(also, {"where": opening.where, "allow_origins": origins, "allow_credentials": opening.credentials})


def _who_asks(item: CorsItem) -> tuple[str, ...]:
    """Return a route beside it that asks who calls, where there is one: it is part of the evidence."""
    return tuple(each.arn for each in item.beside if _is_known(each) and each is not item.of)[:1]


def _is_known(route: DeployedRoute) -> bool:
    found = route.authorization_type
    return isinstance(found, Present) and found.value in KNOWN_AUTHORIZATION


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
    headers = cors_headers(parameters or {})
    if ORIGIN not in headers:
        return not_applicable("it carries no header that lets other sites in")
    origins, is_echo = said(mapped(headers[ORIGIN]))
    credentials = allows_credentials(mapped(headers[CREDENTIALS]) if CREDENTIALS in headers else None)
    opening = Opening(f"errors of type {response.response_type}", origins, credentials, is_echo)
    return judged(
        opening, lambda: _api_asks(item, response.api_arn, estate), params.allowed_origins, _seen(opening, item)
    )


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
    return judged(opening, lambda: asks, params.allowed_origins, _seen(opening, item))


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
    found = tuple(routes)
    if any(_is_known(each) for each in found):
        return True
    return None if any(need(each.authorization_type) not in {"NONE", None} for each in found) else False


CHECK = Check(
    name="cors-origins",
    reads=("Api", "DeployedRoute", "GatewayResponse", "Function"),
    params=_Params,
    population=population,
    test=_test,
)
