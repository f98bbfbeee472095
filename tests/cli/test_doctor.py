"""`auditor doctor` without AWS: what is missing on this machine, and how each command says it."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.people import KEYS, Done, Person


def rows(done: Done) -> dict[str, dict[str, Any]]:
    """Return the lines of `doctor --output json` by the thing checked; of several the last."""
    assert "Traceback" not in done.stderr
    return {each["check"]: each for each in json.loads(done.stdout)}


def test_a_bare_machine_is_told_what_is_missing_and_nothing_is_made(tmp_path: Path) -> None:
    done = Person(tmp_path).auditor("doctor", "--output", "json", "--region", "eu-west-1")
    found = rows(done)
    assert done.returncode == 4
    assert {name for name, each in found.items() if each["state"] == "problem"} == {"credentials"}
    assert "aws sso login" in found["credentials"]["remedy"]
    assert {name for name, each in found.items() if each["state"] == "not_checked"} == {
        "account",
        "clock",
        "regions",
        "rights",
    }
    assert found["pango"]["state"] == found["fonts"]["state"] == found["store"]["state"] == "ok"
    assert "will be made" in found["redaction key"]["detail"]
    assert list(tmp_path.rglob("*")) == [tmp_path / "home"]


def test_without_a_region_it_ends_as_a_run_would(tmp_path: Path) -> None:
    person = Person(tmp_path, KEYS)
    done = person.auditor("doctor", "--output", "json")
    assert (done.returncode, rows(done)["region"]["state"]) == (2, "problem")
    assert person.auditor("run").returncode == 2


def test_an_unknown_profile_is_a_line_not_an_error(tmp_path: Path) -> None:
    done = Person(tmp_path).auditor("doctor", "--profile", "nobody", "--output", "json")
    assert done.returncode == 2
    assert "nobody" in rows(done)["credentials"]["detail"]
    assert rows(done)["python"]["state"] == "ok"


def test_where_nobody_answers_it_says_network(tmp_path: Path) -> None:
    done = Person(tmp_path, KEYS).auditor(
        "doctor", "--region", "eu-west-1", "--output", "json", AWS_ENDPOINT_URL="http://127.0.0.1:9"
    )
    found = rows(done)
    assert (done.returncode, found["account"]["state"], found["rights"]["state"]) == (4, "problem", "not_checked")
    assert "network" in found["account"]["remedy"]
    assert "http://127.0.0.1:9" in found["region"]["detail"]


def test_a_session_of_identity_center_that_is_over_says_sign_in(tmp_path: Path) -> None:
    settings = tmp_path / "aws-config"
    settings.write_text(
        "[profile audit]\nsso_session = s\nsso_account_id = 111122223333\nsso_role_name = r\nregion = eu-west-1\n"
        "[sso-session s]\nsso_start_url = https://sso.example/start\nsso_region = eu-west-1\n"
    )
    person = Person(tmp_path, {"AWS_CONFIG_FILE": str(settings)})
    done = person.auditor("doctor", "--profile", "audit", "--output", "json")
    assert done.returncode == 4
    assert "aws sso login" in rows(done)["credentials"]["remedy"]
    run = person.auditor("run", "--profile", "audit")
    assert (run.returncode, "aws sso login" in run.stderr) == (4, True)


def test_a_configuration_that_is_wrong_is_told_with_its_line_and_the_machine_is_looked_at_all_the_same(
    tmp_path: Path,
) -> None:
    (tmp_path / "auditor.toml").write_text("[scope]\nregoins = []\n")
    done = Person(tmp_path).auditor("doctor", "--output", "json")
    found = rows(done)
    assert done.returncode == 2
    assert "did you mean regions?" in found["configuration"]["detail"]
    assert found["pango"]["state"] == "ok"


def test_a_register_that_is_wrong_is_told(tmp_path: Path) -> None:
    (tmp_path / "auditor.toml").write_text('[registers]\nsecrets = "s.yaml"\n')
    (tmp_path / "s.yaml").write_text("- secret: x\n")
    done = Person(tmp_path).auditor("doctor", "--output", "json")
    found = rows(done)
    assert done.returncode == 2
    assert "s.yaml:1" in found["catalog"]["detail"]
    assert found["store"]["state"] == "ok"


def test_a_store_that_cannot_be_written_ends_with_6(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = Person(tmp_path).auditor("doctor", "--store", str(tmp_path / "file" / "store"), "--output", "json")
    assert (done.returncode, rows(done)["store"]["state"]) == (6, "problem")


@pytest.mark.parametrize("content", ["", "  \n"])
def test_an_empty_redaction_key_ends_with_6(tmp_path: Path, content: str) -> None:
    key = tmp_path / "home" / ".config" / "auditor" / "redaction.key"
    key.parent.mkdir(parents=True)
    key.write_text(content)
    done = Person(tmp_path).auditor("doctor", "--output", "json")
    assert (done.returncode, rows(done)["redaction key"]["state"]) == (6, "problem")


def test_missing_pango_ends_with_2_and_says_what_to_install(tmp_path: Path) -> None:
    # What importing WeasyPrint does where the library is not installed, without taking it from this machine.
    (tmp_path / "broken" / "weasyprint").mkdir(parents=True)
    (tmp_path / "broken" / "weasyprint" / "__init__.py").write_text(
        "raise OSError(\"cannot load library 'libpango-1.0-0'\")\n"
    )
    person = Person(tmp_path)
    path = f"{tmp_path / 'broken'}:{Path(__file__).parents[2]}"
    done = person.auditor("doctor", "--output", "json", PYTHONPATH=path)
    assert (done.returncode, rows(done)["pango"]["state"]) == (2, "problem")
    assert "apt-get install libpango" in rows(done)["pango"]["remedy"]
    run = person.auditor("run", "--region", "eu-west-1", PYTHONPATH=path)
    # Told before AWS is asked: the missing credentials come second.
    assert (run.returncode, "Pango" in run.stderr) == (2, True)


def test_every_format_holds_the_same_lines(tmp_path: Path) -> None:
    person = Person(tmp_path)
    told = json.loads(person.auditor("doctor", "--output", "json").stdout)
    lines = [json.loads(line) for line in person.auditor("doctor", "--output", "jsonl").stdout.splitlines()]
    table = list(csv.DictReader(io.StringIO(person.auditor("doctor", "--output", "csv").stdout)))
    names = [each["check"] for each in told]
    assert names == [each["check"] for each in lines] == [each["check"] for each in table]
    people = person.auditor("doctor", "--quiet")
    assert "→ Set AWS_PROFILE" in people.stdout
    assert people.stderr.splitlines() == ["2 problems (no run before they are mended), 0 warnings, 4 not checked"]
