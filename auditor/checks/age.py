"""Ages in whole days, UTC, from the snapshot's moment, and numbers in words."""

from datetime import datetime

from auditor.model.estate import Estate


def days_since(moment: datetime, estate: Estate) -> int:
    """Return the whole days between a moment and the snapshot; negative where it lies after it."""
    return (estate.as_of - moment).days


def counted(count: int, noun: str) -> str:
    """Return a number with its noun: `1 day`, `2 days`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
