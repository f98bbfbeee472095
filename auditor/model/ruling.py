"""What a rule about identity says of one route, with the chain that leads there."""

from dataclasses import dataclass

from auditor.model.control import Basis, Severity
from auditor.model.snapshot import Gap
from auditor.model.status import Status


@dataclass(frozen=True, slots=True)
class Ruling:
    """A rule x route. An inferred rule never says fail: it says needs_attestation, "possible"."""

    rule: str
    """`P1` … `P18`."""
    status: Status
    """pass, fail, needs_attestation, not_evaluated, not_applicable."""
    because: str
    """One sentence a person can act on."""
    severity: Severity | None = None
    """Of what was found; None where nothing was."""
    basis: Basis = Basis.DOCUMENTED
    chain: tuple[str, ...] = ()
    """From the authorizer to the back end: `authorizer customers-pool`, `step 11 request transformation`, `header x-user-id`,
    `http://legacy.example`."""
    also: tuple[str, ...] = ()
    """ARNs of other routes and resources that decided."""
    gap: Gap | None = None
    """What hid the answer; None on not_evaluated: all was read, and still nobody can tell."""
