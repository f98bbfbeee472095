"""The route matrix: the whole estate in ten seconds, worst first."""

from collections.abc import Sequence
from dataclasses import dataclass

from auditor.model.finding import Finding
from auditor.model.flow import Drift, Flow, ToldToBackend, Trace, WhoKind
from auditor.model.step import StepState
from auditor.render.view import cells
from auditor.render.view.cells import Cell
from auditor.render.view.frame import Frame
from auditor.render.view.slices import Slice, cut
from auditor.render.view.text import counted, number, shortened
from auditor.render.view.words import STATUS, Mark

_NAMELESS = frozenset({Trace.NONE, Trace.BROKEN, Trace.ANONYMOUS, Trace.PARTIAL})
ROUTES_FILE = "flows/routes.csv"


@dataclass(frozen=True)
class FindingRef:
    """A control with the mark of its finding on this route."""

    mark: Mark
    control: str
    href: str


@dataclass(frozen=True)
class Row:
    """One deployed route."""

    key: str
    path: str
    arn: str
    api: str
    stage: str
    picture: str
    """Link to its picture; empty where it is not drawn in this report."""
    worst: str
    """Tone of the worst finding; `none` where there is none."""
    cells: tuple[Cell, ...]
    """In the order of HEADS."""
    findings: tuple[FindingRef, ...]
    more: int


@dataclass(frozen=True)
class Matrix:
    """Every deployed route, and the sentence above them."""

    headline: str
    heads: tuple[tuple[str, str], ...]
    """Name of each cell's column with what is bad in it, counted."""
    rows: Slice[Row]
    is_empty: bool


HEADS = (
    "Exposure", "WAF", "Policy", "Who may call", "Key, limit", "Input check", "Told to back end",
    "Changes, 1 sentence?", "Back end", "Trace", "Drift",
)  # fmt: skip


def matrix(frame: Frame) -> Matrix:
    """Return the matrix of a pack."""
    flows = frame.ranking.worst_first
    return Matrix(
        headline=headline(flows),
        heads=heads(flows),
        rows=rows(frame, flows, frame.limits.routes),
        is_empty=not flows,
    )


def rows(frame: Frame, flows: Sequence[Flow], limit: int) -> Slice[Row]:
    """Return the rows of routes, in the order given."""
    return cut(flows, limit, frame.limits.chunk, ROUTES_FILE, lambda each: _row(frame, each, frame.ranking.of(each)))


def _row(frame: Frame, flow: Flow, findings: Sequence[Finding]) -> Row:
    method, _, path = flow.route_key.partition(" ")
    width, most = frame.limits.cell, frame.limits.in_a_cell
    refs = tuple(FindingRef(STATUS[each.status], each.control, frame.finding_href(each)) for each in findings[:most])
    return Row(
        key=method if path else "",
        path=shortened(path or method, width + 4 - (len(method) if path else 0)) + (" (canary)" if flow.canary else ""),
        arn=flow.route,
        api=shortened(flow.api_name, width * 3 // 5),
        stage=shortened(flow.stage, width // 2),
        picture=frame.picture_href(flow),
        worst=STATUS[findings[0].status].tone if findings else "none",
        cells=cells.of(flow, width),
        findings=refs,
        more=len(findings) - len(refs),
    )


def headline(flows: Sequence[Flow]) -> str:
    """Return routes in one sentence."""
    if not flows:
        return "No deployed route was seen: the lists of APIs and stages hold none, or could not be read (see gaps)."
    openness = [cells.openness(each) for each in flows]
    parts = [f"{number(openness.count(0))} open to anyone"]
    parts += [f"{number(n)} with an API key only" for n in [openness.count(2)] if n]
    parts += [f"{number(n)} where it is not known who may call" for n in [openness.count(1)] if n]
    parts += [_told(flows), _named(flows)]
    parts += [text for text in [_changed(flows)] if text]
    return f"{counted(len(flows), 'route')}: {', '.join(parts)}."


def _told(flows: Sequence[Flow]) -> str:
    silent = sum(1 for each in flows if cells.is_kept_in_the_dark(each))
    unsure = sum(1 for each in flows if each.told_to_backend is ToldToBackend.UNKNOWN)
    return f"{number(silent)} where the back end is not told who called{_unsure(unsure)}"


def _named(flows: Sequence[Flow]) -> str:
    nameless = sum(1 for each in flows if each.trace in _NAMELESS)
    return f"{number(nameless)} with no name in the log{_unsure(sum(1 for each in flows if each.trace is None))}"


def _changed(flows: Sequence[Flow]) -> str:
    changed = sum(1 for each in flows if each.drift is Drift.UNDEPLOYED_CHANGE)
    unsure = sum(1 for each in flows if each.drift is Drift.UNKNOWN)
    return f"{number(changed)} with undeployed changes{_unsure(unsure)}" if changed or unsure else ""


def _unsure(count: int) -> str:
    return f" ({number(count)} not known)" if count else ""


def heads(flows: Sequence[Flow]) -> tuple[tuple[str, str], ...]:
    """Return the heads of the columns; what is bad in a column is counted under its name."""
    every = len(flows)
    transforms = [cells.made(each.transforms or ()) for each in flows]
    counts = (
        _head("public", sum(1 for each in flows if each.private is False), every),
        _head("off", sum(1 for each in flows if _state(each, 3) is StepState.ABSENT), every),
        "",
        _head("nobody asked", sum(1 for each in flows if each.who.kind is WhoKind.NONE), every),
        _head("key only", sum(1 for each in flows if cells.openness(each) == 2), every),  # noqa: PLR2004 - its rank
        _head("off", sum(1 for each in flows if _state(each, 9) is StepState.ABSENT), every),
        _head("not told", sum(1 for each in flows if cells.is_kept_in_the_dark(each)), every),
        _head("no", sum(1 for each in transforms if not cells.fits_in_a_sentence(each)), every),
        "",
        _head("no name", sum(1 for each in flows if each.trace in _NAMELESS), every),
        _head("changed", sum(1 for each in flows if each.drift is Drift.UNDEPLOYED_CHANGE), every),
    )
    return tuple(zip(HEADS, counts, strict=True))


def _state(flow: Flow, step: int) -> StepState:
    return next((each.state for each in flow.steps if each.n == step), StepState.NOT_READ)


def _head(what: str, count: int, every: int) -> str:
    return f"{what} {number(count)}/{number(every)}" if count else ""
