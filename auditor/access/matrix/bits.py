"""Truths of many routes at once: one bit a route in each of three numbers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from auditor.access.iam.truth import Truth


@dataclass(frozen=True, slots=True)
class Bits:
    """Where an answer is yes, depends, or is unknown: no bit stands in two of them, and where none stands it is no."""

    yes: int = 0
    depends: int = 0
    odd: int = 0

    @property
    def maybe(self) -> int:
        """Return where the answer is not no."""
        return self.yes | self.depends | self.odd

    def within(self, mask: int) -> "Bits":
        """Return the answers of some routes alone; no elsewhere."""
        return Bits(self.yes & mask, self.depends & mask, self.odd & mask)


NONE = Bits()


def filled(truth: Truth, mask: int) -> Bits:
    """Return one truth for many routes."""
    match truth:
        case Truth.YES:
            return Bits(yes=mask)
        case Truth.IF:
            return Bits(depends=mask)
        case Truth.UNKNOWN:
            return Bits(odd=mask)
        case Truth.NO:
            return NONE


def any_of(several: Iterable[Bits]) -> Bits:
    """Return the OR: yes before unknown before depends, as `truth.any_of`."""
    yes = depends = odd = 0
    for each in several:
        yes |= each.yes
        depends |= each.depends
        odd |= each.odd
    odd &= ~yes
    return Bits(yes, depends & ~yes & ~odd, odd)


def all_of(first: Bits, *others: Bits) -> Bits:
    """Return the AND: no before unknown before depends, as `truth.all_of`."""
    yes, maybe, odd = first.yes, first.maybe, first.odd
    for each in others:
        yes &= each.yes
        maybe &= each.maybe
        odd |= each.odd
    odd &= maybe
    return Bits(yes, maybe & ~yes & ~odd, odd)


def negated(bits: Bits, mask: int) -> Bits:
    """Return the NOT, over the routes of a mask."""
    return Bits(mask & ~bits.maybe, bits.depends, bits.odd)


def places(mask: int) -> Iterator[int]:
    """Yield the bits that stand in a number, the lowest first."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def mask_of(numbers: Iterable[int]) -> int:
    """Return the number in which these bits stand."""
    found = 0
    for number in numbers:
        found |= 1 << number
    return found
