"""What may let other sites in: stages of REST and HTTP APIs, errors of REST APIs, function URLs."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from auditor.checks.cors import CREDENTIALS, ORIGIN
from auditor.checks.interface import Item
from auditor.dataflow.gateway_answers import deployed_answers, unread_answer
from auditor.model.contract import GatewayResponse
from auditor.model.doors import StageExport
from auditor.model.estate import Estate
from auditor.model.fact import Fact, Present, Unread, is_unread
from auditor.model.gateway import Api, DeployedRoute, Protocol, Stage
from auditor.model.platform import Function, FunctionUrl
from auditor.model.resource import Resource
from auditor.model.route_parts import Cors

_HEADER = "gatewayresponse.header."
Place = tuple[str, str, str]
"""Account, region, and the ARN of an API or a stage."""


@dataclass(frozen=True)
class RestStage:
    """What the routes of a REST API's stage answer."""

    arn: str


@dataclass(frozen=True)
class HttpCors:
    """The CORS configuration of an HTTP API: of a stage, or of the API where nobody knows of a stage."""

    api_arn: str
    stage_arn: str | None
    cors: Fact[Cors]


@dataclass(frozen=True)
class Errors:
    """A customised answer of the gateway's own, as each stage serves it."""

    api_arn: str
    versions: tuple[GatewayResponse, ...]


@dataclass(frozen=True)
class CorsItem(Item):
    """Something that may let other sites in."""

    of: RestStage | HttpCors | Errors | Function
    beside: tuple[DeployedRoute, ...] = ()
    """Routes whose callers it concerns: those of the stage, or of the API."""
    url: FunctionUrl | None = None


def cors_headers(parameters: Mapping[str, str]) -> dict[str, str]:
    """Return the headers of a gateway response that speak of other sites, by name in lower case."""
    named = {
        name.removeprefix(_HEADER).lower(): value for name, value in parameters.items() if name.startswith(_HEADER)
    }
    return {name: value for name, value in named.items() if name in {ORIGIN, CREDENTIALS}}


def population(estate: Estate) -> Iterator[CorsItem]:
    """Yield what may let other sites in; where that was not read, what would hold it."""
    routes = _Routes(estate)
    exports = {_place(each, each.stage_arn): each for each in estate.of(StageExport)}
    yield from _http(estate, routes, exports)
    yield from _rest(estate, routes)
    yield from _errors(estate, routes, exports)
    yield from _urls(estate)


class _Routes:
    """The deployed routes, by stage and by API."""

    def __init__(self, estate: Estate) -> None:
        self.of_stage: dict[Place, list[DeployedRoute]] = defaultdict(list)
        self.of_api: dict[Place, list[DeployedRoute]] = defaultdict(list)
        for each in estate.of(DeployedRoute):
            self.of_stage[_place(each, each.stage_arn)].append(each)
            self.of_api[_place(each, each.api_arn)].append(each)


def _place(of: Resource, arn: str) -> Place:
    return of.account, of.region, arn


def _http(estate: Estate, routes: _Routes, exports: Mapping[Place, StageExport]) -> Iterator[CorsItem]:
    """Yield the stages of HTTP APIs, with what is deployed where the export tells it; an API of which no stage is known."""
    stages: dict[Place, list[Stage]] = defaultdict(list)
    for each in estate.of(Stage):
        stages[_place(each, each.api_arn)].append(each)
    for api in estate.of(Api):
        if api.protocol is not Protocol.HTTP:
            continue
        known = stages[_place(api, api.arn)]
        for stage in known:
            where = _place(stage, stage.arn)
            export = exports.get(where)
            deployed = api.cors if export is None or not isinstance(export.cors, Present | Unread) else export.cors
            found = HttpCors(api.arn, stage.arn, deployed)
            yield CorsItem(
                stage.arn, Stage.cloudformation, api.account, api.region, found, _some(routes.of_stage, where)
            )
        if not known:
            found = HttpCors(api.arn, None, api.cors)
            beside = _some(routes.of_api, _place(api, api.arn))
            yield CorsItem(api.arn, "AWS::ApiGatewayV2::Api", api.account, api.region, found, beside)


def _some(routes: Mapping[Place, list[DeployedRoute]], where: Place) -> tuple[DeployedRoute, ...]:
    return tuple(routes.get(where, ()))


def _rest(estate: Estate, routes: _Routes) -> Iterator[CorsItem]:
    """Yield the stages of REST APIs, also those of which only a route is known."""
    places = dict.fromkeys(_place(each, each.arn) for each in estate.of(Stage) if each.protocol is Protocol.REST)
    places |= dict.fromkeys(
        _place(each, each.stage_arn) for each in estate.of(DeployedRoute) if each.protocol is Protocol.REST
    )
    for account, region, arn in places:
        beside = _some(routes.of_stage, (account, region, arn))
        yield CorsItem(arn, Stage.cloudformation, account, region, RestStage(arn), beside)


def _errors(estate: Estate, routes: _Routes, exports: Mapping[Place, StageExport]) -> Iterator[CorsItem]:
    """Yield the customised answers that may let others in, each once with all its versions."""
    versions: dict[Place, list[GatewayResponse]] = defaultdict(list)
    for response in (*_deployed(exports), *_configured(estate, exports)):
        if _may_let_in(response):
            versions[_place(response, response.arn)].append(response)
    for (account, region, arn), found in versions.items():
        api_arn = found[0].api_arn
        beside = _some(routes.of_api, (account, region, api_arn))
        errors = Errors(api_arn, tuple(found))
        yield CorsItem(arn, GatewayResponse.cloudformation, account, region, errors, beside)


def _deployed(exports: Mapping[Place, StageExport]) -> Iterator[GatewayResponse]:
    """Yield what the exports tell; where one was not read, an answer of which nobody read anything, by the export's ARN."""
    for export in exports.values():
        told = deployed_answers(export)
        if isinstance(told, Present):
            yield from told.value
        elif isinstance(told, Unread):
            yield unread_answer(export, told)


def _configured(estate: Estate, exports: Mapping[Place, StageExport]) -> Iterator[GatewayResponse]:
    """Yield the working copy's answers of each API, unless the exports of all its stages tell theirs.

    Where an export was not read, nobody knows what is served of an answer that the working copy has: it stays in the population, unread.
    """
    silent: dict[Place, bool] = {}
    hidden: dict[Place, Unread] = {}
    for each in estate.of(Stage):
        export = exports.get(_place(each, each.arn))
        tells = export is not None and isinstance(export.gateway_responses, Present | Unread)
        where = _place(each, each.api_arn)
        silent[where] = silent.get(where, False) or not tells
        if export is not None and isinstance(export.gateway_responses, Unread):
            hidden[where] = export.gateway_responses
    for response in estate.of(GatewayResponse):
        where = _place(response, response.api_arn)
        if silent.get(where, True):
            yield response
        elif where in hidden and _may_let_in(response):
            yield response.model_copy(update={"parameters": hidden[where]})


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
