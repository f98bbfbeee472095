"""one-authorizer-per-back-end: no route is a weaker, or another, way to what a second route guards.

Claim: the routes of one path, and all routes to one back end in any API, take callers of one source, and every authorizer that is
defined is used. Population: every deployed route, and every authorizer. Deviation: a route that asks for less than another of its
path or back end, named as the weaker one, while that other is none; two that ask for different sources, both of them; an
authorizer that no route carries. A route that is registered as public, and sources that the register of issuers approves for
their APIs, are no conflict. Back ends are compared without version, alias and path. Cannot see: whether a back end tells its
callers apart by the door that they took.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import JsonValue

from auditor.access.strangers.restriction import RestrictionKind
from auditor.checks.authorizer_questions import AuthorizerItem, all_are_known, evidence
from auditor.checks.authorizer_questions import population as authorizers
from auditor.checks.doors_of_back_ends import NOBODY, SOMEBODY, Doors, Group, Member, Way
from auditor.checks.interface import (
    Check,
    Item,
    Outcome,
    Params,
    failed,
    needs_attestation,
    not_applicable,
    passed,
    undecided,
)
from auditor.checks.route_questions import policy_restriction, registered
from auditor.dataflow.identity_roots import AWS_IAM
from auditor.model.estate import Estate
from auditor.model.fact import NotReadError, need
from auditor.model.gateway import DeployedRoute, Method, Route
from auditor.model.snapshot import Gap

_LIMITED = frozenset({RestrictionKind.RESTRICTING, RestrictionKind.CLOSED})


class _Params(Params):
    ignore_methods: list[str]


@dataclass(frozen=True)
class _RouteItem(Item):
    """One deployed route among all others."""

    route: DeployedRoute
    doors: Doors


def _test(item: _RouteItem | AuthorizerItem, estate: Estate, params: _Params) -> Outcome:
    if isinstance(item, AuthorizerItem):
        return _authorizer(item, estate)
    route, doors, ignored = item.route, item.doors, tuple(params.ignore_methods)
    if route.method in ignored:
        return not_applicable(f"{route.method} is left out: a preflight carries no credentials")
    way = doors.way(route)
    if isinstance(way, Gap):
        raise NotReadError(way)
    if isinstance(way, str):
        return undecided(way)
    if way.rank is not SOMEBODY and (entry := registered(route, estate)) is not None:
        return passed(f"open as {entry.owner} registered it", owner=entry.owner)
    groups = tuple(doors.groups(route, ignored))
    for group in groups:
        other = next((each for each in group.members if _is_conflict(way, each.way)), None)
        if other is not None:
            return _conflict(route, way, group, other, estate)
    return _unseen(route, doors, groups) or _clean(way, groups)


def _is_conflict(own: Way, other: Way) -> bool:
    """Return whether a route deviates beside another: it asks for less, or for something else and no more."""
    if own.source == other.source or own.rank > other.rank:
        return False
    return not (own.rank == SOMEBODY and own.approved and other.approved)


def _conflict(route: DeployedRoute, way: Way, group: Group, other: Member, estate: Estate) -> Outcome:
    api = other.route.api_arn.rpartition("/")[2]
    there = f"{other.route.route_key} {group.words} (API {api}, stage {other.route.stage}) asks for {_named(other.way)}"
    seen: dict[str, JsonValue] = {"asks_for": way.source, "beside": other.route.arn, "asks_there_for": other.way.source}
    also = (other.route.arn,)
    if way.rank == SOMEBODY:
        reason = f"it asks for {_named(way)}, while {there}"
        if estate.registers.issuers is not None:
            return failed(reason, also, **seen)
        entries = "; ".join(f"{{issuer: {each}, owner: …, approved_by: …}}" for each in _roots(way, other.way))
        return needs_attestation(
            f"{reason}; no register of issuers is configured; to register: {entries}", also, **seen
        )
    if way.rank == NOBODY and policy_restriction(route, estate).kind in _LIMITED:
        reason = f"it asks nobody and its policy limits the networks, while {there}: a person must say whether that is enough"
        return needs_attestation(reason, also, **seen)
    return failed(f"the weaker door: it asks for {_named(way)}, while {there}", also, **seen)


def _unseen(route: DeployedRoute, doors: Doors, groups: tuple[Group, ...]) -> Outcome | None:
    """Return why nobody can tell whether another route differs; raise NotReadError where a gap hides it."""
    need(route.integration)
    hidden = next((group.gap for group in groups if group.gap is not None), None) or doors.hidden.get(route.account)
    if hidden is not None:
        raise NotReadError(hidden)
    unknown = next((group.unknown for group in groups if group.unknown is not None), None)
    if unknown is not None:
        return undecided(unknown)
    key = doors.back_end(route)
    if key is not None and key[-1]:
        return undecided(f"which back end it leads to is for a stage variable to say: {key[1]}")
    return None


def _clean(way: Way, groups: tuple[Group, ...]) -> Outcome:
    weaker = next((each for group in groups for each in group.members if each.way.rank < way.rank), None)
    if weaker is not None:
        reason = f"it asks for {_named(way)}; the weaker door is {weaker.route.route_key} ({weaker.route.stage}), which fails"
        return passed(reason, (weaker.route.arn,), asks_for=way.source)
    if any(each.way.source != way.source for group in groups for each in group.members):
        return passed("the further sources are approved for their APIs", asks_for=way.source)
    return passed(f"every route of its path and back end asks for {_named(way)}", asks_for=way.source)


def _named(way: Way) -> str:
    return "AWS IAM" if way.source == AWS_IAM else way.source


def _roots(*ways: Way) -> list[str]:
    return sorted({source for way in ways if not way.approved for source in way.source.split(" and ")})


def _authorizer(item: AuthorizerItem, estate: Estate) -> Outcome:
    """Judge whether an authorizer is used: on a stage, or at least in the working copy."""
    if item.configured is None or any(item.carried):
        return passed("a deployed route carries it", evidence(item))
    working: tuple[Method | Route, ...] = (*estate.of(Method), *estate.of(Route))
    own = [each for each in working if (each.account, each.region, each.api_arn) == item.place]
    if any(need(each.authorizer_id) == item.configured.authorizer_id for each in own):
        return passed("the working copy attaches it, and no stage serves that yet")
    all_are_known(item, estate)
    estate.whole(Method if item.is_rest else Route, item.account, item.region, item.api_arn)
    return failed("it is defined and attached to no route: it protects nothing, and looks as if it did")


def _population(estate: Estate) -> Iterator[_RouteItem | AuthorizerItem]:
    doors = Doors(estate)
    for route in estate.of(DeployedRoute):
        yield _RouteItem(route.arn, route.resource_type, route.account, route.region, route, doors)
    yield from (each for each in authorizers(estate) if each.configured is not None)


CHECK = Check(
    name="one-authorizer-per-back-end",
    reads=("DeployedRoute", "Authorizer"),
    params=_Params,
    population=_population,
    test=_test,
    registers=("public_routes", "issuers"),
)
