"""What a check may look at: one snapshot in memory, indexed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TypeVar

from auditor.model.control import Registers
from auditor.model.flow import Flow
from auditor.model.resource import Listing, Observation, Resource
from auditor.model.snapshot import Gap, Snapshot

R = TypeVar("R", bound=Resource)


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

    @property
    def as_of(self) -> datetime:
        """The moment from which ages are measured, UTC."""
        return self.snapshot.as_of

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Every gap of the collection."""
        return self.snapshot.gaps

    def of(self, kind: type[R]) -> Iterator[R]:
        """Yield the resources of one kind, in order."""
        return (resource for resource in self._by_kind.get(kind, ()) if isinstance(resource, kind))

    @cached_property
    def _by_kind(self) -> Mapping[type, list[Resource]]:
        found: dict[type, list[Resource]] = {}
        for resource in self.resources:
            found.setdefault(type(resource), []).append(resource)
        return found
