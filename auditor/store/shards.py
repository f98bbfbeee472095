"""Writing what was read as objects, and reading a snapshot's objects back as types."""

from collections.abc import Iterable, Iterator, Sequence

import orjson
from pydantic import BaseModel, ValidationError

from auditor.errors import StoreError
from auditor.model.estate import PageRecords
from auditor.model.kinds import RESOURCE_LINE
from auditor.model.resource import Listing, Observation, Resource
from auditor.model.snapshot import Gap, ObjectRef, Page, Shard, ShardKey, Snapshot
from auditor.store.canonical import lines
from auditor.store.interface import Store


def _write(store: Store, values: Iterable[BaseModel | dict[str, BaseModel]]) -> ObjectRef:
    content, count = lines(
        {name: inner.model_dump(mode="json") for name, inner in value.items()} if isinstance(value, dict) else value
        for value in values
    )
    return ObjectRef(sha256=store.put(content), count=count, size=len(content))


def write_pages(store: Store, pages: Sequence[Page]) -> ObjectRef:
    """Keep the page records of a shard, in order; the bodies are kept when they are read."""
    return _write(store, pages)


def write_shard(
    store: Store,
    key: ShardKey,
    found: tuple[Sequence[Resource], Sequence[Observation], Sequence[Listing]],
    read: tuple[Sequence[Page], Sequence[Gap]],
) -> Shard:
    """Keep one shard's four objects and return its line of the manifest."""
    resources, observations, listings = found
    pages, gaps = read
    beside: list[dict[str, BaseModel]] = [{"observation": each} for each in observations]
    beside += [{"listing": each} for each in listings]
    return Shard(
        key=key,
        resources=_write(store, resources),
        observations=_write(store, beside),
        pages=write_pages(store, pages),
        gaps=tuple(gaps),
    )


def _records(store: Store, reference: ObjectRef) -> Iterator[bytes]:
    content = store.get(reference.sha256)
    found = content.splitlines()
    if len(found) != reference.count:
        raise StoreError(f"object {reference.sha256} holds {len(found)} records, its manifest says {reference.count}")
    return iter(found)


def read_resources(store: Store, snapshot: Snapshot) -> Iterator[Resource]:
    """Yield every resource of a snapshot, by (account, region, service, ARN)."""
    for shard in snapshot.shards:
        for line in _records(store, shard.resources):
            try:
                yield RESOURCE_LINE.validate_json(line)
            except ValidationError as error:
                raise StoreError(f"object {shard.resources.sha256} holds a record that is no resource") from error


def read_beside(store: Store, snapshot: Snapshot) -> tuple[dict[tuple[str, str, str], Observation], list[Listing]]:
    """Return observations by (account, region, ARN), and every listing in shard order.

    The account comes from the shard: `arn:aws:apigateway:REGION::/account` is the same ARN in every account.
    """
    observations: dict[tuple[str, str, str], Observation] = {}
    listings: list[Listing] = []
    for shard in snapshot.shards:
        for line in _records(store, shard.observations):
            record = orjson.loads(line)
            if "observation" in record:
                observation = Observation.model_validate(record["observation"])
                observations[(shard.key.account, shard.key.region, observation.arn)] = observation
            else:
                listings.append(Listing.model_validate(record["listing"]))
    return observations, listings


def read_page_records(store: Store, snapshot: Snapshot) -> dict[tuple[str, str, str], PageRecords]:
    """Return what the records of each shard's pages say of themselves, by (account, region, service)."""
    found: dict[tuple[str, str, str], PageRecords] = {}
    for shard in snapshot.shards:
        records = [orjson.loads(line) for line in _records(store, shard.pages)]
        unnamed = {str(each["operation"]) for each in records if not each["request_id"]}
        found[shard.key.account, shard.key.region, shard.key.service] = PageRecords(
            len(records), tuple(sorted(unnamed))
        )
    return found


def read_pages_of(store: Store, shard: Shard) -> tuple[Page, ...]:
    """Return the page records of one shard, in their order."""
    try:
        return tuple(Page.model_validate_json(line) for line in _records(store, shard.pages))
    except ValidationError as error:
        raise StoreError(f"object {shard.pages.sha256} holds a record that is no page") from error


def read_pages(store: Store, snapshot: Snapshot) -> tuple[Page, ...]:
    """Return every page record of a snapshot, in shard order."""
    return tuple(page for shard in snapshot.shards for page in read_pages_of(store, shard))
