"""A family of ARNs cut into cells: in each, every ARN matches the same of some patterns. Exact, by one walk of all automata.

So a question about a whole family has a certain answer for each cell, and a witness shows it.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import TypeAlias

from auditor.access.automata import OTHER, Automaton, after, automaton, is_plain, places
from auditor.access.iam.truth import Truth, truth_of
from auditor.access.patterns import Relation, relation

_MOST_STATES = 20_000
_MOST_WORK = 200_000
"""States times patterns: each step is one of all patterns."""
_SHOWN = "xyzqwkjvbu0123456789abcdefghilmnoprstXYZQWKJVBU"
"""What may stand in a witness for a character that no pattern names: the first that really is not; then any other."""
_OTHERS = range(0xA1, 0xD800)
_State: TypeAlias = tuple[int, tuple[int, ...]]
"""A place in the family, and the states of each pattern."""


@dataclass(frozen=True, slots=True)
class Cell:
    """The ARNs of a family that match some patterns and no other."""

    family: str
    inside: frozenset[str]
    """The patterns, as languages, that all of its ARNs match."""
    cut: frozenset[str]
    """All patterns that the family was cut by."""
    witness: str
    """One of its ARNs, a shortest one."""

    def within(self, language: str) -> Truth:
        """Return whether a pattern matches all of its ARNs, or none."""
        if language in self.cut:
            return truth_of(language in self.inside)
        match relation(language, self.family):
            case Relation.COVERS:
                return Truth.YES
            case Relation.DISJOINT:
                return Truth.NO
            case Relation.PARTLY | Relation.UNKNOWN:
                # The family was not cut by it: nobody asked about it when the cells were made.
                return Truth.UNKNOWN


# Identities share their patterns: the walk is the same for all of them at one route.
@lru_cache(maxsize=16_384)
def cells(family: str, patterns: frozenset[str], most: int = _MOST_STATES) -> tuple[Cell, ...] | None:
    """Return the cells of a family, by witness; None where there are too many ways to cut it (`most`: states of the walk)."""
    cut = tuple(sorted(patterns))
    machines = tuple(automaton(each) for each in cut)
    texts = {each for text in (family, *cut) for each in text}
    shown = {OTHER: next(each for each in chain(_SHOWN, map(chr, _OTHERS)) if each not in texts)}
    start = tuple(each.start for each in machines)
    seen: set[_State] = set()
    waiting: deque[tuple[_State, str]] = deque(((place, start), "") for place in places(family, 0))
    found: dict[frozenset[str], Cell] = {}
    while waiting:
        state, text = _along(machines, family, *waiting.popleft())
        if state in seen:
            continue
        seen.add(state)
        if len(seen) > most or len(seen) * len(cut) > _MOST_WORK:
            return None
        if state[0] == len(family):
            inside = frozenset(
                each for each, machine, bits in zip(cut, machines, state[1], strict=True) if bits & machine.end
            )
            if inside not in found or len(text) < len(found[inside].witness):
                found[inside] = Cell(family, inside, patterns, text)
            continue
        for character, then in _further(machines, family, state):
            waiting.append((then, text + shown.get(character, character)))
    return tuple(sorted(found.values(), key=lambda each: each.witness))


def _along(machines: tuple[Automaton, ...], family: str, state: _State, text: str) -> tuple[_State, str]:
    """Return where the plain characters from a place on lead."""
    place, all_bits = state
    while is_plain(family, place):
        all_bits = tuple(each.read(bits, family[place]) for each, bits in zip(machines, all_bits, strict=True))
        place += 1
    return (place, all_bits), text + family[state[0] : place]


def _further(machines: tuple[Automaton, ...], family: str, state: _State) -> Iterator[tuple[str, _State]]:
    """Yield where one more character leads, the one that nobody names first: then a witness is plain."""
    named = {each for machine, bits in zip(machines, state[1], strict=True) for each in machine.named(bits)}
    characters, thens = after(family, state[0], named)
    told = set()
    for character in characters:
        reached = tuple(each.read(bits, character) for each, bits in zip(machines, state[1], strict=True))
        if reached in told:
            continue
        told.add(reached)
        for place in thens:
            yield character, (place, reached)
