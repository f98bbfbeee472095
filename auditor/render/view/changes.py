"""What changed since the pack before: access, paths of routes, deviations, resources, coverage, catalog, each apart."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from auditor.model.diff import (
    AccessChange,
    AccessGroup,
    DeviationDiff,
    Diff,
    Direction,
    FieldChange,
    ResourceChange,
    ResourceDiff,
    ResourceRef,
)
from auditor.render.alike import Alike, Together, alike, together
from auditor.render.view.callers import first_of, through
from auditor.render.view.findings import Line, line
from auditor.render.view.frame import Frame
from auditor.render.view.names import Name
from auditor.render.view.slices import Slice, cut
from auditor.render.view.tally import distinct
from auditor.render.view.text import counted, joined, json_text, number
from auditor.render.view.words import DASH, Mark

_T = TypeVar("_T")
_R = TypeVar("_R")

_ACCESS = {
    AccessChange.WIDENED: Mark("fail", "▲", "Access widened"),
    AccessChange.NARROWED: Mark("pass", "▼", "Access narrowed"),
    AccessChange.BOTH: Mark("fail", "▲", "Access widened and narrowed"),
    AccessChange.NONE: Mark("na", DASH, "Access unchanged"),
    AccessChange.UNKNOWN: Mark("unseen", "?", "Access not known"),
}
_PATH = {
    Direction.WORSE: Mark("fail", "▲", "Worse"),
    Direction.UNKNOWN: Mark("unseen", "?", "To be looked at"),
    Direction.BETTER: Mark("pass", "▼", "Better"),
    Direction.NEITHER: Mark("na", DASH, "Neither"),
}
_COVERAGE = {
    "gap_opened": "Gap opened",
    "gap_closed": "Gap closed",
    "scope_added": "Came into scope",
    "scope_removed": "Went out of scope",
    "access_unknown": "Access not known any more",
    "access_known": "Access known now",
}
_NEW = Mark("fail", "✗", "New")
_RESOLVED = Mark("pass", "✓", "Resolved")
_PERSISTING = Mark("waived", "◆", "Persisting")
_SEEN = Mark("unseen", "?", "Come into sight")
_LOST = Mark("unseen", "?", "Lost sight of")
_GAINED = Mark("fail", "▲", "Access gained")
_GONE = Mark("pass", "▼", "Access lost")
_DEGREE = {"allowed": "in full", "conditional": "under conditions", "partly": "for some paths"}
_FIELDS = 12
_NAMED = 8
"""Routes that are named beside the first one."""


@dataclass(frozen=True)
class DeviationList:
    """Deviations that share a fate."""

    anchor: str
    mark: Mark
    count: int
    """Deviations; of those with one cause each finding is a line."""
    note: str
    lines: Slice[Line]


@dataclass(frozen=True)
class FieldLine:
    """One member, before and after."""

    path: str
    old: str
    new: str


@dataclass(frozen=True)
class ChangedResource:
    """A resource that is still there and differs."""

    name: Name
    kind: str
    place: str
    access: Mark
    fields: tuple[FieldLine, ...]
    more: int


@dataclass(frozen=True)
class MovedResource:
    """A resource that came or went."""

    name: Name
    kind: str
    place: str


@dataclass(frozen=True)
class PathChange:
    """Something that changed on the path of a route, or of several alike."""

    mark: Mark
    route: str
    """Empty where it is about the stage."""
    words: str
    others: str
    """The further routes that changed alike, in words; empty where there are none."""
    stage: str
    """API and stage."""
    place: str


@dataclass(frozen=True)
class AccessLine:
    """What one principal, or several alike, may call that it could not before, or the other way round."""

    who: str
    others: str
    """The further principals, in words; empty where there are none."""
    people: str
    """Who is behind them; empty for other identities."""
    count: str
    """`all 12 routes`."""
    routes: str
    """Some of them by name."""
    stage: str
    place: str
    degree: str
    """`in full, before under conditions`."""
    by: str
    """What lets the first of them through to the first of the routes."""


@dataclass(frozen=True)
class AccessList:
    """What was gained, or lost."""

    anchor: str
    mark: Mark
    pairs: int
    lines: Slice[AccessLine]


@dataclass(frozen=True)
class Figure:
    """A number that links to its list."""

    label: str
    text: str
    href: str | None
    tone: str


@dataclass(frozen=True)
class Changes:
    """The section; everything but `headline` is empty in a first pack."""

    headline: str
    against: tuple[tuple[str, str], ...]
    figures: tuple[Figure, ...]
    deviations: tuple[DeviationList, ...]
    access: tuple[AccessList, ...]
    access_note: str
    """Where nobody can tell who may call, that; else how the lists are to be read."""
    paths: Slice[PathChange]
    """Worst first."""
    changed: Slice[ChangedResource]
    added: Slice[MovedResource]
    removed: Slice[MovedResource]
    coverage: tuple[tuple[str, str, str], ...]
    """What happened, to what, and the gap's reason with the IAM action."""
    catalog: tuple[tuple[str, str, str, str], ...]
    """Control, what changed, before, after."""
    is_first: bool


