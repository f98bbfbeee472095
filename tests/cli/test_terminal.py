"""What a terminal shows: tables that keep what people copy, words that do not break, ids that the shell completes."""

import json
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from fcntl import ioctl
from pathlib import Path

import pytest

from auditor.cli.completion import control_ids, snapshot_ids
from auditor.cli.output import Output, _whole, emit
from tests.conftest import REPOSITORY, DemoRun


def _at_a_terminal(width: int, *arguments: str) -> str:
    """Run a command whose stdout and stderr are a terminal of a width, and return what it shows."""
    ours, theirs = pty.openpty()
    ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, width, 0, 0))
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(REPOSITORY), "TERM": "dumb", "NO_COLOR": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "auditor", *arguments], env=environment, stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            read = os.read(ours, 65536)
        except OSError:
            break
        if not read:
            break
        shown += read
    process.wait()
    os.close(ours)
    return shown.decode().replace("\r\n", "\n")


@pytest.mark.parametrize("width", [80, 140])
@pytest.mark.parametrize("command", [("evaluate",), ("flows",), ("snapshots", "list"), ("diff", "previous")])
def test_no_table_is_wider_than_the_terminal(demo_run: DemoRun, width: int, command: tuple[str, ...]) -> None:
    shown = _at_a_terminal(width, *command, "--config", str(demo_run.config), "--store", str(demo_run.store))
    assert max(len(line) for line in shown.splitlines()) <= width
    # A word that is cut ends in an ellipsis; one that stands alone is for a person to fill in.
    assert re.search(r"\w…", shown) is None


def test_an_id_keeps_its_line_at_eighty_columns(demo_run: DemoRun) -> None:
    shown = _at_a_terminal(80, "snapshots", "list", "--store", str(demo_run.store))
    for path in (demo_run.store / "snapshots").glob("*.json"):
        assert path.stem in shown


@pytest.mark.parametrize(
    ("longest", "width", "whole"),
    [
        ((25, 60, 60), 80, (True, False, False)),
        ((25, 10, 10), 80, (True, True, True)),
        ((75, 10, 10), 80, (False, True, True)),
        ((8, 13, 70, 90), 80, (True, True, False, False)),
    ],
)
def test_the_first_and_the_short_columns_keep_their_lines(
    longest: tuple[int, ...], width: int, whole: tuple[bool, ...]
) -> None:
    assert tuple(_whole(["c"] * len(longest), [["x" * each for each in longest]], width)) == whole


def test_the_shell_completes_snapshot_ids_and_control_ids(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "auditor.toml").write_text('[store]\nurl = "kept"\n')
    (tmp_path / "kept" / "snapshots").mkdir(parents=True)
    for name in ("20260630T220512Z-aaaaaaaa", "20260930T220512Z-bbbbbbbb"):
        (tmp_path / "kept" / "snapshots" / f"{name}.json").write_text("{}")
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path / "below")
    assert snapshot_ids("2026") == ["20260930T220512Z-bbbbbbbb", "20260630T220512Z-aaaaaaaa"]
    assert snapshot_ids("la") == ["latest"]
    (tmp_path / "auditor.toml").write_text("not toml [")
    assert snapshot_ids("2026") == []
    assert control_ids("KR-0")[0] == "KR-01"


def test_completion_loads_nothing_heavy(tmp_path: Path) -> None:
    program = (
        "import sys; sys.argv=['auditor']\nfrom auditor.cli.main import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "import json; print(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    )
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(REPOSITORY),
        "_AUDITOR_COMPLETE": "complete_bash",
        "COMP_WORDS": "auditor evaluate la",
        "COMP_CWORD": "2",
    }
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == ["latest"]
    loaded = {name.partition(".")[0] for name in json.loads(done.stderr)}
    # typer itself loads pydantic when it parses.
    assert loaded & {"boto3", "botocore", "weasyprint", "jinja2", "yaml"} == set()


@pytest.mark.parametrize("arguments", [("init",), ("evaluate", "--output", "csv"), ("snapshots", "show")])
def test_no_word_of_a_file_steers_the_terminal(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / "auditor.toml").write_text('"\\u001b]0;own\\u0007\\u202e\\u009b2J" = 1\n')
    shown = _at_a_terminal(80, *arguments, "--config", str(tmp_path / "auditor.toml"))
    assert "unknown key" in shown
    assert all(each.isprintable() or each == "\n" for each in shown), shown


def test_data_steers_the_terminal_no_more_and_a_pipe_gets_it_whole(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    evil = "\x1b[31m\u202e\u009b"
    for output in (Output.CSV, Output.JSON, Output.JSONL):
        emit([{"name": evil}], ("name",), output)
        assert "\u202e" in capsys.readouterr().out
        monkeypatch.setattr("sys.stdout.isatty", lambda: True)
        emit([{"name": evil}], ("name",), output)
        shown = capsys.readouterr().out
        monkeypatch.undo()
        assert all(each.isprintable() or each == "\n" for each in shown), shown
