"""The paths of calls, API by API: what is known of its routes in one line, and the worst of them drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from auditor.model.finding import Finding
from auditor.model.flow import Flow
from auditor.model.ruling import Ruling
from auditor.model.status import Status
from auditor.model.step import Step
from auditor.render.flow_svg import draw
from auditor.render.flow_svg.badges import rulings
from auditor.render.flow_svg.boxes import STATE
from auditor.render.view.api_files import Api, api_of
from auditor.render.view.frame import Frame
from auditor.render.view.matrix import Row, headline, heads, rows
from auditor.render.view.slices import Slice
from auditor.render.view.text import counted, shortened
from auditor.render.view.words import SEVERITY, STATUS, Mark

_MARKS = {"identity": "I", "routing": "R", "transformation": "T", "evidence": "E"}
_ARROW = " → "


@dataclass(frozen=True)
class StepLine:
    """One step, as a line under the picture."""

    n: int
    mark: str
    name: str
    symbol: str
    state: str
    sentence: str


@dataclass(frozen=True)
class RulingLine:
    """What a rule says of the route, where it must be seen."""

    rules: tuple[tuple[str, str], ...]
    """Rule and anchor: several where they say the same."""
    mark: Mark
    severity: str
    because: str
    chain: str
    basis: str
    """Empty where the rule stands on documentation."""
    finding: str
    href: str


@dataclass(frozen=True)
class FindingLine:
    """What controls found on the route: several where they say the same."""

    mark: Mark
    controls: tuple[tuple[str, str], ...]
    """Control and link."""
    reason: str


@dataclass(frozen=True)
class Picture:
    """One route, drawn and in words."""

    anchor: str
    title: str
    arn: str
    svg: Markup
    steps: tuple[StepLine, ...]
    rulings: tuple[RulingLine, ...]
    findings: tuple[FindingLine, ...]
    """Those that no rule above tells already."""
    quiet: str
    """How many rules found nothing."""


@dataclass(frozen=True)
class ApiSection:
    """One API."""

    anchor: str
    name: str
    place: str
    headline: str
    heads: tuple[tuple[str, str], ...]
    rows: Slice[Row]
    pictures: tuple[Picture, ...]
    file: str
    more: str
    """How many of its routes are not drawn here; empty where all are."""


@dataclass(frozen=True)
class Pictures:
    """The section of the report."""

    apis: tuple[ApiSection, ...]
    hidden: int
    """APIs that have no section here; each has a file."""
    drawn: int


def pictures(frame: Frame) -> Pictures:
    """Return the section; APIs in the order of their worst routes."""
    grouped: dict[Api, list[Flow]] = {}
    for each in frame.ranking.worst_first:
        grouped.setdefault(api_of(each), []).append(each)
    shown = list(grouped.items())[: frame.limits.apis]
    apis = tuple(_api(frame, api, flows, n) for n, (api, flows) in enumerate(shown, start=1))
    return Pictures(apis, len(grouped) - len(apis), sum(len(each.pictures) for each in apis))


def _api(frame: Frame, api: Api, flows: Sequence[Flow], n: int) -> ApiSection:
    drawn = [each for each in flows if frame.picture_anchor(each)]
    more = len(flows) - len(drawn)
    first = flows[0]
    return ApiSection(
        anchor=f"api-{n}",
        name=shortened(first.api_name, 90),
        place=f"{first.kind.value} API {shortened(api.id, 40)}, account {api.account}, {api.region}",
        headline=headline(flows),
        heads=heads(flows),
        rows=rows(frame, flows, frame.limits.api_rows),
        pictures=tuple(_picture(frame, each) for each in drawn),
        file=frame.api_files[api],
        more=f"{counted(more, 'route')} of this API {'is' if more == 1 else 'are'} not drawn here" if more else "",
    )


def _picture(frame: Frame, flow: Flow) -> Picture:
    anchor = frame.picture_anchor(flow)
    found = rulings(flow)
    quiet = len(flow.rulings) - len(found)
    return Picture(
        anchor=anchor,
        title=f"{shortened(flow.route_key, 90)} · {shortened(flow.stage, 24)}",
        arn=flow.route,
        svg=Markup(draw(flow, anchor, {each.rule: f"#{anchor}-{each.rule}" for each in found})),  # noqa: S704 - escaped there
        steps=tuple(_step(each) for each in flow.steps),
        rulings=_lines(frame, flow, anchor, found),
        findings=_findings(frame, flow, found),
        quiet=f"{counted(quiet, 'rule')} found nothing here." if quiet else "",
    )


def _step(step: Step) -> StepLine:
    symbol, word = STATE[step.state]
    return StepLine(step.n, _MARKS[step.domain.value], step.name, symbol, word, step.sentence)


def _lines(frame: Frame, flow: Flow, anchor: str, found: Sequence[Ruling]) -> tuple[RulingLine, ...]:
    findings = by_rule(frame.ranking.of(flow))
    alike: dict[tuple[Status, str, str], list[Ruling]] = {}
    for each in found:
        alone = each.rule if each.chain or each.rule in findings else ""
        alike.setdefault((each.status, each.because, alone), []).append(each)
    return tuple(_ruling(frame, several, anchor, findings.get(several[0].rule)) for several in alike.values())


def _findings(frame: Frame, flow: Flow, rules: Sequence[Ruling]) -> tuple[FindingLine, ...]:
    told = {each.rule for each in rules}
    alike: dict[tuple[Status, str], list[Finding]] = {}
    for each in frame.ranking.of(flow):
        if each.observed.get("rule") not in told:
            alike.setdefault((each.status, each.reason), []).append(each)
    return tuple(
        FindingLine(STATUS[status], tuple((each.control, frame.finding_href(each)) for each in several), reason)
        for (status, reason), several in alike.items()
    )


def by_rule(findings: Sequence[Finding]) -> Mapping[str, Finding]:
    """Return the findings of one route by the rule that they rest on, the worst where several do."""
    found: dict[str, Finding] = {}
    for each in findings:
        rule = each.observed.get("rule")
        if isinstance(rule, str):
            found.setdefault(rule, each)
    return found


def _ruling(frame: Frame, several: Sequence[Ruling], anchor: str, finding: Finding | None) -> RulingLine:
    ruling = several[0]
    return RulingLine(
        rules=tuple((each.rule, f"{anchor}-{each.rule}") for each in several),
        mark=STATUS[ruling.status],
        severity=SEVERITY[ruling.severity] if ruling.severity else "",
        because=ruling.because,
        chain=_ARROW.join(ruling.chain),
        basis="" if ruling.basis.value == "documented" else f"known as {ruling.basis.value}: possible, not proven",
        finding=finding.control if finding else "",
        href=frame.finding_href(finding) if finding else "",
    )
