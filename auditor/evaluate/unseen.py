"""What nobody saw of a population: lists that ended in a gap become `not_evaluated`, never an empty population."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from auditor.checks.interface import Check
from auditor.model.estate import Estate
from auditor.model.kinds import KINDS
from auditor.model.resource import Listing
from auditor.model.snapshot import Gap


@dataclass(frozen=True)
class Unseen:
    """A part of a population that nobody saw."""

    resource: str
    kind: str
    listing: Listing
    gap: Gap


def relevant(check: Check[Any, Any], estate: Estate) -> Iterator[Listing]:
    """Yield the lists that a check's population rests on."""
    kinds = {name for read in check.reads for name in KINDS[read].lists()}
    return (each for each in estate.listings if each.kind in kinds and check.concerns(each, estate))


def unseen(check: Check[Any, Any], estate: Estate) -> Iterator[Unseen]:
    """Yield each part of a check's population that a gap hides, once."""
    for listing in relevant(check, estate):
        if not listing.complete:
            yield Unseen(_resource(listing, estate), check.reads[0], listing, estate.gap_of(listing))


def _resource(listing: Listing, estate: Estate) -> str:
    if listing.parent is not None:
        return listing.parent
    place = {"partition": estate.snapshot.scope.partition, "region": listing.region, "account": listing.account}
    return KINDS[listing.kind].whole_list.format_map(place)
