"""What `auditor doctor` says: one line for each thing that a run needs, and how to mend what is missing."""

from enum import StrEnum

from auditor.model.base import Frozen


class Health(StrEnum):
    """How a thing that a run needs stands."""

    OK = "ok"
    WARNING = "warning"
    """A run is possible; its evidence would be incomplete, or something will be in the way later."""
    PROBLEM = "problem"
    """A run would end early."""
    NOT_CHECKED = "not_checked"
    """It could not be looked at, because something before it is missing or there is nothing to ask about."""


class Checkup(Frozen):
    """One line of `auditor doctor`. A member that does not apply is null."""

    area: str
    """machine, files, aws or rights."""
    check: str
    state: Health
    detail: str
    remedy: str | None = None
    ends_with: int | None = None
    """Exit code with which `auditor run` would end because of it."""
    account: str | None = None
    region: str | None = None
    operation: str | None = None
    """`service:Operation` that AWS refused."""
    action: str | None = None
    """IAM action that would be needed."""
    controls: tuple[str, ...] = ()
    """Controls that rest on it: what is not read of it, they would say `not_evaluated` for."""
