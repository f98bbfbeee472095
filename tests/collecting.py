"""Collecting and judging in memory, over HTTP from where AWS_ENDPOINT_URL points: what tests of the whole way share."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache

from auditor.assets import controls_dir
from auditor.catalog.load import CatalogSources, load
from auditor.collect.interface import Reach
from auditor.collect.pacing import Pacer
from auditor.collect.registry import collectors
from auditor.collect.run import Hooks, collect
from auditor.collect.settings import CollectSettings, Patience
from auditor.dataflow.build import flows
from auditor.evaluate.engine import evaluate
from auditor.model.control import Catalog
from auditor.model.estate import Estate
from auditor.model.finding import Evaluation
from auditor.model.resource import Listing, Observation, Resource
from auditor.model.snapshot import (
    GLOBAL_REGION,
    SCOPE_SERVICE,
    Declared,
    Gap,
    ObjectRef,
    Page,
    Scope,
    Shard,
    ShardKey,
    Snapshot,
)
from auditor.normalize.shard import normalize
from auditor.store.canonical import sha256

REGION, ACCOUNT = "eu-west-1", "123456789012"
AS_OF = datetime(2026, 9, 30, 22, 5, 12, tzinfo=UTC)
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "AKIATEST",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": REGION,
    "AWS_CONFIG_FILE": "/dev/null",
    "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
    "AWS_EC2_METADATA_DISABLED": "true",
}


@dataclass
class Collection:
    """What one collection gave, in memory."""

    resources: dict[str, list[Resource]] = field(default_factory=dict)
    observations: dict[str, list[Observation]] = field(default_factory=dict)
    listings: dict[str, list[Listing]] = field(default_factory=dict)
    gaps: dict[str, list[Gap]] = field(default_factory=dict)
    pages: dict[str, list[Page]] = field(default_factory=dict)
    calls: dict[str, int] = field(default_factory=dict)
    bodies: dict[str, bytes] = field(default_factory=dict)
    """What was kept, by sha256."""
    declared: list[Declared] = field(default_factory=list)

    def over(self, base: "Collection") -> "Collection":
        """Return this collection's services with the rest of another's."""
        return Collection(
            {**base.resources, **self.resources},
            {**base.observations, **self.observations},
            {**base.listings, **self.listings},
            {**base.gaps, **self.gaps},
            {**base.pages, **self.pages},
            {**base.calls, **self.calls},
            {**base.bodies, **self.bodies},
            [*base.declared, *self.declared],
        )


PATIENCE = Patience(
    attempts=2,
    total=20,
    read_timeout=5,
    longest_body=2**20,
    longest_list=2**24,
    most_pages=6,
    most_blank_pages=4,
)
"""Enough for the accounts of the tests, and soon at its end."""


def collected(*services: str, patience: Patience = PATIENCE) -> Collection:
    """Collect over HTTP from where AWS_ENDPOINT_URL points, retrying without waiting."""
    kept: dict[str, bytes] = {}

    def keep(content: bytes) -> str:
        kept[sha256(content)] = content
        return sha256(content)

    settings = CollectSettings(redaction_key=b"k", regions=(REGION,), services=services, patience=patience)
    hooks = Hooks(keep, lambda _text: None, lambda _unit: None, pacer=Pacer(sleep=lambda _seconds: None))
    found = Collection(bodies=kept)
    read = collect(settings, hooks)
    for shard in (shard for unit in read.units for shard in unit.shards):
        normal = normalize(shard.key, "aws", [(page, kept[page.sha256]) for page in shard.pages], shard.gaps)
        name = shard.key.service
        found.resources[name] = list(normal.resources)
        found.observations[name] = list(normal.observations)
        found.listings[name] = list(normal.listings)
        found.gaps[name] = [*shard.gaps, *normal.gaps]
        found.pages[name] = list(shard.pages)
    found.calls = read.calls
    found.bodies = kept
    found.declared = [each for unit in read.units for each in unit.declared]
    return found


def judged(collection: Collection) -> Evaluation:
    """Evaluate a collection under the shipped catalog, with no register configured."""
    resources = sorted(
        (each for of in collection.resources.values() for each in of), key=lambda each: (each.region, each.arn)
    )
    bare = Estate(
        snapshot=_snapshot(collection),
        resources=tuple(resources),
        observations={
            (ACCOUNT, _region(name), each.arn): each for name, of in collection.observations.items() for each in of
        },
        listings=tuple(each for of in collection.listings.values() for each in of),
    )
    estate = Estate(bare.snapshot, bare.resources, bare.observations, bare.listings, flows(bare))
    return evaluate(estate, _catalog())


@cache
def _catalog() -> Catalog:
    shipped = controls_dir()
    return load(CatalogSources(controls=(shipped,), criteria=shipped / "criteria" / "tsc-2017.yaml"))


def _region(service: str) -> str:
    if service == SCOPE_SERVICE:
        return REGION
    reach = {each.service: each.reach for each in collectors()}
    return GLOBAL_REGION if reach[service] is Reach.GLOBAL else REGION


def _snapshot(collection: Collection) -> Snapshot:
    def reference(count: int) -> ObjectRef:
        return ObjectRef(sha256="0" * 64, count=count, size=0)

    shards = tuple(
        Shard(
            key=ShardKey(account=ACCOUNT, region=_region(name), service=name),
            resources=reference(len(collection.resources[name])),
            observations=reference(0),
            pages=reference(len(collection.pages[name])),
            gaps=tuple(collection.gaps[name]),
        )
        for name in sorted(collection.resources)
    )
    scope = Scope(partition="aws", accounts=(ACCOUNT,), regions=(REGION,), services=tuple(sorted(collection.resources)))
    return Snapshot(
        id="20260930T220512Z-00000000",
        root="0" * 64,
        as_of=AS_OF,
        finished_at=AS_OF,
        tool_version="0",
        scope=scope,
        callers={},
        redaction_key_id="k",
        shards=shards,
    )


def services_for(operation: str) -> tuple[str, ...]:
    """Return the collectors that a fault of an operation may change: its own, those that recall its notes, and what they need."""
    by_name = {each.service: each for each in collectors()}
    found = {each.service for each in collectors() if operation in {one.id for one in each.operations}}
    if not found:
        raise LookupError(operation)
    while further := {each.service for each in collectors() if set(each.told_by) & found} - found:
        found |= further
    while needed := {name for each in found for name in by_name[each].told_by if name in by_name} - found:
        found |= needed
    return tuple(sorted(found))
