"""What one step says of one call: let through, refused, or not to be known, each with its reason."""

from dataclasses import dataclass

from auditor.model.explanation import Decision
from auditor.model.snapshot import Gap


@dataclass(frozen=True, slots=True)
class Verdict:
    """One step's answer."""

    decision: Decision
    because: str = ""
    response: str | None = None
    """Of a refusal: the gateway response type, on HTTP APIs the one that would be it on a REST API; None: of no type."""
    evidence: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    """What may still refuse a call like this, depending on its content, on load or on the moment."""
    message: str | None = None
    """Where the refusal says something else than its type usually does; empty: nobody can tell what it says."""


PASSED = Verdict(Decision.ALLOWED)


def passed(*also: str) -> Verdict:
    """Return that a step lets the call through, with what it may still depend on."""
    return Verdict(Decision.ALLOWED, also=also) if also else PASSED


def unknown(because: str, *evidence: str) -> Verdict:
    """Return that nobody can tell."""
    return Verdict(Decision.UNKNOWN, because, evidence=evidence)


def unread(what: str, gap: Gap) -> Verdict:
    """Return that something was not read, with the call that left the gap."""
    return unknown(f"{what} was not read ({gap.operation}: {gap.reason.value}).", f"gap: {gap.operation}")


def refused(response: str | None, because: str, *evidence: str, message: str | None = None) -> Verdict:
    """Return a refusal of a type."""
    return Verdict(Decision.REFUSED, because, response, evidence, message=message)
