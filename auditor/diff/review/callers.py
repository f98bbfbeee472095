"""Who may call each stage, from every policy together: one value for each holder, stage and decision."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from auditor.access.naming import ANYONE
from auditor.diff.review.holders import NOT_KNOWN, Holders
from auditor.diff.side import Side
from auditor.diff.standing import DENIED, UNKNOWN, Place, Standing
from auditor.model.access import Access, Paths
from auditor.model.fact import Present, Unread
from auditor.model.gateway import Api, RestApi
from auditor.model.review import CallerKind, Held, StageOf

_KINDS = tuple(CallerKind)
_Key: TypeAlias = tuple[Place, str, str, bool, tuple[tuple[str, ...], tuple[str, ...]]]
"""Place, principal, decision, whether IAM is asked, and what decides under which conditions."""


@dataclass(frozen=True)
class Callers:
    """The callers of one snapshot; `before`: the earlier one, None where there is none."""

    now: Standing
    before: Standing | None
    holders: Holders

    def held(self) -> tuple[Held, ...]:
        """Return who may call what, by stage, then kind, then principal."""
        found: dict[_Key, list[str]] = defaultdict(list)
        for principal, route, word in self._pairs():
            if word != DENIED:
                why = self._tokens.get(route) or self.now.why(principal, route)
                reasons = (why.by, why.conditions) if why else ((), ())
                found[self.now.places[route], principal, word, route not in self.now.anyone, reasons].append(route)
        return tuple(sorted((self._held(key, sorted(routes)) for key, routes in found.items()), key=_order))

    @cached_property
    def stages(self) -> Mapping[Place, StageOf]:
        """Return the stages, with how many routes each has."""
        found: dict[Place, list[str]] = defaultdict(list)
        for route, place in self.now.places.items():
            found[place].append(route)
        return {place: self._stage(place, routes) for place, routes in sorted(found.items())}

    def _stage(self, place: Place, routes: list[str]) -> StageOf:
        account, region, arn, stage = place
        estate = self.now.side.estate
        api = estate.one(RestApi, account, arn) or estate.one(Api, account, arn)
        return StageOf(
            account=account,
            region=region,
            api_name=api.name if api is not None else arn.rpartition("/")[2],
            stage=stage,
            root="/".join(routes[0].split("/")[:2]),
            routes=len(routes),
        )

    def _pairs(self) -> Iterator[tuple[str, str, str]]:
        """Yield principal, route and decision."""
        for principal, routes in self.now.side.who.let_in.items():
            for route, word in routes.items():
                if route in self.now.places:
                    yield principal, route, word
        for route, word in self.now.anyone.items():
            yield ANYONE, route, word
        for route, access in self._tokens.items():
            yield access.principal, route, access.decision

    @cached_property
    def _tokens(self) -> Mapping[str, Access]:
        return _without_iam(self.now)

    @cached_property
    def _tokens_before(self) -> Mapping[str, Access]:
        return _without_iam(self.before) if self.before is not None else {}

    def _held(self, key: _Key, routes: list[str]) -> Held:
        place, principal, word, by_iam, (by, conditions) = key
        ages = {route: self._was(principal, route) for route in routes}
        return Held(
            holder=self.holders.of(principal, place[0], by_iam=by_iam),
            stage=self.stages[place],
            routes=tuple(routes),
            decision=word,
            by=by,
            conditions=conditions,
            new=tuple(each for each in routes if ages[each] == DENIED),
            unsure=tuple(each for each in routes if ages[each] == UNKNOWN),
        )

    def _was(self, principal: str, route: str) -> str:
        """Return what the earlier snapshot decided of a pair."""
        if self.before is None:
            return UNKNOWN
        if route not in self._tokens:
            return self.before.decision(principal, route)
        if route not in self.before.gates:
            return self.before.decision(principal, route)
        was = self._tokens_before.get(route)
        if was is None or was.principal == NOT_KNOWN:
            return DENIED if was is None else UNKNOWN
        return was.decision if was.principal == principal else DENIED


def _without_iam(standing: Standing) -> dict[str, Access]:
    """Return by route whose tokens, or which function's callers, are let in; and where it is not known what is asked."""
    found: dict[str, Access] = {}
    for route, gate in standing.gates.items():
        match gate.authorization:
            case Present(value="NONE" | "AWS_IAM"):
                continue
            case Present():
                found[route] = next(standing.side.who.without_identity(gate))
            case Unread(gap=gap):
                found[route] = Access(NOT_KNOWN, UNKNOWN, Paths.ALL, None, (f"not read: {gap.operation}",), ())
            case _:
                found[route] = Access(NOT_KNOWN, UNKNOWN, Paths.ALL, None, ("its authorization type is not told",), ())
    return found


def _order(held: Held) -> tuple[str | int | tuple[str, ...], ...]:
    stage, holder = held.stage, held.holder
    return (
        stage.account,
        stage.region,
        stage.api_name,
        stage.root,
        _KINDS.index(holder.kind),
        holder.principal,
        held.decision,
    )


def compared(now: Side, before: Side | None) -> Callers:
    """Return the callers of a snapshot, beside those of an earlier one."""
    return Callers(Standing(now, before or now), Standing(before, now) if before is not None else None, Holders(now))
