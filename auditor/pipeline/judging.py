"""From a stored snapshot to an evaluation: offline, and the same bytes each time."""

from dataclasses import dataclass, replace
from pathlib import Path

from auditor.assets import controls_dir
from auditor.catalog.load import CatalogSources
from auditor.catalog.load import load as load_catalog_files
from auditor.config import Config
from auditor.dataflow.build import flows
from auditor.diff.compare import Side, compare
from auditor.errors import UsageError
from auditor.evaluate.bind import bind
from auditor.evaluate.engine import evaluate
from auditor.evaluate.lifecycle import dated
from auditor.model.control import Catalog
from auditor.model.diff import Diff
from auditor.model.estate import Estate
from auditor.model.finding import Evaluation
from auditor.model.resource import Resource
from auditor.model.snapshot import Snapshot
from auditor.pipeline.looking_back import earlier, remember
from auditor.pipeline.upgrading import load
from auditor.store.directory import FileStore
from auditor.store.interface import Store
from auditor.store.merkle import root_digest
from auditor.store.shards import read_page_records


@dataclass(frozen=True)
class Judged:
    """A snapshot with everything that was derived from it."""

    estate: Estate
    catalog: Catalog
    evaluation: Evaluation


def open_store(config: Config) -> Store:
    """Return the configured store; it is made on the first write."""
    return FileStore(config.store)


def load_catalog(config: Config) -> Catalog:
    """Return the controls, registers and waivers in force; raise InvalidFileError with every problem at once."""
    shipped = controls_dir()
    return load_catalog_files(
        CatalogSources(
            controls=(shipped, *config.control_directories),
            criteria=shipped / "criteria" / "tsc-2017.yaml",
            registers=dict(config.registers),
            waivers=config.waivers,
            disabled=config.disabled_controls,
            parameters=config.parameters,
            environments=config.environments,
            sla=config.sla,
        )
    )


def resolve(store: Store, name: str) -> Snapshot:
    """Return the snapshot that `latest`, `previous` or a unique prefix of an id names; raise UsageError otherwise."""
    ids = store.snapshot_ids()
    if not ids:
        raise UsageError("the store holds no snapshot", "Take one with: auditor collect")
    if name in ("latest", "previous"):
        index = -1 if name == "latest" else -2
        if len(ids) < -index:
            raise UsageError(
                "the store holds one snapshot, so there is no previous one", "Take another: auditor collect"
            )
        return store.snapshot(ids[index])
    matching = [each for each in ids if each == name] or [each for each in ids if each.startswith(name)]
    if len(matching) != 1:
        problem = "is no snapshot of this store" if not matching else f"could be {', '.join(matching)}"
        raise UsageError(f"{name} {problem}", "See: auditor snapshots list")
    return store.snapshot(matching[0])


def load_estate(store: Store, snapshot: Snapshot, catalog: Catalog) -> Estate:
    """Return a snapshot in memory, with the flow of each deployed route."""
    bare = load_bare_estate(store, snapshot, catalog)
    return replace(bare, flows=flows(bare))


def load_bare_estate(store: Store, snapshot: Snapshot, catalog: Catalog) -> Estate:
    """Return a snapshot in memory, without flows: for who asks about one call."""
    loaded = load(store, snapshot)
    return Estate(
        snapshot=loaded.snapshot,
        resources=tuple(sorted(loaded.resources, key=_order)),
        observations=loaded.observations,
        listings=loaded.listings,
        registers=catalog.registers,
        environments=catalog.environments,
        page_records=read_page_records(store, snapshot),
    )


def judge(store: Store, snapshot: Snapshot, catalog: Catalog) -> Judged:
    """Return the findings of a snapshot under a catalog, with the age of each deviation from the snapshots before."""
    alone = judge_alone(store, snapshot, catalog)
    remember(store, snapshot, catalog, alone.evaluation)
    before = earlier(store, snapshot, catalog, lambda each: judge_alone(store, each, catalog).evaluation)
    return replace(alone, evaluation=dated(alone.evaluation, before))


def judge_alone(store: Store, snapshot: Snapshot, catalog: Catalog) -> Judged:
    """Return the findings of a snapshot under a catalog, without their age."""
    estate = load_estate(store, snapshot, catalog)
    return Judged(estate, catalog, evaluate(estate, catalog))


def _order(resource: Resource) -> tuple[str, str, str]:
    return (resource.account, resource.region, resource.arn)


def compare_snapshots(store: Store, old: Snapshot, new: Snapshot, catalog: Catalog) -> Diff:
    """Return what changed between two snapshots, both judged under one catalog."""
    before, after = judge(store, old, catalog), judge(store, new, catalog)
    return compare(Side(before.estate, before.evaluation, None), Side(after.estate, after.evaluation, catalog))


def verify(store: Store, snapshot: Snapshot) -> list[str]:
    """Return a sentence for each object of a snapshot that is missing or wrong, and for a root that does not add up."""
    problems = list(store.verify(snapshot))
    if root_digest(snapshot.shards) != snapshot.root:
        problems.append(f"the root of snapshot {snapshot.id} is not the digest of its shards")
    return problems


def check_controls(config: Config, directory: Path) -> int:
    """Return how many controls a directory holds; raise InvalidFileError with every problem of it."""
    shipped = controls_dir()
    if not directory.is_dir():
        raise UsageError(f"{directory} is no folder", "Give a folder that holds control files.")
    sources = CatalogSources(
        controls=(directory,),
        criteria=shipped / "criteria" / "tsc-2017.yaml",
        registers=dict(config.registers),
        waivers=config.waivers if directory.samefile(shipped) else None,
        disabled=(),
        parameters={},
    )
    catalog = load_catalog_files(sources)
    bind(catalog)
    return len(catalog.controls)
