"""The PDF: valid, reproducible, closed to the world, and with the matrix on page two."""

import gc
import io
import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from auditor.model.environment import Sla
from auditor.model.pack import PackContents
from auditor.render import pdf as pdf_module
from auditor.render.pdf import PdfLibraryError, render_pdf
from auditor.render.view.report import Report, print_report

Make = Callable[..., PackContents]
HERE = Path(__file__).parent
RENDER = """
import sys
sys.path.insert(0, {here!r})
import conftest
from auditor.render.files import render
import hashlib
files = render(conftest.build(routes=6))
for name in sorted(files):
    print(name, hashlib.sha256(files[name]).hexdigest())
"""


@pytest.fixture(scope="module")
def report(contents: PackContents) -> Report:
    return print_report(contents)


@pytest.fixture(scope="module")
def problems() -> list[str]:
    return []


@pytest.fixture(scope="module")
def rendered(report: Report, problems: list[str]) -> bytes:
    handler = logging.Handler()
    handler.emit = lambda record: problems.append(record.getMessage())  # type: ignore[method-assign]
    handler.setLevel(logging.WARNING)
    logger = logging.getLogger("weasyprint")
    logger.addHandler(handler)
    try:
        return render_pdf(report)
    finally:
        logger.removeHandler(handler)


