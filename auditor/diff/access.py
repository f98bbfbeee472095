"""Effective access compared: which (principal, route) pairs were gained and lost, folded by principal and stage.

A pair that stays conditional, or stays partly let in, is not compared further: its policies stand among the changed resources. What
tokens and functions open stands on the paths of routes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from auditor.access.naming import ANYONE, named
from auditor.diff.side import Side
from auditor.diff.standing import ALLOWED, CONDITIONAL, DENIED, UNKNOWN, Place, Standing
from auditor.model.diff import AccessDiff, AccessGroup, CoverageChange
from auditor.model.gateway import Api, RestApi
from auditor.model.words import counted, shortened

_RANK = {DENIED: 0, CONDITIONAL: 1, "partly": 1, ALLOWED: 2}
_NAME = 40
"""Characters of a name in a sentence."""
_DEGREE = {ALLOWED: "in full", CONDITIONAL: "under conditions", "partly": "for some paths"}


@dataclass(frozen=True)
class _Pair:
    """One principal and one route of which both sides say something else."""

    principal: str
    route: str
    place: Place
    before: str
    after: str

    @property
    def is_known(self) -> bool:
        return UNKNOWN not in {self.before, self.after}

    @property
    def is_gained(self) -> bool:
        # Of two answers that let a part through, either may let through what the other does not: such a pair stands in both lists.
        return _RANK[self.after] >= _RANK[self.before]

    @property
    def is_lost(self) -> bool:
        return _RANK[self.after] <= _RANK[self.before]


def compare_access(old: Side, new: Side) -> tuple[AccessDiff | None, tuple[CoverageChange, ...]]:
    """Return what was gained and lost, None where one side can tell nothing at all; and what only one side could tell."""
    before, after = Standing(old, new), Standing(new, old)
    if not (before.tells and after.tells):
        return None, ()
    pairs = tuple(_pairs(before, after))
    known = [each for each in pairs if each.is_known]
    gained = (each for each in known if each.is_gained and not _comes_with_anyone(each, after, each.after))
    lost = (each for each in known if each.is_lost and not _comes_with_anyone(each, before, each.before))
    return (
        AccessDiff(gained=tuple(_groups(gained, after)), lost=tuple(_groups(lost, before))),
        tuple(_in_doubt([each for each in pairs if not each.is_known], (before, after))),
    )


def _pairs(before: Standing, after: Standing) -> Iterator[_Pair]:
    """Yield the pairs that differ, among those that either side may let through."""
    for principal in sorted(before.principals | after.principals):
        for route in sorted(before.let_in(principal) | after.let_in(principal)):
            was, now = before.decision(principal, route), after.decision(principal, route)
            if was != now:
                yield _Pair(principal, route, after.places.get(route) or before.places[route], was, now)


def _comes_with_anyone(pair: _Pair, side: Standing, word: str) -> bool:
    """Return whether everybody is let through as far: then the line about anyone says it for all."""
    everyone = side.anyone.get(pair.route, DENIED)
    return pair.principal != ANYONE and everyone != UNKNOWN and _RANK[everyone] >= _RANK[word]


def _groups(pairs: Iterable[_Pair], side: Standing) -> Iterator[AccessGroup]:
    """Yield groups by place, anyone first, then by principal; `side`: the one that lets them through."""
    found: dict[tuple[Place, bool, str, str, str], list[str]] = {}
    for each in pairs:
        key = (each.place, each.principal != ANYONE, each.principal, each.before, each.after)
        found.setdefault(key, []).append(each.route)
    for (place, _, principal, before, after), routes in sorted(found.items()):
        yield _group(side, (place, principal), tuple(routes), (before, after))


def _group(side: Standing, at: tuple[Place, str], routes: tuple[str, ...], words: tuple[str, str]) -> AccessGroup:
    (account, region, _, stage), principal = at
    why = side.why(principal, routes[0])
    name = _name(side, principal, routes[0], account)
    of_stage = {route for route, place in side.places.items() if place == at[0]}
    is_all = len(routes) == len(of_stage) > 1
    many = ("all " if is_all else "") + counted(len(routes), "route")
    return AccessGroup(
        principal=principal,
        name=name,
        people=side.side.who.people.behind(principal),
        account=account,
        region=region,
        api_name=_api(side, at[0]),
        stage=stage,
        routes=routes,
        is_all=is_all,
        before=words[0],
        after=words[1],
        by=why.by if why else (),
        conditions=why.conditions if why else (),
        what=_sentence(name, words, many, _stage(side, at[0])),
    )


def _sentence(name: str, words: tuple[str, str], many: str, where: str) -> str:
    before, after = words
    who = shortened(name, _NAME)
    if before == DENIED:
        return f"{who} gained {many} of {where}{_partly(after)}"
    if after == DENIED:
        return f"{who} lost {many} of {where}{_partly(before)}"
    return f"{who} may call {many} of {where} {_DEGREE[after]}, before {_DEGREE[before]}"


def _partly(word: str) -> str:
    return "" if word == ALLOWED else f", {_DEGREE[word]}"


def _name(side: Standing, principal: str, route: str, account: str) -> str:
    if principal == ANYONE and route not in side.anyone:
        return "any AWS account"
    return named(principal, account)


def _api(side: Standing, place: Place) -> str:
    account, _, arn, _ = place
    for one in (side, Standing(side.other, side.side)):
        api = one.side.estate.one(RestApi, account, arn) or one.side.estate.one(Api, account, arn)
        if api is not None:
            return api.name
    return arn.rpartition("/")[2]


def _stage(side: Standing, place: Place) -> str:
    return f"API {shortened(_api(side, place), _NAME)}, {shortened(place[3], _NAME)}"


def _in_doubt(pairs: Iterable[_Pair], sides: tuple[Standing, Standing]) -> Iterator[CoverageChange]:
    """Yield, a stage, of whom it is not known any more who may call, or known now."""
    found: dict[tuple[Place, str], list[_Pair]] = {}
    for each in pairs:
        change = "access_unknown" if each.after == UNKNOWN else "access_known"
        found.setdefault((each.place, change), []).append(each)
    for (place, change), several in sorted(found.items()):
        side = sides[0] if change == "access_unknown" else sides[1]
        yield CoverageChange(change=change, what=_doubt(several, side, place))


def _doubt(pairs: list[_Pair], side: Standing, place: Place) -> str:
    principals = list(dict.fromkeys(each.principal for each in pairs))
    routes = {each.route for each in pairs}
    more = len(principals) - 1
    who = shortened(_name(side, principals[0], pairs[0].route, place[0]), _NAME) + (f" and {more} more" if more else "")
    return f"whether {who} may call {counted(len(routes), 'route')} of {_stage(side, place)}"
