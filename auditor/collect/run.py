"""A whole collection: every account, every region, every collector; what fails in one place stops no other."""

import threading
from collections import Counter
from collections.abc import Callable, Collection
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial

from auditor.collect.interface import Collector, Reach
from auditor.collect.pacing import Pacer
from auditor.collect.reader import Reader, Tools
from auditor.collect.redact import Redactor
from auditor.collect.registry import collectors, in_order
from auditor.collect.scope import enabled_regions
from auditor.collect.session import AccountSession, Identity, home_region, identify, open_session
from auditor.collect.settings import AccountTarget, CollectSettings
from auditor.errors import NothingReadError, UsageError
from auditor.model.snapshot import EVERY_REGION, GLOBAL_REGION, Declared, Gap, GapReason, Page, ShardKey

SCOPE_SERVICE = "scope"
"""The shard of the calls that find out what there is to read: ec2:DescribeRegions."""


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
    collected = Collected(services=tuple(each.service for each in chosen))
    home = settings.regions[0] if settings.regions else home_region(settings)
    stop = threading.Event()
    with ExitStack() as stack:
        pool = stack.enter_context(ThreadPoolExecutor(settings.threads, thread_name_prefix="call"))
        tools = Tools(hooks.pacer, Redactor(settings.redaction_key), hooks.keep, pool, stop, settings.patience)
        jobs: list[_Unit] = []
        refused: list[NothingReadError] = []
        for target in settings.accounts:
            try:
                session, identity = enter(settings, target, home, stack)
            except NothingReadError as error:
                refused.append(error)
                collected.units.append(_unread_account(target, error))
                continue
            collected.partition = identity.partition
            collected.callers[identity.account] = identity.arn
            jobs += _units(_Account(session, identity, tools), settings, home, chosen, collected)
        if not jobs and refused:
            raise refused[0]
        _work(
            [each for each in jobs if (each.reader.account, each.reader.region) not in hooks.skip],
            hooks,
            collected,
            stop,
        )
    return collected


def enter(
    settings: CollectSettings, target: AccountTarget, home: str, stack: ExitStack
) -> tuple[AccountSession, Identity]:
    """Return the session of one account and who asks there; raise UsageError where it is not the account asked for."""
    session = open_session(settings, target, home)
    stack.callback(session.close)
    identity = identify(session, home)
    if target.account is not None and identity.account != target.account:
        raise UsageError(
            f"the credentials belong to account {identity.account}, not to {target.account}",
            "Give the role to assume there with --role-name or --role-arn, or another profile.",
        )
    return session, identity


def _unread_account(target: AccountTarget, error: NothingReadError) -> UnitRead:
    """Return the gap that a whole account is, where its role could not be assumed: the others are read all the same."""
    account = target.account or "unknown"
    gap = Gap(
        operation="sts:AssumeRole",
        account=account,
        region=EVERY_REGION,
        resource=None,
        reason=GapReason.EXPIRED if "Expired" in error.code else GapReason.DENIED,
        action="sts:AssumeRole",
        detail=f"{target.role_arn}; {error.code}",
    )
    key = ShardKey(account=account, region=EVERY_REGION, service=SCOPE_SERVICE)
    return UnitRead(account, EVERY_REGION, (ShardRead(key, (), (gap,)),), {}, 0)


@dataclass(frozen=True)
class _Account:
    session: AccountSession
    identity: Identity
    tools: Tools

    def reader(self, region: str) -> Reader:
        return Reader(self.session, self.identity, region, self.tools)


@dataclass(frozen=True)
class _Unit:
    reader: Reader
    collectors: tuple[Collector, ...]


def _units(
    account: _Account, settings: CollectSettings, home: str, chosen: tuple[Collector, ...], collected: Collected
) -> list[_Unit]:
    regions = settings.regions
    if not regions:
        scout = account.reader(home)
        scout.serve(SCOPE_SERVICE)
        found = enabled_regions(scout, home)
        regions = found.enabled
        collected.declared += found.declared
        collected.units.append(_read(scout, (SCOPE_SERVICE,), region=home))
    collected.regions = tuple(sorted({*collected.regions, *regions}))
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
    collected.clock_offset_seconds = next(
        (
            unit.reader.tally.clock_offset_seconds
            for unit in units
            if unit.reader.tally.clock_offset_seconds is not None
        ),
        None,
    )


def _collect_unit(unit: _Unit, hooks: Hooks, stop: threading.Event) -> UnitRead:
    """Read one account and region: every service beside the others, after those whose notes it recalls."""
    reader = unit.reader
    running: dict[str, Future[None]] = {}
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
    for future in first:
        future.result()
    if stop.is_set():
        return
    hooks.tell(f"reading {collector.service} in {reader.account} {reader.region}")
    reader.serve(collector.service)
    collector.collect(reader)


def _read(reader: Reader, services: tuple[str, ...], region: str) -> UnitRead:
    shards = []
    for service in sorted(services):
        pages, gaps = reader.shard(service)
        shards.append(ShardRead(ShardKey(account=reader.account, region=region, service=service), pages, gaps))
    return UnitRead(
        reader.account, region, tuple(shards), dict(reader.tally.calls), reader.tally.throttled, reader.declared
    )
