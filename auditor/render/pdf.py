"""The report on paper: PDF/A-3, tagged, with fonts of our own and no way out to a network or a disk."""

import gc
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from auditor.errors import AuditorError, StoreError
from auditor.render.templating import FONTS, fill, font, font_faces, text
from auditor.render.view.report import Report

VARIANT = "pdf/a-3a"
_INSTALL = (
    "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 (Debian, Ubuntu), or brew install pango."
)


class PdfLibraryError(AuditorError):
    """The libraries that lay out the PDF are not installed (exit 2)."""


@dataclass(frozen=True)
class Embedded:
    """A file that travels inside the PDF."""

    name: str
    description: str
    content: bytes


def render_pdf(report: Report, embedded: tuple[Embedded, ...] = ()) -> bytes:
    """Return the PDF report, the same bytes for the same report; raise PdfLibraryError where Pango is missing.

    WeasyPrint lays its fonts into the temporary folder: raises StoreError where that cannot be written.
    """
    weasyprint = _weasyprint()
    try:
        return _rendered(weasyprint, report, embedded)
    except OSError as error:
        raise StoreError(
            f"the PDF cannot be laid out in the temporary folder: {error.strerror or error}",
            "Free space there, or set TMPDIR to another folder.",
        ) from error


def _rendered(weasyprint: Any, report: Report, embedded: tuple[Embedded, ...]) -> bytes:
    page = fill(
        "report-print.html.j2",
        report,
        paper=True,
        style=font_faces(inline=False) + text("common.css") + text("print.css"),
    )
    fetcher = _closed_fetcher({file: font(file) for _, _, file in FONTS})
    with _calm_collector(), _page_references_kept(weasyprint), warnings.catch_warnings():
        # WeasyPrint 70 reads its colour profile from a file that it leaves to the collector to close.
        warnings.simplefilter("ignore", ResourceWarning)
        document = weasyprint.HTML(string=page, base_url=None, url_fetcher=fetcher)
        written: bytes = document.write_pdf(
            pdf_variant=VARIANT,
            attachments=[
                weasyprint.Attachment(
                    string=each.content,
                    name=each.name,
                    description=each.description,
                    relationship="Data",
                    created=report.as_of,
                    modified=report.as_of,
                )
                for each in embedded
            ],
        )
    return written


@contextmanager
def _page_references_kept(weasyprint: Any) -> Iterator[None]:
    """Let the PDF writer work out its references to pages once, not once a tagged box (a third of the time of 300 pages, measured).

    NOTE: pydyf.PDF.page_references makes one text a page whenever it is asked, and tagging asks for each box: boxes times pages
    (pydyf 0.12, weasyprint/pdf/tags.py). Pages are only ever added, so their number tells whether what is kept still holds.
    """
    writer = weasyprint.pdf.pydyf.PDF
    told = writer.page_references

    def kept(self: Any) -> tuple[bytes, ...]:
        found: tuple[bytes, ...] = self.__dict__.get("_kept_references", ())
        if len(found) != self.pages["Count"]:
            found = self.__dict__["_kept_references"] = told.fget(self)
        return found

    writer.page_references = property(kept)
    try:
        yield
    finally:
        writer.page_references = told


@dataclass(frozen=True)
class Libraries:
    """What lays out the PDF on this machine."""

    weasyprint: str
    pango: str
    has_subset: bool
    """Whether HarfBuzz-Subset was found: without it whole fonts go into the PDF."""


def libraries() -> Libraries:
    """Return the libraries found; raise PdfLibraryError where Pango or HarfBuzz is missing."""
    with warnings.catch_warnings():
        # WeasyPrint warns of a missing HarfBuzz-Subset when it is imported; here it is an answer.
        warnings.simplefilter("ignore")
        found = _weasyprint()
        from weasyprint.text import ffi  # noqa: PLC0415 - see _weasyprint
    version = int(ffi.pango.pango_version())
    pango = f"{version // 10000}.{version // 100 % 100}.{version % 100}"
    return Libraries(str(found.__version__), pango, ffi.harfbuzz_subset is not None)


def _weasyprint() -> Any:
    try:
        import weasyprint  # noqa: PLC0415 - it loads Pango on import
        import weasyprint.urls  # noqa: PLC0415
    except OSError as error:
        raise PdfLibraryError(f"the PDF needs Pango, which did not load: {error}", _INSTALL) from error
    return weasyprint


def _closed_fetcher(files: Mapping[str, bytes]) -> Any:
    """Return a fetcher that knows these files under `pack:` and refuses everything else, loudly."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse  # noqa: PLC0415 - see _weasyprint

    class ClosedFetcher(URLFetcher):  # type: ignore[misc]  # untyped base class
        """Serves from memory."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            """Return a file of the pack; the base class raises for what is not allowed."""
            name = url.removeprefix("pack:")
            if name != url and name in files:
                return URLFetcherResponse(url, body=files[name], headers={"Content-Type": "font/woff2"})
            return super().fetch(url, headers)

    return ClosedFetcher(allowed_protocols={"data", "pack"}, allow_redirects=False, fail_on_errors=True)


@contextmanager
def _calm_collector() -> Iterator[None]:
    """Let the garbage collector run rarely: layout makes many objects and drops few (a third less time, measured)."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(200_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
