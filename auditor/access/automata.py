"""The automata of `patterns`: one character more, in a family that is walked and in patterns that are matched.

A pattern's states are one bit a place, so a step of all of them at once is a few operations on numbers (Baeza-Yates and Gonnet,
"A new approach to text searching", 1992).
"""

from dataclasses import dataclass
from functools import lru_cache

ONE, STAR, _ONE_IN_SEGMENT, _STAR_IN_SEGMENT = "\ue000", "\ue001", "\ue002", "\ue003"
SEGMENT = _ONE_IN_SEGMENT + _STAR_IN_SEGMENT
"""One or more characters but `/`: what `{id}` stands for."""
REST = ONE + STAR
"""One or more characters: what `{proxy+}` stands for."""
OPEN = frozenset({ONE, STAR, _ONE_IN_SEGMENT, _STAR_IN_SEGMENT})
_REPEATED = frozenset({STAR, _STAR_IN_SEGMENT})
OTHER = "\0"
"""A character that neither side names."""
_SEPARATOR = "/"


@dataclass(frozen=True, slots=True)
class Automaton:
    """A pattern, ready to be matched character by character."""

    end: int
    """The bit that is set where all of it is read."""
    start: int
    """The states before the first character."""
    _steps: dict[str, int]
    """Places that read a character and are left, by the character; those that no pattern names stand under OTHER."""
    _stays: dict[str, int]
    """Places that read a character and are not left."""
    _repeated: int
    _pattern: str
    _plain: int
    """Places that read one certain character."""

    def named(self, states: int) -> set[str]:
        """Return the characters that states tell from any other."""
        found = set()
        waiting = states & self._plain
        while waiting:
            lowest = waiting & -waiting
            found.add(self._pattern[lowest.bit_length() - 1])
            waiting ^= lowest
        return found

    def read(self, states: int, character: str) -> int:
        """Return the states after one character more."""
        named = character if character in self._steps else OTHER
        return _closed((states & self._steps[named]) << 1 | states & self._stays[named], self._repeated)


@lru_cache(maxsize=65_536)
def automaton(pattern: str) -> Automaton:
    """Return the automaton of a pattern's language."""
    bits: dict[str, int] = {}
    for place, token in enumerate(pattern):
        bits[token] = bits.get(token, 0) | 1 << place
    within, across = bits.get(_ONE_IN_SEGMENT, 0), bits.get(ONE, 0)
    steps = {each: mask | within | across for each, mask in bits.items() if each not in OPEN}
    steps |= {OTHER: within | across, _SEPARATOR: bits.get(_SEPARATOR, 0) | across}
    stays = dict.fromkeys(steps, bits.get(_STAR_IN_SEGMENT, 0) | bits.get(STAR, 0))
    stays[_SEPARATOR] = bits.get(STAR, 0)
    repeated = bits.get(STAR, 0) | bits.get(_STAR_IN_SEGMENT, 0)
    plain = sum(mask for each, mask in bits.items() if each not in OPEN)
    return Automaton(1 << len(pattern), _closed(1, repeated), steps, stays, repeated, pattern, plain)


def _closed(states: int, repeated: int) -> int:
    """Return the states with those reachable without reading: what is repeated may be left out."""
    while (further := states | (states & repeated) << 1) != states:
        states = further
    return states


def after(family: str, place: int, named: set[str]) -> tuple[list[str], list[int]]:
    """Return the characters that may come at a place of a family, and the places where each of them leads.

    `named`: those that the patterns' states tell from any other; one that is not named, and the separator, stand for the rest.
    """
    token = family[place]
    if token not in OPEN:
        return [token], places(family, place + 1)
    may = [OTHER, *sorted(named - {_SEPARATOR})]
    if token in {ONE, STAR}:
        may.append(_SEPARATOR)
    return may, places(family, place if token in _REPEATED else place + 1)


def places(family: str, place: int) -> list[int]:
    """Return the places reachable without reading: what is repeated may be left out."""
    found = [place]
    while place < len(family) and family[place] in _REPEATED:
        place += 1
        found.append(place)
    return found


def is_plain(family: str, place: int) -> bool:
    """Return whether one certain character comes at a place, and one place after it."""
    if place >= len(family) or family[place] in OPEN:
        return False
    return place + 1 == len(family) or family[place + 1] not in _REPEATED
