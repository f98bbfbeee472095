"""Questions about authorizers that more than one check asks: what they are as configured, and as each stage deployed them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from auditor.checks.interface import Item
from auditor.model.estate import Estate
from auditor.model.fact import NotReadError, Present, Unread, need
from auditor.model.gateway import Authorizer, DeployedRoute, Stage
from auditor.model.route_parts import AuthorizerDefinition

B = TypeVar("B", DeployedRoute, Stage)
Place = tuple[str, str, str]
"""Account, region, ARN of an API."""


@dataclass(frozen=True)
class AuthorizerItem(Item):
    """One authorizer of an API: in the working copy, or only left on a stage."""

    api_arn: str
    name: str
    configured: Authorizer | None

    @property
    def place(self) -> Place:
        """Account, region and ARN of its API."""
        return (self.account, self.region, self.api_arn)

    @property
    def is_rest(self) -> bool:
        """Whether it belongs to a REST API."""
        return "/restapis/" in self.api_arn


@dataclass(frozen=True)
class Copy:
    """An authorizer at one place."""

    where: str
    """`as configured`, or `as deployed on STAGE`."""
    definition: AuthorizerDefinition
    stage: str | None


def population(estate: Estate) -> Iterator[AuthorizerItem]:
    """Yield every authorizer of every API, and what only a stage still has, where the working copy's list was read."""
    known: set[tuple[str, str, str, str]] = set()
    for each in estate.of(Authorizer):
        known.add((each.account, each.region, each.api_arn, each.name))
        yield AuthorizerItem(each.arn, each.resource_type, each.account, each.region, each.api_arn, each.name, each)
    for route in estate.of(DeployedRoute):
        if not isinstance(route.authorizer, Present):
            continue
        key = (route.account, route.region, route.api_arn, route.authorizer.value.name)
        if key not in known and _was_listed(route, estate):
            known.add(key)
            kind = "AWS::ApiGateway::Authorizer" if "/restapis/" in key[2] else "AWS::ApiGatewayV2::Authorizer"
            yield AuthorizerItem(f"{key[2]}#authorizer/{key[3]}", kind, key[0], key[1], key[2], key[3], None)


def _was_listed(route: DeployedRoute, estate: Estate) -> bool:
    return any(
        each.kind == "Authorizer"
        and each.complete
        and (each.account, each.region, each.parent) == (route.account, route.region, route.api_arn)
        for each in estate.listings
    )


def copies(item: AuthorizerItem, estate: Estate) -> list[Copy]:
    """Return what is known of an authorizer, the working copy first; raise NotReadError where that is unread."""
    found: list[Copy] = []
    definition = need(item.configured.definition) if item.configured else None
    if definition is not None:
        found.append(Copy("as configured", definition, None))
    for route in _below(DeployedRoute, item.place, estate):
        if isinstance(route.authorizer, Present) and route.authorizer.value.name == item.name:
            copy = Copy(f"as deployed on {route.stage}", route.authorizer.value, route.stage)
            if copy not in found:
                found.append(copy)
    return found


def all_are_known(item: AuthorizerItem, estate: Estate) -> None:
    """Raise NotReadError where a stage may have another copy of an authorizer that nobody saw."""
    for route in _below(DeployedRoute, item.place, estate):
        if isinstance(route.authorizer, Unread):
            raise NotReadError(route.authorizer.gap)
    all_routes(item.place, estate)


def all_routes(place: Place, estate: Estate) -> tuple[DeployedRoute, ...]:
    """Return the routes of every stage of an API; raise NotReadError where one may be hidden."""
    account, region, api_arn = place
    estate.whole(Stage, account, region, api_arn)
    for stage in _below(Stage, place, estate):
        estate.whole(DeployedRoute, account, region, stage.arn)
    return tuple(_below(DeployedRoute, place, estate))


def _below(kind: type[B], place: Place, estate: Estate) -> Iterator[B]:
    return (each for each in estate.of(kind) if (each.account, each.region, each.api_arn) == place)


def evidence(item: AuthorizerItem, estate: Estate) -> tuple[str, ...]:
    """Return the ARNs of the routes that carry an authorizer: their pages are its deployed side."""
    return tuple(
        route.arn
        for route in _below(DeployedRoute, item.place, estate)
        if isinstance(route.authorizer, Present) and route.authorizer.value.name == item.name
    )
