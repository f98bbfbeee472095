"""Questions about stages that more than one check asks: their environment, and how they treat a route."""

from collections.abc import Iterable

from auditor.model.environment import PRODUCTION
from auditor.model.estate import Estate
from auditor.model.fact import need
from auditor.model.gateway import DeployedRoute, Stage
from auditor.model.route_parts import RouteSetting
from auditor.model.words import several

ALL = "*"


def environment(stage: Stage, estate: Estate) -> str | None:
    """Return the environment of a stage where it is not production; None for production."""
    tags = need(stage.tags)
    found = estate.environments.of(stage.account, stage.stage, tags or {})
    return None if found == PRODUCTION else found


def default_of(stage: Stage) -> RouteSetting | None:
    """Return how a stage treats what has no setting of its own; raises NotReadError where that is unread."""
    return next((each for each in need(stage.settings) or () if (each.path, each.method) == (ALL, ALL)), None)


def own_settings(stage: Stage) -> tuple[RouteSetting, ...]:
    """Return the settings of single methods and routes, in order."""
    return tuple(each for each in need(stage.settings) or () if (each.path, each.method) != (ALL, ALL))


def routes_without_own(stage: Stage, estate: Estate) -> tuple[DeployedRoute, ...]:
    """Return the routes that follow the stage's default; raises NotReadError where the list of routes was not read."""
    estate.whole(DeployedRoute, stage.account, stage.region, stage.arn)
    own = {(each.path, each.method) for each in own_settings(stage)}
    return tuple(
        route
        for route in estate.of(DeployedRoute)
        if (route.stage_arn, route.account, route.region) == (stage.arn, stage.account, stage.region)
        and (route.path, route.method) not in own
    )


def named(settings: Iterable[RouteSetting]) -> str:
    """Return the methods that settings are about: `GET /orders, POST /orders and 3 more`."""
    names = [each.method if each.method == each.path else f"{each.method} {each.path}" for each in settings]
    return several(names)
