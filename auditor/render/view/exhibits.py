"""Exhibits: the pages that findings and populations rest on, and how a report links to each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from auditor.model.finding import Evaluation
from auditor.model.pack import PackContents
from auditor.model.snapshot import Page
from auditor.model.status import Status
from auditor.render.view.slices import Slice, cut
from auditor.render.view.text import number, utc

_SHORT = 8
_IN_A_CELL = 4
_ON_SCREEN = 16
_DEVIATIONS = (Status.FAIL, Status.WAIVED)


@dataclass(frozen=True)
class ExhibitRef:
    """A short digest that links to the exhibit."""

    short: str
    sha256: str
    href: str | None
    """None where the index of this report does not print it."""


@dataclass(frozen=True)
class ExhibitRefs:
    """The exhibits of one row: a few links, and how many more there are."""

    shown: tuple[ExhibitRef, ...]
    more: int


@dataclass(frozen=True)
class ExhibitRow:
    """One line of the index."""

    anchor: str
    sha256: str
    file: str
    operation: str
    place: str
    answered: str
    request_id: str
    size: str
    redacted: str
    also: int
    """Further answers with the same bytes."""


@dataclass(frozen=True)
class Linker:
    """Knows which exhibits a report prints, and where a link to one goes."""

    printed: frozenset[str]
    to_files: bool
    """True: to the file in the pack; False: to the report's own index."""

    def refs(self, shas: Sequence[str], *, compact: bool = False) -> ExhibitRefs:
        """Return links to a row's exhibits: on paper few, where the row is compact fewer."""
        most = (_IN_A_CELL if compact else _ON_SCREEN) if self.to_files else (1 if compact else _IN_A_CELL)
        return ExhibitRefs(tuple(self.ref(each) for each in shas[:most]), max(0, len(shas) - most))

    def ref(self, sha: str) -> ExhibitRef:
        """Return the link to one exhibit."""
        if self.to_files:
            return ExhibitRef(sha[:_SHORT], sha, f"exhibits/{sha}")
        return ExhibitRef(sha[:_SHORT], sha, f"#{anchor(sha)}" if sha in self.printed else None)


def anchor(sha: str) -> str:
    """Return the id of an exhibit's line in the index."""
    return f"ex-{sha[:16]}"


def cited(evaluation: Evaluation) -> tuple[str, ...]:
    """Return every exhibit of the pack once: those of deviations first, then of other findings, then of lists."""
    findings = evaluation.findings
    ordered = [sha for each in findings if each.status in _DEVIATIONS for sha in each.exhibits]
    ordered += [sha for each in findings if each.status not in _DEVIATIONS for sha in each.exhibits]
    ordered += [sha for one in evaluation.results for each in one.listings for sha in each.pages]
    return tuple(dict.fromkeys(ordered))


def index(contents: PackContents, shas: tuple[str, ...], limit: int, chunk: int) -> Slice[ExhibitRow]:
    """Return the exhibits index, by operation, region and time."""
    pages = _by_digest(contents.pages)
    known = sorted(shas[:limit], key=lambda sha: _order(pages.get(sha, ()), sha))
    part = cut(known, limit, chunk, "exhibits/", lambda sha: _row(sha, pages.get(sha, ())))
    return Slice(part.chunks, len(shas), len(shas) - len(known), part.where)


def _by_digest(pages: Iterable[Page]) -> Mapping[str, tuple[Page, ...]]:
    found: dict[str, tuple[Page, ...]] = {}
    for page in pages:
        found[page.sha256] = (*found.get(page.sha256, ()), page)
    return found


def _order(pages: tuple[Page, ...], sha: str) -> tuple[str, str, str, str]:
    if not pages:
        return ("~", "", "", sha)
    return (pages[0].operation, pages[0].region, pages[0].answered_at.isoformat(), sha)


def _row(sha: str, pages: tuple[Page, ...]) -> ExhibitRow:
    page = pages[0] if pages else None
    return ExhibitRow(
        anchor=anchor(sha),
        sha256=sha,
        file=f"exhibits/{sha}",
        operation=page.operation if page else "not recorded",
        place=f"{page.account} · {page.region}" if page else "",
        answered=utc(page.answered_at) if page else "",
        request_id=page.request_id if page else "",
        size=f"{number(page.size)} B" if page else "",
        redacted=f"{number(len(page.redacted))} redacted" if page and page.redacted else "",
        also=max(0, len(pages) - 1),
    )
