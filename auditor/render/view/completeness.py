"""The completeness sheet: what was asked, what answered, what is known to be missing."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from auditor.model.pack import PackContents
from auditor.model.resource import Listing
from auditor.model.snapshot import Page, Scope, Snapshot
from auditor.render.view.frame import Frame
from auditor.render.view.slices import Slice, cut
from auditor.render.view.text import counted, duration, joined, local, number, utc, zone
from auditor.render.view.workpaper import ListingLine, Workpaper, listing_line, workpaper

_SAME_SERVICE = {"apigatewayv2": "apigateway"}
_NAMED = 8


@dataclass(frozen=True)
class ServiceLine:
    """What one (account, region, service) was asked and answered."""

    account: str
    region: str
    service: str
    operations: tuple[tuple[str, str], ...]
    """Operation and its pages."""
    pages: str
    items: str
    lists: str
    gaps: int
    """Each stands in the list of gaps."""


@dataclass(frozen=True)
class Completeness:
    """The sheet."""

    headline: str
    fields: tuple[tuple[str, str], ...]
    services: Slice[ServiceLine]
    total_pages: str
    total_items: str
    total_gaps: str
    second_counts: tuple[ListingLine, ...]
    declared: tuple[tuple[str, str, str], ...]
    controls: tuple[Workpaper, ...]
    """Controls on the evidence itself: outside the SOC 2 totals."""


def completeness(frame: Frame) -> Completeness:
    """Return the completeness sheet of a pack."""
    evaluation = frame.evaluation
    lines = service_lines(frame.contents)
    return Completeness(
        headline=_headline(frame.contents),
        fields=_fields(frame.contents),
        services=cut(lines, frame.limits.rows, frame.limits.chunk, "completeness.json", lambda each: each),
        total_pages=number(len(frame.contents.pages)),
        total_items=number(sum(each.count for each in evaluation.listings)),
        total_gaps=number(len(evaluation.snapshot.gaps)),
        second_counts=tuple(listing_line(frame, each) for each in evaluation.listings if each.second_count is not None),
        declared=tuple((each.account, each.region, each.why) for each in evaluation.snapshot.declared),
        controls=tuple(workpaper(frame, each) for each in evaluation.results if each.control.subject == "collection"),
    )


def service_of(operation: str) -> str:
    """Return the service that an operation is collected under; both API Gateway versions are one."""
    prefix = operation.partition(":")[0]
    return _SAME_SERVICE.get(prefix, prefix)


def service_lines(contents: PackContents) -> list[ServiceLine]:
    """Return one line for each account, region and service that was asked, answered, or left a gap."""
    snapshot = contents.evaluation.snapshot
    pages: defaultdict[tuple[str, str, str], list[Page]] = defaultdict(list)
    lists: defaultdict[tuple[str, str, str], list[Listing]] = defaultdict(list)
    gaps: defaultdict[tuple[str, str, str], int] = defaultdict(int)
    for page in contents.pages:
        pages[page.account, page.region, service_of(page.operation)].append(page)
    for listing in contents.evaluation.listings:
        lists[listing.account, listing.region, service_of(listing.operation)].append(listing)
    for gap in snapshot.gaps:
        gaps[gap.account, gap.region, service_of(gap.operation)] += 1
    asked = {(each.key.account, each.key.region, each.key.service) for each in snapshot.shards}
    keys = sorted(asked | pages.keys() | lists.keys() | gaps.keys())
    return [_line(key, pages[key], lists[key], gaps[key]) for key in keys]


def _line(key: tuple[str, str, str], pages: list[Page], lists: list[Listing], gaps: int) -> ServiceLine:
    account, region, service = key
    ended = sum(1 for each in lists if not each.complete)
    return ServiceLine(
        account=account,
        region=region,
        service=service,
        operations=_operations(pages),
        pages=number(len(pages)),
        items=number(sum(each.count for each in lists)),
        lists=f"{number(len(lists))}{f', {number(ended)} ended early' if ended else ''}",
        gaps=gaps,
    )


def _operations(pages: Iterable[Page]) -> tuple[tuple[str, str], ...]:
    found: defaultdict[str, int] = defaultdict(int)
    for page in pages:
        found[page.operation] += 1
    return tuple((operation, number(count)) for operation, count in sorted(found.items()))


def _headline(contents: PackContents) -> str:
    snapshot = contents.evaluation.snapshot
    ended = sum(1 for each in contents.evaluation.listings if not each.complete)
    gaps = counted(len(snapshot.gaps), "gap") if snapshot.gaps else "no gap"
    lists = f"{counted(len(contents.evaluation.listings), 'list')} read"
    early = f", {number(ended)} of them ended early" if ended else " to the end"
    return f"{counted(len(contents.pages), 'answer')} of AWS kept, {lists}{early}, {gaps}."


def _fields(contents: PackContents) -> tuple[tuple[str, str], ...]:
    snapshot, evaluation = contents.evaluation.snapshot, contents.evaluation
    there = zone(contents.time_zone)
    controls = [each.control.id for each in evaluation.results]
    offset = snapshot.clock_offset_seconds
    redacted = sum(1 for each in contents.pages if each.redacted)
    scope = snapshot.scope
    callers = [f"{caller} read {account}" for account, caller in sorted(snapshot.callers.items())]
    prior = contents.prior_pack
    return (
        ("What", f"{counted(len(controls), 'control')} tested: {joined(controls) or 'none'}"),
        ("Source", _source(scope)),
        ("Query", _query(snapshot.tool_version, evaluation.catalog.digest)),
        ("When", f"{utc(snapshot.as_of)} to {utc(snapshot.finished_at)} ({_took(snapshot)})"),
        ("Local time", local(snapshot.as_of, there, contents.time_zone)),
        ("Clock", "no answer carried a date" if offset is None else f"{offset:+d} s against the Date of AWS"),
        ("Who", joined(callers) or "nobody could read"),
        ("Filters", "none: every stage is read; what does not apply is counted as not applicable"),
        ("Accuracy", f"sha256 of each answer's stored bytes; secrets redacted in {counted(redacted, 'answer')}"),
        ("Re-performance", "take three to five lines of a population and follow each to its exhibits"),
        ("Changes", f"earlier pack {prior.name}, manifest {prior.manifest_sha256}" if prior else "no earlier pack"),
        ("Review", f"reviewer named in the configuration: {contents.reviewer or 'none'}; sign-off at the end"),
    )


def _source(scope: Scope) -> str:
    return (
        f"partition {scope.partition}; accounts {_several(scope.accounts)}; "
        f"regions {_several(scope.regions)}; services {_several(scope.services)}"
    )


def _query(version: str, digest: str) -> str:
    return (
        "read operations of the AWS API, listed below with their pages; their parameters stand with each exhibit "
        f"in completeness.json; auditor {version}, catalog {digest}"
    )


def _took(snapshot: Snapshot) -> str:
    return duration(snapshot.finished_at - snapshot.as_of)


def _several(names: tuple[str, ...]) -> str:
    if len(names) <= _NAMED:
        return joined(list(names)) or "none"
    return f"{', '.join(names[:_NAMED])} and {number(len(names) - _NAMED)} more"
