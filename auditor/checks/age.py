"""Ages in whole days, UTC, from the snapshot's moment."""

from datetime import datetime

from auditor.model.estate import Estate


def days_since(moment: datetime, estate: Estate) -> int:
    """Return the whole days between a moment and the snapshot; negative where it lies after it."""
    return (estate.as_of - moment).days
