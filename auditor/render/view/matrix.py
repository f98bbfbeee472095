"""The route matrix: the whole estate in ten seconds, worst first."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from auditor.model.control import Severity
from auditor.model.finding import Finding
from auditor.model.flow import Drift, Flow, ToldToBackend, Trace, WhoKind
from auditor.model.status import Status
from auditor.render.view import cells
from auditor.render.view.cells import Cell
from auditor.render.view.frame import Frame
from auditor.render.view.slices import Slice, cut
from auditor.render.view.text import counted, number, shortened
from auditor.render.view.words import STATUS, Mark

_QUIET = (Status.PASS, Status.NOT_APPLICABLE)
_SEVERITIES = list(Severity)
_STATUSES = list(Status)
_NOTHING = (len(_STATUSES), 0)
_IN_A_CELL = 4


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
    worst: str
    """Tone of the worst finding; `none` where there is none."""
    cells: tuple[Cell, ...]
    """Who, API key, doors, told to back end, back end, log, drift."""
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


HEADS = ("Who may call", "API key", "Doors", "Told to back end", "Back end", "Log", "Drift")


def matrix(frame: Frame) -> Matrix:
    """Return the matrix of a pack."""
    flows = frame.evaluation.flows
    by_route = _findings(frame.evaluation.findings)
    order = sorted(range(len(flows)), key=lambda n: (*_rank(flows[n], by_route[_key(flows[n])]), n))
    return Matrix(
        headline=headline(flows),
        heads=_heads(flows),
        rows=cut(
            [flows[n] for n in order],
            frame.limits.routes,
            frame.limits.chunk,
            "flows/routes.csv",
            lambda each: _row(frame, each, by_route[_key(each)]),
        ),
        is_empty=not flows,
    )


def _key(flow: Flow) -> tuple[str, str, str]:
    return (flow.account, flow.region, flow.route)


def _findings(findings: Iterable[Finding]) -> defaultdict[tuple[str, str, str], list[Finding]]:
    found: defaultdict[tuple[str, str, str], list[Finding]] = defaultdict(list)
    for each in findings:
        if each.status not in _QUIET:
            found[each.account, each.region, each.resource].append(each)
    for several in found.values():
        several.sort(key=_badness)
    return found


def _badness(finding: Finding) -> tuple[int, int]:
    return (_STATUSES.index(finding.status), _SEVERITIES.index(finding.severity))


def _rank(flow: Flow, findings: Sequence[Finding]) -> tuple[tuple[int, int], int, int]:
    worst = _badness(findings[0]) if findings else _NOTHING
    return (worst, cells.openness(flow), -len(findings))


def _row(frame: Frame, flow: Flow, findings: Sequence[Finding]) -> Row:
    method, _, path = flow.route_key.partition(" ")
    refs = tuple(FindingRef(STATUS[each.status], each.control, frame.finding_href(each)) for each in findings)
    return Row(
        key=method if path else "",
        path=shortened(path or method, 72),
        arn=flow.route,
        api=shortened(flow.api_name, 40),
        stage=flow.stage,
        worst=STATUS[findings[0].status].tone if findings else "none",
        cells=cells.of(flow),
        findings=refs[:_IN_A_CELL],
        more=max(0, len(refs) - _IN_A_CELL),
    )


def headline(flows: Sequence[Flow]) -> str:
    """Return the estate in one sentence."""
    if not flows:
        return "No deployed route was seen: the lists of APIs and stages hold none, or could not be read (see gaps)."
    openness = [cells.openness(each) for each in flows]
    parts = [f"{number(openness.count(0))} open to anyone", f"{number(openness.count(2))} with an API key only"]
    parts += [f"{number(n)} where it is not known who may call" for n in [openness.count(1)] if n]
    changed = sum(1 for each in flows if each.drift is Drift.UNDEPLOYED_CHANGE)
    unsure = sum(1 for each in flows if each.drift is Drift.UNKNOWN)
    drift = f"{number(changed)} with undeployed changes" + (f" ({number(unsure)} not known)" if unsure else "")
    return f"{counted(len(flows), 'route')}: {', '.join(parts)}; {_told(flows)}; {drift}."


def _told(flows: Sequence[Flow]) -> str:
    told = [each.told_to_backend for each in flows]
    if all(each is ToldToBackend.UNKNOWN for each in told):
        return "whether the back end is told who called: not judged yet"
    not_told = sum(1 for each in told if each in {ToldToBackend.NOTHING, ToldToBackend.CLIENT_CLAIMED})
    unsure = told.count(ToldToBackend.UNKNOWN)
    return f"{number(not_told)} where the back end is not told who called" + (
        f" ({number(unsure)} not known)" if unsure else ""
    )


def _heads(flows: Sequence[Flow]) -> tuple[tuple[str, str], ...]:
    told = {ToldToBackend.NOTHING, ToldToBackend.CLIENT_CLAIMED}
    counts = (
        _head(sum(1 for each in flows if each.who.kind is WhoKind.NONE), "nobody asked"),
        _head(sum(1 for each in flows if cells.openness(each) == 2), "key only"),  # noqa: PLR2004 - its rank
        _head(sum(1 for each in flows if each.private is True), "private"),
        _head(sum(1 for each in flows if each.told_to_backend in told), "not told"),
        "",
        _head(sum(1 for each in flows if each.trace is Trace.NONE), "none"),
        _head(sum(1 for each in flows if each.drift is Drift.UNDEPLOYED_CHANGE), "changed"),
    )
    return tuple(zip(HEADS, counts, strict=True))


def _head(count: int, what: str) -> str:
    return f"{number(count)} {what}" if count else ""
