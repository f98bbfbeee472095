"""`auditor flows`: the matrix at a terminal, the same for programs, one flow step by step, and its picture as a file."""

import csv
import io
import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.conftest import DemoRun, auditor

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def records(demo_run: DemoRun) -> list[dict[str, object]]:
    done = auditor("flows", "--store", str(demo_run.store), "--config", str(demo_run.config), "--output", "json")
    found: list[dict[str, object]] = json.loads(done.stdout)
    return found


def test_table_says_what_the_back_end_is_told_and_ends_with_the_headline(demo_run: DemoRun) -> None:
    done = auditor("flows", "--store", str(demo_run.store), "--config", str(demo_run.config))
    assert done.returncode == 0
    assert {"told", "transforms", "trace"} <= set(done.stdout.splitlines()[0].lower().split())
    assert "where the back end is not told who called" in done.stderr


def test_records_carry_transforms_trace_and_rulings(records: list[dict[str, object]]) -> None:
    assert records
    for each in records:
        assert each["transforms"] is None or isinstance(each["transforms"], list)
        assert each["trace"] in {None, "NONE", "BROKEN", "ANONYMOUS", "PARTIAL", "IDENTIFIED"}
        assert isinstance(each["rulings"], list)
        assert isinstance(each["steps"], list)
        assert len(each["steps"]) == 14


def test_csv_has_a_line_for_each_route(demo_run: DemoRun, records: list[dict[str, object]]) -> None:
    done = auditor("flows", "--store", str(demo_run.store), "--config", str(demo_run.config), "--output", "csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [each["route"] for each in rows] == [each["route"] for each in records]
    assert {"transforms", "trace", "rulings"} <= set(rows[0])


def test_svg_draws_the_one_route(demo_run: DemoRun, records: list[dict[str, object]], tmp_path: Path) -> None:
    route, place = str(records[0]["route"]), tmp_path / "route.svg"
    arguments = ("flows", "--store", str(demo_run.store), "--config", str(demo_run.config), "--route", route)
    done = auditor(*arguments, "--svg", str(place))
    assert (done.returncode, f"drawn: {place}" in done.stderr) == (0, True)
    root = ET.fromstring(place.read_text(encoding="utf-8"))  # noqa: S314 - our own text
    assert root.tag == f"{SVG}svg"
    assert (root.findtext(f"{SVG}title") or "").startswith("Path of ")
    assert done.stdout.count("\n") >= 14
    nowhere = auditor(*arguments, "--svg", str(tmp_path / "missing" / "route.svg"))
    assert nowhere.returncode == 6
    assert "Give --svg a file in a folder that is there." in nowhere.stderr


def test_svg_without_a_route_is_wrong_usage(demo_run: DemoRun, tmp_path: Path) -> None:
    done = auditor("flows", "--store", str(demo_run.store), "--svg", str(tmp_path / "x.svg"))
    assert done.returncode == 2
    assert "--svg draws one flow" in done.stderr
    assert not (tmp_path / "x.svg").exists()
