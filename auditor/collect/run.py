"""A whole collection: every account, every region, every collector; what fails in one place stops no other."""

import threading
from collections import Counter
from collections.abc import Callable, Collection
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial

from auditor.collect.identity import GET_CALLER_IDENTITY, NOBODY, identify
from auditor.collect.interface import Collector, Reach
from auditor.collect.pacing import Pacer
from auditor.collect.reader import Reader, Tools
from auditor.collect.redact import Redactor
from auditor.collect.registry import collectors, in_order
from auditor.collect.scope import DESCRIBE_REGIONS, Regions, asked_regions, enabled_regions
from auditor.collect.session import NOT_ENABLED, AccountSession, Identity, home_regions, open_session
from auditor.collect.settings import AccountTarget, CollectSettings
from auditor.errors import NothingReadError, UsageError
from auditor.model.snapshot import EVERY_REGION, GLOBAL_REGION, SCOPE_SERVICE, Declared, Gap, GapReason, Page, ShardKey

ASSUME_ROLE = "sts:AssumeRole"


@dataclass(frozen=True)
class ShardRead:
    """What one (account, region, service) gave."""

    key: ShardKey
    pages: tuple[Page, ...]
    gaps: tuple[Gap, ...]


@dataclass(frozen=True)
class UnitRead:
    """What one (account, region) gave: the unit that an interrupted collection does not read twice."""

    account: str
    region: str
    shards: tuple[ShardRead, ...]
    calls: dict[str, int]
    throttled: int
    declared: tuple[Declared, ...] = ()


@dataclass
class Collected:
    """What a collection gave, besides the page bodies."""

    partition: str = "aws"
    callers: dict[str, str] = field(default_factory=dict)
    regions: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    operations: tuple[str, ...] = ()
    """Everything that would be called where there is cause, by `service:Operation`, sorted."""
    units: list[UnitRead] = field(default_factory=list)
    declared: list[Declared] = field(default_factory=list)
    clock_offset_seconds: int | None = None

    @property
    def calls(self) -> dict[str, int]:
        """HTTP answers by `service:Operation`, sorted."""
        counted: Counter[str] = Counter()
        for unit in self.units:
            counted.update(unit.calls)
        return dict(sorted(counted.items()))


@dataclass(frozen=True)
class Hooks:
    """What a collection needs of its caller."""

    keep: Callable[[bytes], str]
    tell: Callable[[str], None]
    finished: Callable[[UnitRead], None]
    """Called for each unit as soon as it is read, so that its receipt survives an interruption."""
    skip: Collection[tuple[str, str]] = ()
    """Units that an earlier, interrupted run finished."""
    pacer: Pacer = field(default_factory=Pacer)


def collect(settings: CollectSettings, hooks: Hooks) -> Collected:
    """Read everything in scope. Raises NothingReadError or UsageError where nobody can be asked at all."""
    chosen = tuple(each for each in collectors() if not settings.services or each.service in settings.services)
    collected = Collected(services=tuple(each.service for each in chosen), operations=_operations(chosen))
    homes = home_regions(settings)
    stop = threading.Event()
    with ExitStack() as stack:
        pool = stack.enter_context(ThreadPoolExecutor(settings.threads, thread_name_prefix="call"))
        tools = Tools(hooks.pacer, Redactor(settings.redaction_key), hooks.keep, pool, stop, settings.patience)
        jobs: list[_Unit] = []
        refused: list[NothingReadError] = []
        for target in settings.accounts:
            try:
                account, scout = enter(settings, target, homes, tools, stack)
            except NothingReadError as error:
                refused.append(error)
                collected.units.append(_unread_account(target, error))
                continue
            collected.partition = account.identity.partition
            collected.callers[account.identity.account] = account.identity.arn
            jobs += _units(account, _regions(scout, settings, collected), chosen)
        if not jobs and refused:
            raise refused[0]
        _work(
            [each for each in jobs if (each.reader.account, each.reader.region) not in hooks.skip],
            hooks,
            collected,
            stop,
        )
    return collected


def _operations(chosen: tuple[Collector, ...]) -> tuple[str, ...]:
    declared = {operation.id for each in chosen for operation in each.operations}
    return tuple(sorted({*declared, GET_CALLER_IDENTITY.id, DESCRIBE_REGIONS.id, ASSUME_ROLE}))


def enter(
    settings: CollectSettings, target: AccountTarget, homes: tuple[str, ...], tools: Tools, stack: ExitStack
) -> "tuple[Account, Reader]":
    """Return one account and the reader that asked who asks there; raise UsageError where it is not the account asked for.

    A region that is not enabled takes every key for an invalid one: then the next is asked.
    """
    for home in homes[:-1]:
        try:
            return _entered(settings, target, home, tools, stack)
        except NothingReadError as error:
            if error.code not in NOT_ENABLED:
                raise
    return _entered(settings, target, homes[-1], tools, stack)


