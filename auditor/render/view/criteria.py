"""Criteria against controls: what this pack supports testing of, and what is still needed."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from auditor.model.control import Coverage, Criterion
from auditor.model.finding import ControlResult
from auditor.render.view.frame import Frame, workpaper_anchor
from auditor.render.view.text import counted, number
from auditor.render.view.words import CONCLUSION, COVERAGE, Mark


@dataclass(frozen=True)
class ControlRef:
    """A control with the mark of its conclusion."""

    id: str
    href: str
    mark: Mark


@dataclass(frozen=True)
class CriterionRow:
    """One criterion."""

    anchor: str
    id: str
    title: str
    coverage: Mark
    controls: tuple[ControlRef, ...]
    tool_gives: str
    still_needed: str


@dataclass(frozen=True)
class CriterionGroup:
    """Criteria of one group, in the framework's order."""

    name: str
    rows: tuple[CriterionRow, ...]


@dataclass(frozen=True)
class Criteria:
    """All criteria: those with a control in this pack, then those without."""

    framework: str
    headline: str
    tested: tuple[CriterionGroup, ...]
    others: tuple[CriterionGroup, ...]


def criteria(frame: Frame) -> Criteria:
    """Return the matrix of criteria and controls; controls on the collection itself count for none."""
    catalog = frame.evaluation.catalog
    results = [each for each in frame.evaluation.results if each.control.subject == "estate"]
    mapped = {each.id for result in results for each in result.control.criteria}
    partly = sum(1 for each in catalog.criteria if each.coverage is Coverage.PARTLY)
    fully = sum(1 for each in catalog.criteria if each.coverage is Coverage.FULLY)
    tested = [each for each in catalog.criteria if each.id in mapped]
    headline = (
        f"{counted(len(catalog.criteria), 'criterion', 'criteria')}, {number(len(tested))} with a control here. "
        f"Snapshots can serve as test evidence fully for {number(fully)}, partly for {number(partly)}, "
        f"not for {number(len(catalog.criteria) - fully - partly)}."
    )
    others = [each for each in catalog.criteria if each.id not in mapped]
    return Criteria(catalog.framework, headline, _groups(tested, results), _groups(others, results))


def _groups(chosen: Iterable[Criterion], results: list[ControlResult]) -> tuple[CriterionGroup, ...]:
    return tuple(
        CriterionGroup(name.capitalize(), tuple(_row(each, results) for each in members))
        for name, members in groupby(chosen, key=lambda each: each.group)
    )


def _row(criterion: Criterion, results: list[ControlResult]) -> CriterionRow:
    return CriterionRow(
        anchor=f"cr-{criterion.id}",
        id=criterion.id,
        title=criterion.title,
        coverage=COVERAGE[criterion.coverage],
        controls=tuple(
            ControlRef(each.control.id, f"#{workpaper_anchor(each.control.id)}", CONCLUSION[each.conclusion])
            for each in results
            if any(mapping.id == criterion.id for mapping in each.control.criteria)
        ),
        tool_gives=criterion.tool_gives or "no useful evidence",
        still_needed=criterion.still_needed or "nothing named",
    )
