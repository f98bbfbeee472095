"""Answers where not everything is told: yes, no, it depends, and nobody can tell."""

from collections.abc import Iterable
from enum import IntEnum


class Truth(IntEnum):
    """Ordered by how much an answer says for an OR: the greatest wins there."""

    NO = 0
    IF = 1
    """It depends on a condition key that is not told."""
    UNKNOWN = 2
    """Something was not read or is not understood: no value of any key would tell."""
    YES = 3


_NEGATED = {Truth.YES: Truth.NO, Truth.NO: Truth.YES, Truth.IF: Truth.IF, Truth.UNKNOWN: Truth.UNKNOWN}
_FOR_AND = {Truth.NO: 0, Truth.UNKNOWN: 1, Truth.IF: 2, Truth.YES: 3}


def any_of(truths: Iterable[Truth]) -> Truth:
    """Return the OR; NO of none."""
    return max(truths, default=Truth.NO)


def all_of(truths: Iterable[Truth]) -> Truth:
    """Return the AND; YES of none."""
    return min(truths, key=_FOR_AND.__getitem__, default=Truth.YES)


def negated(truth: Truth) -> Truth:
    """Return the NOT: what is open stays open."""
    return _NEGATED[truth]


def truth_of(answer: bool) -> Truth:  # noqa: FBT001 - a truth made of a bool
    """Return a certain answer."""
    return Truth.YES if answer else Truth.NO
