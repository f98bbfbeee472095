"""Counting findings by status: every number that a report shows is the length of a list that it links to."""

from collections.abc import Iterable
from dataclasses import dataclass

from auditor.model.finding import Finding
from auditor.model.status import Status
from auditor.render.view.text import counted, joined, number
from auditor.render.view.words import STATUS, Mark

_NARROWEST = 2.0
"""Per cent of a bar that even one item gets, so that nothing disappears."""


@dataclass(frozen=True)
class Count:
    """How many findings have one status, and where they are listed."""

    mark: Mark
    status: str
    count: int
    text: str
    href: str | None
    width: str
    """CSS width of its segment in a bar."""


@dataclass(frozen=True)
class Tally:
    """A population divided by status; `population` is the sum of the six counts."""

    population: int
    text: str
    counts: tuple[Count, ...]
    """In the order of reports, all six."""
    deviations: int
    """Findings that fail, waived or not; those that share a root cause are one."""
    accepted: int
    """Deviations of which every finding is waived."""

    def of(self, status: Status) -> int:
        """Return the count of one status."""
        return next(each.count for each in self.counts if each.status == status.value)


def tally(findings: Iterable[Finding], prefix: str | None = None, place: str | None = None) -> Tally:
    """Return the counts; each links to the list `prefix`-status, or all of them to one `place`."""
    several = list(findings)
    found = dict.fromkeys(Status, 0)
    for finding in several:
        found[finding.status] += 1
    population = sum(found.values())
    widths = _widths(found, population)
    counts = tuple(
        Count(
            STATUS[status],
            status.value,
            count,
            number(count),
            _href(status, prefix, place) if count else None,
            widths[status],
        )
        for status, count in found.items()
    )
    deviating = [each for each in several if each.status in {Status.FAIL, Status.WAIVED}]
    failing = distinct(each for each in deviating if each.status is Status.FAIL)
    return Tally(population, number(population), counts, distinct(deviating), distinct(deviating) - failing)


def distinct(findings: Iterable[Finding]) -> int:
    """Return how many deviations findings are: two controls that fail for one cause on one resource are one."""
    return len({(each.account, each.region, each.root_cause or f"{each.control}:{each.resource}") for each in findings})


def _href(status: Status, prefix: str | None, place: str | None) -> str | None:
    return f"#{prefix}-{status.value}" if prefix else place


def _widths(found: dict[Status, int], population: int) -> dict[Status, str]:
    if not population:
        return dict.fromkeys(found, "0%")
    shares = {each: max(_NARROWEST, 100 * count / population) if count else 0.0 for each, count in found.items()}
    whole = sum(shares.values())
    return {each: f"{100 * share / whole:.3f}%" for each, share in shares.items()}


def sentence(counts: Tally) -> str:
    """Return what a tally says, in words."""
    if not counts.population:
        return "The population is empty."
    waived = counts.accepted
    parts = [f"{counted(counts.deviations, 'deviation')}{_waived(counts.deviations, waived)}"]
    parts += [f"{number(n)} not evaluated" for n in [counts.of(Status.NOT_EVALUATED)] if n]
    parts += [f"{number(n)} to be attested" for n in [counts.of(Status.NEEDS_ATTESTATION)] if n]
    parts += [f"{number(n)} passed" for n in [counts.of(Status.PASS)] if n]
    parts += [f"{number(n)} not applicable" for n in [counts.of(Status.NOT_APPLICABLE)] if n]
    return f"{counted(counts.population, 'item')}: {joined(parts)}."


def _waived(deviations: int, waived: int) -> str:
    if not waived:
        return ""
    if waived == deviations:
        return " (waived)" if waived == 1 else " (all waived)"
    return f" ({number(waived)} of them waived)"
