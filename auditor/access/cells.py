"""A family of ARNs cut into cells: in each, every ARN matches the same of some patterns. Exact, by one walk of all automata.

So a question about a whole family has a certain answer for each cell, and a witness shows it.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from auditor.access.automata import OTHER, after, alphabet, closed, places, read
from auditor.access.iam.truth import Truth, truth_of
from auditor.access.patterns import Relation, relation

_MOST_STATES = 20_000
_SHOWN = "xyzqwkjvbuXYZQWKJVBU0123456789abcdefghilmnoprst"
"""What may stand in a witness for a character that no pattern names: the first that really is not."""
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
def cells(family: str, patterns: frozenset[str]) -> tuple[Cell, ...] | None:
    """Return the cells of a family, by witness; None where there are too many ways to cut it."""
    cut = tuple(sorted(patterns))
    characters = alphabet((family, *cut))
    shown = {OTHER: next((each for each in _SHOWN if each not in characters), "~")}
    start = tuple(closed(each, 1) for each in cut)
    seen: set[_State] = set()
    waiting: deque[tuple[_State, str]] = deque(((place, start), "") for place in places(family, 0))
    found: dict[frozenset[str], Cell] = {}
    while waiting:
        state, text = waiting.popleft()
        if state in seen:
            continue
        seen.add(state)
        if len(seen) > _MOST_STATES:
            return None
        if state[0] == len(family):
            inside = frozenset(each for each, bits in zip(cut, state[1], strict=True) if bits >> len(each) & 1)
            found.setdefault(inside, Cell(family, inside, patterns, text))
            continue
        for character, then in _further(family, cut, state, characters):
            waiting.append((then, text + shown.get(character, character)))
    return tuple(sorted(found.values(), key=lambda each: each.witness))


def _further(
    family: str, cut: tuple[str, ...], state: _State, characters: frozenset[str]
) -> Iterator[tuple[str, _State]]:
    """Yield where one more character leads, the one that nobody names first: then a witness is plain."""
    for character, thens in sorted(after(family, state[0], characters), key=lambda each: each[0]):
        reached = tuple(read(each, bits, character) for each, bits in zip(cut, state[1], strict=True))
        for place in thens:
            yield character, (place, reached)
