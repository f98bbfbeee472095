"""What came into sight and what went out of it: gaps, scope, and digests that no longer compare."""

from collections.abc import Iterator

from auditor.diff.resources import incomparable
from auditor.diff.side import Side
from auditor.model.diff import CoverageChange
from auditor.model.snapshot import Gap

GapKey = tuple[str, str, str, str]


def compare_coverage(old: Side, new: Side) -> tuple[CoverageChange, ...]:
    """Return gaps opened and closed, by operation, account, region and resource; then scope; then redaction."""
    before, after = _gaps(old), _gaps(new)
    return (
        *(_of_gap("gap_opened", after[key]) for key in sorted(after.keys() - before.keys())),
        *(_of_gap("gap_closed", before[key]) for key in sorted(before.keys() - after.keys())),
        *(CoverageChange(change="scope_added", what=what) for what in _beyond(new, old)),
        *(CoverageChange(change="scope_removed", what=what) for what in _beyond(old, new)),
        *_redaction(old, new),
    )


def _gaps(side: Side) -> dict[GapKey, Gap]:
    return {(each.operation, each.account, each.region, each.resource or ""): each for each in side.estate.gaps}


def _of_gap(change: str, gap: Gap) -> CoverageChange:
    about = gap.resource or "the whole list"
    return CoverageChange(change=change, what=f"{gap.operation} on {about} in {gap.account} {gap.region}", gap=gap)


def _beyond(side: Side, other: Side) -> Iterator[str]:
    """Yield what one side has in scope and the other has not; the widest words first."""
    pairs, others = side.pairs, other.pairs
    accounts = side.accounts - other.accounts
    regions = {region for account, region in pairs if account not in accounts} - {region for _, region in others}
    yield from (f"account {each}" for each in sorted(accounts))
    yield from (f"region {each}" for each in sorted(regions))
    for account, region in sorted(pairs - others):
        if account not in accounts and region not in regions:
            yield f"region {region} of account {account}"
    mine, theirs = side.estate.snapshot.scope, other.estate.snapshot.scope
    yield from (f"service {each}" for each in sorted(set(mine.services) - set(theirs.services)))
    yield from _operations(side, other)


def _operations(side: Side, other: Side) -> Iterator[str]:
    """Yield what one collection could ask for and the other could not: another auditor took it."""
    mine, theirs = side.estate.snapshot.operations, other.estate.snapshot.operations
    if not mine or not theirs:
        return
    found: dict[str, list[str]] = {}
    for operation in sorted(set(mine) - set(theirs)):
        service, _, name = operation.partition(":")
        found.setdefault(service, []).append(name)
    yield from (f"answers of {service}: {', '.join(names)}" for service, names in sorted(found.items()))


def _redaction(old: Side, new: Side) -> Iterator[CoverageChange]:
    count = incomparable(old, new)
    if count:
        what = f"{count} redacted values: the redaction key changed, so whether they changed is not known"
        yield CoverageChange(change="not_comparable", what=what)
