"""Questions about whole APIs that more than one check asks: their deployed routes, on every stage."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from auditor.checks.authorizer_questions import Place
from auditor.checks.interface import Item
from auditor.model.estate import Estate
from auditor.model.gateway import Api, DeployedRoute, RestApi, Stage


@dataclass(frozen=True)
class ApiItem(Item):
    """One API with the routes of all its stages, canaries among them."""

    api: RestApi | Api
    routes: tuple[DeployedRoute, ...]


def both(estate: Estate) -> Iterator[RestApi | Api]:
    """Yield every API of both versions."""
    return chain(estate.of(RestApi), estate.of(Api))


def apis(estate: Estate) -> Iterator[ApiItem]:
    """Yield every API of both versions with its deployed routes."""
    routes: dict[Place, list[DeployedRoute]] = defaultdict(list)
    for route in estate.of(DeployedRoute):
        routes[route.account, route.region, route.api_arn].append(route)
    for api in both(estate):
        found = tuple(routes.get((api.account, api.region, api.arn), ()))
        yield ApiItem(api.arn, type(api).cloudformation, api.account, api.region, api, found)


def all_routes_are_read(item: ApiItem, estate: Estate) -> None:
    """Raise NotReadError where a stage of the API, or a route of one, may hide."""
    estate.whole(Stage, item.account, item.region, item.resource)
    for stage in estate.of(Stage):
        if (stage.account, stage.region, stage.api_arn) == (item.account, item.region, item.resource):
            estate.whole(DeployedRoute, item.account, item.region, stage.arn)
