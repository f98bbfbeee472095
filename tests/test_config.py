"""auditor.toml: every problem at once, with the nearest known key; flags over file over defaults."""

from pathlib import Path

import pytest

from auditor.config import Flags, load
from auditor.errors import InvalidFileError, StoreError, UsageError


def _write(folder: Path, text: str) -> Path:
    path = folder / "auditor.toml"
    path.write_text(text)
    return path


def test_the_file_is_found_upwards_and_its_paths_are_relative_to_it(tmp_path: Path) -> None:
    _write(tmp_path, '[registers]\npublic_routes = "registers/public.yaml"\n[store]\nurl = "evidence"\n')
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    config = load(Flags(), {}, below)
    assert config.registers == {"public_routes": tmp_path / "registers/public.yaml"}
    assert config.store == tmp_path / "evidence"


def test_without_a_file_registers_are_undeclared_and_the_store_is_here(tmp_path: Path) -> None:
    config = load(Flags(), {}, tmp_path)
    assert config.registers == {}
    assert config.store == tmp_path / ".auditor"


def test_flags_win_over_the_file(tmp_path: Path) -> None:
    _write(tmp_path, '[scope]\nregions = ["eu-west-1"]\n[store]\nurl = "evidence"\n')
    config = load(Flags(regions=("us-east-1",), store="elsewhere"), {}, tmp_path)
    assert config.regions == ("us-east-1",)
    assert config.store == tmp_path / "elsewhere"


def test_every_problem_is_told_at_once_with_the_nearest_key(tmp_path: Path) -> None:
    path = _write(tmp_path, '[scope]\nregion = ["eu-west-1"]\n[report]\norganisation = 7\n[waiver]\nfile = "w.yaml"\n')
    with pytest.raises(InvalidFileError) as caught:
        load(Flags(config=path), {}, tmp_path)
    told = "\n".join(caught.value.problems)
    assert f"{path}:2: unknown key scope.region; did you mean regions?" in told
    assert f"{path}:4: report.organisation: " in told
    assert f"{path}:5: unknown key waiver; did you mean waivers?" in told


def test_a_section_that_this_version_does_not_act_on_is_refused(tmp_path: Path) -> None:
    path = _write(tmp_path, "[matrix]\ncritical = 7\n")
    with pytest.raises(InvalidFileError, match=r"auditor.toml:1: \[matrix\] is not supported by this version"):
        load(Flags(config=path), {}, tmp_path)


def test_broken_toml_names_the_line(tmp_path: Path) -> None:
    with pytest.raises(InvalidFileError, match="line 2"):
        load(Flags(config=_write(tmp_path, "[scope]\nregions = nothing\n[report]\n")), {}, tmp_path)


def test_a_missing_file_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no configuration file"):
        load(Flags(config=tmp_path / "none.toml"), {}, tmp_path)


def test_the_redaction_key_is_made_once_and_private(tmp_path: Path) -> None:
    config = load(Flags(), {"XDG_CONFIG_HOME": str(tmp_path)}, tmp_path)
    first = config.redaction_key()
    path = tmp_path / "auditor" / "redaction.key"
    assert path.stat().st_mode & 0o777 == 0o600
    assert config.redaction_key() == first
    assert len(first) == 64


def test_a_given_redaction_key_writes_nothing(tmp_path: Path) -> None:
    given = {"XDG_CONFIG_HOME": str(tmp_path), "AUDITOR_REDACTION_KEY": "k1"}
    assert load(Flags(), given, tmp_path).redaction_key() == b"k1"
    assert list(tmp_path.iterdir()) == []


def test_an_empty_redaction_key_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "auditor" / "redaction.key"
    path.parent.mkdir()
    path.touch()
    with pytest.raises(StoreError, match="is empty"):
        load(Flags(), {"XDG_CONFIG_HOME": str(tmp_path)}, tmp_path).redaction_key()
