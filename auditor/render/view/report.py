"""The whole report as one value, in the order in which it is printed."""

from dataclasses import dataclass
from datetime import datetime

from auditor.model.pack import PackContents
from auditor.render.view.callers import Callers, callers
from auditor.render.view.changes import Changes, changes
from auditor.render.view.completeness import Completeness, completeness
from auditor.render.view.cover import Cover, cover
from auditor.render.view.criteria import Criteria, criteria
from auditor.render.view.exhibits import ExhibitRow, index
from auditor.render.view.frame import frame
from auditor.render.view.ledgers import Ledgers, ledgers
from auditor.render.view.matrix import Matrix, matrix
from auditor.render.view.pictures import Pictures, pictures
from auditor.render.view.provenance import Provenance, provenance
from auditor.render.view.review import Review, review
from auditor.render.view.slices import PRINT, SCREEN, Limits, Slice
from auditor.render.view.text import shortened
from auditor.render.view.workpaper import Workpaper, workpaper

SECTIONS = (
    ("cover", "Summary"),
    ("matrix", "Route matrix"),
    ("flows", "Paths of calls"),
    ("access", "Who may call"),
    ("changes", "What changed"),
    ("review", "Access review"),
    ("criteria", "Criteria and controls"),
    ("workpapers", "Workpapers"),
    ("completeness", "Completeness sheet"),
    ("gaps", "Gaps"),
    ("waivers", "Waivers"),
    ("registers", "Registers"),
    ("provenance", "Provenance"),
    ("exhibits", "Exhibits"),
    ("signoff", "Sign-off"),
)


@dataclass(frozen=True)
class Report:
    """Everything that a template prints."""

    name: str
    organisation: str
    snapshot: str
    as_of: datetime
    """The only time in a report's bytes."""
    reviewer: str
    sections: tuple[tuple[str, str], ...]
    cover: Cover
    matrix: Matrix
    flows: Pictures
    callers: Callers
    changes: Changes
    review: Review
    criteria: Criteria
    workpapers: tuple[Workpaper, ...]
    completeness: Completeness
    ledgers: Ledgers
    provenance: Provenance
    exhibits: Slice[ExhibitRow]


def screen_report(contents: PackContents) -> Report:
    """Return the report for the screen: exhibits open as files of the pack."""
    return _report(contents, SCREEN, links_to_files=True)


def print_report(contents: PackContents) -> Report:
    """Return the report for paper: shorter lists, exhibits link to the index."""
    return _report(contents, PRINT, links_to_files=False)


def _report(contents: PackContents, limits: Limits, *, links_to_files: bool) -> Report:
    whole = frame(contents, limits, links_to_files=links_to_files)
    results = contents.evaluation.results
    return Report(
        name=contents.name,
        organisation=shortened(contents.organisation or "Organisation not given", 90),
        snapshot=contents.evaluation.snapshot.id,
        as_of=contents.evaluation.snapshot.as_of,
        reviewer=contents.reviewer or "",
        sections=SECTIONS,
        cover=cover(whole),
        matrix=matrix(whole),
        flows=pictures(whole),
        callers=callers(whole),
        changes=changes(whole),
        review=review(whole),
        criteria=criteria(whole),
        workpapers=tuple(workpaper(whole, each) for each in results if each.control.subject == "estate"),
        completeness=completeness(whole),
        ledgers=ledgers(whole),
        provenance=provenance(whole),
        exhibits=index(contents, whole.cited, limits.exhibits, limits.chunk),
    )
