"""One way from a change to somebody who hears of it, link by link, and how far it leads."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum


class End(IntEnum):
    """Where a chain ends; the lower, the better."""

    ARRIVES = 0
    ATTESTED = 1
    """It leads out of sight: a person must say what becomes of it there."""
    UNDECIDED = 2
    """Everything was read, and still nobody can tell."""
    BROKEN = 3
    MISSING = 4
    """There is not even a first link."""


@dataclass(frozen=True)
class Chain:
    """How far one way leads, and why."""

    end: End
    why: str
    also: tuple[str, ...] = ()
    """ARNs of its links, from the change on."""

    def after(self, what: str, *arns: str) -> "Chain":
        """Return the chain with a link put before it: it has a first link now, even where that leads nowhere."""
        return Chain(min(self.end, End.BROKEN), f"{what} → {self.why}", (*arns, *self.also))


def best(chains: Iterable[Chain], otherwise: str) -> Chain:
    """Return the first chain that leads furthest; where there is none, one without a first link.

    Stops at the first that arrives, so that what is not needed is not looked at.
    """
    found = Chain(End.MISSING, otherwise)
    for chain in chains:
        if chain.end < found.end:
            found = chain
        if found.end is End.ARRIVES:
            break
    return found


def weakest(first: Chain, second: Chain) -> Chain:
    """Return of two links that are both needed the one that holds less, with the evidence of both."""
    worse = second if second.end >= first.end else first
    return Chain(worse.end, worse.why, (*first.also, *second.also))
