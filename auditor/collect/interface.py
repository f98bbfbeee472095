"""What a collector is: one module that declares its calls and walks one service of one account and region."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from auditor.model.snapshot import Gap


class Reach(StrEnum):
    """Where a service is asked."""

    GLOBAL = "global"
    """Once an account, region `aws-global` (IAM)."""
    REGIONAL = "regional"


@dataclass(frozen=True)
class Operation:
    """One read, declared: what it is called, what it needs, how it pages, and what a whole answer must hold."""

    service: str
    """botocore's service name."""
    name: str
    """botocore's operation name, e.g. `GetRestApis`."""
    action: str
    """IAM action, e.g. `apigateway:GET`."""
    resource: str
    """IAM resource path template for the policy and for gaps, e.g. `arn:{partition}:apigateway:{region}::/restapis`."""
    required: tuple[str, ...] = ()
    """Members (wire names) that a whole answer always holds: the integrity guard calls an answer without them broken."""
    records: tuple[tuple[str, str], ...] = ()
    """Lists of the answer and the member that names each of their records: one without it is no whole answer."""
    texts: tuple[str, ...] = ()
    """Lists of the answer that hold plain texts (ARNs, account ids), no records."""
    maps: tuple[str, ...] = ()
    """What stands in the answer in a list's place and is a map: from an id to what belongs to it."""
    page: "Paging | None" = None
    per: tuple[str, ...] = ()
    """Kinds of whose items one call each is made at the most, further pages apart; empty: once an account and region."""
    times: int = 1
    """How often it is called for each of these: once a resource owner, say."""
    limit: str = ""
    """Name of the documented quota that paces it; empty: the service's own bucket."""
    shrink: str = ""
    """boto3 parameter of the page size that is halved where an answer would be too large; empty: never."""
    tolerated: tuple[str, ...] = ()
    """Error codes that are an answer, not a gap (e.g. a key that cannot rotate): the body is kept as a page."""

    @property
    def id(self) -> str:
        """`service:Operation`, as gaps, pages and counts name it."""
        return f"{self.service}:{self.name}"


@dataclass(frozen=True)
class Paging:
    """How a list goes on. Written by hand, because botocore has no paginator for every list."""

    items: str
    """Wire name of the list, or of the map in its place."""
    token_out: str
    """Wire name of the next-page token in the answer."""
    token_in: str
    """boto3 parameter that takes it."""
    more: str | None = None
    """Wire name of an IsTruncated/Truncated flag, where the service has one."""


@dataclass(frozen=True)
class Answer:
    """What a call gave: all bodies in order, parsed by the wire format; or a gap after what could be read."""

    bodies: tuple[Mapping[str, Any], ...]
    gap: Gap | None
    refusal: str = ""
    """AWS's error code where the operation tolerates it as an answer."""

    @property
    def complete(self) -> bool:
        """Return whether every page was read."""
        return self.gap is None

    def items(self, key: str) -> Iterable[Mapping[str, Any]]:
        """Yield the members of a list over all pages."""
        return (item for body in self.bodies for item in body.get(key) or ())

    def texts(self, key: str) -> tuple[str, ...]:
        """Return the members of a list of plain texts over all pages, sorted, each once."""
        return tuple(sorted({str(item) for body in self.bodies for item in body.get(key) or ()}))


class Caller(Protocol):
    """The reader as a collector sees it: bound to one account and region."""

    account: str
    region: str
    partition: str

    def __call__(self, operation: Operation, /, about: str | None = None, **parameters: Any) -> Answer:
        """Make the call, all pages of it; keep pages and gaps; never raise for what AWS answers.

        `about` is the ARN that the call asks about (the parent for lists), as gaps name it.
        """

    def declare(self, why: str) -> None:
        """Record that something is out of reach here by nature (a member account asks about its organization): no gap."""

    def remember(self, topic: str, value: str) -> None:
        """Note something for a later collector of the same account and region (an access-log destination)."""

    def recall(self, topic: str) -> tuple[str, ...]:
        """Return what earlier collectors of the same account and region noted, sorted, each once."""

    def follow(self, *topics: str) -> Iterator[tuple[str, str]]:
        """Yield each topic and value while the collectors that this one runs beside still note them; from its own thread only."""

    def gather(self, work: Iterable[Callable[[], object]]) -> None:
        """Run independent pieces of work in the bounded thread pool, each as soon as it is known, and wait for all."""

    def beside(self, *work: Callable[[], object]) -> None:
        """Run a few walks side by side, each free to gather, and wait for all."""


@dataclass(frozen=True)
class Collector:
    """One service. `collect` makes the calls; pages and gaps are kept by the caller it is given."""

    service: str
    """The shard's service name."""
    reach: Reach
    operations: tuple[Operation, ...]
    collect: Callable[[Caller], None]
    after: tuple[str, ...] = ()
    """Services whose notes this one recalls: they run before it in the same account and region."""
    beside: tuple[str, ...] = ()
    """Services whose notes this one follows: each keeps to its own quota, so neither waits for the other."""

    @property
    def told_by(self) -> tuple[str, ...]:
        """Services without whose notes this one does not know what to ask."""
        return (*self.after, *self.beside)
