"""Questions about authorizers that more than one check asks: what they are as configured, and as each stage deployed them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from auditor.checks.interface import Item
from auditor.model.estate import Estate
from auditor.model.fact import NotReadError, Present, Unread, need
from auditor.model.gateway import Authorizer, DeployedRoute, Stage
from auditor.model.resource import Listing
from auditor.model.route_parts import AuthorizerDefinition

Place = tuple[str, str, str]
"""Account, region, ARN of an API."""


@dataclass(frozen=True)
class AuthorizerItem(Item):
    """One authorizer of an API: in the working copy, or only left on a stage."""

    api_arn: str
    name: str
    configured: Authorizer | None
    routes: tuple[DeployedRoute, ...]
    """All deployed routes of the API, whatever authorizes them."""

    @property
    def place(self) -> Place:
        """Account, region and ARN of its API."""
        return (self.account, self.region, self.api_arn)

    @property
    def is_rest(self) -> bool:
        """Whether it belongs to a REST API."""
        return "/restapis/" in self.api_arn

    @property
    def carried(self) -> Iterator[tuple[DeployedRoute, AuthorizerDefinition]]:
        """The deployed routes that carry it, with what each stage deployed."""
        for route in self.routes:
            if isinstance(route.authorizer, Present) and route.authorizer.value.name == self.name:
                yield route, route.authorizer.value


@dataclass(frozen=True)
class Copy:
    """An authorizer at one place."""

    where: str
    """`as configured`, or `as deployed on STAGE`."""
    definition: AuthorizerDefinition
    stage: str | None


def population(estate: Estate) -> Iterator[AuthorizerItem]:
    """Yield every authorizer of every API, and what only a stage still has, where the working copy's list was read."""
    routes: dict[Place, list[DeployedRoute]] = {}
    for route in estate.of(DeployedRoute):
        routes.setdefault(_place(route), []).append(route)
    known: set[tuple[Place, str]] = set()
    for each in estate.of(Authorizer):
        known.add((_place(each), each.name))
        own = tuple(routes.get(_place(each), ()))
        yield AuthorizerItem(
            each.arn, each.resource_type, each.account, each.region, each.api_arn, each.name, each, own
        )
    listed = {(each.account, each.region, each.parent) for each in estate.listings if _is_whole(each)}
    for place, own in ((each, tuple(routes[each])) for each in routes if each in listed):
        for name in sorted({route.authorizer.value.name for route in own if isinstance(route.authorizer, Present)}):
            if (place, name) not in known:
                yield _left_over(place, name, own)


def with_hidden(found: Iterable[AuthorizerItem], estate: Estate, kinds: frozenset[str]) -> Iterator[AuthorizerItem]:
    """Yield items, and one more for each API without any on whose stages an authorizer of these kinds may hide."""
    places: set[Place] = set()
    for item in found:
        places.add(item.place)
        yield item
    listed = {(each.account, each.region, each.parent) for each in estate.listings if _is_whole(each)}
    hiding: dict[Place, list[DeployedRoute]] = {}
    for route in estate.of(DeployedRoute):
        if _place(route) in listed - places and isinstance(route.authorizer, Unread) and _may_be(route, kinds):
            hiding.setdefault(_place(route), []).append(route)
    for place, routes in hiding.items():
        yield replace(_left_over(place, "", tuple(routes)), resource=f"{place[2]}#authorizers")


def _may_be(route: DeployedRoute, kinds: frozenset[str]) -> bool:
    told = route.authorization_type
    return not isinstance(told, Present) or told.value in kinds


def _place(of: Authorizer | DeployedRoute) -> Place:
    return (of.account, of.region, of.api_arn)


def _is_whole(listing: Listing) -> bool:
    return listing.kind == "Authorizer" and listing.complete


def _left_over(place: Place, name: str, routes: tuple[DeployedRoute, ...]) -> AuthorizerItem:
    account, region, api_arn = place
    kind = "AWS::ApiGateway::Authorizer" if "/restapis/" in api_arn else "AWS::ApiGatewayV2::Authorizer"
    return AuthorizerItem(f"{api_arn}#authorizer/{name}", kind, account, region, api_arn, name, None, routes)


def copies(item: AuthorizerItem) -> list[Copy]:
    """Return what is known of an authorizer, the working copy first; raise NotReadError where that is unread."""
    found: list[Copy] = []
    definition = need(item.configured.definition) if item.configured else None
    if definition is not None:
        found.append(Copy("as configured", definition, None))
    for route, deployed in item.carried:
        copy = Copy(f"as deployed on {route.stage}", deployed, route.stage)
        if copy not in found:
            found.append(copy)
    return found


def all_are_known(item: AuthorizerItem, estate: Estate) -> None:
    """Raise NotReadError where a stage may have another copy of an authorizer that nobody saw."""
    for route in item.routes:
        if isinstance(route.authorizer, Unread):
            raise NotReadError(route.authorizer.gap)
    _all_lists(item.place, estate)


def all_routes(place: Place, estate: Estate) -> tuple[DeployedRoute, ...]:
    """Return the routes of every stage of an API; raise NotReadError where one may be hidden."""
    _all_lists(place, estate)
    return tuple(route for route in estate.of(DeployedRoute) if _place(route) == place)


def _all_lists(place: Place, estate: Estate) -> None:
    account, region, api_arn = place
    estate.whole(Stage, account, region, api_arn)
    for stage in estate.of(Stage):
        if (stage.account, stage.region, stage.api_arn) == place:
            estate.whole(DeployedRoute, account, region, stage.arn)


def evidence(item: AuthorizerItem) -> tuple[str, ...]:
    """Return the ARNs of the routes that carry an authorizer: their pages are its deployed side."""
    return tuple(route.arn for route, _ in item.carried)
