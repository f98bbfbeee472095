"""Which routes guard one thing: those of one path of a stage, and those to one back end, of whatever API. No check of its own."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from auditor.checks.issuers import approval
from auditor.checks.route_questions import is_message_route, registered
from auditor.dataflow.identity_roots import AWS_IAM, is_variable, roots_of
from auditor.dataflow.routing import target_key
from auditor.model.estate import Estate
from auditor.model.fact import Present, Unread
from auditor.model.gateway import DeployedRoute
from auditor.model.resource import Listing
from auditor.model.snapshot import Gap

NOBODY, KEY, SOMEBODY = 0, 1, 2
"""How much a route asks: nothing, an API key that names no person, who calls."""
_BY_AUTHORIZER = frozenset({"COGNITO_USER_POOLS", "JWT", "CUSTOM"})
_LISTS = frozenset({"RestApi", "Api", "Stage", "DeployedRoute"})
_CANARY = "#canary/"
Place = tuple[str, ...]


@dataclass(frozen=True)
class Way:
    """How a route asks who calls."""

    rank: int
    source: str
    """Where its callers come from: two routes with one source ask alike."""
    approved: bool = False
    """Whether the register of issuers approves all of it for the API."""


@dataclass(frozen=True)
class Member:
    """One of the routes that ask in one way."""

    route: DeployedRoute
    way: Way


@dataclass(frozen=True)
class Group:
    """What is known of the routes that guard one thing."""

    words: str
    """`to the same back end`."""
    members: tuple[Member, ...]
    """The first of each way, in the order of the estate."""
    gap: Gap | None
    """What hides the way of one."""
    unknown: str | None
    """Why nobody can tell the way of one, although all was read."""


@dataclass(frozen=True)
class Doors:
    """The deployed routes of an estate, by what they guard."""

    estate: Estate

    def groups(self, route: DeployedRoute, ignored: tuple[str, ...]) -> Iterator[Group]:
        """Yield the groups that a route belongs to; routes with an ignored method, and declared public, belong to none."""
        yield self._group(_path(route), "of the same path", ignored)
        key = self.back_end(route)
        if key is not None:
            yield self._group(key, "to the same back end", ignored)

    def back_end(self, route: DeployedRoute) -> Place | None:
        """Return where a route leads; None where there is no back end, or it is not known which."""
        target = self.estate.flow_of(route).backend.target
        if target is None:
            return None
        key = target_key(target)
        # What a stage variable of unknown value stands for may differ from stage to stage.
        return (route.account, key, route.stage_arn if "${" in key else "")

    def way(self, route: DeployedRoute) -> Way | Gap | str:
        """Return how a route asks who calls; a gap where that was not read, a reason where nobody can tell."""
        asked = self._connects.get((route.account, route.stage_arn)) if is_message_route(route) else route
        if asked is None:
            return f"{route.route_key} has no $connect route that asks who calls"
        match asked.authorization_type:
            case Unread(gap=gap):
                return gap
            case Present(value="NONE"):
                return _open(asked)
            case Present(value="AWS_IAM"):
                return self._asked((AWS_IAM,), asked)
            case Present(value=kind) if kind in _BY_AUTHORIZER:
                return self._by(asked)
            case _:
                return f"the authorization type of {asked.route_key} is not known to this version"

    @cached_property
    def hidden(self) -> Mapping[str, Gap]:
        """Return, by account, a gap behind which a route to any back end may hide."""
        found: dict[str, Gap] = {}
        for listing in self.estate.listings:
            if _is_short(listing):
                found.setdefault(listing.account, self.estate.gap_of(listing))
        for route in self.estate.of(DeployedRoute):
            if isinstance(route.integration, Unread):
                found.setdefault(route.account, route.integration.gap)
        return found

    def _by(self, route: DeployedRoute) -> Way | Gap | str:
        if isinstance(route.authorizer, Unread):
            return route.authorizer.gap
        roots = roots_of(route.authorizer.value) if isinstance(route.authorizer, Present) else ()
        if not roots or any(is_variable(each) for each in roots):
            return f"whose identities {route.route_key} takes is not told by its authorizer"
        return self._asked(roots, route)

    def _asked(self, roots: tuple[str, ...], route: DeployedRoute) -> Way:
        entries, api_id = self.estate.registers.issuers or (), route.api_arn.rpartition("/")[2]
        approved = all(approval(each, api_id, entries) is not None for each in roots)
        return Way(SOMEBODY, " and ".join(roots), approved)

    def _group(self, key: Place, words: str, ignored: tuple[str, ...]) -> Group:
        found = self._groups.get((key, ignored))
        if found is None:
            routes = [each for each in self._by_key[key] if each.method not in ignored]
            found = self._groups[key, ignored] = self._made(words, routes)
        return found

    def _made(self, words: str, routes: Iterable[DeployedRoute]) -> Group:
        members: dict[Way, Member] = {}
        gap, unknown = None, None
        for route in routes:
            way = self.way(route)
            match way:
                case Way():
                    if way.rank is SOMEBODY or registered(route, self.estate) is None:
                        members.setdefault(way, Member(route, way))
                case Gap():
                    gap = gap or way
                case str():
                    unknown = unknown or way
        return Group(words, tuple(members.values()), gap, unknown)

    @cached_property
    def _groups(self) -> dict[tuple[Place, tuple[str, ...]], Group]:
        return {}

    @cached_property
    def _by_key(self) -> Mapping[Place, list[DeployedRoute]]:
        found: dict[Place, list[DeployedRoute]] = defaultdict(list)
        for route in self.estate.of(DeployedRoute):
            found[_path(route)].append(route)
            key = self.back_end(route)
            if key is not None:
                found[key].append(route)
        return found

    @cached_property
    def _connects(self) -> Mapping[tuple[str, str], DeployedRoute]:
        routes = self.estate.of(DeployedRoute)
        return {(each.account, each.stage_arn): each for each in routes if each.route_key == "$connect"}


def _path(route: DeployedRoute) -> Place:
    return (route.account, route.region, route.stage_arn, route.path, route.arn.partition(_CANARY)[2])


def _open(route: DeployedRoute) -> Way | Gap | str:
    match route.api_key_required:
        case Present(value=True):
            return Way(KEY, "an API key alone")
        case Unread(gap=gap):
            return gap
        case _:
            return Way(NOBODY, "nobody")


def _is_short(listing: Listing) -> bool:
    return listing.kind in _LISTS and not listing.complete
