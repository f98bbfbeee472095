"""One step of a flow: what is asked or done there, in one sentence, and what is known of the caller before and after it."""

from dataclasses import dataclass
from enum import StrEnum

from auditor.model.identity import IdentityState


class Domain(StrEnum):
    """Which question a step answers."""

    IDENTITY = "identity"
    ROUTING = "routing"
    TRANSFORMATION = "transformation"
    EVIDENCE = "evidence"


class Effect(StrEnum):
    """What a step does to the request."""

    PASS = "PASS"  # noqa: S105 - an effect, no password
    CHECK = "CHECK"
    CHANGE = "CHANGE"
    DROP = "DROP"
    """Something known of the caller ends here."""
    STOP = "STOP"
    UNKNOWN = "UNKNOWN"


class StepState(StrEnum):
    """Whether a step is configured. Not applicable, off and not read never look alike."""

    SET = "set"
    DEFAULT = "default"
    """Nothing is configured, and API Gateway's default holds."""
    ABSENT = "absent"
    NOT_APPLICABLE = "not applicable"
    NOT_READ = "not read"


@dataclass(frozen=True, slots=True)
class StepFact:
    """One fact that a step stands on."""

    name: str
    value: str | None
    """None where there is none: see the state."""
    state: StepState
    source: str
    """The operation and the member that tell it: `apigateway:GetStages item.webAclArn`."""
    why: str = ""
    """Why it is not applicable, or which gap hides it."""


@dataclass(frozen=True, slots=True)
class Step:
    """One explicit step, as one generated sentence of at most 160 characters."""

    n: int
    """1 to 14, in the order in which API Gateway decides (dataflow.md section 1.2)."""
    domain: Domain
    name: str
    state: StepState
    sentence: str
    effect: Effect
    facts: tuple[StepFact, ...]
    identity_in: IdentityState | None
    """None on both sides where it is not known which authorizer decides."""
    identity_out: IdentityState | None
    refusals: tuple[str, ...] = ()
    """Gateway response types that a call can meet here: `UNAUTHORIZED`; of HTTP APIs `401 Unauthorized`."""