def _entered(
    settings: CollectSettings, target: AccountTarget, home: str, tools: Tools, stack: ExitStack
) -> "tuple[Account, Reader]":
    session = open_session(settings, target, home)
    stack.callback(session.close)
    scout = Reader(session, NOBODY, home, tools)
    scout.serve(SCOPE_SERVICE)
    try:
        identity = identify(scout)
    except NothingReadError as error:
        error.clock_offset_seconds = scout.tally.clock_offset_seconds
        raise
    if target.account is not None and identity.account != target.account:
        raise UsageError(
            f"the credentials belong to account {identity.account}, not to {target.account}",
            "Give the role to assume there with --role-name or --role-arn, or another profile.",
        )
    scout.introduce(identity)
    return Account(session, identity, tools), scout


def _unread_account(target: AccountTarget, error: NothingReadError) -> UnitRead:
    """Return the gap that a whole account is, where its role could not be assumed: the others are read all the same."""
    account = target.account or "unknown"
    gap = Gap(
        operation=ASSUME_ROLE,
        account=account,
        region=EVERY_REGION,
        resource=None,
        reason=GapReason.EXPIRED if "Expired" in error.code else GapReason.DENIED,
        action=ASSUME_ROLE,
        detail=f"{target.role_arn}; {error.code}",
    )
    key = ShardKey(account=account, region=EVERY_REGION, service=SCOPE_SERVICE)
    return UnitRead(account, EVERY_REGION, (ShardRead(key, (), (gap,)),), {}, 0)


@dataclass(frozen=True)
class Account:
    """One account, entered: its session, and who asks there."""

    session: AccountSession
    identity: Identity
    tools: Tools

    def reader(self, region: str) -> Reader:
        """Return a reader of one region."""
        return Reader(self.session, self.identity, region, self.tools)


@dataclass(frozen=True)
class _Unit:
    reader: Reader
    collectors: tuple[Collector, ...]


def _regions(scout: Reader, settings: CollectSettings, collected: Collected) -> Regions:
    """Find out which regions there are to read; what was asked for that is the account's first part."""
    found = asked_regions(scout, settings.regions) if settings.regions else enabled_regions(scout, scout.region)
    read = _read(scout, (SCOPE_SERVICE,), region=scout.region)
    if not found.gaps_matter:
        read = replace(read, shards=tuple(replace(each, gaps=()) for each in read.shards))
    collected.units.append(read)
    collected.declared += found.declared
    collected.regions = tuple(sorted({*collected.regions, *found.enabled}))
    offsets = (collected.clock_offset_seconds, scout.tally.clock_offset_seconds)
    collected.clock_offset_seconds = max((each for each in offsets if each is not None), key=abs, default=None)
    return found


def _units(account: Account, found: Regions, chosen: tuple[Collector, ...]) -> list[_Unit]:
    regions = found.enabled
    by_reach = {reach: in_order(tuple(each for each in chosen if each.reach is reach)) for reach in Reach}
    units = [_Unit(account.reader(region), by_reach[Reach.REGIONAL]) for region in regions if by_reach[Reach.REGIONAL]]
    if by_reach[Reach.GLOBAL]:
        units.append(_Unit(account.reader(GLOBAL_REGION), by_reach[Reach.GLOBAL]))
    return units


def _work(units: list[_Unit], hooks: Hooks, collected: Collected, stop: threading.Event) -> None:
    with ThreadPoolExecutor(max(1, min(4, len(units))), thread_name_prefix="unit") as pool:
        futures = [pool.submit(partial(_collect_unit, unit, hooks, stop)) for unit in units]
        try:
            wait(futures, return_when=FIRST_EXCEPTION)
        except KeyboardInterrupt:
            stop.set()
            for future in futures:
                future.cancel()
            raise
        failed = next((error for each in futures if each.done() and (error := each.exception())), None)
        if failed is not None:
            stop.set()
            raise failed
        collected.units += [future.result() for future in futures]


def _collect_unit(unit: _Unit, hooks: Hooks, stop: threading.Event) -> UnitRead:
    """Read one account and region: every service beside the others, after those whose notes it recalls."""
    reader = unit.reader
    running: dict[str, Future[None]] = {}
    reader.notes.begin(each.service for each in unit.collectors)
    with ThreadPoolExecutor(max(1, len(unit.collectors)), thread_name_prefix="service") as pool:
        for collector in unit.collectors:
            first = [running[name] for name in collector.after if name in running]
            running[collector.service] = pool.submit(_collect_service, reader, collector, first, (hooks, stop))
    for future in running.values():
        future.result()
    read = _read(reader, tuple(running), region=reader.region)
    if not stop.is_set():
        hooks.finished(read)
    return read


def _collect_service(
    reader: Reader, collector: Collector, first: list[Future[None]], with_what: tuple[Hooks, threading.Event]
) -> None:
    hooks, stop = with_what
    try:
        for future in first:
            future.result()
        if stop.is_set():
            return
        hooks.tell(f"reading {collector.service} in {reader.account} {reader.region}")
        reader.serve(collector.service, collector.beside)
        collector.collect(reader)
    finally:
        # Whoever follows it waits for this, however it ended.
        reader.notes.end(collector.service)


def _read(reader: Reader, services: tuple[str, ...], region: str) -> UnitRead:
    shards = []
    for service in sorted(services):
        pages, gaps = reader.shard(service)
        shards.append(ShardRead(ShardKey(account=reader.account, region=region, service=service), pages, gaps))
    return UnitRead(
        reader.account, region, tuple(shards), dict(reader.tally.calls), reader.tally.throttled, reader.declared
    )
