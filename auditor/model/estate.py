"""What a check may look at: one snapshot in memory, indexed."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TypeVar, cast

from auditor.model.control import Severity, Waiver
from auditor.model.environment import Environments
from auditor.model.fact import NotReadError
from auditor.model.flow import Flow
from auditor.model.gateway import Stage
from auditor.model.register import Registers
from auditor.model.resource import Listing, Observation, Resource
from auditor.model.snapshot import EVERY_REGION, GLOBAL_REGION, Gap, GapReason, Snapshot, not_asked

R = TypeVar("R", bound=Resource)
T = TypeVar("T")


@dataclass(frozen=True)
class PageRecords:
    """What the records of one shard's pages say of themselves; their digest is checked when they are read."""

    count: int
    unnamed: tuple[str, ...]
    """Operations of pages that carry no request id, sorted, each once."""


@dataclass(frozen=True)
class Acceptance:
    """A waiver with what it met: known to checks that follow the waivers, and to no other."""

    waiver: Waiver
    severity: Severity | None
    """Of the control; None where that is switched off."""
    place: tuple[str, str] | None
    """Account and region of the finding that it names; None where there is none, or several."""
    fails: bool
    """Whether the finding that it names fails."""
    unknown: bool
    """Whether that finding could not be evaluated."""
    support: tuple[str, ...]
    """Statuses of the compensating control here, sorted; empty where it has no finding here."""


