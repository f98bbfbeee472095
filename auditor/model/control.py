"""Criteria, controls, and the lists that management owns."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, JsonValue

from auditor.model.base import Frozen

Text = Annotated[str, Field(min_length=1)]


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


class PublicRoute(Frozen):
    """A route that management declared public."""

    route: str
    owner: Text
    reason: Text
    approved_by: Text
    approved_on: date
    review_by: date
    compensating_control: str | None = None


class DeclaredSecret(Frozen):
    """How a secret, or a key that cannot rotate by itself, is renewed."""

    secret: str
    owner: Text
    rotation: Literal["automatic", "manual"]


class Registers(Frozen):
    """The registers that were configured. None: not configured at all, hence undeclared."""

    public_routes: tuple[PublicRoute, ...] | None = None
    secrets: tuple[DeclaredSecret, ...] | None = None


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
    digest: str
    """sha256 over the canonical form of all of the above."""
