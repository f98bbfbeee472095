"""The lines of the access review: routes, roles and privileges, each one grant to keep or to revoke."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from auditor.access.people import Way
from auditor.diff.review.decisions import Decisions
from auditor.diff.review.holders import Holders
from auditor.diff.review.privileges import Privilege, privileges
from auditor.diff.side import Side, key_of, would_see
from auditor.model.people import AccountAssignment, GroupMembership, PermissionSet
from auditor.model.review import Age, CallerKind, GrantKind, Held, Holder, ReviewLine

_PEOPLE = frozenset(each.__name__ for each in (AccountAssignment, GroupMembership, PermissionSet))
_ORDER = {Age.NEW: 0, Age.UNSURE: 2, Age.KNOWN: 2}
_REVOKED = 1
_IN_A_LINE = 100
"""Routes of one line: a spreadsheet's cell holds 32,767 characters."""


@dataclass(frozen=True)
class Lines:
    """What lines are made from."""

    now: Side
    before: Side | None
    holders: Holders
    decisions: Decisions

    def all(self, held: Iterable[Held]) -> tuple[ReviewLine, ...]:
        """Return every line: new ones first, then what was to be revoked, then by who."""
        found = [*self._roles(), *self._privileges(), *(line for each in held for line in self._routes(each))]
        return tuple(sorted(found, key=_order))

    def _routes(self, held: Held) -> Iterator[ReviewLine]:
        """Yield one line for those of the routes that are new, that were there, and of which that is not known."""
        if held.holder.kind is CallerKind.UNKNOWN:
            # Nobody is named, so there is nothing to keep or to revoke: the page says it by stage.
            return
        for age in Age:
            routes = tuple(each for each in held.routes if _age(each, held) is age)
            for start in range(0, len(routes), _IN_A_LINE):
                yield self._route(held, routes[start : start + _IN_A_LINE], age)

    def _route(self, held: Held, routes: tuple[str, ...], age: Age) -> ReviewLine:
        holder = held.holder
        is_all = len(routes) == held.stage.routes > 1
        return ReviewLine(
            who=holder.name,
            path="; ".join((*_taken(holder), *held.by)),
            stage=held.stage,
            principal=holder.principal,
            kind=GrantKind.ROUTE,
            grants=(f"{held.stage.root}/*",) if is_all else routes,
            routes=len(routes),
            access=held.decision,
            conditions=held.conditions,
            age=age,
            last_use=holder.last_use,
            last=self.decisions.on(holder.principal, routes),
        )

    def _roles(self) -> Iterator[ReviewLine]:
        was = _ways(self.before) if self.before is not None else {}
        is_told = self.before is not None and _tells_people(self.before)
        for role, ways in _ways(self.now).items():
            for person, several in _by_person(ways).items():
                is_old = any(each.person == person for each in was.get(role, ()))
                is_new = is_told and several[0].is_known
                age = Age.KNOWN if is_old else Age.NEW if is_new else Age.UNSURE
                yield self._role(role, person, several, age)

    def _role(self, role: str, person: str, ways: tuple[Way, ...], age: Age) -> ReviewLine:
        return ReviewLine(
            who=person,
            path="; ".join(each.path for each in ways),
            principal=person,
            stage=None,
            kind=GrantKind.ROLE,
            grants=(role,),
            routes=0,
            access="allowed" if ways[0].is_known else "unknown",
            conditions=(),
            age=age,
            last_use=self.holders.of(role, "", by_iam=True).last_use,
            last=self.decisions.on(person, (role,)),
        )

    def _privileges(self) -> Iterator[ReviewLine]:
        was = {(each.principal, each.name): each.decision for each in privileges(self.before)} if self.before else {}
        for each in privileges(self.now):
            holder = self.holders.of(each.principal, "", by_iam=True)
            yield ReviewLine(
                who=holder.name,
                path="; ".join((*_taken(holder), *each.by)),
                principal=each.principal,
                stage=None,
                kind=GrantKind.PRIVILEGE,
                grants=(each.name,),
                routes=0,
                access=each.decision,
                conditions=each.conditions,
                age=self._age_of(each, was),
                last_use=holder.last_use,
                last=self.decisions.on(each.principal, (each.name,)),
            )

    def _age_of(self, privilege: Privilege, was: Mapping[tuple[str, str], str]) -> Age:
        if self.before is None:
            return Age.UNSURE
        word = was.get((privilege.principal, privilege.name))
        if word is None:
            identity = self.holders.identities[privilege.principal]
            is_seen = key_of(identity) in self.before.resources
            return Age.NEW if is_seen or would_see(self.before, identity, self.now) else Age.UNSURE
        return Age.UNSURE if word == "unknown" and privilege.decision != "unknown" else Age.KNOWN


def _age(route: str, held: Held) -> Age:
    if route in held.new:
        return Age.NEW
    return Age.UNSURE if route in held.unsure else Age.KNOWN


def _taken(holder: Holder) -> tuple[str, ...]:
    if holder.people:
        return ("taken by people of Identity Center",)
    return (f"taken by {', '.join(holder.taken_by)}",) if holder.taken_by else ()


def _ways(side: Side) -> dict[str, tuple[Way, ...]]:
    from_roles = ((each.who.arn, side.who.people.ways(each.who.arn)) for each in side.who.principals.all)
    return {arn: ways for arn, ways in from_roles if ways}


def _by_person(ways: Iterable[Way]) -> dict[str, tuple[Way, ...]]:
    found: dict[str, list[Way]] = {}
    for each in ways:
        found.setdefault(each.person, []).append(each)
    return {person: tuple(several) for person, several in found.items()}


def _tells_people(side: Side) -> bool:
    """Return whether the lists that lead from people to roles were read to their end."""
    found = [whole for (_, _, kind, _), whole in side.lists.items() if kind in _PEOPLE]
    return bool(found) and all(found)


def _order(line: ReviewLine) -> tuple[int, str, str, str, str]:
    rank = _ORDER[line.age] if line.age is Age.NEW or not line.is_revoked else _REVOKED
    return (rank, line.kind.value, line.who, line.principal, line.grants[0])
