"""The cover: whose estate, when, what was found, and what such a pack can and cannot prove."""

from dataclasses import dataclass

from auditor.model.control import Severity
from auditor.model.finding import ControlResult, Finding
from auditor.model.pack import PackContents
from auditor.model.status import Status
from auditor.render.view.findings import is_overdue
from auditor.render.view.frame import Frame, workpaper_anchor
from auditor.render.view.tally import Tally, distinct, tally
from auditor.render.view.text import counted, joined, local, number, shortened, utc, zone
from auditor.render.view.words import CONCLUSION, MEANING, SEVERITY, STATUS, Mark
from auditor.render.view.worst import WorstRoute, worst_routes

_NAMED = 3
_LONGEST = 64
"""Characters of a name on the cover: it must stay one page, the matrix is page two."""
PROVES = (
    "What AWS answered about this estate at the moment of the snapshot, byte by byte, with sha256 digests.",
    "That each number rests on a list that was read to its end, or says that it was not.",
    "That each statement was tested on the whole population, on the deployed route, by a published procedure.",
)
PROVES_NOT = (
    "That a setting held between two snapshots, or that a control operated; a snapshot is one point in time.",
    "That the organisation complies with any framework: that conclusion is the service auditor's.",
    "Anything outside the accounts, regions and services in scope, nor what people do by hand.",
)


@dataclass(frozen=True)
class Fact:
    """A label and its value."""

    label: str
    value: str
    code: bool = False


@dataclass(frozen=True)
class SeverityRow:
    """The tests of one severity."""

    label: str
    code: str
    controls: str
    tally: Tally
    conclusion: str


@dataclass(frozen=True)
class IndexRow:
    """One control, in the list of workpapers."""

    id: str
    href: str
    title: str
    severity: str
    severity_code: str
    conclusion: Mark
    tally: Tally


@dataclass(frozen=True)
class Cover:
    """Page one."""

    organisation: str
    title: str
    subtitle: str
    headline: str
    supports: str
    worst: tuple[WorstRoute, ...]
    facts: tuple[Fact, ...]
    tally: Tally
    severities: tuple[SeverityRow, ...]
    legend: tuple[tuple[Mark, str], ...]
    proves: tuple[str, ...]
    proves_not: tuple[str, ...]
    controls: tuple[IndexRow, ...]


def cover(frame: Frame) -> Cover:
    """Return the cover; controls on the collection itself stay outside its totals."""
    contents = frame.contents
    results = [each for each in frame.evaluation.results if each.control.subject == "estate"]
    findings = [finding for each in results for finding in each.findings]
    total = tally(findings, place="#workpapers")
    mapped = {each.id for result in results for each in result.control.criteria}
    criteria = [each.id for each in frame.evaluation.catalog.criteria if each.id in mapped]
    return Cover(
        organisation=shortened(contents.organisation or "Organisation not given", _LONGEST),
        title=f"Evidence pack {shortened(contents.name, _LONGEST // 4)}",
        subtitle="API Gateway, IAM and key rotation: who may call which route, where it goes, what changed",
        headline=_headline(frame, results, total),
        supports=f"Supports testing of {joined(criteria)}." if criteria else "No control was tested.",
        worst=worst_routes(frame),
        facts=(*_facts(contents), *_overdue(frame, findings)),
        tally=total,
        severities=tuple(_severity(each, results, findings) for each in Severity),
        legend=tuple((STATUS[each], MEANING[each]) for each in Status),
        proves=PROVES,
        proves_not=PROVES_NOT,
        controls=tuple(_index(each) for each in results),
    )


def _headline(frame: Frame, results: list[ControlResult], total: Tally) -> str:
    routes = counted(len(frame.evaluation.flows), "deployed route")
    if not results:
        return f"No control was tested: {routes}."
    if not total.population:
        return f"{counted(len(results), 'control')} found nothing to test: {routes}."
    waived = total.accepted
    accepted = f" ({number(waived)} waived)" if waived else ""
    parts = [f"{counted(total.deviations, 'deviation')}{accepted}"]
    parts += [f"{number(n)} not evaluated" for n in [total.of(Status.NOT_EVALUATED)] if n]
    parts += [f"{number(n)} to be attested" for n in [total.of(Status.NEEDS_ATTESTATION)] if n]
    tests = counted(total.population, "test")
    return f"{counted(len(results), 'control')}, {tests} on {routes} and the keys around them: {joined(parts)}."


def _severity(severity: Severity, results: list[ControlResult], findings: list[Finding]) -> SeverityRow:
    controls = [each for each in results if each.control.severity is severity]
    counts = tally(each for each in findings if each.severity is severity)
    deviating = sum(1 for each in controls if any(f.status in {Status.FAIL, Status.WAIVED} for f in each.findings))
    return SeverityRow(
        SEVERITY[severity], severity.value, number(len(controls)), counts, _concluded(len(controls), deviating, counts)
    )


def _concluded(controls: int, deviating: int, counts: Tally) -> str:
    if not controls:
        return "no control of this severity"
    if deviating:
        return f"deviations in {number(deviating)} of {counted(controls, 'control')}"
    if counts.of(Status.NOT_EVALUATED):
        return "no deviation seen, evidence incomplete"
    if counts.of(Status.NEEDS_ATTESTATION):
        return "no deviation seen, attestation needed"
    return "no deviation found" if counts.of(Status.PASS) else "nothing to test"


def _index(result: ControlResult) -> IndexRow:
    control = result.control
    return IndexRow(
        id=control.id,
        href=f"#{workpaper_anchor(control.id)}",
        title=control.title,
        severity=SEVERITY[control.severity],
        severity_code=control.severity.value,
        conclusion=CONCLUSION[result.conclusion],
        tally=tally(result.findings, workpaper_anchor(control.id)),
    )


def _facts(contents: PackContents) -> tuple[Fact, ...]:
    snapshot = contents.evaluation.snapshot
    return (
        Fact("Period", contents.period or "none named"),
        Fact("As of", utc(snapshot.as_of)),
        Fact("Local time", local(snapshot.as_of, zone(contents.time_zone), contents.time_zone)),
        Fact("Accounts", _several(snapshot.scope.accounts, "account")),
        Fact("Regions", _several(snapshot.scope.regions, "region")),
        Fact("Collected by", _several(tuple(dict.fromkeys(snapshot.callers.values())), "caller", 1), code=True),
        Fact("Reviewer", shortened(contents.reviewer or "none named", _LONGEST)),
        Fact("Snapshot", snapshot.id, code=True),
        Fact("Config root", snapshot.root, code=True),
        Fact("Catalog digest", contents.evaluation.catalog.digest, code=True),
    )


def _overdue(frame: Frame, findings: list[Finding]) -> tuple[Fact, ...]:
    """Return how many deviations stand beyond their time limit; nothing where none is set."""
    sla = frame.evaluation.catalog.sla
    limits = [
        f"{SEVERITY[each].lower()} {counted(days, 'day')}"
        for each in Severity
        if (days := getattr(sla, each.value)) is not None
    ]
    if not limits:
        return ()
    late = distinct(each for each in findings if is_overdue(each, frame.today))
    standing = distinct(each for each in findings if each.status is Status.FAIL)
    return (Fact("Overdue", f"{number(late)} of {counted(standing, 'deviation')} not waived ({joined(limits)})"),)


def _several(values: tuple[str, ...], noun: str, most: int = _NAMED) -> str:
    shown = [shortened(each, _LONGEST) for each in values[:most]]
    if len(values) <= most:
        return joined(shown) or f"no {noun}"
    return f"{', '.join(shown)} and {number(len(values) - most)} more"
