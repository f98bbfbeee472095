"""The three worst routes of a pack, a plain sentence each: what a reader should know before turning the page."""

from dataclasses import dataclass

from auditor.model.finding import Finding
from auditor.model.flow import Flow
from auditor.model.ruling import Ruling
from auditor.model.status import Status
from auditor.render.flow_svg.widths import fit
from auditor.render.view.api_files import api_of
from auditor.render.view.frame import Frame
from auditor.render.view.ranking import badness, failing
from auditor.render.view.text import counted
from auditor.render.view.words import SEVERITY, STATUS, Mark

_NAMED = 3
_SIZE = 10
_ROUTE, _API, _STAGE, _REASON = 230, 90, 70, 680
"""Widths at that size: each route takes two lines of the cover, which must stay one page."""


@dataclass(frozen=True)
class WorstRoute:
    """One route, and the worst that is to be said of it."""

    mark: Mark
    severity: str
    severity_code: str
    route: str
    where: str
    sentence: str
    more: str
    href: str


def worst_routes(frame: Frame) -> tuple[WorstRoute, ...]:
    """Return the worst routes of which something fails: at most three, in the order of the matrix."""
    bad = [(flow, found) for flow in frame.ranking.worst_first if (found := _failing(frame, flow))]
    bad.sort(key=lambda each: (badness(each[1][0]), -len(each[1])))
    named: dict[tuple[object, ...], WorstRoute] = {}
    for flow, found in bad:
        # Methods of one path that fail alike are one thing to tell, not two.
        named.setdefault((api_of(flow), flow.stage, _path(flow), _said(found[0])), _route(frame, flow, found))
        if len(named) == _NAMED:
            break
    return tuple(named.values())


def _path(flow: Flow) -> str:
    return flow.route_key.partition(" ")[2] or flow.route_key


def _said(found: Finding | Ruling) -> str:
    return found.reason if isinstance(found, Finding) else found.because


def _failing(frame: Frame, flow: Flow) -> list[Finding | Ruling]:
    """Return what fails on a route, worst first; a ruling that a finding rests on, or that was waived, is not told twice."""
    findings = frame.ranking.of(flow)
    judged = {each.observed.get("rule") for each in findings}
    rules: list[Finding | Ruling] = [each for each in failing(flow.rulings) if each.rule not in judged]
    return sorted([*(each for each in findings if each.status is Status.FAIL), *rules], key=badness)


def _route(frame: Frame, flow: Flow, found: list[Finding | Ruling]) -> WorstRoute:
    worst, more = found[0], len(found) - 1
    severity = worst.severity
    link = frame.picture_href(flow) or (frame.finding_href(worst) if isinstance(worst, Finding) else "")
    return WorstRoute(
        mark=STATUS[worst.status],
        severity=SEVERITY[severity] if severity else "",
        severity_code=severity.value if severity else "",
        route=fit(flow.route_key, _ROUTE, _SIZE),
        where=f"{fit(flow.api_name, _API, _SIZE)} · {fit(flow.stage, _STAGE, _SIZE)}",
        sentence=fit(_said(worst), _REASON, _SIZE),
        more=f"{counted(more, 'further failing test')}" if more else "",
        href=link,
    )
