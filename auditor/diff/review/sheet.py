"""The access sheet of a pack."""

from auditor.diff.review.callers import compared
from auditor.diff.review.decisions import Decisions
from auditor.diff.review.lines import Lines
from auditor.diff.review.unread import unread
from auditor.diff.side import Side
from auditor.model.review import AccessSheet


def access_sheet(now: Side, before: Side | None) -> AccessSheet:
    """Return who may call what, what of it is new since an earlier snapshot, and the lines that a person reviews."""
    callers = compared(now, before)
    held = callers.held()
    decisions = Decisions(now.estate.registers.access_review or ())
    return AccessSheet(
        stages=tuple(
            sorted(callers.stages.values(), key=lambda each: (each.account, each.region, each.api_name, each.root))
        ),
        held=held,
        lines=Lines(now, before, callers.holders, decisions).all(held),
        unread=unread(now),
        is_compared=before is not None,
    )
