"""One shard's pages and gaps, indexed by what was asked."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from auditor.model.resource import Listing, Observation, Resource
from auditor.model.snapshot import Gap, GapReason, Page, ShardKey, not_asked
from auditor.normalize.wire import PAGE_TOKENS, error_code, parse_body

_OK = 200


@dataclass(frozen=True)
class Read:
    """One page with its parsed body."""

    page: Page
    body: Mapping[str, Any]


@dataclass(frozen=True)
class Found:
    """A record of a list, and where it stands."""

    record: Mapping[str, Any]
    operation: str
    pages: tuple[str, ...]


@dataclass
class Reading:
    """What a shard read, and what normalizing it finds."""

    key: ShardKey
    partition: str
    by_operation: dict[str, list[Read]]
    gaps: tuple[Gap, ...]
    refusals: tuple[Page, ...] = ()
    """Errors that are answers: what was asked for does not exist."""
    codes: Mapping[str, str] = field(default_factory=dict)
    """AWS's error code of each refusal, by its page's digest."""
    never_asked: frozenset[str] = frozenset()
    """Operations that an older auditor did not know: as if each of its calls had left a gap."""
    resources: list[Resource] = field(default_factory=list)
    observations: list[Observation] = field(default_factory=list)
    listings: list[Listing] = field(default_factory=list)
    malformed: list[Gap] = field(default_factory=list)

    @property
    def place(self) -> dict[str, str]:
        """Return the account and region that everything of this reading lies in."""
        return {"account": self.key.account, "region": self.key.region}

    def reads(self, operation: str, **asked: str) -> list[Read]:
        """Return the pages of a call by its parameters, in page order."""
        return [
            read
            for read in self.by_operation.get(operation, ())
            if all(read.page.parameters.get(name) == value for name, value in asked.items())
        ]

    def records(self, operation: str, items: str, **asked: str) -> Iterator[Found]:
        """Yield the records of a list over its pages."""
        for read in self.reads(operation, **asked):
            for record in read.body.get(items) or ():
                if isinstance(record, Mapping):
                    yield Found(record, operation, (read.page.sha256,))

    def gap(self, operation: str, resource: str | None) -> Gap | None:
        """Return the gap that a call about a resource left, if any; an operation that was never asked for leaves one each."""
        if operation in self.never_asked:
            return not_asked(operation, (self.key.account, self.key.region), resource, action_of(operation))
        return next((gap for gap in self.gaps if gap.operation == operation and gap.resource == resource), None)

    def refused(self, operation: str) -> Gap | None:
        """Return why a fact is not known where AWS refuses by nature: told by no gap of the collection, and not read all the same."""
        if not any(page.operation == operation for page in self.refusals):
            return None
        return Gap(
            operation=operation,
            account=self.key.account,
            region=self.key.region,
            resource=None,
            reason=GapReason.DENIED,
            action=action_of(operation),
            detail="*; refused to this account by nature",
        )

    def refusal(self, operation: str) -> str:
        """Return the error code with which AWS answered an operation; empty where it did not, or names none."""
        return next((self.codes[page.sha256] for page in self.refusals if page.operation == operation), "")

    def broken(self, operation: str, resource: str, detail: str) -> Gap:
        """Note that a whole answer holds something that cannot be understood, and return the gap."""
        gap = Gap(
            operation=operation,
            account=self.key.account,
            region=self.key.region,
            resource=resource,
            reason=GapReason.MALFORMED,
            action=action_of(operation),
            detail=detail,
        )
        if gap not in self.malformed:
            self.malformed.append(gap)
        return gap

    def arn(self, path: str) -> str:
        """Return an API Gateway management ARN: no account in it."""
        return f"arn:{self.partition}:apigateway:{self.key.region}::{path}"

    def add(self, resource: Resource, pages: Sequence[str], facts: Mapping[str, Any] | None = None) -> None:
        """Keep a resource and, beside it, its pages and what moves by itself."""
        kind = type(resource).__name__
        self.resources.append(resource)
        volatile = {name: value for name, value in sorted((facts or {}).items()) if value not in (None, "")}
        self.observations.append(
            Observation(arn=resource.arn, kind=kind, facts=volatile, pages=tuple(sorted(set(pages))))
        )

    def pages_of(self, operation: str, **asked: str) -> tuple[str, ...]:
        """Return the digests of a call's pages."""
        return tuple(read.page.sha256 for read in self.reads(operation, **asked))


def action_of(operation: str) -> str:
    """Return the IAM action of an operation: API Gateway's are HTTP verbs or, in its newer part, names of operations.

    Some services have another prefix in IAM.
    """
    service, _, name = operation.partition(":")
    if service.startswith("apigateway"):
        return f"apigateway:{name}" if name.startswith("List") else "apigateway:GET"
    return f"{_PREFIXES.get(service, service)}:{name}"


_PREFIXES = {
    "accessanalyzer": "access-analyzer",
    "bedrock-agentcore-control": "bedrock-agentcore",
    "elbv2": "elasticloadbalancing",
    "sso-admin": "sso",
}
"""IAM's name of a service, where it is not botocore's (Service Authorization Reference)."""


def reading(
    key: ShardKey,
    partition: str,
    pages: Sequence[tuple[Page, bytes]],
    gaps: Sequence[Gap],
    never_asked: frozenset[str] = frozenset(),
) -> Reading:
    """Return a shard's pages by operation, in an order that does not depend on how they arrived."""
    ordered = sorted(pages, key=lambda each: (each[0].operation, _asked(each[0]), each[0].sequence, each[0].sha256))
    by_operation: dict[str, list[Read]] = {}
    for page, content in ordered:
        if page.status == _OK:
            by_operation.setdefault(page.operation, []).append(Read(page, parse_body(page.operation, content)))
    refused = [(page, content) for page, content in ordered if page.status != _OK]
    codes = {page.sha256: error_code(content) for page, content in refused}
    refusals = tuple(page for page, _ in refused)
    return Reading(key, partition, by_operation, tuple(gaps), refusals, codes, never_asked)


def _asked(page: Page) -> str:
    return str(sorted((name, str(value)) for name, value in page.parameters.items() if name not in PAGE_TOKENS))
