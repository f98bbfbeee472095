"""What would become a gap, before it does: each collector runs as always, but each operation is asked once, for little.

The calls go through the one reader, so that a refusal is named as in a collection; nothing is kept.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from threading import Event
from typing import Any

from botocore.exceptions import ClientError

from auditor.collect.clock import now
from auditor.collect.interface import Answer, Collector, Operation, Reach
from auditor.collect.pacing import Pacer
from auditor.collect.reader import Reader, Tally, Tools
from auditor.collect.redact import Redactor
from auditor.collect.registry import collectors, in_order
from auditor.collect.run import Account, enter
from auditor.collect.scope import Regions, enabled_regions
from auditor.collect.session import Identity
from auditor.collect.settings import AccountTarget, CollectSettings, Patience
from auditor.errors import AuditorError, NothingReadError
from auditor.model.snapshot import GLOBAL_REGION, SCOPE_SERVICE, Gap
from auditor.store.canonical import sha256

_PATIENCE = Patience(attempts=2, total=15.0, connect_timeout=4.0, read_timeout=12.0)
_PAGE_SIZES = frozenset({"limit", "maxitems", "maxrecords", "maxresults", "pagesize"})
_SMALLEST = {"ec2": 5}
"""Smallest page that a service takes, where its model does not say (EC2 API reference, MaxResults)."""
_NOTHING = Answer((), None)


@dataclass(frozen=True)
class Probed:
    """What one operation answered to its one call."""

    collector: Collector
    operation: Operation
    region: str
    asked: bool
    """False where nothing was found in the region that it could be asked about."""
    gap: Gap | None


@dataclass(frozen=True)
class Entered:
    """One account: who asks there, or why nobody can."""

    target: AccountTarget
    identity: Identity | None
    error: AuditorError | None
    regions: Regions | None = None
    regions_gap: Gap | None = None
    clock_offset_seconds: int | None = None
    probed: tuple[Probed, ...] = ()


class _Once:
    """A caller as collectors see it, which lets each operation through once, with the smallest page."""

    def __init__(self, reader: Reader, smallest: Callable[[Operation, Mapping[str, Any]], dict[str, Any]]) -> None:
        self.account, self.region, self.partition = reader.account, reader.region, reader.partition
        self.answered: dict[str, Gap | None] = {}
        self._reader = reader
        self._smallest = smallest

    def __call__(self, operation: Operation, /, about: str | None = None, **parameters: Any) -> Answer:
        if operation.id in self.answered:
            return _NOTHING
        answer = self._reader(replace(operation, page=None), about, **self._smallest(operation, parameters))
        self.answered[operation.id] = answer.gap
        return answer

    def declare(self, why: str) -> None:
        self._reader.declare(why)

    def remember(self, topic: str, value: str) -> None:
        self._reader.remember(topic, value)

    def recall(self, topic: str) -> tuple[str, ...]:
        return self._reader.recall(topic)

    def follow(self, *topics: str) -> Iterator[tuple[str, str]]:
        # One collector at a time: whoever notes something has ended.
        return ((topic, value) for topic in topics for value in self.recall(topic))

    def gather(self, work: Iterable[Callable[[], object]]) -> None:
        for piece in work:
            piece()

    def beside(self, *work: Callable[[], object]) -> None:
        self.gather(work)


def enter_all(settings: CollectSettings, homes: tuple[str, ...], tell: Callable[[str], None]) -> Iterator[Entered]:
    """Yield each account in turn; the rights are tried in the first that lets anyone in, in one region and globally."""
    settings = replace(settings, patience=_PATIENCE)
    tried = False
    for target in settings.accounts:
        tell(f"entering {target.account or target.role_arn or 'the account of the credentials'}")
        try:
            with ExitStack() as stack:
                tools = stack.enter_context(_tools(settings))
                visit = _Visit(*enter(settings, target, homes, tools, stack), tell)
                found = visit.look()
                if not tried:
                    found = replace(found, probed=tuple(visit.probe(next(iter(settings.regions), visit.scout.region))))
                tried = True
            yield found
        except AuditorError as error:
            yield Entered(target, None, error, clock_offset_seconds=_offset_of(error))


@dataclass(frozen=True)
class _Visit:
    """One account, entered."""

    account: Account
    scout: Reader
    """Asked who asks."""
    tell: Callable[[str], None]

    def look(self) -> Entered:
        """Return who asks, which regions are enabled, and how far the clock is off."""
        identity = self.account.identity
        regions = enabled_regions(self.scout, self.scout.region)
        _, gaps = self.scout.shard(SCOPE_SERVICE)
        gap = next(iter(gaps), None)
        return Entered(
            AccountTarget(identity.account), identity, None, regions, gap, self.scout.tally.clock_offset_seconds
        )

    def probe(self, region: str) -> Iterator[Probed]:
        """Yield what each declared operation answered."""
        for reach, place in ((Reach.GLOBAL, GLOBAL_REGION), (Reach.REGIONAL, region)):
            reader = self.account.reader(place)
            once = _Once(reader, self._smallest)
            for collector in in_order(tuple(each for each in collectors() if each.reach is reach)):
                self.tell(f"trying the rights of {collector.service} in {self.account.identity.account} {place}")
                reader.serve(collector.service)
                collector.collect(once)
                for each in collector.operations:
                    yield Probed(collector, each, place, each.id in once.answered, once.answered.get(each.id))

    def _smallest(self, operation: Operation, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Return the parameters with the smallest page that the service takes, in the type that it takes."""
        shape = self.account.session.client(operation.service, self.scout.region).meta.service_model.operation_model(
            operation.name
        )
        members = shape.input_shape.members if operation.page is not None and shape.input_shape else {}
        found = dict(parameters)
        for name, value in parameters.items():
            if name.lower() in _PAGE_SIZES and name in members:
                least = members[name].metadata.get("min") or _SMALLEST.get(operation.service, 1)
                found[name] = type(value)(max(1, int(least)))
        return found


@contextmanager
def _tools(settings: CollectSettings) -> Iterator[Tools]:
    with ThreadPoolExecutor(1, thread_name_prefix="probe") as pool:
        # Nothing is kept: the digest alone is what the reader asks for.
        yield Tools(Pacer(), Redactor(settings.redaction_key), sha256, pool, Event(), settings.patience)


def _offset_of(error: AuditorError) -> int | None:
    """Return local minus AWS's time, as the refusal's own Date header tells it; None where it tells nothing."""
    if isinstance(error, NothingReadError) and error.clock_offset_seconds is not None:
        return error.clock_offset_seconds
    if not isinstance(error.__cause__, ClientError):
        return None
    headers = error.__cause__.response.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    tally = Tally()
    tally.offset(headers.get("date"), now(), now())
    return tally.clock_offset_seconds
