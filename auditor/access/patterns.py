"""Languages of ARNs: whether a policy's pattern covers a family of ARNs, misses it, or meets it in part.

Exact: both are small automata, walked over the characters that either names and one that neither names. A language is
written as text, where four private characters stand for what is repeated or left open.
"""

import re
from enum import StrEnum
from functools import lru_cache

from auditor.access.automata import (
    ONE,
    OPEN,
    REST,
    SEGMENT,
    STAR,
    Automaton,
    after,
    automaton,
    is_plain,
    places,
)

__all__ = ["ONE", "REST", "SEGMENT", "STAR", "Relation", "glob", "literal", "relation"]

_PLAIN = str.maketrans(dict.fromkeys(OPEN, "\ufffd"))
_WILD = str.maketrans({"*": STAR, "?": ONE})
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
    if pattern and family and any(not {pattern[place], family[place]} & OPEN for place in (0, -1)):
        # What is left begins, or ends, with another plain character.
        return Relation.DISJOINT
    machine = automaton(pattern)
    return walked(machine, machine.start, family)


def walked(machine: Automaton, start: int, family: str) -> Relation:
    """Return whether a pattern matches all, none or some of a family, from some states on: of the rest of it, then."""
    todo = [(place, start) for place in places(family, 0)]
    seen = set(todo)
    verdicts = set()
    while todo:
        place, states = _along(machine, family, *todo.pop())
        if place == len(family):
            verdicts.add(bool(states & machine.end))
            if len(verdicts) > 1:
                return Relation.PARTLY
            continue
        characters, thens = after(family, place, machine.named(states))
        for reached in {machine.read(states, each) for each in characters}:
            for then in thens:
                if (then, reached) not in seen:
                    seen.add((then, reached))
                    todo.append((then, reached))
        if len(seen) > _MOST_STATES or len(seen) * machine.end.bit_length() > _MOST_WORK:
            return Relation.UNKNOWN
    return Relation.COVERS if True in verdicts else Relation.DISJOINT


def _along(machine: Automaton, family: str, place: int, states: int) -> tuple[int, int]:
    """Return where the plain characters from a place on lead; to its end at once where nothing can match any more."""
    while states and is_plain(family, place):
        states = machine.read(states, family[place])
        place += 1
    return (place, states) if states else (len(family), 0)


def _without_common_ends(one: str, other: str) -> tuple[str, str]:
    """Drop equal literals from both ends: they decide nothing, and most of an ARN is such."""
    start = _common(one, other)
    one, other = one[start:], other[start:]
    end = _common(one[::-1], other[::-1])
    return one[: len(one) - end], other[: len(other) - end]


def _common(one: str, other: str) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right or left in OPEN:
            break
        count += 1
    return count
