"""catch-all-routes: what catches the calls that no route names is justified, and asks no less than the routes beside it.

Claim: each $default, ANY and greedy route is registered with its reason, and its authorization is no weaker than that of any route
whose calls can fall to it. Population: every deployed catch-all route. Deviation: unregistered, or open beside a route that
asks who calls. Cannot see: which paths the back end answers.

Registered is a catch-all whose back end has `catch_all` (the reason) in the register of back ends: whether calls that nobody listed
may arrive is a trait of what chooses among them. One that is meant to be public may stand in the register of public routes instead.
"""

from collections.abc import Iterable
from enum import IntEnum

from auditor.checks.back_ends import MOCK, declared, hidden_variable, integration_of, origin, targets_of
from auditor.checks.interface import (
    Check,
    Outcome,
    Params,
    ResourceItem,
    failed,
    items,
    needs_attestation,
    not_applicable,
    passed,
    undecided,
)
from auditor.checks.route_questions import KNOWN_AUTHORIZATION, is_message_route, registered
from auditor.model.estate import Estate
from auditor.model.fact import need
from auditor.model.gateway import DeployedRoute, Stage

_DEFAULT = "$default"
_ANY = "ANY"
_PREFLIGHT = "OPTIONS"
_CANARY = "#canary/"


class _Level(IntEnum):
    """How much a route asks of a caller."""

    NOTHING = 0
    KEY = 1
    IDENTITY = 2


def _test(item: ResourceItem[DeployedRoute], estate: Estate, _params: Params) -> Outcome:
    route = item.of
    if route.method == _PREFLIGHT:
        return not_applicable("preflight calls carry no business")
    stricter = None if is_message_route(route) else _stricter(route, estate)
    if isinstance(stricter, Outcome):
        return stricter
    if stricter is not None:
        return failed(
            f"calls that miss {stricter.route_key} fall to this catch-all, which asks less of a caller",
            (stricter.arn,),
            authorization=need(route.authorization_type),
            stricter_route=stricter.route_key,
        )
    return _justified(route, estate)


def _stricter(route: DeployedRoute, estate: Estate) -> DeployedRoute | Outcome | None:
    """Return a route that asks more and whose calls can fall to this one; an Outcome where that cannot be said."""
    own = _level(route)
    if own is None:
        return undecided("how this route asks who calls is not known to this version", authorization=_type(route))
    if own is _Level.IDENTITY:
        return None
    beside = _beside(route, estate)
    levels = [(_level(each), each) for each in beside]
    found = next((each for level, each in levels if level is not None and level > own), None)
    if found is not None:
        return found
    if any(level is None for level, _ in levels):
        return undecided("how a route beside this one asks who calls is not known to this version")
    return None


def _beside(route: DeployedRoute, estate: Estate) -> tuple[DeployedRoute, ...]:
    """Return the routes of the same deployment that this one stands behind; raises NotReadError where one may be unseen."""
    estate.whole(DeployedRoute, route.account, route.region, route.stage_arn)
    stage = estate.one(Stage, route.account, route.stage_arn)
    several: Iterable[DeployedRoute] = (
        estate.below(DeployedRoute, stage)
        if stage is not None
        else (each for each in estate.of(DeployedRoute) if each.stage_arn == route.stage_arn)
    )
    return tuple(
        each
        for each in several
        if each.arn != route.arn
        and _deployment(each) == _deployment(route)
        and each.method != _PREFLIGHT
        and not is_message_route(each)
        and _takes(route, each)
    )


def _takes(route: DeployedRoute, other: DeployedRoute) -> bool:
    """Return whether calls that just miss another route's path or method fall to this one."""
    if route.route_key == _DEFAULT:
        return True
    wanted = route.path.split("/")
    greedy = next((index for index, part in enumerate(wanted) if part.endswith("+}")), None)
    if greedy is None:
        return other.path == route.path
    given = other.path.split("/")
    return len(given) >= greedy and all(map(_may_be_one, wanted[:greedy], given))


def _may_be_one(part: str, other: str) -> bool:
    return part == other or part.startswith("{") or other.startswith("{")


def _level(route: DeployedRoute) -> _Level | None:
    kind = _type(route)
    if kind in KNOWN_AUTHORIZATION:
        return _Level.IDENTITY
    if kind != "NONE":
        return None
    return _Level.KEY if need(route.api_key_required) else _Level.NOTHING


def _type(route: DeployedRoute) -> str | None:
    return need(route.authorization_type)


def _deployment(route: DeployedRoute) -> str:
    return route.arn.partition(_CANARY)[2]


def _justified(route: DeployedRoute, estate: Estate) -> Outcome:
    public = registered(route, estate)
    if public is not None:
        return passed(f"registered as public: {public.reason}", registered_reason=public.reason)
    integration = integration_of(route, estate)
    if integration is None or integration.type == MOCK:
        return not_applicable("no back end stands behind it: what no route names is answered by the gateway")
    hidden = hidden_variable(integration)
    if hidden is not None:
        return undecided(
            f"stage variable {hidden} chooses the back end, and its value was not kept", uri=integration.uri
        )
    found = declared(integration, estate.registers.backends or ())
    if found is not None and found.catch_all:
        return passed(
            f"{found.target} may take what no route names: {found.catch_all}", registered_reason=found.catch_all
        )
    target = next((origin(each) for each in targets_of(integration)), "…")
    line = f"catch_all: … (the reason) at {found.target if found else target}"
    if estate.registers.backends is None:
        return needs_attestation(
            f"a catch-all route without a reason: list its routes, or add {line} in the register of back ends"
        )
    return failed(
        f"no reason is registered for this catch-all: list its routes, or add {line} in the register of back ends"
    )


def _is_catch_all(route: DeployedRoute) -> bool:
    return route.route_key == _DEFAULT or route.method == _ANY or "+}" in route.path


CHECK = Check(
    name="catch-all-routes",
    reads=("DeployedRoute",),
    params=Params,
    population=lambda estate: items(each for each in estate.of(DeployedRoute) if _is_catch_all(each)),
    test=_test,
    registers=("backends", "public_routes"),
)
