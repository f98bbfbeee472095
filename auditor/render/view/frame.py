"""What every section of a report needs to know of the whole: names, links, limits, anchors."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date
from functools import cached_property

from auditor.model.finding import Evaluation, Finding
from auditor.model.flow import Flow
from auditor.model.pack import PackContents
from auditor.model.status import Status
from auditor.render.view.api_files import Api, api_files, api_of
from auditor.render.view.exhibits import Linker, cited
from auditor.render.view.names import Names, names
from auditor.render.view.ranking import Ranking
from auditor.render.view.slices import Limits

Key = tuple[str, str, str, str]


@dataclass(frozen=True)
class Frame:
    """The contents with everything that sections share."""

    contents: PackContents
    limits: Limits
    names: Names
    exhibits: Linker
    cited: tuple[str, ...]
    """Every exhibit of the pack."""
    anchors: Mapping[Key, str]
    """Findings that have a line of their own in this report."""
    causes: Mapping[str, tuple[str, ...]]
    """Root cause to the controls that fail for it, sorted."""

    @property
    def evaluation(self) -> Evaluation:
        """The evaluation that the pack shows."""
        return self.contents.evaluation

    @property
    def today(self) -> date:
        """The snapshot's UTC day, from which ages are measured."""
        return self.evaluation.evaluated_as_of.astimezone(UTC).date()

    @cached_property
    def ranking(self) -> Ranking:
        """The routes, worst first, with their findings."""
        return Ranking(self.evaluation.flows, self.evaluation.findings)

    @cached_property
    def api_files(self) -> Mapping[Api, str]:
        """The file that holds an API's pictures."""
        return api_files(self.evaluation.flows)

    @cached_property
    def _drawn(self) -> Mapping[str, str]:
        """Anchor of each route that is drawn in this report: the worst of those whose API has a section here."""
        sections = list(dict.fromkeys(api_of(each) for each in self.ranking.worst_first))[: self.limits.apis]
        shown = [each for each in self.ranking.worst_first if api_of(each) in set(sections)][: self.limits.pictures]
        return {each.route: f"flow-{n}" for n, each in enumerate(shown, start=1)}

    def picture_anchor(self, flow: Flow) -> str:
        """Return the id of a route's picture in this report; empty where it is not drawn here."""
        return self._drawn.get(flow.route, "")

    def picture_href(self, flow: Flow) -> str:
        """Return the link to a route's picture in this report; empty where it is not drawn here."""
        anchor = self.picture_anchor(flow)
        return f"#{anchor}" if anchor else ""

    def finding_href(self, finding: Finding) -> str:
        """Return the link to a finding's line, else to its workpaper; empty where this report has neither."""
        anchor = self.anchors.get(key(finding))
        if anchor is None and any(each.control.id == finding.control for each in self.evaluation.results):
            anchor = workpaper_anchor(finding.control)
        return f"#{anchor}" if anchor else ""


def frame(contents: PackContents, limits: Limits, *, links_to_files: bool) -> Frame:
    """Return the frame of one report; `links_to_files`: exhibits open as files of the pack (HTML)."""
    exhibits = cited(contents.evaluation)
    linker = Linker(frozenset(exhibits[: limits.exhibits]), links_to_files)
    return Frame(
        contents=contents,
        limits=limits,
        names=names(contents.evaluation.flows),
        exhibits=linker,
        cited=exhibits,
        anchors=_anchors(contents.evaluation, limits),
        causes=_causes(contents.evaluation),
    )


def _causes(evaluation: Evaluation) -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {}
    for finding in evaluation.findings:
        if finding.root_cause is not None:
            found.setdefault(finding.root_cause, set()).add(finding.control)
    return {cause: tuple(sorted(controls)) for cause, controls in found.items()}


def key(finding: Finding) -> Key:
    """Return what identifies a finding."""
    return (finding.control, finding.account, finding.region, finding.resource)


def workpaper_anchor(control: str) -> str:
    """Return the id of a control's workpaper."""
    return f"wp-{control}"


def group_anchor(control: str, status: Status) -> str:
    """Return the id of the list of one control's findings with one status."""
    return f"wp-{control}-{status.value}"


def waiver_anchor(position: int) -> str:
    """Return the id of a waiver's line, by its place in the list of waivers."""
    return f"wv-{position}"


def limit_of(status: Status, limits: Limits) -> int:
    """Return how many findings of a status one workpaper prints."""
    return limits.compact if status in {Status.PASS, Status.NOT_APPLICABLE} else limits.rows


def _anchors(evaluation: Evaluation, limits: Limits) -> dict[Key, str]:
    found: dict[Key, str] = {}
    for result in evaluation.results:
        seen = dict.fromkeys(Status, 0)
        for finding in result.findings:
            seen[finding.status] += 1
            if seen[finding.status] <= limit_of(finding.status, limits):
                group = group_anchor(finding.control, finding.status)
                found.setdefault(key(finding), f"{group}-{seen[finding.status]}")
    return found
