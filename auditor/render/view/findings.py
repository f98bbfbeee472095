"""Findings as lines of a workpaper, grouped by status."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from pydantic import JsonValue

from auditor.model.control import Waiver
from auditor.model.finding import Finding
from auditor.model.status import Status
from auditor.render.view.exhibits import ExhibitRefs
from auditor.render.view.frame import Frame, group_anchor, limit_of, waiver_anchor
from auditor.render.view.names import Name
from auditor.render.view.slices import Slice, cut
from auditor.render.view.text import counted, json_text
from auditor.render.view.words import STATUS, Mark

_DEVIATIONS = (Status.FAIL, Status.WAIVED)
_COMPACT = (Status.PASS, Status.NOT_APPLICABLE)
_NOT_SEEN = ("operation", "action", "detail", "reason", "about")


@dataclass(frozen=True)
class Line:
    """One finding, as a workpaper prints it."""

    anchor: str
    """Id of the line in its workpaper; empty where the line is quoted elsewhere."""
    mark: Mark
    status: str
    control: str
    control_href: str
    name: Name
    kind: str
    place: str
    reason: str
    facts: tuple[tuple[str, str], ...]
    """The values that decided, by name."""
    since: str
    age: str
    """How long it has stood, in words; empty where the date is not known."""
    due: str
    """Day and how far it is off, in words; empty where no time limit is set."""
    overdue: bool
    waived: str
    """The waiver that accepts it, in words; empty where there is none."""
    waiver_href: str
    same_cause: str
    needs: str
    """IAM action that would have been needed, for what was not evaluated."""
    needs_on: str
    exhibits: ExhibitRefs


@dataclass(frozen=True)
class Group:
    """The findings of one status in one workpaper."""

    anchor: str
    status: str
    mark: Mark
    heading: str
    lines: Slice[Line]


def groups(frame: Frame, control: str, findings: Sequence[Finding]) -> tuple[Group, ...]:
    """Return the findings of one control by status, in the order of reports; empty statuses are left out."""
    found = {status: [each for each in findings if each.status is status] for status in Status}
    return tuple(_group(frame, control, status, members) for status, members in found.items() if members)


def _group(frame: Frame, control: str, status: Status, members: Sequence[Finding]) -> Group:
    anchor = group_anchor(control, status)
    return Group(
        anchor=anchor,
        status=status.value,
        mark=STATUS[status],
        heading=_heading(status, len(members)),
        lines=cut(
            list(enumerate(members, start=1)),
            limit_of(status, frame.limits),
            frame.limits.chunk,
            f"populations/{control}.csv",
            lambda each: replace(line(frame, each[1]), anchor=f"{anchor}-{each[0]}"),
        ),
    )


def _heading(status: Status, count: int) -> str:
    match status:
        case Status.FAIL:
            return f"{counted(count, 'deviation')} not waived"
        case Status.WAIVED:
            return f"{counted(count, 'deviation')} under a waiver"
        case Status.NOT_EVALUATED:
            return f"{counted(count, 'item')} not evaluated"
        case Status.NEEDS_ATTESTATION:
            return f"{counted(count, 'item')} to be attested by a person"
        case Status.PASS:
            return f"{counted(count, 'item')} passed"
        case Status.NOT_APPLICABLE:
            return f"{counted(count, 'item')} not applicable"


def _same_cause(frame: Frame, finding: Finding) -> str:
    """Return the other controls that fail here for the same cause: together they are one deviation."""
    others = [each for each in frame.causes.get(finding.root_cause or "", ()) if each != finding.control]
    return ", ".join(others)


def line(frame: Frame, finding: Finding) -> Line:
    """Return one finding as a line."""
    waived, waiver_href = _waiver(frame, finding)
    return Line(
        anchor="",
        mark=STATUS[finding.status],
        status=finding.status.value,
        control=finding.control,
        control_href=frame.finding_href(finding),
        name=frame.names.of(finding.resource),
        kind=finding.resource_type,
        place=f"{finding.account} · {finding.region}",
        reason=finding.reason,
        facts=() if finding.status in _COMPACT else _facts(finding),
        since=_since(finding),
        age=in_days(finding.first_seen, frame.today) if finding.first_seen else "",
        due=_due(finding, frame.today),
        overdue=is_overdue(finding, frame.today),
        waived=waived,
        waiver_href=waiver_href,
        same_cause=_same_cause(frame, finding),
        needs=_text(finding.observed, "action") if finding.status is Status.NOT_EVALUATED else "",
        needs_on=_text(finding.observed, "detail") if finding.status is Status.NOT_EVALUATED else "",
        exhibits=frame.exhibits.refs(finding.exhibits, compact=finding.status in _COMPACT),
    )


def _since(finding: Finding) -> str:
    if finding.first_seen is not None:
        return finding.first_seen.isoformat()
    return "not known" if finding.status in _DEVIATIONS else ""


def _due(finding: Finding, today: date) -> str:
    if finding.due is None:
        return ""
    left = (finding.due - today).days
    if is_overdue(finding, today):
        return f"due {finding.due.isoformat()}, {counted(-left, 'day')} overdue"
    if finding.status is Status.WAIVED:
        return f"due {finding.due.isoformat()}, accepted"
    return f"due {finding.due.isoformat()}, {'today' if left == 0 else 'in ' + counted(left, 'day')}"


def is_overdue(finding: Finding, today: date) -> bool:
    """Return whether a deviation stands beyond its time limit and nobody accepted that."""
    return finding.status is Status.FAIL and finding.due is not None and finding.due < today


def in_days(since: date, today: date) -> str:
    """Return how long ago a day was, in words."""
    days = (today - since).days
    return f"for {counted(days, 'day')}" if days else "new today"


def _facts(finding: Finding) -> tuple[tuple[str, str], ...]:
    told_apart = _NOT_SEEN if finding.status is Status.NOT_EVALUATED else ()
    return tuple(
        (name.replace("_", " "), json_text(value))
        for name, value in sorted(finding.observed.items())
        if name not in told_apart
    )


def _text(observed: Mapping[str, JsonValue], name: str) -> str:
    value = observed.get(name)
    return "" if value is None else json_text(value)


def _waiver(frame: Frame, finding: Finding) -> tuple[str, str]:
    """Return the waiver in words, and the link to it."""
    if finding.waiver is None:
        return ("", "")
    for position, each in enumerate(frame.evaluation.waivers, start=1):
        if each.waiver.id == finding.waiver:
            return (_accepted(each.waiver), f"#{waiver_anchor(position)}")
    return (finding.waiver, "")


def _accepted(waiver: Waiver) -> str:
    until = waiver.expires_on.isoformat()
    return f"{waiver.id}, approved by {waiver.approver}, valid through {until}, {waiver.ticket}"