@pytest.fixture(scope="module")
def path(rendered: bytes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    written = tmp_path_factory.mktemp("pdf") / "report.pdf"
    written.write_bytes(rendered)
    return written


def words(path: Path, *options: str) -> str:
    tool = shutil.which("pdftotext")
    if tool is None:
        pytest.skip("pdftotext is not on this machine")
    told = subprocess.run([tool, *options, str(path), "-"], capture_output=True, check=True)
    return " ".join(told.stdout.decode().split())


def test_layout_reports_no_broken_link_and_no_unknown_style(rendered: bytes, problems: list[str]) -> None:
    assert rendered.startswith(b"%PDF-")
    assert problems == []


def test_page_one_says_the_headline(path: Path, report: Report) -> None:
    first = words(path, "-l", "1")
    assert report.cover.headline in first
    assert "Supports testing of" in first


def test_page_two_is_the_route_matrix(path: Path, report: Report) -> None:
    second = words(path, "-f", "2", "-l", "2")
    assert report.matrix.headline in second
    assert "Who may call" in second


def test_crowded_cover_stays_one_page(make: Make, tmp_path: Path) -> None:
    plain = make(routes=12, organisation="Ö" * 500, reviewer="R" * 300, name="N" * 100)
    snapshot = plain.evaluation.snapshot
    scope = snapshot.scope.model_copy(
        update={"accounts": tuple(f"{n:012d}" for n in range(40)), "regions": tuple(f"eu-west-{n}" for n in range(30))}
    )
    callers = {f"{n:012d}": f"arn:aws:sts::{n:012d}:assumed-role/{'long-' * 20}{n}" for n in range(40)}
    crowded = snapshot.model_copy(update={"scope": scope, "callers": callers})
    longest = "W" * 200
    flows = tuple(
        replace(each, api_name=longest, stage=longest, route_key=f"GET /{longest}") for each in plain.evaluation.flows
    )
    results = tuple(
        each.model_copy(
            update={"findings": tuple(f.model_copy(update={"reason": f"{longest} {longest}"}) for f in each.findings)}
        )
        for each in plain.evaluation.results
    )
    catalog = plain.evaluation.catalog.model_copy(update={"sla": Sla(critical=7, high=30, medium=90, low=365)})
    evaluation = plain.evaluation.model_copy(
        update={"snapshot": crowded, "flows": flows, "results": results, "catalog": catalog}
    )
    written = tmp_path / "crowded.pdf"
    written.write_bytes(render_pdf(print_report(plain.model_copy(update={"evaluation": evaluation}))))
    assert "Who may call" in words(written, "-f", "2", "-l", "2")


def test_matrix_stands_on_landscape_pages(rendered: bytes) -> None:
    with pikepdf.open(io.BytesIO(rendered)) as opened:
        _, _, width, height = (float(each) for each in opened.pages[1].mediabox.as_list())
    assert width > height


def test_pdf_is_sound(path: Path) -> None:
    tool = shutil.which("qpdf")
    if tool is None:
        pytest.skip("qpdf is not on this machine")
    checked = subprocess.run([tool, "--check", str(path)], capture_output=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_pdf_a_rules_hold(path: Path, tmp_path: Path) -> None:
    """Checked as PDF/A-3b, on a copy without the empty resource dictionaries that the checker does not know."""
    checker = pytest.importorskip("pikepdf.pdfa")
    with pikepdf.open(path) as opened:
        for each in opened.objects:
            if isinstance(each, pikepdf.Dictionary):
                for name in ("/Pattern", "/Shading"):
                    if name in each and len(each[name].keys()) == 0:
                        del each[name]
        with opened.open_metadata(update_docinfo=False, set_pikepdf_as_editor=False) as metadata:
            metadata["pdfaid:conformance"] = "B"
        opened.save(tmp_path / "b.pdf")
    found = checker.validate_written(tmp_path / "b.pdf", "3b").findings
    assert [each for each in found if each.kind != "unsupported"] == []
    assert [str(each.rule) for each in found] == []


def test_every_link_has_its_destination(rendered: bytes) -> None:
    with pikepdf.open(io.BytesIO(rendered)) as opened:
        names = {str(key) for key in pikepdf.NameTree(opened.Root.Names.Dests)}
        wanted = {
            str(note.A.D if "/A" in note else note.Dest)
            for each in opened.pages
            for note in each.get("/Annots", [])
            if note.Subtype == "/Link"
        }
    assert len(wanted) > 20
    assert wanted <= names


def test_pdf_names_its_subject_and_is_tagged(rendered: bytes) -> None:
    with pikepdf.open(io.BytesIO(rendered)) as opened:
        assert str(opened.docinfo["/Title"]).startswith("Evidence pack 2026-Q3")
        assert str(opened.docinfo["/Author"]) == "Example Logistics GmbH"
        assert "/Subject" in opened.docinfo
        assert opened.Root.Lang == "en"
        assert bool(opened.Root.MarkInfo.Marked)
        assert opened.open_metadata()["pdfaid:part"] == "3"
        with opened.open_outline() as outline:
            assert [each.title for each in outline.root][:3] == ["Summary", "Route matrix", "Paths of calls"]


def test_findings_travel_inside_the_pdf(make: Make) -> None:
    inside = pdf_module.Embedded("findings.csv", "data", b"a,b\r\n")
    written = render_pdf(print_report(make(specs=(), routes=0, with_diff=False)), (inside,))
    with pikepdf.open(io.BytesIO(written)) as opened:
        assert opened.attachments["findings.csv"].get_file().read_bytes() == inside.content
        assert len(opened.pages) > 2


def test_fetcher_knows_its_fonts_and_nothing_else() -> None:
    from weasyprint.urls import FatalURLFetchingError  # noqa: PLC0415 - loads Pango

    fetcher = pdf_module._closed_fetcher({"a.woff2": b"font"})
    assert fetcher.fetch("pack:a.woff2").url == "pack:a.woff2"
    for url in ("http://127.0.0.1/x.css", "file:///etc/passwd", "pack:other"):
        with pytest.raises((FatalURLFetchingError, ValueError, OSError)):
            fetcher.fetch(url)


def test_missing_pango_says_what_to_install(monkeypatch: pytest.MonkeyPatch, report: Report) -> None:
    def broken(name: str, *rest: Any) -> Any:
        if name.startswith("weasyprint"):
            raise OSError("cannot load library 'libpango-1.0-0'")
        return original(name, *rest)

    original = __import__
    monkeypatch.setattr("builtins.__import__", broken)
    with pytest.raises(PdfLibraryError, match="Pango") as caught:
        render_pdf(report)
    assert "apt-get install libpango-1.0-0" in caught.value.next_step


def test_collector_is_restored_when_layout_fails() -> None:
    before = gc.get_threshold()
    with pytest.raises(ZeroDivisionError), pdf_module._calm_collector():
        raise ZeroDivisionError
    assert gc.get_threshold() == before


def test_two_processes_make_the_same_bytes() -> None:
    started = [
        subprocess.Popen(
            [sys.executable, "-c", RENDER.format(here=str(HERE))],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": os.pathsep.join(sys.path)},
            stdout=subprocess.PIPE,
        )
        for seed, zone in (("1", "UTC"), ("4242", "Asia/Kolkata"))
    ]
    first, second = (each.communicate(timeout=120)[0] for each in started)
    assert all(each.returncode == 0 for each in started)
    assert b"report.pdf" in first
    assert first == second


def test_long_lists_end_with_where_the_rest_stands(make: Make) -> None:
    spec = make.__globals__["SPECS"][4]
    status = next(iter(spec.counts))
    many = type(spec)(spec.id, spec.title, spec.domain, spec.criteria, spec.severity, {status: 1200}, spec.kind)
    paper = print_report(make(specs=(many,), routes=1500, with_diff=False))
    lines = paper.workpapers[0].groups[0].lines
    assert (lines.total, lines.hidden, lines.where) == (1200, 950, "populations/KR-01.csv")
    assert paper.matrix.rows.hidden == 900
