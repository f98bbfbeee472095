"""What changed between two snapshots: `diff --output json` (product.md section 4)."""

from datetime import date
from enum import StrEnum

from pydantic import Field, JsonValue

from auditor.model.base import Frozen
from auditor.model.finding import Finding
from auditor.model.snapshot import Gap


class AccessChange(StrEnum):
    """What a change does to who may do what."""

    WIDENED = "widened"
    NARROWED = "narrowed"
    BOTH = "both"
    NONE = "none"
    UNKNOWN = "unknown"


class FieldChange(Frozen):
    """One member of a resource that is not what it was. For policies one entry a grant, not one a document."""

    path: str
    old: JsonValue
    new: JsonValue


class ResourceRef(Frozen):
    """A resource that came or went."""

    resource: str
    kind: str
    name: str
    account: str
    region: str


class ResourceChange(Frozen):
    """A resource that is still there and differs."""

    resource: str
    kind: str
    name: str
    account: str
    region: str
    fields: tuple[FieldChange, ...]
    access: AccessChange
    by: None = None
    """Who changed it: not read yet."""


class ResourceDiff(Frozen):
    """Resources, each list sorted by ARN."""

    added: tuple[ResourceRef, ...] = ()
    removed: tuple[ResourceRef, ...] = ()
    changed: tuple[ResourceChange, ...] = ()


class Direction(StrEnum):
    """What a change of a route's path does to what the path protects."""

    WORSE = "worse"
    UNKNOWN = "unknown"
    """It may be either: a person has to look."""
    BETTER = "better"
    NEITHER = "neither"


class FlowChange(Frozen):
    """One thing that changed on the path of a deployed route, in words."""

    route: str
    """execute-api ARN; of a canary that begins or ends the stage's, of a route that is on no stage the working copy's."""
    account: str
    region: str
    api_name: str
    stage: str
    """Empty for a route that is on no stage."""
    route_key: str
    """Empty where it is about the stage."""
    member: str
    """What of the path: `who`, `scopes`, `doors`, `transforms`, `P5`; `route` where it came or went."""
    change: str
    """The same words without the route: routes that changed alike have it in common."""
    what: str
    """One sentence of at most 160 characters."""
    direction: Direction
    deployed: date | None
    """UTC day of the deployment that brought it; None: it needs none, was not deployed, or its day is not known."""
    old: JsonValue
    new: JsonValue


class AccessGroup(Frozen):
    """What one principal may call of one stage that it could not before, or the other way round."""

    principal: str
    """ARN; `*`: anyone, on AWS_IAM routes any AWS account."""
    name: str
    """The principal in words."""
    people: tuple[str, ...]
    """Who is behind a role of Identity Center, as far as the snapshot knows."""
    account: str
    """Of the API, as its region."""
    region: str
    api_name: str
    stage: str
    routes: tuple[str, ...]
    """execute-api ARNs, sorted."""
    is_all: bool
    """Whether these are all routes of the stage."""
    before: str
    """denied, conditional, partly, allowed."""
    after: str
    by: tuple[str, ...]
    """What lets it, or let it, through to the first of the routes: `layer: policy#statement`."""
    conditions: tuple[str, ...]
    """Of the first of the routes."""
    what: str
    """One sentence of at most 160 characters."""


class AccessDiff(Frozen):
    """Effective access: (principal, route) pairs gained and lost, folded by principal and stage."""

    gained: tuple[AccessGroup, ...] = ()
    lost: tuple[AccessGroup, ...] = ()


class DeviationDiff(Frozen):
    """Deviations (failing findings, waived or not) against the earlier snapshot."""

    new: tuple[Finding, ...] = ()
    resolved: tuple[Finding, ...] = ()
    """As they were in the earlier snapshot."""
    persisting: int = 0
    persisting_findings: tuple[Finding, ...] = Field(default=(), exclude=True)
    lost_sight_of: tuple[Finding, ...] = ()
    """Failed before, not evaluated now: as they are now. Never resolved."""
    come_into_sight: tuple[Finding, ...] = ()
    """Fail now, and the earlier snapshot could not see whether they did: not new for all that is known."""


class CoverageChange(Frozen):
    """A gap that opened or closed, or an account or region that came into or went out of scope."""

    change: str
    """`gap_opened`, `gap_closed`, `scope_added`, `scope_removed`, `not_comparable`, `access_unknown`, `access_known`."""
    what: str
    gap: Gap | None = None


class CatalogChange(Frozen):
    """A control that came, went, or changed its version or parameters."""

    control: str
    change: str
    """`added`, `removed`, `version`, `parameter`."""
    old: JsonValue
    new: JsonValue


class Diff(Frozen):
    """What changed, each kind apart."""

    old: str
    """Snapshot id."""
    new: str
    resources: ResourceDiff
    flows: tuple[FlowChange, ...] = ()
    """What changed on the paths of routes; worst first."""
    access: AccessDiff | None = None
    """Who may call what; null: of one of the two snapshots nobody can tell. What one side does not know stands under coverage."""
    deviations: DeviationDiff
    coverage: tuple[CoverageChange, ...] = ()
    catalog: tuple[CatalogChange, ...] = ()
