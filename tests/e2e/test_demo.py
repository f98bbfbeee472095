"""The main job, end to end: two packs, and what they promise."""

import json
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pikepdf
import zstandard

from auditor.demo.company import MARKED_SECRETS
from tests.conftest import DemoRun, auditor


def _findings(run: DemoRun, snapshot: str = "latest", **environment: str) -> bytes:
    done = auditor(
        "evaluate",
        snapshot,
        "--config",
        str(run.config),
        "--store",
        str(run.store),
        "--output",
        "jsonl",
        env=environment,
    )
    assert done.returncode in {0, 1, 3}, done.stderr
    return done.stdout.encode()


def test_two_packs_stand_where_stdout_says(demo_run: DemoRun) -> None:
    paths = [Path(line) for line in demo_run.stdout.splitlines()]
    assert [path.name for path in paths] == ["2026-Q2", "2026-Q2.zip", "2026-Q3", "2026-Q3.zip"]
    assert all(path.exists() for path in paths)
    for name in (
        "report.html",
        "report.pdf",
        "findings.csv",
        "findings.jsonl",
        "access-review.csv",
        "completeness.json",
        "flows/routes.csv",
    ):
        assert (demo_run.pack("2026-Q3") / "data" / name).stat().st_size > 0
    assert (demo_run.pack("2026-Q3") / "data" / "diff.json").is_file()
    assert not (demo_run.pack("2026-Q2") / "data" / "diff.json").exists()


def test_each_run_says_how_it_would_have_ended(demo_run: DemoRun) -> None:
    ends = re.findall(r"would have ended with (\d+)", demo_run.stderr)
    assert ends == ["1", "3"]


def test_evaluate_gives_the_same_bytes_under_any_hash_seed_and_time_zone(demo_run: DemoRun) -> None:
    first = _findings(demo_run, PYTHONHASHSEED="1", TZ="Pacific/Auckland", LC_ALL="C")
    second = _findings(demo_run, PYTHONHASHSEED="2", TZ="America/Caracas", LC_ALL="C.UTF-8")
    assert first
    assert first == second
    assert first == (demo_run.pack("2026-Q3") / "data" / "findings.jsonl").read_bytes()


def test_the_cache_may_go_or_be_damaged_at_any_time(demo_run: DemoRun, tmp_path: Path) -> None:
    expected = (demo_run.pack("2026-Q3") / "data" / "findings.jsonl").read_bytes()
    store = Path(shutil.copytree(demo_run.store, tmp_path / "store"))
    moved = DemoRun(tmp_path, "", "")
    shutil.copytree(demo_run.out / "company", tmp_path / "company")
    kept = [path for path in (store / "cache").rglob("*") if path.is_file()]
    assert kept
    for path in kept:
        path.write_bytes(path.read_bytes()[:-9])
    assert _findings(moved, "latest") == expected
    shutil.rmtree(store / "cache")
    assert _findings(moved, "latest") == expected


def test_deviations_of_the_first_quarter_are_as_old_as_that(demo_run: DemoRun) -> None:
    lines = (demo_run.pack("2026-Q3") / "data" / "findings.jsonl").read_text().splitlines()
    deviations = [each for each in map(json.loads, lines) if each["status"] in {"fail", "waived"}]
    assert {each["first_seen"] for each in deviations} == {"2026-06-30", "2026-09-30"}
    # The demo's auditor.toml gives two severities a number of days, and the others none.
    dated = [each for each in deviations if each["severity"] in {"critical", "high"}]
    assert dated
    assert all(each["due"] > each["first_seen"] for each in dated)
    assert {each["due"] for each in deviations if each not in dated} <= {None}
    text = subprocess.run(
        ["pdftotext", "-layout", str(demo_run.pack("2026-Q3") / "data" / "report.pdf"), "-"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert "Overdue" in text
    assert "days overdue" in " ".join(text.split())


def test_packing_again_gives_the_same_pack(demo_run: DemoRun, tmp_path: Path) -> None:
    done = auditor(
        "pack",
        "latest",
        "--period",
        "2026-Q3",
        "--out",
        str(tmp_path),
        "--config",
        str(demo_run.config),
        "--store",
        str(demo_run.store),
        env={"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"},
    )
    assert done.returncode == 0, done.stderr
    manifest = (tmp_path / "2026-Q3" / "manifest-sha256.txt").read_text()
    assert manifest == (demo_run.pack("2026-Q3") / "manifest-sha256.txt").read_text()


def _decoded(path: Path) -> list[bytes]:
    content = path.read_bytes()
    match path.suffix:
        case ".zst":
            return [zstandard.ZstdDecompressor().decompress(content)]
        case ".zip":
            with zipfile.ZipFile(path) as archive:
                return [archive.read(name) for name in archive.namelist()]
        case ".pdf":
            with pikepdf.open(path) as pdf:
                streams = [each.read_bytes() for each in pdf.objects if isinstance(each, pikepdf.Stream)]
            text = subprocess.run(["pdftotext", str(path), "-"], check=True, capture_output=True).stdout
            return [content, text, *streams]
        case _:
            return [content]


def test_no_marked_secret_stands_in_any_byte(demo_run: DemoRun) -> None:
    assert len(MARKED_SECRETS) >= 4
    files = [path for path in demo_run.out.rglob("*") if path.is_file()]
    assert len(files) > 100
    for path in files:
        for content in _decoded(path):
            for secret in MARKED_SECRETS:
                assert secret.encode() not in content, f"{secret} in {path.relative_to(demo_run.out)}"


def test_each_pack_is_a_whole_bag(demo_run: DemoRun) -> None:
    for period in ("2026-Q2", "2026-Q3"):
        done = subprocess.run(
            ["sha256sum", "--check", "--quiet", "manifest-sha256.txt"],
            cwd=demo_run.pack(period),
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        listed = len((demo_run.pack(period) / "manifest-sha256.txt").read_text().splitlines())
        assert listed == sum(1 for path in (demo_run.pack(period) / "data").rglob("*") if path.is_file())


def test_every_exhibit_that_a_finding_names_is_in_the_pack(demo_run: DemoRun) -> None:
    data = demo_run.pack("2026-Q3") / "data"
    named = {sha for line in (data / "findings.jsonl").read_text().splitlines() for sha in json.loads(line)["exhibits"]}
    assert named
    assert named <= {path.name for path in (data / "exhibits").iterdir()}


def test_the_pdf_is_clean_and_its_text_is_text(demo_run: DemoRun) -> None:
    path = demo_run.pack("2026-Q3") / "data" / "report.pdf"
    checked = subprocess.run(["qpdf", "--check", str(path)], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    text = subprocess.run(["pdftotext", str(path), "-"], check=True, capture_output=True, text=True).stdout
    assert "GW-ID-01" in text
    assert "2026-Q3" in text


def test_the_store_verifies(demo_run: DemoRun) -> None:
    done = auditor("snapshots", "verify", "latest", "--store", str(demo_run.store))
    assert done.returncode == 0, done.stderr


def test_a_snapshot_against_itself_has_not_changed(demo_run: DemoRun) -> None:
    done = auditor("diff", "latest", "latest", "--store", str(demo_run.store), "--output", "json")
    found = json.loads(done.stdout)
    assert found["resources"] == {"added": [], "removed": [], "changed": []}
    assert (found["deviations"]["new"], found["deviations"]["resolved"]) == ([], [])
