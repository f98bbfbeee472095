"""The path of one deployed route: who may call it, where it goes, and what is known of the caller on the way.

Plain frozen values: a large estate has tens of thousands of flows.
"""

from dataclasses import dataclass
from enum import StrEnum

from auditor.model.fact import Fact
from auditor.model.gateway import Protocol, View
from auditor.model.identity import IdentityState
from auditor.model.ruling import Ruling
from auditor.model.step import Step
from auditor.model.transform import Transform


class WhoKind(StrEnum):
    """How the gateway tells who calls."""

    NONE = "NONE"
    """Nobody is asked."""
    IAM = "IAM"
    COGNITO = "COGNITO"
    JWT = "JWT"
    LAMBDA = "LAMBDA"
    INHERITED = "INHERITED"
    """A WebSocket message route: the identity of $connect."""
    UNKNOWN = "UNKNOWN"


class Drift(StrEnum):
    """Whether the working copy differs from what is deployed."""

    NONE = "NONE"
    UNDEPLOYED_CHANGE = "UNDEPLOYED_CHANGE"
    UNKNOWN = "UNKNOWN"


class ToldToBackend(StrEnum):
    """What the back end is told about the caller."""

    VERIFIED = "verified"
    CLIENT_CLAIMED = "client-claimed"
    NOTHING = "nothing"
    UNKNOWN = "unknown"


class Trace(StrEnum):
    """Whether the access log says who called this route."""

    NONE = "NONE"
    """No access log is set."""
    BROKEN = "BROKEN"
    """What is written cannot be read, or is cut off."""
    ANONYMOUS = "ANONYMOUS"
    PARTIAL = "PARTIAL"
    """Some callers are named, others are not."""
    IDENTIFIED = "IDENTIFIED"


@dataclass(frozen=True, slots=True)
class Canary:
    """The second deployment of a stage, of which this flow is one; the other flow has the same route without it."""

    deployment: str
    percent: str | None
    """Share of the traffic as decimal text; None: not told."""
    variables: tuple[str, ...]
    """Stage variables that it sees with another value."""


@dataclass(frozen=True, slots=True)
class Who:
    """Who may call, in the words of the matrix."""

    kind: WhoKind
    label: str
    """Short, for a table cell: `IAM`, `JWT okta-like issuer`, `open to anyone`."""
    detail: str = ""
    """Issuer, user pool or function ARN."""
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Door:
    """An address under which the route answers."""

    url: str
    kind: str
    """`execute-api` or `domain`."""
    mutual_tls: bool | None
    """None: not known."""
    when: str | None = None
    """Headers that a routing rule asks for; None: no rule stands before it, or it asks for none."""


@dataclass(frozen=True, slots=True)
class Backend:
    """Where the calls go, in the words of the matrix."""

    kind: str
    """LAMBDA, HTTP, PRIVATE, AWS_SERVICE, MOCK, NONE, UNKNOWN."""
    label: str
    """Short, for a table cell: `λ orders-api`, `https://legacy.example.com`."""
    target: str | None
    """ARN or URL; None where there is none or it is not known."""


@dataclass(frozen=True, slots=True)
class DriftField:
    """One difference between the working copy and the deployed route."""

    field: str
    configured: str
    deployed: str


@dataclass(frozen=True, slots=True)
class Flow:
    """One row of the route matrix, and its steps."""

    route: str
    """execute-api ARN."""
    resource_type: str
    api: str
    api_arn: str
    api_name: str
    account: str
    region: str
    stage: str
    route_key: str
    kind: Protocol
    view: View
    who: Who
    doors: tuple[Door, ...]
    doors_complete: bool
    """False where a gap hides domain names, mappings or routing rules."""
    api_key_required: Fact[bool]
    private: bool | None
    told_to_backend: ToldToBackend
    transforms: tuple[Transform, ...] | None
    """In the order in which they happen; None: not read."""
    backend: Backend
    trace: Trace | None
    """None: not known."""
    drift: Drift
    drift_fields: tuple[DriftField, ...]
    steps: tuple[Step, ...]
    """All 14, always, in the order of a call."""
    identity: IdentityState | None
    """What the back end is told; None: not known."""
    canary: Canary | None
    rulings: tuple[Ruling, ...]
    """One a rule, P1 to P18, in order."""

    def ruling(self, rule: str) -> Ruling:
        """Return what a rule says of this route; `rule`: `P1` to `P18`."""
        return next(each for each in self.rulings if each.rule == rule)