def changes(frame: Frame) -> Changes:
    """Return what changed since the baseline, or that there is none."""
    diff = frame.contents.diff
    found = diff or Diff(old="", new="", resources=ResourceDiff(), deviations=DeviationDiff())
    return Changes(
        headline=_headline(diff),
        against=_against(frame, diff),
        figures=_figures(found) if diff else (),
        deviations=_deviations(frame, found),
        access=_access(frame, found),
        access_note=_access_note(found),
        paths=_cut(frame, alike(found.flows), _path),
        changed=_cut(frame, found.resources.changed, _changed),
        added=_cut(frame, found.resources.added, _moved),
        removed=_cut(frame, found.resources.removed, _moved),
        coverage=tuple(
            (
                _COVERAGE.get(each.change, each.change.replace("_", " ")),
                each.what,
                f"{each.gap.reason.value}, needs {each.gap.action}" if each.gap else "",
            )
            for each in found.coverage
        ),
        catalog=tuple((each.control, each.change, json_text(each.old), json_text(each.new)) for each in found.catalog),
        is_first=diff is None,
    )


def _headline(diff: Diff | None) -> str:
    if diff is None:
        return "This is the first pack: there is no earlier one to compare with."
    deviations, resources = diff.deviations, diff.resources
    parts = [
        counted(distinct(deviations.new), "new deviation"),
        f"{number(distinct(deviations.resolved))} resolved",
        f"{number(_persisting(deviations))} persisting",
    ]
    parts += [f"{number(n)} come into sight" for n in [distinct(deviations.come_into_sight)] if n]
    parts += [f"{number(n)} lost sight of" for n in [distinct(deviations.lost_sight_of)] if n]
    moved = [f"{number(len(resources.added))} added", f"{number(len(resources.removed))} removed"]
    return f"{joined(parts)}; resources: {joined([*moved, f'{number(len(resources.changed))} changed'])}."


def _against(frame: Frame, diff: Diff | None) -> tuple[tuple[str, str], ...]:
    if diff is None:
        return ()
    prior = frame.contents.prior_pack
    lines = [("Earlier snapshot", diff.old), ("This snapshot", diff.new)]
    if prior is not None:
        lines = [("Earlier pack", prior.name), *lines, ("Earlier pack's manifest sha256", prior.manifest_sha256)]
    return tuple(lines)


def _figures(diff: Diff) -> tuple[Figure, ...]:
    deviations, resources = diff.deviations, diff.resources
    widened = sum(1 for each in resources.changed if each.access in {AccessChange.WIDENED, AccessChange.BOTH})
    worse = sum(1 for each in alike(diff.flows) if each.first.direction is Direction.WORSE)
    return (
        _figure("access gained", _pairs(diff), "ch-access-gained", "fail"),
        _figure("changes of paths for the worse", worse, "ch-paths", "fail"),
        _figure("new deviations", distinct(deviations.new), "ch-new", "fail"),
        _figure("come into sight", distinct(deviations.come_into_sight), "ch-seen", "unseen"),
        _figure("resolved", distinct(deviations.resolved), "ch-resolved", "pass"),
        _figure(
            "persisting", _persisting(deviations), "ch-persisting" if deviations.persisting_findings else "", "waived"
        ),
        _figure("lost sight of", distinct(deviations.lost_sight_of), "ch-lost", "unseen"),
        _figure("access widened", widened, "ch-changed", "fail"),
        _figure("resources changed", len(resources.changed), "ch-changed", "plain"),
        _figure("added", len(resources.added), "ch-added", "plain"),
        _figure("removed", len(resources.removed), "ch-removed", "plain"),
    )


def _persisting(deviations: DeviationDiff) -> int:
    """Return how many deviations persist; their findings are not kept in every form of a diff."""
    return distinct(deviations.persisting_findings) if deviations.persisting_findings else deviations.persisting


