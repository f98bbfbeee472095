"""Which routes a pattern matches: wholly, in part or not, for all routes of an estate at once."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from auditor.access.automata import OPEN, Automaton, automaton
from auditor.access.patterns import STAR, Relation, walked

_LAST = "\U0010ffff"


class RoutesIndex:
    """The families of routes, sorted by what they certainly begin with: most patterns name an API, and meet few."""

    def __init__(self, families: tuple[str, ...]) -> None:
        """Take the languages of the routes; a route is its place in them."""
        self._heads = tuple(_head(each) for each in families)
        self._order = sorted(range(len(families)), key=lambda number: self._heads[number])
        self._sorted = [self._heads[number] for number in self._order]
        self._split = tuple(_split(each) for each in families)
        self._known: dict[str, tuple[int, int]] = {}
        self.full = (1 << len(families)) - 1

    def matched(self, pattern: str) -> tuple[int, int]:
        """Return the routes that a pattern (a language) matches wholly, and those that it matches in part."""
        found = self._known.get(pattern)
        if found is None:
            found = self._known[pattern] = self._match(pattern)
        return found

    def _match(self, pattern: str) -> tuple[int, int]:
        if pattern == STAR:
            return self.full, 0
        whole = part = 0
        near = tuple(self._near(_head(pattern)))
        if not near:
            return 0, 0
        asked = _Asked(automaton(pattern), {}, {})
        for number in near:
            match asked.relation(*self._split[number]):
                case Relation.COVERS:
                    whole |= 1 << number
                case Relation.PARTLY | Relation.UNKNOWN:
                    part |= 1 << number
                case Relation.DISJOINT:
                    pass
        return whole, part

    def _near(self, head: str) -> Iterator[int]:
        """Yield the routes that may begin as a pattern does: a shorter beginning of either is one of the other."""
        start, end = bisect_left(self._sorted, head), bisect_left(self._sorted, head + _LAST)
        yield from self._order[start:end]
        shorter = {head[:length] for length in {len(each) for each in self._heads} if length < len(head)}
        for each in sorted(shorter):
            at = bisect_left(self._sorted, each)
            while at < len(self._sorted) and self._sorted[at] == each:
                yield self._order[at]
                at += 1


@dataclass(frozen=True, slots=True)
class _Asked:
    """One pattern at many routes. Routes of one API begin alike and those of many end alike: each beginning and end is read once."""

    machine: Automaton
    after: dict[str, int]
    ends: dict[tuple[int, str], Relation]

    def relation(self, api: str, rest: str) -> Relation:
        """Return how the pattern stands to a route, given as the plain ARN of its API and the rest."""
        states = self.after.get(api)
        if states is None:
            states = self.machine.start
            for character in api:
                states = self.machine.read(states, character)
            self.after[api] = states
        found = self.ends.get((states, rest))
        if found is None:
            found = self.ends[states, rest] = walked(self.machine, states, rest)
        return found


def _split(family: str) -> tuple[str, str]:
    """Return the plain part up to the API, and the rest."""
    place = min(len(_head(family)), family.find("/") if "/" in family else len(family))
    return family[:place], family[place:]


def _head(language: str) -> str:
    for place, token in enumerate(language):
        if token in OPEN:
            return language[:place]
    return language
