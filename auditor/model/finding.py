"""What an evaluation says: findings, populations, conclusions."""

from datetime import date, datetime
from enum import StrEnum

from pydantic import JsonValue

from auditor.model.base import Frozen
from auditor.model.control import Basis, Catalog, Control, Severity, Waiver
from auditor.model.flow import Flow
from auditor.model.resource import Listing
from auditor.model.snapshot import Gap, Snapshot
from auditor.model.status import Status


class Finding(Frozen):
    """Control x resource: the line of `evaluate --output jsonl` (product.md section 4)."""

    control: str
    control_version: int
    resource: str
    resource_type: str
    account: str
    region: str
    status: Status
    reason: str
    """One sentence a person can act on."""
    severity: Severity
    criteria: tuple[str, ...]
    observed: dict[str, JsonValue]
    """The values that decided, by name; for a gap: operation, action, detail."""
    exhibits: tuple[str, ...]
    waiver: str | None = None
    basis: Basis
    root_cause: str | None = None
    first_seen: date | None = None
    due: date | None = None


class Totals(Frozen):
    """How a population divides. `population` is the sum of the six others, wherever it is shown."""

    population: int
    fail: int
    waived: int
    not_evaluated: int
    needs_attestation: int
    passed: int
    not_applicable: int


class Conclusion(StrEnum):
    """What a workpaper says on top."""

    DEVIATIONS = "deviations"
    """At least one fail, waived or not."""
    INCOMPLETE = "incomplete"
    """No fail seen, but something was not evaluated."""
    ATTESTATION = "attestation"
    """No fail, all evaluated, a person must attest the rest."""
    NO_DEVIATIONS = "no_deviations"
    EMPTY = "empty"
    """The population was read and is empty, or nothing in it applies."""


class ControlResult(Frozen):
    """One control, tested."""

    control: Control
    """With the parameters as tested."""
    conclusion: Conclusion
    totals: Totals
    findings: tuple[Finding, ...]
    """Sorted by (status order, resource)."""
    listings: tuple[Listing, ...]
    """The lists that the population rests on."""
    gaps: tuple[Gap, ...]
    """Those that this control needed."""


class WaiverState(StrEnum):
    """What became of a waiver."""

    APPLIED = "applied"
    EXPIRED = "expired"
    NOT_STARTED = "not_started"
    STALE = "stale"
    """It names a finding that does not fail, or does not exist."""
    UNSUPPORTED = "unsupported"
    """Its compensating control does not itself pass."""


class WaiverResult(Frozen):
    """A waiver and what became of it."""

    waiver: Waiver
    state: WaiverState
    why: str


class Evaluation(Frozen):
    """The findings of one snapshot: a pure function of (snapshot, earlier snapshots, catalog, configuration)."""

    snapshot: Snapshot
    catalog: Catalog
    evaluated_as_of: datetime
    results: tuple[ControlResult, ...]
    """Sorted by control id; `subject: collection` among them."""
    waivers: tuple[WaiverResult, ...]
    flows: tuple[Flow, ...]
    """Sorted by (account, region, api name, stage, path, method)."""
    listings: tuple[Listing, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every finding, by control id."""
        return tuple(finding for result in self.results for finding in result.findings)
