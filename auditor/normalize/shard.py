"""One shard: pages and gaps in, resources, observations and listings out. Pure, and blind to the order of arrival."""

from collections.abc import Sequence
from dataclasses import dataclass

from auditor.model.resource import Listing, Observation, Resource
from auditor.model.snapshot import Gap, Page, ShardKey
from auditor.normalize.lists import list_calls, never_asked_lists
from auditor.normalize.reading import reading
from auditor.normalize.registry import normalizers


@dataclass(frozen=True)
class Normalized:
    """What a shard holds, each sorted."""

    resources: tuple[Resource, ...]
    observations: tuple[Observation, ...]
    listings: tuple[Listing, ...]
    gaps: tuple[Gap, ...]
    """Members of whole answers that could not be understood, beyond the gaps given."""


def normalize(
    key: ShardKey,
    partition: str,
    pages: Sequence[tuple[Page, bytes]],
    gaps: Sequence[Gap],
    never_asked: frozenset[str] = frozenset(),
) -> Normalized:
    """Return what one (account, region, service) holds. Raises ValueError for a page that is no whole answer.

    `never_asked`: operations that the auditor which read the pages did not know; what rests on them is unread.
    """
    read = reading(key, partition, pages, gaps, never_asked)
    parts = normalizers(key.service)
    list_calls(read, (call for part in parts for call in part.lists))
    for part in parts:
        part.normalize(read)
    never_asked_lists(read, (call for part in parts for call in part.lists))
    return Normalized(
        resources=tuple(sorted(read.resources, key=lambda each: (each.arn, type(each).__name__))),
        observations=tuple(sorted(read.observations, key=lambda each: (each.arn, each.kind))),
        listings=tuple(sorted(read.listings, key=lambda each: (each.kind, each.operation, each.parent or ""))),
        gaps=tuple(sorted(set(read.malformed), key=lambda each: (each.operation, each.resource or "", each.detail))),
    )