def _figure(label: str, count: int, anchor: str, tone: str) -> Figure:
    return Figure(label, number(count), f"#{anchor}" if count and anchor else None, tone if count else "none")


def _deviations(frame: Frame, diff: Diff) -> tuple[DeviationList, ...]:
    found = diff.deviations
    lists = (
        ("ch-new", _NEW, "did not fail in the earlier snapshot", found.new),
        ("ch-seen", _SEEN, "fail now; the earlier snapshot could not see whether they did", found.come_into_sight),
        ("ch-resolved", _RESOLVED, "failed before; shown as they were then", found.resolved),
        ("ch-persisting", _PERSISTING, "failed before and still do", found.persisting_findings),
        ("ch-lost", _LOST, "failed before and could not be evaluated now: never resolved", found.lost_sight_of),
    )
    return tuple(
        DeviationList(anchor, mark, distinct(each), note, _cut(frame, each, line))
        for anchor, mark, note, each in lists
        if each
    )


def _pairs(diff: Diff) -> int:
    return sum(len(each.routes) for each in diff.access.gained) if diff.access else 0


def _access(frame: Frame, diff: Diff) -> tuple[AccessList, ...]:
    if diff.access is None:
        return ()
    lists = (("ch-access-gained", _GAINED, diff.access.gained), ("ch-access-lost", _GONE, diff.access.lost))
    return tuple(
        AccessList(anchor, mark, sum(len(each.routes) for each in groups), _cut(frame, together(groups), _access_line))
        for anchor, mark, groups in lists
        if groups
    )


def _access_note(diff: Diff) -> str:
    if diff.access is None:
        return "Who may call could not be compared: of one of the two snapshots it is not known for any route."
    if not diff.access.gained and not diff.access.lost:
        return "Nobody gained or lost access to a route, for all that both snapshots know."
    return (
        "What identities of AWS, and callers that nobody asks, may call by all policies together. A line is about every "
        "route that it counts; what lets the caller through is shown for the first of them."
    )


def _access_line(frame: Frame, found: Together) -> AccessLine:
    first = found.first
    names = [each.name for each in found.others]
    people = sorted({each for group in (first, *found.others) for each in group.people})
    routes = [frame.names.of(each).label for each in first.routes]
    many = counted(len(routes), "route")
    return AccessLine(
        who=first.name,
        others=f"and likewise {first_of(names, _NAMED)}" if names else "",
        people=first_of(people, _NAMED),
        count=f"all {many}" if first.is_all else many,
        routes=first_of(routes, _NAMED),
        stage=" · ".join(each for each in (first.api_name, first.stage) if each),
        place=f"{first.account} · {first.region}",
        degree=_degree(first),
        by=through(first.by, first.conditions),
    )


def _degree(group: AccessGroup) -> str:
    if group.before == "denied":
        return _DEGREE[group.after]
    before = _DEGREE[group.before]
    return f"was {before}" if group.after == "denied" else f"{_DEGREE[group.after]}, before {before}"


def _cut(frame: Frame, items: Sequence[_T], row: Callable[[Frame, _T], _R]) -> Slice[_R]:
    return cut(items, frame.limits.rows, frame.limits.chunk, "diff.json", lambda each: row(frame, each))


def _path(_: Frame, change: Alike) -> PathChange:
    first = change.first
    is_route = first.what.startswith("`")
    route, _between, words = first.what[1:].partition("` ") if is_route else ("", "", first.what)
    named = [each for each in change.others[:_NAMED] if each]
    more = len(change.others) - len(named)
    return PathChange(
        mark=_PATH[first.direction],
        route=route,
        words=words,
        others=f"Likewise {joined([*named, *([f'{number(more)} more'] if more else [])])}." if change.others else "",
        stage=" · ".join(each for each in (first.api_name, first.stage) if each),
        place=f"{first.account} · {first.region}",
    )


def _changed(_: Frame, change: ResourceChange) -> ChangedResource:
    return ChangedResource(
        name=Name(change.name, "", change.resource),
        kind=change.kind,
        place=f"{change.account} · {change.region}",
        access=_ACCESS[change.access],
        fields=tuple(_field(each) for each in change.fields[:_FIELDS]),
        more=max(0, len(change.fields) - _FIELDS),
    )


def _field(change: FieldChange) -> FieldLine:
    return FieldLine(change.path, json_text(change.old), json_text(change.new))


def _moved(_: Frame, resource: ResourceRef) -> MovedResource:
    return MovedResource(
        Name(resource.name, "", resource.resource), resource.kind, f"{resource.account} · {resource.region}"
    )
