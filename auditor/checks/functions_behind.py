"""The functions behind APIs: those that deployed routes lead to, those that their authorizers ask, and where one may hide."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from auditor.checks.interface import Item, Outcome, not_applicable, undecided
from auditor.dataflow.functions import function_arn, unqualified
from auditor.dataflow.routing import host_of
from auditor.dataflow.variables import resolved_text, used, variables_of
from auditor.model.estate import Estate
from auditor.model.fact import Fact, NotReadError, Present, Unread, need
from auditor.model.gateway import DeployedRoute, Stage
from auditor.model.platform import Function
from auditor.model.snapshot import Gap

_CANARY = "#canary/"
_OF_URLS = ".lambda-url."
"""What the host of every function URL holds: `ID.lambda-url.REGION.on.aws`."""
Functions = Mapping[str, tuple[Function, ...]]
"""What was read of each function, its aliases and versions among it, by its ARN without either."""


@dataclass(frozen=True)
class BehindItem(Item):
    """A function without alias or version; or a place where nobody knows which function stands."""

    known: tuple[Function, ...] = ()
    """What was read: the function itself, and its aliases and versions; by ARN."""
    named: tuple[str, ...] = ()
    """ARNs under which routes and authorizers name it."""
    hidden: Gap | None = None
    unknown: str = ""
    """Why nobody can tell which function it is, although all was read."""


def behind(estate: Estate, *, with_authorizers: bool, with_back_ends: bool = True) -> Iterator[BehindItem]:
    """Yield the functions behind deployed routes, and an item for each place where one may hide."""
    ways = (*((_back_end,) if with_back_ends else ()), *((_authorizer,) if with_authorizers else ()))
    functions = _by_arn(estate)
    named: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    places: dict[tuple[str, str, str], BehindItem] = {}
    for route in estate.of(DeployedRoute):
        for told in (each for way in ways for each in way(route, estate, functions)):
            if isinstance(told, BehindItem):
                places.setdefault((told.account, told.region, told.resource), told)
            else:
                named[_place(told, route, functions)].add(told)
    for (account, region, arn), names in sorted(named.items()):
        known = functions.get(arn, ())
        yield BehindItem(arn, Function.cloudformation, account, region, known, tuple(sorted(names)))
    yield from (places[each] for each in sorted(places))


def unjudged(item: BehindItem) -> Outcome | None:
    """Return why there is nothing to judge; raise NotReadError where a gap hides it; None where the function was read."""
    if item.hidden is not None:
        raise NotReadError(item.hidden)
    if item.unknown:
        return undecided(item.unknown)
    own = next((each for each in item.known if each.arn == item.resource), None)
    if own is None:
        return undecided("nothing was read of this function: those of other accounts and regions are not asked about")
    return not_applicable("the function does not exist") if need(own.exists) is False else None


def _by_arn(estate: Estate) -> Functions:
    found: dict[str, list[Function]] = defaultdict(list)
    for each in estate.of(Function):
        found[each.function_arn].append(each)
    return {arn: tuple(several) for arn, several in found.items()}


def _place(named: str, route: DeployedRoute, functions: Functions) -> tuple[str, str, str]:
    """Return account, region and ARN of a function: those of the API where nothing was read of it."""
    arn = unqualified(named)
    known = functions.get(arn)
    return (known[0].account, known[0].region, arn) if known else (route.account, route.region, arn)


def _back_end(route: DeployedRoute, estate: Estate, functions: Functions) -> Iterator[str | BehindItem]:
    if isinstance(route.integration, Unread):
        yield _hiding(f"{route.stage_arn}#back-ends", route, route.integration.gap)
        return
    kind, target = estate.flow_of(route).backend.kind, estate.flow_of(route).backend.target or ""
    if kind == "UNKNOWN":
        yield _unknown(f"{route.stage_arn}#back-ends", route, f"where {route.route_key} leads is not known")
    elif kind == "LAMBDA":
        yield from _function(target, route, estate)
    elif kind == "HTTP" and _OF_URLS in host_of(target):
        yield _by_url(host_of(target), route, functions)


def _authorizer(route: DeployedRoute, estate: Estate, _functions: Functions) -> Iterator[str | BehindItem]:
    return authorizer_of(route, estate)


def authorizer_of(route: DeployedRoute, estate: Estate) -> Iterator[str | BehindItem]:
    """Yield the ARN of the function that authorizes a route, or the place where it hides; nothing where none does."""
    told = route.authorizer
    if isinstance(told, Unread):
        if isinstance(route.authorization_type, Unread) or need(route.authorization_type) == "CUSTOM":
            yield _hiding(f"{route.api_arn}#authorizers", route, told.gap)
    elif isinstance(told, Present) and told.value.function_uri:
        stage = estate.one(Stage, route.account, route.stage_arn)
        uri = resolved_text(told.value.function_uri, variables_of(stage, canary=_CANARY in route.arn))
        arn = function_arn(uri)
        if arn is None:
            yield _unknown(
                f"{route.api_arn}#authorizers", route, f"which function authorizes {route.route_key} is not known"
            )
        else:
            yield from _function(arn, route, estate)


def _function(arn: str, route: DeployedRoute, estate: Estate) -> Iterator[str | BehindItem]:
    """Yield a function's ARN; where a stage variable chooses the function itself, that nobody knows which it is."""
    if not used(unqualified(arn)):
        yield arn
        return
    gap = unread_variables(route, estate)
    why = f"stage variable {used(arn)[0]} chooses the function, and its value was not kept"
    yield _unknown(unqualified(arn), route, why) if gap is None else _hiding(unqualified(arn), route, gap)


def unread_variables(route: DeployedRoute, estate: Estate) -> Gap | None:
    """Return why nobody knows the stage variables that a route meets; None where they were read, kept or not."""
    stage = estate.one(Stage, route.account, route.stage_arn)
    facts: tuple[Fact[dict[str, str]], ...] = ()
    if stage is not None:
        facts = (stage.variable_values, stage.canary_variable_values)[: 2 if _CANARY in route.arn else 1]
    return next((each.gap for each in facts if isinstance(each, Unread)), None)


def _by_url(host: str, route: DeployedRoute, functions: Functions) -> str | BehindItem:
    """Return the function whose URL a route calls; functions whose URLs were not read may be it."""
    for known in functions.values():
        urls = known[0].urls.value if isinstance(known[0].urls, Present) else ()
        found = next((each.function_arn for each in urls if host_of(each.url) == host), None)
        if found is not None:
            return found
    return _unknown(
        f"https://{host}", route, f"{route.route_key} calls a function by its URL, and whose it is was not read"
    )


def _hiding(resource: str, route: DeployedRoute, gap: Gap) -> BehindItem:
    return BehindItem(resource, Function.cloudformation, route.account, route.region, hidden=gap)


def _unknown(resource: str, route: DeployedRoute, why: str) -> BehindItem:
    return BehindItem(resource, Function.cloudformation, route.account, route.region, unknown=why)
