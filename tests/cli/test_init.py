"""`auditor init` where there is little to go on, or something in the way."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from auditor.config import Document
from tests.cli.people import Person


def _uncommented(text: str) -> str:
    """Return auditor.toml as it is with every setting in force: lines of words begin with two signs."""
    lines = (line for line in text.splitlines() if not line.startswith("##"))
    return "\n".join(line.removeprefix("# ") for line in lines) + "\n"


def _members(model: type[BaseModel]) -> set[str]:
    return set(model.model_fields)


def test_without_a_snapshot_there_is_auditor_toml_and_the_next_step(tmp_path: Path) -> None:
    done = Person(tmp_path).auditor("init")
    assert (done.returncode, done.stdout) == (0, "auditor.toml\n")
    assert "next: auditor collect" in done.stderr
    assert not (tmp_path / "registers").exists()
    text = (tmp_path / "auditor.toml").read_text()
    assert tomllib.loads(text) == {}
    assert Person(tmp_path).auditor("controls", "list").returncode == 0


def test_every_key_is_in_auditor_toml_and_every_line_of_it_is_understood(tmp_path: Path) -> None:
    Person(tmp_path).auditor("init")
    content: dict[str, Any] = tomllib.loads(_uncommented((tmp_path / "auditor.toml").read_text()))
    document = Document.model_validate(content)
    assert set(content) == _members(Document)
    for name, section in content.items():
        if name != "environments":
            assert set(section) == _members(type(getattr(document, name))), name
    assert set(content["environments"]["production"]) == {"accounts", "stages", "tags"}


def test_no_file_is_written_over(tmp_path: Path) -> None:
    person = Person(tmp_path)
    (tmp_path / "auditor.toml").write_text("# mine\n")
    done = person.auditor("init")
    assert (done.returncode, done.stdout) == (0, "auditor.proposed.toml\n")
    assert "auditor.toml exists and was left alone" in done.stderr
    (tmp_path / "auditor.proposed.toml").write_text("# edited\n")
    assert person.auditor("init").stdout == "auditor.proposed-2.toml\n"
    again = person.auditor("init")
    assert (again.stdout, "says so already" in again.stderr) == ("auditor.proposed-2.toml\n", True)
    assert (tmp_path / "auditor.toml").read_text() == "# mine\n"
    assert (tmp_path / "auditor.proposed.toml").read_text() == "# edited\n"


def test_a_folder_that_cannot_be_written_ends_with_2(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = Person(tmp_path).auditor("init", "--out", "file/below")
    assert (done.returncode, done.stdout) == (2, "")
    assert "cannot write" in done.stderr
    assert "--out" in done.stderr


@pytest.mark.parametrize("name", ["20260101", "previous"])
def test_a_snapshot_that_is_not_there_ends_with_2_and_writes_nothing(tmp_path: Path, name: str) -> None:
    done = Person(tmp_path).auditor("init", name)
    assert (done.returncode, done.stdout) == (2, "")
    assert not (tmp_path / "auditor.toml").exists()
