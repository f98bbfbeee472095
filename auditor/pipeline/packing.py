"""From a snapshot to a pack, and the quarterly run that does all of it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from auditor import __version__
from auditor.config import Config
from auditor.diff.compare import Side, compare
from auditor.diff.review.sheet import access_sheet
from auditor.errors import UsageError
from auditor.evaluate.bind import bind
from auditor.model.control import Catalog
from auditor.model.finding import Evaluation
from auditor.model.pack import PackContents, PackRecord
from auditor.model.snapshot import Snapshot
from auditor.model.status import Status
from auditor.pack.bag import Bag, write
from auditor.pipeline.collecting import collect_snapshot
from auditor.pipeline.judging import Judged, judge, load_catalog, open_store, resolve
from auditor.render.files import render
from auditor.render.pdf import libraries
from auditor.store.interface import Store
from auditor.store.shards import read_pages

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Packed:
    """A pack on disk and what it says."""

    bag: Bag
    contents: PackContents
    headline: str
    """One sentence for the terminal."""


@dataclass(frozen=True)
class Order:
    """What kind of pack is asked for, and where it goes."""

    out: Path
    period: str | None = None
    baseline: str | None = None
    """Snapshot to compare with; None: the last pack's, of an earlier period where one is named."""


def run(config: Config, order: Order, tell: Progress) -> Packed:
    """Collect, evaluate, diff and pack; the catalog is bound and the PDF's libraries are found before the first AWS call."""
    catalog = load_catalog(config)
    bind(catalog)
    libraries()
    store = open_store(config)
    if order.baseline is not None:
        resolve(store, order.baseline)
    snapshot = collect_snapshot(config, store, tell)
    return make_pack(config, snapshot, catalog, order, tell)


def make_pack(config: Config, snapshot: Snapshot, catalog: Catalog, order: Order, tell: Progress) -> Packed:
    """Evaluate a stored snapshot, compare it with its baseline and write the pack."""
    store, out, period, baseline = open_store(config), order.out, order.period, order.baseline
    period = period or config.period
    tell(f"evaluating {snapshot.id}")
    judged = judge(store, snapshot, catalog)
    prior = _prior(store, snapshot, period, baseline)
    tell("comparing with the pack before" if prior else "no earlier pack to compare with")
    now = Side(judged.estate, judged.evaluation, judged.catalog)
    before = _before(store, prior, judged)
    contents = PackContents(
        name=checked_name(period or snapshot.as_of.strftime("%Y-%m-%d")),
        period=period,
        organisation=config.report.organisation,
        reviewer=config.report.reviewer,
        time_zone=config.report.time_zone,
        evaluation=judged.evaluation,
        diff=compare(before, now) if before else None,
        access=access_sheet(now, before),
        prior_pack=prior if isinstance(prior, PackRecord) else None,
        pages=read_pages(store, snapshot),
    )
    tell("rendering HTML and PDF")
    payload = {**render(contents), **_exhibits(store, judged.evaluation)}
    tell("writing the pack")
    bag = write(out, contents.name, payload, _bag_info(contents))
    store.record_pack(
        PackRecord(
            name=contents.name,
            period=period,
            snapshot=snapshot.id,
            made_at=snapshot.as_of,
            manifest_sha256=bag.manifest_sha256,
            catalog=catalog,
        )
    )
    return Packed(bag, contents, _headline(judged.evaluation))


def _prior(store: Store, snapshot: Snapshot, period: str | None, baseline: str | None) -> PackRecord | Snapshot | None:
    """Return the last pack of an earlier period (without a period: the last pack), or the snapshot asked for."""
    packs = [each for each in store.packs() if each.snapshot != snapshot.id and each.made_at <= snapshot.as_of]
    if baseline is not None:
        wanted = resolve(store, baseline)
        return next((each for each in reversed(packs) if each.snapshot == wanted.id), wanted)
    if period is not None:
        packs = sorted(
            (each for each in packs if each.period is not None and each.period < period),
            key=lambda each: (each.period or "", each.made_at),
        )
    return packs[-1] if packs else None


def _before(store: Store, prior: PackRecord | Snapshot | None, new: Judged) -> Side | None:
    """Return the earlier snapshot, judged under today's catalog: a change of controls is to look like no change of the estate."""
    if prior is None:
        return None
    snapshot = store.snapshot(prior.snapshot) if isinstance(prior, PackRecord) else prior
    old = judge(store, snapshot, new.catalog)
    return Side(old.estate, old.evaluation, prior.catalog if isinstance(prior, PackRecord) else None)


def _exhibits(store: Store, evaluation: Evaluation) -> dict[str, bytes]:
    """Return every page that a finding, or a list behind a population, rests on."""
    needed = {sha for finding in evaluation.findings for sha in finding.exhibits}
    needed |= {sha for result in evaluation.results for listing in result.listings for sha in listing.pages}
    return {f"exhibits/{sha}": store.get(sha) for sha in sorted(needed)}


def _bag_info(contents: PackContents) -> dict[str, str]:
    snapshot = contents.evaluation.snapshot
    info = {
        "Source-Organization": contents.organisation or "not given",
        "External-Identifier": contents.name,
        "Bagging-Date": snapshot.as_of.strftime("%Y-%m-%d"),
        "Bag-Software-Agent": f"auditor {__version__}",
        "Internal-Sender-Identifier": snapshot.id,
        "Internal-Sender-Description": f"config root {snapshot.root}",
    }
    if contents.prior_pack is not None:
        info["Prior-Pack"] = f"{contents.prior_pack.name} manifest-sha256 {contents.prior_pack.manifest_sha256}"
    # A line break in a value would start a new label (RFC 8493 section 2.2.2).
    return {label: " ".join(value.split()) for label, value in info.items()}


def _headline(evaluation: Evaluation) -> str:
    counted = dict.fromkeys(Status, 0)
    for result in evaluation.results:
        if result.control.subject == "estate":
            for finding in result.findings:
                counted[finding.status] += 1
    parts = ", ".join(f"{count} {status.value}" for status, count in counted.items() if count)
    return f"{len(evaluation.flows)} deployed routes, {sum(counted.values())} findings: {parts or 'none'}"


def checked_name(name: str) -> str:
    """Return a pack name that is a plain folder name; raise UsageError otherwise."""
    if not name or name.startswith(".") or any(character in name for character in "/\\\0\r\n"):
        raise UsageError(f"{name!r} cannot name a pack", "Use letters, digits and dashes, e.g. 2026-Q3.")
    return name
