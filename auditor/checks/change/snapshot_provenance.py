"""snapshot-provenance: the snapshot says where it came from.

Claim: a snapshot records who asked in each account, with which program and parameters, from when to when, how far the clock was
off, and a request id and sha256 for every answer. Population: the run, each account, each (account, region, service). Deviation:
something that is not recorded, times that run backwards, or a clock beyond the limit. The digests of what is loaded are checked on
loading; those of the answers themselves by `auditor snapshots verify`. Cannot see: whether the machine that collected was sound.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, timedelta

from auditor.checks.interface import (
    Check,
    Item,
    Outcome,
    Params,
    failed,
    not_applicable,
    passed,
    undecided,
)
from auditor.model.estate import Estate
from auditor.model.snapshot import EVERY_REGION, Snapshot, caller_name
from auditor.model.words import counted

_TYPE = "auditor::Snapshot"


class ProvenanceParams(Params):
    """How far the collecting machine's clock may be off."""

    max_clock_offset_seconds: int


@dataclass(frozen=True)
class _Run(Item):
    pass


@dataclass(frozen=True)
class _Account(Item):
    pass


@dataclass(frozen=True)
class _Part(Item):
    service: str


_Any = _Run | _Account | _Part


def _population(estate: Estate) -> Iterable[_Any]:
    snapshot = estate.snapshot
    name = f"auditor:snapshot/{snapshot.id}"
    yield _Run(name, _TYPE, EVERY_REGION, EVERY_REGION)
    asked = {account: region for (account, region, arn) in estate.observations if arn == caller_name(account)}
    for account in snapshot.scope.accounts:
        yield _Account(f"{name}#caller/{account}", _TYPE, account, asked.get(account, EVERY_REGION))
    for shard in snapshot.shards:
        key = shard.key
        yield _Part(f"{name}#{key.service}/{key.account}/{key.region}", _TYPE, key.account, key.region, key.service)


def _test(item: _Any, estate: Estate, params: ProvenanceParams) -> Outcome:
    match item:
        case _Run():
            return _run(estate.snapshot, params)
        case _Account():
            return _caller(item, estate)
        case _Part():
            return _pages(item, estate)


def _run(snapshot: Snapshot, params: ProvenanceParams) -> Outcome:
    missing = list(_missing(snapshot))
    offset = snapshot.clock_offset_seconds
    limit = params.max_clock_offset_seconds
    if missing:
        return failed(f"not recorded: {', '.join(missing)}", schema_version=snapshot.schema_version)
    if snapshot.finished_at < snapshot.as_of:
        return failed("the collection ended before it began: the clock was set back while it ran")
    if offset is None:
        return undecided("no answer carried a date, so nobody can tell how far the clock was off")
    if abs(offset) > limit:
        way = "ahead of" if offset > 0 else "behind"
        return failed(
            f"the clock was {counted(abs(offset), 'second')} {way} the date of AWS, beyond {limit}: every age and day in this "
            "snapshot is off by as much",
            clock_offset_seconds=offset,
        )
    return passed(
        f"auditor {snapshot.tool_version}, from {_utc(snapshot, 0)} to {_utc(snapshot, 1)}, clock {offset:+d} s",
        tool_digest=snapshot.tool_digest,
        parameters=snapshot.parameters,
        clock_offset_seconds=offset,
    )


def _missing(snapshot: Snapshot) -> Iterator[str]:
    if snapshot.tool_digest is None:
        yield "the digest of the program"
    if not snapshot.parameters:
        yield "the parameters of the run"
    if any(each.utcoffset() != timedelta(0) for each in (snapshot.as_of, snapshot.finished_at)):
        yield "start and end in UTC"


def _utc(snapshot: Snapshot, index: int) -> str:
    return f"{(snapshot.as_of, snapshot.finished_at)[index].astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def _caller(item: _Account, estate: Estate) -> Outcome:
    caller = estate.snapshot.callers.get(item.account)
    if caller is None:
        return not_applicable("nobody could ask here; that is a gap of the collection")
    name = caller_name(item.account)
    told = estate.observations.get((item.account, item.region, name))
    if told is None:
        return failed(f"{caller} asked, but sts:GetCallerIdentity is not among the pages", caller=caller)
    if told.facts.get("Arn") != caller or told.facts.get("Account") != item.account:
        return failed(
            f"the manifest names {caller}, the page of sts:GetCallerIdentity {told.facts.get('Arn')}", (name,)
        )
    if not told.facts.get("UserId"):
        return failed("the user id of who asked is not recorded", (name,), caller=caller)
    return passed(f"{caller} asked", (name,), caller=caller, user_id=told.facts["UserId"])


def _pages(item: _Part, estate: Estate) -> Outcome:
    records = estate.page_records.get((item.account, item.region, item.service))
    if records is None:
        return undecided("the records of the pages were not loaded")
    pages = counted(records.count, "page")
    if records.unnamed:
        return failed(f"pages without a request id: {', '.join(records.unnamed)}", pages=records.count)
    if not records.count:
        return not_applicable("no answer was kept here")
    return passed(f"{pages}, each with request id and sha256", pages=records.count)


CHECK = Check(
    name="snapshot-provenance",
    reads=(),
    params=ProvenanceParams,
    population=_population,
    test=_test,
)
