"""Languages of ARNs: whether a policy's pattern covers a family of ARNs, misses it, or meets it in part.

Exact: both are small automata, walked over the characters that either names and one that neither names. A language is
written as text, where four private characters stand for what is repeated or left open.
"""

import re
from enum import StrEnum
from functools import lru_cache

from auditor.access.automata import ONE, OPEN, REST, SEGMENT, STAR, after, alphabet, closed, places, read

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
    characters = alphabet((pattern, family))
    start = {(place, closed(pattern, 1)) for place in places(family, 0)}
    seen, todo = start, list(start)
    verdicts = set()
    while todo:
        place, states = todo.pop()
        if place == len(family):
            verdicts.add(bool(states >> len(pattern) & 1))
        else:
            ways = after(family, place, characters)
            fresh = {(then, read(pattern, states, each)) for each, thens in ways for then in thens} - seen
            seen |= fresh
            todo.extend(fresh)
        if len(verdicts) > 1:
            return Relation.PARTLY
        if len(seen) > _MOST_STATES or len(seen) * len(pattern) > _MOST_WORK:
            return Relation.UNKNOWN
    return Relation.COVERS if True in verdicts else Relation.DISJOINT


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
