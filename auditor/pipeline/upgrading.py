"""Snapshots of older schemas: their pages are the evidence, so today's resources are derived from them again, in memory."""

from collections.abc import Iterator
from dataclasses import dataclass

from auditor.collect.interface import Collector, Reach
from auditor.collect.registry import collectors
from auditor.errors import StoreError
from auditor.model.resource import Listing, Observation, Resource
from auditor.model.snapshot import (
    EVERY_REGION,
    GLOBAL_REGION,
    SCHEMA_VERSION,
    SCOPE_SERVICE,
    Gap,
    GapReason,
    Shard,
    ShardKey,
    Snapshot,
)
from auditor.normalize.shard import Normalized, normalize
from auditor.store.interface import Store
from auditor.store.shards import read_beside, read_pages_of, read_resources

Key = tuple[str, str, str]


@dataclass(frozen=True)
class Loaded:
    """What a snapshot holds, as today's types say it."""

    snapshot: Snapshot
    """Of an older one the gaps are those of its collection, and what today's eyes find malformed."""
    resources: tuple[Resource, ...]
    observations: dict[Key, Observation]
    """By (account, region, ARN)."""
    listings: tuple[Listing, ...]


def load(store: Store, snapshot: Snapshot) -> Loaded:
    """Return a snapshot's resources and what stands beside them; those of an older schema from its pages, nothing is written."""
    if snapshot.schema_version < SCHEMA_VERSION:
        return _derived(store, snapshot)
    observations, listings = read_beside(store, snapshot)
    return Loaded(snapshot, tuple(read_resources(store, snapshot)), observations, tuple(listings))


def _derived(store: Store, snapshot: Snapshot) -> Loaded:
    shards: list[Shard] = []
    resources: list[Resource] = []
    observations: dict[Key, Observation] = {}
    listings: list[Listing] = []
    for key, shard, found in _normalized(store, snapshot):
        if shard is not None:
            shards.append(shard.model_copy(update={"gaps": (*_of_the_collection(shard), *found.gaps)}))
        resources += found.resources
        observations |= {(key.account, key.region, each.arn): each for each in found.observations}
        listings += found.listings
    known = snapshot.model_copy(update={"shards": tuple(shards)})
    return Loaded(known, tuple(resources), observations, tuple(listings))


def _normalized(store: Store, snapshot: Snapshot) -> Iterator[tuple[ShardKey, Shard | None, Normalized]]:
    """Yield each part of the snapshot, then each that today's auditor would ask and that one did not."""
    partition = snapshot.scope.partition
    for shard in snapshot.shards:
        pages = [(page, store.get(page.sha256)) for page in read_pages_of(store, shard)]
        never = _never_asked(shard.key.service, snapshot)
        try:
            yield shard.key, shard, normalize(shard.key, partition, pages, _of_the_collection(shard), never)
        except ValueError as error:
            raise StoreError(f"a page of snapshot {snapshot.id} is no whole answer of AWS: {error}") from error
    for key in _missing(snapshot):
        yield key, None, normalize(key, partition, (), (), _never_asked(key.service, snapshot))


def _of_the_collection(shard: Shard) -> tuple[Gap, ...]:
    """Return the gaps that calls left: those found while normalizing are found again. A call's gap names a path and a code."""
    return tuple(each for each in shard.gaps if each.reason is not GapReason.MALFORMED or "; " in each.detail)


def _never_asked(service: str, snapshot: Snapshot) -> frozenset[str]:
    asked = frozenset(snapshot.operations)
    declared = {operation.id for each in collectors() if each.service == service for operation in each.operations}
    return frozenset(declared - asked)


def _missing(snapshot: Snapshot) -> Iterator[ShardKey]:
    there = {(each.key.account, each.key.region, each.key.service) for each in snapshot.shards}
    units = {
        (account, region) for account, region, service in there if service != SCOPE_SERVICE and region != EVERY_REGION
    }
    for account, region in sorted(units):
        for collector in collectors():
            if _belongs(collector, region) and (account, region, collector.service) not in there:
                yield ShardKey(account=account, region=region, service=collector.service)


def _belongs(collector: Collector, region: str) -> bool:
    return (collector.reach is Reach.GLOBAL) == (region == GLOBAL_REGION)
