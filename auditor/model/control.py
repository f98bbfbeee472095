"""Criteria, controls, waivers, and the catalog of them all."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, JsonValue

from auditor.model.base import Frozen
from auditor.model.environment import Environments, Sla
from auditor.model.register import Registers, Text


class Severity(StrEnum):
    """How much a deviation matters, worst first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Basis(StrEnum):
    """How a rule is known."""

    DOCUMENTED = "documented"
    OBSERVED = "observed"
    INFERRED = "inferred"


class Coverage(StrEnum):
    """How far snapshots can serve as test evidence for a criterion."""

    FULLY = "fully"
    PARTLY = "partly"
    NOT = "not"


class Criterion(Frozen):
    """A Trust Services Criterion by its official id, with our own short title."""

    id: str
    category: str
    group: str
    title: Text
    coverage: Coverage
    tool_gives: str | None
    still_needed: str | None


class CriterionMapping(Frozen):
    """Why a control supports testing of a criterion."""

    id: str
    rationale: Text


class Parameter(Frozen):
    """A value that was tested, and who says so."""

    value: JsonValue
    source: Text


class Control(Frozen):
    """Our testable statement, mapped to criteria: one YAML file."""

    id: Annotated[str, Field(pattern=r"^[A-Z]+(-[A-Z]+)?-\d{2}$")]
    version: Annotated[int, Field(ge=1)]
    title: Text
    statement: Text
    domain: Text
    subject: Literal["estate", "collection"] = "estate"
    """`collection`: a control on the evidence itself; stands on the completeness sheet, outside the SOC 2 totals."""
    criteria: Annotated[tuple[CriterionMapping, ...], Field(min_length=1)]
    severity: Severity
    frequency: Text
    basis: Basis
    procedure: Text
    cannot_see: str = ""
    """What a snapshot cannot show about this control."""
    remediation: Text
    references: dict[str, JsonValue] = Field(default_factory=dict)
    registers: tuple[str, ...] = ()
    check: Text
    same_cause_as: str | None = None
    """Control id: where both fail on one resource they are one deviation."""
    parameters: dict[str, Parameter] = Field(default_factory=dict)


class Waiver(Frozen):
    """An approved, dated acceptance of one failing finding. Dates are UTC days; valid through `expires_on`."""

    id: Text
    control: Text
    resource: Text
    reason: Text
    requested_by: Text
    risk_owner: Text
    approver: Text
    approved_on: date
    starts_on: date | None = None
    expires_on: date
    ticket: Text
    compensating_control: str | None = None


class Catalog(Frozen):
    """Everything that judgement needs besides the snapshot."""

    controls: tuple[Control, ...]
    """Sorted by id."""
    criteria: tuple[Criterion, ...]
    """In the framework's order."""
    framework: str
    registers: Registers
    waivers: tuple[Waiver, ...]
    environments: Environments = Field(default_factory=Environments)
    sla: Sla = Field(default_factory=Sla)
    digest: str
    """sha256 over the canonical form of all of the above."""
