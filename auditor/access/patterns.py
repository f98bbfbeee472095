"""Languages of ARNs: whether a policy's pattern covers a family of ARNs, misses it, or meets it in part.

Exact: both are small automata, walked over the characters that either names and one that neither names. A language is
written as text, where four private characters stand for what is repeated or left open.
"""

import re
from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache

ONE, STAR, _ONE_IN_SEGMENT, _STAR_IN_SEGMENT = "\ue000", "\ue001", "\ue002", "\ue003"
SEGMENT = _ONE_IN_SEGMENT + _STAR_IN_SEGMENT
"""One or more characters but `/`: what `{id}` stands for."""
REST = ONE + STAR
"""One or more characters: what `{proxy+}` stands for."""

_OPEN = frozenset({ONE, STAR, _ONE_IN_SEGMENT, _STAR_IN_SEGMENT})
_REPEATED = frozenset({STAR, _STAR_IN_SEGMENT})
_PLAIN = str.maketrans(dict.fromkeys(_OPEN, "\ufffd"))
_WILD = str.maketrans({"*": STAR, "?": ONE})
_OTHER = "\0"
_RUNS = re.compile(r"\*{2,}")
_MOST_STATES = 50_000
_MOST_WORK = 5_000_000
"""States times the pattern's length: a hostile pattern of thousands of wildcards is not compared, and decides nothing."""


class Relation(StrEnum):
    """How a pattern stands to a family."""

    COVERS = "covers"
    DISJOINT = "disjoint"
    PARTLY = "partly"
    UNKNOWN = "unknown"
    """The pattern cannot be compared."""


def literal(text: str) -> str:
    """Return the language of exactly this text."""
    return text.translate(_PLAIN)


def glob(pattern: str) -> str:
    """Return the language of an IAM pattern: `*` any number of characters, `/` among them, `?` exactly one."""
    return literal(_RUNS.sub("*", pattern)).translate(_WILD)


@lru_cache(maxsize=65_536)
def relation(pattern: str, family: str) -> Relation:
    """Return whether the pattern matches all, none or some of the family."""
    pattern, family = _without_common_ends(pattern, family)
    if pattern == STAR:
        return Relation.COVERS
    alphabet = (set(pattern + family) - _OPEN) | {"/", _OTHER}
    start = {(place, _closed(pattern, 1)) for place in _places(family, 0)}
    seen, todo = start, list(start)
    verdicts = set()
    while todo:
        place, states = todo.pop()
        if place == len(family):
            verdicts.add(bool(states >> len(pattern) & 1))
        else:
            fresh = set(_steps(pattern, family, place, states, alphabet)) - seen
            seen |= fresh
            todo.extend(fresh)
        if len(verdicts) > 1:
            return Relation.PARTLY
        if len(seen) > _MOST_STATES or len(seen) * len(pattern) > _MOST_WORK:
            return Relation.UNKNOWN
    return Relation.COVERS if True in verdicts else Relation.DISJOINT


def _steps(pattern: str, family: str, place: int, states: int, alphabet: set[str]) -> Iterator[tuple[int, int]]:
    """Yield where one more character leads: a place in the family and the set of places in the pattern."""
    token = family[place]
    for character in alphabet if token in _OPEN else {token}:
        if _takes(token, character):
            reached = _read(pattern, states, character)
            for after in _places(family, place if token in _REPEATED else place + 1):
                yield after, reached


def _takes(token: str, character: str) -> bool:
    if token not in _OPEN:
        return token == character
    return character != "/" or token in {ONE, STAR}


def _places(family: str, place: int) -> list[int]:
    """Return the places reachable without reading: what is repeated may be left out."""
    found = [place]
    while place < len(family) and family[place] in _REPEATED:
        place += 1
        found.append(place)
    return found


def _closed(pattern: str, states: int) -> int:
    """Return the states with those reachable without reading; one bit a place."""
    for place, token in enumerate(pattern):
        if token in _REPEATED and states >> place & 1:
            states |= 1 << (place + 1)
    return states


def _read(pattern: str, states: int, character: str) -> int:
    reached = 0
    for place, token in enumerate(pattern):
        if states >> place & 1 and _takes(token, character):
            reached |= 1 << (place if token in _REPEATED else place + 1)
    return _closed(pattern, reached)


def _without_common_ends(one: str, other: str) -> tuple[str, str]:
    """Drop equal literals from both ends: they decide nothing, and most of an ARN is such."""
    start = _common(one, other)
    one, other = one[start:], other[start:]
    end = _common(one[::-1], other[::-1])
    return one[: len(one) - end], other[: len(other) - end]


def _common(one: str, other: str) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right or left in _OPEN:
            break
        count += 1
    return count
