"""The access review sheet as a page: what a person keeps or revokes, and signs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from auditor.access.naming import named
from auditor.model.review import Age, GrantKind, ReviewLine
from auditor.render.view.callers import DEGREE, REVIEW_FILE, first_of, last_used, missing
from auditor.render.view.frame import Frame
from auditor.render.view.slices import Slice, cut
from auditor.render.view.text import counted, number
from auditor.render.view.words import Mark

_AGES = {
    Age.NEW: Mark("fail", "▲", "New"),
    Age.KNOWN: Mark("na", "–", "Was there"),  # noqa: RUF001 - the dash of the other marks
    Age.UNSURE: Mark("unseen", "?", "Not known"),
}
_KEPT = Mark("pass", "✓", "Keep")
_REVOKED = Mark("fail", "✗", "Revoke")
_KINDS = {GrantKind.ROUTE: "Routes", GrantKind.ROLE: "Roles of people", GrantKind.PRIVILEGE: "Privileges"}
_ROUTES = 6


@dataclass(frozen=True)
class GrantRow:
    """One line of the sheet."""

    number: str
    tone: str
    who: str
    path: str
    what: str
    beside: str
    access: str
    conditions: str
    age: Mark
    last_used: str
    last: Mark | None
    last_said: str


@dataclass(frozen=True)
class Total:
    """Lines of one kind, by age and by the last decision; each adds up to `lines`."""

    name: str
    cells: tuple[int, ...]


@dataclass(frozen=True)
class Review:
    """The section."""

    headline: str
    unread: str
    """What may be missing from the sheet; empty where all was read."""
    heads: tuple[str, ...]
    totals: tuple[Total, ...]
    """One a kind, the sum last."""
    rows: Slice[GrantRow]
    file: str
    reviewer: str


HEADS = (
    "Lines",
    "New",
    "Were there",
    "Not known",
    "Kept before",
    "Revoked, still there",
    "Never decided",
    "Pairs of caller and route",
)


def review(frame: Frame) -> Review:
    """Return the sheet."""
    lines = frame.contents.access.lines
    numbered = list(enumerate(lines, start=1))
    return Review(
        headline=_headline(lines),
        unread=missing(frame.contents.access),
        heads=HEADS,
        totals=(
            *(_total(name, [each for each in lines if each.kind is kind]) for kind, name in _KINDS.items()),
            _total("Together", lines),
        ),
        rows=cut(numbered, frame.limits.rows, frame.limits.chunk, REVIEW_FILE, lambda each: _row(frame, *each)),
        file=REVIEW_FILE,
        reviewer=frame.contents.reviewer or "",
    )


def _headline(lines: Sequence[ReviewLine]) -> str:
    if not lines:
        return "Nothing to review: no grant was seen."
    new = sum(each.age is Age.NEW for each in lines)
    revoked = sum(each.is_revoked for each in lines)
    one = revoked == 1
    words = f"that {'was' if one else 'were'} to be revoked and {'is' if one else 'are'} still there"
    return f"{counted(len(lines), 'line')} to review: {number(new)} new{f', {number(revoked)} {words}' if revoked else ''}."


def _total(name: str, lines: Sequence[ReviewLine]) -> Total:
    def count(has: Callable[[ReviewLine], bool]) -> int:
        return sum(1 for each in lines if has(each))

    return Total(
        name,
        (
            len(lines),
            *(count(lambda each, age=age: each.age is age) for age in (Age.NEW, Age.KNOWN, Age.UNSURE)),  # type: ignore[misc]
            count(lambda each: each.last is not None and not each.is_revoked),
            count(lambda each: each.is_revoked),
            count(lambda each: each.last is None),
            sum(each.routes for each in lines),
        ),
    )


def _row(frame: Frame, position: int, line: ReviewLine) -> GrantRow:
    last = line.last
    return GrantRow(
        number=number(position),
        tone="fail" if line.age is Age.NEW or line.is_revoked else "unseen" if line.access == "unknown" else "none",
        who=line.who,
        path=line.path,
        what=_what(line),
        beside=_beside(frame, line),
        access=DEGREE[line.access],
        conditions="; ".join(line.conditions),
        age=_AGES[line.age],
        last_used=last_used(line.last_use),
        last=None if last is None else _REVOKED if line.is_revoked else _KEPT,
        last_said=_said(line),
    )


def _said(line: ReviewLine) -> str:
    last = line.last
    if last is None:
        return ""
    return f"{'and still there; ' if line.is_revoked else ''}{last.date.isoformat()}, {last.reviewer}: {last.reason}"


def _what(line: ReviewLine) -> str:
    if line.stage is None:
        return named(line.grants[0]) if line.kind is GrantKind.ROLE else line.grants[0]
    many = counted(line.routes, "route")
    is_all = line.grants[0].endswith("/*") and line.routes > 1
    return f"{line.stage.api_name} · {line.stage.stage}: {'all ' if is_all else ''}{many}"


def _beside(frame: Frame, line: ReviewLine) -> str:
    if line.kind is GrantKind.PRIVILEGE:
        return ""
    if line.stage is None:
        return line.grants[0]
    place = f"{line.stage.account} · {line.stage.region}"
    if line.grants[0] == f"{line.stage.root}/*":
        return place
    return f"{first_of((frame.names.of(each).label for each in line.grants), _ROUTES)} · {place}"
