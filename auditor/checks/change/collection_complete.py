"""collection-complete: all that is in scope answered, to the end of each list.

Claim: every (account, region, service) in scope was asked and left no gap, and independent counts agree. Population: those
triples. Deviation: a part that was not asked, a gap, or a count that differs. Not applicable: what was declared out of scope
(a region that is not enabled). Cannot see: accounts that were never in scope.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from auditor.checks.interface import Check, Item, Outcome, Params, failed, needs_attestation, not_applicable, passed
from auditor.model.estate import Estate
from auditor.model.resource import Listing
from auditor.model.snapshot import SCOPE_SERVICE, Gap, Shard, ShardKey
from auditor.model.words import counted

_TYPE = "auditor::Snapshot"
_SHOWN = 3


@dataclass(frozen=True)
class _Part(Item):
    key: ShardKey
    shard: Shard | None


def _population(estate: Estate) -> Iterable[_Part]:
    snapshot = estate.snapshot
    read = {(each.key.account, each.key.region, each.key.service): each for each in snapshot.shards}
    # Who asks is asked once an account, through whichever region answers.
    services = {(each.key.region, each.key.service) for each in snapshot.shards if each.key.service != SCOPE_SERVICE}
    expected = set(read) | {(account, *place) for account in snapshot.scope.accounts for place in services}
    for account, region, service in sorted(expected):
        name = f"auditor:snapshot/{snapshot.id}#{service}/{account}/{region}"
        key = ShardKey(account=account, region=region, service=service)
        yield _Part(name, _TYPE, account, region, key, read.get((account, region, service)))


def _test(item: _Part, estate: Estate, _params: Params) -> Outcome:
    if item.shard is None:
        declared = [
            each for each in estate.snapshot.declared if (each.account, each.region) == (item.account, item.region)
        ]
        if declared:
            return not_applicable(declared[0].why)
        return failed("nothing was asked here, although it is in scope")
    gaps = item.shard.gaps
    lists = [each for each in estate.listings if (each.account, each.region) == (item.account, item.region)]
    also = tuple(f"list:{kind}" for kind in sorted({each.kind for each in lists if _of(each, item.key.service)}))
    if gaps:
        return failed(f"{counted(len(gaps), 'gap')}: {_told(gaps)}", also, gaps=len(gaps))
    different = [each for each in lists if _of(each, item.key.service) and each.second_count not in {None, each.count}]
    for each in different:
        differs = f"{each.kind}: {each.count} listed, {each.second_count} by {each.second_source}"
        if _is_older(each, estate):
            return needs_attestation(f"{differs}, a report from {each.second_as_of}", also)
        return failed(f"independent counts differ: {differs}", also)
    confirmed = sum(each.second_count is not None for each in lists if _of(each, item.key.service))
    return passed(
        f"{counted(item.shard.pages.count, 'page')}, no gap, {counted(confirmed, 'count')} confirmed independently",
        also,
        pages=item.shard.pages.count,
    )


def _told(gaps: tuple[Gap, ...]) -> str:
    """Return the first gap of each operation, three of them in full; no operation that left a gap goes unnamed."""
    first = {gap.operation: gap for gap in reversed(gaps)}
    full = [first[name] for name in sorted(first)[:_SHOWN]]
    told = "; ".join(f"{gap.operation} {gap.reason.value}, needs {gap.action} on {gap.detail}" for gap in full)
    others = sorted(first)[_SHOWN:]
    names = f"; likewise {', '.join(others)}" if others else ""
    more = len(gaps) - len(first)
    return f"{told}{names}{f'; and {more} more of these' if more else ''}"


def _of(listing: Listing, service: str) -> bool:
    return listing.operation.partition(":")[0].removesuffix("v2") == service


def _is_older(listing: Listing, estate: Estate) -> bool:
    return listing.second_as_of is not None and datetime.fromisoformat(listing.second_as_of) < estate.as_of


CHECK = Check(
    name="collection-complete",
    reads=(),
    params=Params,
    population=_population,
    test=_test,
)
