"""What becomes of one call, and why: the answer of `auditor explain`."""

from dataclasses import dataclass
from enum import StrEnum


class Decision(StrEnum):
    """Whether a call gets through, as far as configuration decides it."""

    ALLOWED = "allowed"
    """Nothing refuses it. What depends on the content of the call, on load or on the moment stands in `also`."""
    REFUSED = "refused"
    UNKNOWN = "unknown"
    """Something that decides was not read, not told, or cannot be known from a snapshot."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """The answer about one call. Null is not known, never none."""

    decision: Decision
    route: str | None
    """execute-api ARN of the deployed route; null where no one route takes the call."""
    stage: str | None
    step: int | None
    """The step of the flow that decides, 1 to 14; 0: no route is found; null: the call passes all of them."""
    gateway_response: str | None
    """The true type of the refusal, `UNAUTHORIZED`; null on HTTP APIs, which have none."""
    status: int | None
    """What a caller sees: a customised answer may hide the type's own status. Null also where the call is let through."""
    message: str | None
    """The message of the answer's body; null where it is not known."""
    because: str
    evidence: tuple[str, ...]
    """Operation or list, and the resource that it tells of: `apigateway:GetStages arn:…`."""
    also: tuple[str, ...]
    """What else may refuse it, what was not known, and how to confirm the answer, in the order of the steps."""
