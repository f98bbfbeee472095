"""One workpaper a control: what is claimed, how it was tested, on what population, with what result."""

from dataclasses import dataclass

from auditor.model.control import Control
from auditor.model.finding import ControlResult
from auditor.model.resource import Listing
from auditor.render.view.exhibits import ExhibitRefs
from auditor.render.view.findings import Group, groups
from auditor.render.view.frame import Frame, workpaper_anchor
from auditor.render.view.tally import Tally, sentence, tally
from auditor.render.view.text import counted, json_text, number
from auditor.render.view.words import CONCLUSION, SEVERITY, Mark

_LISTINGS = 40
"""Lists that one workpaper prints; all of them stand in completeness.json."""


@dataclass(frozen=True)
class CriterionLine:
    """A criterion that the control supports testing of, and why."""

    id: str
    href: str
    title: str
    rationale: str


@dataclass(frozen=True)
class ParameterLine:
    """A value that was tested, and who says so."""

    name: str
    value: str
    source: str


@dataclass(frozen=True)
class ListingLine:
    """One list that the population rests on."""

    kind: str
    operation: str
    place: str
    parent: str
    count: str
    complete: bool
    second: str
    agrees: bool | None
    """Whether the second count is the same; None where there is none."""
    exhibits: ExhibitRefs


@dataclass(frozen=True)
class Workpaper:
    """One control, tested."""

    anchor: str
    id: str
    version: str
    title: str
    statement: str
    domain: str
    severity: str
    severity_code: str
    frequency: str
    basis: str
    procedure: str
    cannot_see: str
    remediation: str
    references: tuple[tuple[str, str], ...]
    criteria: tuple[CriterionLine, ...]
    parameters: tuple[ParameterLine, ...]
    conclusion: Mark
    tally: Tally
    sentence: str
    completeness: str
    listings: tuple[ListingLine, ...]
    more_listings: int
    groups: tuple[Group, ...]
    population_file: str


def workpaper(frame: Frame, result: ControlResult) -> Workpaper:
    """Return the workpaper of one control."""
    control = result.control
    counts = tally(result.findings, workpaper_anchor(control.id))
    return Workpaper(
        anchor=workpaper_anchor(control.id),
        id=control.id,
        version=str(control.version),
        title=control.title,
        statement=control.statement,
        domain=control.domain.replace("-", " "),
        severity=SEVERITY[control.severity],
        severity_code=control.severity.value,
        frequency=control.frequency,
        basis=control.basis.value,
        procedure=control.procedure,
        cannot_see=control.cannot_see,
        remediation=control.remediation,
        references=tuple(
            (name.replace("_", " "), json_text(each)) for name, each in sorted(control.references.items()) if each
        ),
        criteria=_criteria(frame, control),
        parameters=tuple(
            ParameterLine(name.replace("_", " "), json_text(each.value), each.source)
            for name, each in sorted(control.parameters.items())
        ),
        conclusion=CONCLUSION[result.conclusion],
        tally=counts,
        sentence=sentence(counts),
        completeness=_completeness(result),
        listings=tuple(listing_line(frame, each) for each in result.listings[:_LISTINGS]),
        more_listings=max(0, len(result.listings) - _LISTINGS),
        groups=groups(frame, control.id, result.findings),
        population_file=f"populations/{control.id}.csv",
    )


def _criteria(frame: Frame, control: Control) -> tuple[CriterionLine, ...]:
    titles = {each.id: each.title for each in frame.evaluation.catalog.criteria}
    return tuple(
        CriterionLine(each.id, f"#cr-{each.id}" if each.id in titles else "", titles.get(each.id, ""), each.rationale)
        for each in control.criteria
    )


def _completeness(result: ControlResult) -> str:
    """Return how the population is known to be complete, or that it is not."""
    listed = result.listings
    if not listed:
        return "No list of AWS stands behind this population."
    ended = sum(1 for each in listed if not each.complete)
    seconds = [each for each in listed if each.second_count is not None]
    agree = sum(1 for each in seconds if each.second_count == each.count)
    items = counted(sum(each.count for each in listed), "item")
    end = f"{number(ended)} of them ended early" if ended else "each read to its end"
    second = (
        f"{number(agree)} of {counted(len(seconds), 'second count')} agree" if seconds else "no second count exists"
    )
    return f"The population rests on {counted(len(listed), 'list')} ({items}), {end}; {second}."


def listing_line(frame: Frame, listing: Listing) -> ListingLine:
    """Return one list as a line."""
    second, agrees = "", None
    if listing.second_count is not None:
        as_of = f", as of {listing.second_as_of}" if listing.second_as_of else ""
        second = f"{number(listing.second_count)} by {listing.second_source or 'a second path'}{as_of}"
        agrees = listing.second_count == listing.count
    return ListingLine(
        kind=listing.kind,
        operation=listing.operation,
        place=f"{listing.account} · {listing.region}",
        parent=listing.parent or "",
        count=number(listing.count),
        complete=listing.complete,
        second=second,
        agrees=agrees,
        exhibits=frame.exhibits.refs(listing.pages),
    )