@dataclass(frozen=True)
class Estate:
    """One snapshot's resources, observations, listings and flows. Order is always by (account, region, ARN)."""

    snapshot: Snapshot
    resources: tuple[Resource, ...]
    observations: Mapping[tuple[str, str, str], Observation]
    """By (account, region, ARN)."""
    listings: tuple[Listing, ...]
    flows: tuple[Flow, ...] = ()
    registers: Registers = field(default_factory=Registers)
    environments: Environments = field(default_factory=Environments)
    page_records: Mapping[tuple[str, str, str], PageRecords] = field(default_factory=dict)
    """By (account, region, service)."""
    acceptances: tuple[Acceptance, ...] = ()
    """What the waivers met, by waiver id; empty until the controls that they name are tested."""

    @property
    def as_of(self) -> datetime:
        """The moment from which ages are measured, UTC."""
        return self.snapshot.as_of

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Every gap of the collection."""
        return self.snapshot.gaps

    def once(self, work: Callable[["Estate"], T]) -> T:
        """Return what a function makes of this estate; it is asked the first time, and what it made is shared from then on."""
        if work not in self._made:
            self._made[work] = work(self)
        return cast("T", self._made[work])

    @cached_property
    def _made(self) -> dict[Callable[["Estate"], object], object]:
        return {}

    def of(self, kind: type[R]) -> Iterator[R]:
        """Yield the resources of one kind, in order."""
        return (resource for resource in self._by_kind.get(kind, ()) if isinstance(resource, kind))

    def one(self, kind: type[R], account: str, arn: str) -> R | None:
        """Return the resource of a kind with this ARN; None where it is not in the snapshot, read or not."""
        found = self._by_arn.get((kind, account, arn))
        return found if isinstance(found, kind) else None

    def below(self, kind: type[R], parent: Resource) -> tuple[R, ...]:
        """Return the resources of one kind that stand below another, in order; empty also where nobody read them."""
        found = self._by_parent.get((kind, parent.account, parent.region, parent.arn), ())
        return tuple(each for each in found if isinstance(each, kind))

    def whole(self, kind: type[Resource], account: str, region: str, parent: str | None = None) -> None:
        """Raise NotReadError unless every list of a kind was read to its end: only then absence from it says anything.

        `parent`: only the list below that resource. A list of a whole region that was never asked for is not read either.
        """
        place = GLOBAL_REGION if kind.is_global else region
        found = [
            each
            for each in self._by_list.get((account, kind.__name__), ())
            if each.region in {place, EVERY_REGION} and (parent is None or each.parent in {parent, None})
        ]
        hidden = next((each for each in found if not each.complete), None)
        if hidden is not None:
            raise NotReadError(self.gap_of(hidden))
        if not found and (kind.whole_list or parent is not None) and not self._is_empty_by_nature(kind, account, place):
            raise NotReadError(_never_asked(kind, account, place, parent))

    def _is_empty_by_nature(self, kind: type[Resource], account: str, region: str) -> bool:
        """Return whether it was declared that there is no service here that could hold such a thing."""
        return any(
            (each.account, each.region) == (account, region) and kind.__name__ in each.lists
            for each in self.snapshot.declared
        )

    def gap_of(self, listing: Listing) -> Gap:
        """Return the gap that cut a list short; for a stage's routes it is that of a call about its deployment or export."""
        asked = {
            gap.region for gap in self.gaps if (gap.account, gap.operation) == (listing.account, listing.operation)
        }
        regions = asked if listing.region == EVERY_REGION else {listing.region}
        here = [gap for gap in self.gaps if gap.account == listing.account and gap.region in regions]
        exact = [gap for gap in here if gap.operation == listing.operation and gap.resource == listing.parent]
        if not exact and not self.snapshot.asked(listing.operation):
            return not_asked(listing.operation, (listing.account, listing.region), listing.parent, listing.operation)
        near = [gap for gap in here if gap.operation == listing.operation and _is_below(gap, listing)]
        around = [gap for gap in here if _is_below(gap, listing)]
        return next(iter(exact or near or around or here), None) or _untold(listing)

    def flow_of(self, route: Resource) -> Flow:
        """Return the flow of a deployed route of this estate."""
        return self._flows[route.account, route.region, route.arn]

    def flows_of_stage(self, stage: Stage) -> tuple[Flow, ...]:
        """Return the flows of a stage's routes, in order; whether all of them were seen, `whole` tells."""
        return self._by_stage.get((stage.account, stage.region, stage.api_arn, stage.stage), ())

    @cached_property
    def _by_stage(self) -> Mapping[tuple[str, str, str, str], tuple[Flow, ...]]:
        found: dict[tuple[str, str, str, str], list[Flow]] = {}
        for each in self.flows:
            found.setdefault((each.account, each.region, each.api_arn, each.stage), []).append(each)
        return {key: tuple(several) for key, several in found.items()}

    @cached_property
    def _flows(self) -> Mapping[tuple[str, str, str], Flow]:
        return {(each.account, each.region, each.route): each for each in self.flows}

    @cached_property
    def _by_list(self) -> Mapping[tuple[str, str], list[Listing]]:
        found: dict[tuple[str, str], list[Listing]] = {}
        for listing in self.listings:
            found.setdefault((listing.account, listing.kind), []).append(listing)
        return found

    @cached_property
    def _by_arn(self) -> Mapping[tuple[type, str, str], Resource]:
        return {(type(each), each.account, each.arn): each for each in self.resources}

    @cached_property
    def _by_parent(self) -> Mapping[tuple[type, str, str, str], list[Resource]]:
        found: dict[tuple[type, str, str, str], list[Resource]] = {}
        for each in self.resources:
            for parent in each.parents:
                found.setdefault((type(each), each.account, each.region, parent), []).append(each)
        return found

    @cached_property
    def _by_kind(self) -> Mapping[type, list[Resource]]:
        found: dict[type, list[Resource]] = {}
        for resource in self.resources:
            found.setdefault(type(resource), []).append(resource)
        return found


def _is_below(gap: Gap, listing: Listing) -> bool:
    if gap.resource is None or listing.parent is None:
        return False
    api = listing.parent.partition("/stages/")[0]
    return gap.resource == listing.parent or gap.resource.startswith(f"{api}/") or gap.resource == api


def _untold(listing: Listing) -> Gap:
    """Return a gap for a list that ended early and no call says why: it is still not read."""
    return Gap(
        operation=listing.operation,
        account=listing.account,
        region=listing.region,
        resource=listing.parent,
        reason=GapReason.MALFORMED,
        action=listing.operation,
        detail="*; the list ended early",
    )


def _never_asked(kind: type[Resource], account: str, region: str, parent: str | None) -> Gap:
    """Return a gap for a list that this snapshot's collection did not ask for."""
    return Gap(
        operation=f"list:{kind.__name__}",
        account=account,
        region=region,
        resource=parent,
        reason=GapReason.UNSUPPORTED,
        action="a collection that reads it",
        detail="*; the snapshot's collection did not ask for this list",
    )
