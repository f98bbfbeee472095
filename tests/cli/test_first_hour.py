"""The first hour on an account: doctor, run, init, edit, evaluate; real processes against the simulated AWS."""

import json
import re
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from auditor.catalog.propose.texts import PROPOSERS
from auditor.demo.faults import Fault, Rule
from auditor.demo.simulation import Simulation
from auditor.demo.story import QUARTERS, Story
from tests.cli.people import PRODUCTION_ROLE, Person
from tests.cli.test_doctor import rows

ROLE = ("--role-arn", PRODUCTION_ROLE)
ONE_REGION = (*ROLE, "--region", "eu-west-1")


@pytest.fixture(scope="module")
def company() -> Iterator[Simulation]:
    with Simulation() as running, closing(Story(running)) as story:
        story.play(QUARTERS[0])
        yield running


@pytest.fixture
def simulation(company: Simulation) -> Iterator[Simulation]:
    company.clear_faults()
    yield company
    company.clear_faults()


@pytest.fixture
def person(simulation: Simulation, tmp_path: Path) -> Person:
    return Person(tmp_path).with_keys(simulation.endpoint)


def _findings(person: Person, *more: str) -> list[dict[str, Any]]:
    done = person.auditor("evaluate", "--output", "jsonl", *more)
    assert done.returncode in {0, 1, 3}, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def _by_status(findings: list[dict[str, Any]], status: str) -> set[tuple[str, str]]:
    return {(each["control"], each["resource"]) for each in findings if each["status"] == status}


def test_a_healthy_account_has_no_problem_each_operation_is_asked_once_and_nothing_is_kept(
    person: Person, simulation: Simulation
) -> None:
    before = simulation.calls.copy()
    done = person.auditor("doctor", *ONE_REGION, "--output", "json")
    found = rows(done)
    assert done.returncode == 0, done.stdout
    assert {each["state"] for each in found.values()} <= {"ok", "not_checked"}
    assert found["account 111122223333"]["detail"].endswith("assumed-role/auditor-read/auditor")
    assert found["clock"]["state"] == "ok"
    asked = simulation.calls - before
    assert asked["kms:GetKeyRotationStatus"] == asked["apigateway:GetExport"] == asked["iam:ListAccessKeys"] == 1
    assert {name: count for name, count in asked.items() if count > 1} == {}
    assert not (person.folder / ".auditor").exists()


@pytest.mark.parametrize(
    "denied",
    [
        ("apigateway:GetAuthorizers", "iam:ListAccessKeys", "kms:DescribeKey", "secretsmanager:ListSecrets"),
        ("apigateway:GetStages", "apigatewayv2:GetStages", "kms:ListKeys"),
    ],
)
def test_what_is_denied_is_named_with_action_and_controls_before_it_is_a_gap(
    person: Person, simulation: Simulation, denied: tuple[str, ...]
) -> None:
    for operation in denied:
        simulation.deny(operation)
    done = person.auditor("doctor", *ONE_REGION, "--output", "json")
    warned = {each["operation"]: each for each in json.loads(done.stdout) if each["state"] == "warning"}
    assert (done.returncode, sorted(warned)) == (0, sorted(denied))
    assert person.auditor("collect", *ONE_REGION, "--quiet").returncode == 3
    findings = _findings(person)
    for operation, line in warned.items():
        assert line["action"] == ("apigateway:GET" if operation.startswith("apigateway") else operation)
        assert "auditor permissions" in line["remedy"]
        hidden = {each["control"] for each in findings if each["observed"].get("operation") == operation}
        assert hidden - {"CH-05"} <= set(line["controls"]), operation


def test_credentials_that_ran_out_end_with_4(person: Person, simulation: Simulation) -> None:
    simulation.fault(Rule("sts:*", Fault.EXPIRED))
    done = person.auditor("doctor", "--region", "eu-west-1", "--output", "json")
    found = rows(done)
    assert (done.returncode, found["account"]["state"]) == (4, "problem")
    assert "ExpiredToken" in found["account"]["detail"]


def test_one_account_that_refuses_is_a_warning_and_the_other_is_tried(person: Person, simulation: Simulation) -> None:
    (person.folder / "auditor.toml").write_text(
        '[scope]\naccounts = ["444455556666", "111122223333"]\nrole_name = "auditor-read"\nregions = ["us-east-1"]\n'
    )
    simulation.fault(Rule("sts:AssumeRole", Fault.DENY, times=1))
    done = person.auditor("doctor", "--output", "json")
    found = rows(done)
    assert done.returncode == 0, done.stdout
    assert (found["account 444455556666"]["state"], found["account 444455556666"]["ends_with"]) == ("warning", 3)
    assert found["iam"]["account"] == "111122223333"
    simulation.fault(Rule("sts:AssumeRole", Fault.DENY))
    assert person.auditor("doctor").returncode == 4


def test_a_clock_that_is_off_is_told(person: Person) -> None:
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=10)):
        found = rows(person.auditor("doctor", *ONE_REGION, "--output", "json"))
    assert found["clock"]["state"] == "warning"
    assert re.search(r"(59\d|60\d) seconds behind AWS", found["clock"]["detail"])


def test_a_region_that_is_not_enabled_is_told(person: Person) -> None:
    found = rows(person.auditor("doctor", *ROLE, "--region", "eu-west-1", "--region", "xx-west-9", "--output", "json"))
    assert (found["regions"]["state"], "xx-west-9" in found["regions"]["detail"]) == ("warning", True)


def test_a_first_run_ends_with_what_failed_worst_what_is_missing_and_what_is_next(
    person: Person, simulation: Simulation
) -> None:
    simulation.deny("kms:ListKeys")
    done = person.auditor("run", *ONE_REGION)
    assert done.returncode == 3
    folder, archive = done.stdout.splitlines()
    assert (person.folder / folder / "data" / "report.html").is_file()
    assert (person.folder / archive).is_file()
    said = done.stderr
    assert re.search(r"^critical +GW-ID-01 +\d+ +", said, flags=re.MULTILINE)
    assert "POST /orders/{orderId}/refund" in said or "$connect (notify" in said
    assert re.search(
        r"^kms:ListKeys +kms:ListKeys denied: 1 call in eu-west-1 +(?:[A-Z-]+\d+, )*KR-06\b", said, flags=re.MULTILINE
    )
    assert "auditor permissions" in said
    assert "auditor init" in said
    quiet = person.auditor("run", *ONE_REGION, "--quiet")
    assert (quiet.stderr, len(quiet.stdout.splitlines())) == ("", 2)


def test_a_collection_ends_with_its_gaps_grouped(person: Person, simulation: Simulation) -> None:
    simulation.deny("apigateway:GetStages")
    done = person.auditor("collect", *ONE_REGION)
    assert done.returncode == 3
    assert re.search(
        r"^apigateway:GET +apigateway:GetStages denied: \d calls in eu-west-1$", done.stderr, flags=re.MULTILINE
    )


def test_a_closed_pipe_is_no_noise(person: Person) -> None:
    assert person.auditor("collect", *ONE_REGION, "--quiet").returncode == 0
    script = person.folder / "piped.sh"
    script.write_text('"$@" evaluate --output jsonl | head -1\n')
    import subprocess  # noqa: PLC0415 - a pipe, which Person does not make
    import sys  # noqa: PLC0415

    from tests.conftest import REPOSITORY  # noqa: PLC0415

    done = subprocess.run(
        ["sh", str(script), sys.executable, "-m", "auditor"],
        cwd=person.folder,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(REPOSITORY), "HOME": str(person.folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (len(done.stdout.splitlines()), done.stderr) == (1, "")


def _uncommented(path: Path, values: dict[str, str]) -> str:
    """Return a proposal as a person would copy it: without the comment sign, what is empty filled in."""
    found = []
    for line in path.read_text().splitlines():
        if line.startswith(("# - ", "#   ")) and re.match(r"# +(- )?[a-z_]+:", line):
            plain = line.removeprefix("# ").partition("   # ")[0]
            name = plain.strip().removeprefix("- ").partition(":")[0]
            found.append(f"{plain} {values[name]}" if plain.endswith(":") else plain)
    return "\n".join(found) + "\n"


FILLED = {
    "owner": "me",
    "reason": "asked for",
    "approved_by": "the CISO",
    "approved_on": "2026-11-01",
    "review_by": "2027-11-01",
    "internal": "true",
    "last_tested": "2026-11-01",
    "kind": "machine",
    "acts_for_users": "false",
    "sentence": "Copies the order into the queue.",
    "decision": "keep",
    "reviewer": "me",
    "date": "2026-11-01",
}


def test_init_proposes_what_a_person_can_approve_and_approves_nothing(person: Person) -> None:
    assert person.auditor("collect", *ONE_REGION, "--quiet").returncode == 0
    before = _findings(person)
    done = person.auditor("init")
    written = [Path(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert Path("auditor.toml") in written
    proposed = {path.name.partition(".")[0] for path in written} - {"auditor"}
    assert {"public-routes", "issuers", "backends", "secrets"} <= proposed
    for path in written:
        text = (person.folder / path).read_text()
        assert all(line == "" or line.startswith("#") for line in text.splitlines()), path
    assert _findings(person) == before
    _nothing_passes_by_naming_a_proposal(person, before)
    _an_unfilled_entry_is_an_error(person)
    _a_filled_entry_is_a_decision(person, before)


def _nothing_passes_by_naming_a_proposal(person: Person, before: list[dict[str, Any]]) -> None:
    lines = ["[registers]"]
    for path in sorted((person.folder / "registers").iterdir()):
        name = path.name.partition(".")[0].replace("-", "_")
        lines.append(f'{name} = "registers/{path.name}"')
    (person.folder / "naming.toml").write_text("\n".join(lines) + "\n")
    after = _findings(person, "--config", str(person.folder / "naming.toml"))
    assert _by_status(after, "pass") <= _by_status(before, "pass")


def _an_unfilled_entry_is_an_error(person: Person) -> None:
    proposal = person.folder / "registers" / "public-routes.proposed.yaml"
    lines = [
        line.removeprefix("# ") for line in proposal.read_text().splitlines() if re.match(r"# +(- )?[a-z_]+:", line)
    ]
    (person.folder / "registers" / "public-routes.yaml").write_text("\n".join(lines) + "\n")
    (person.folder / "auditor.toml").write_text('[registers]\npublic_routes = "registers/public-routes.yaml"\n')
    done = person.auditor("evaluate")
    assert done.returncode == 2
    assert "public-routes.yaml:2: owner is empty" in done.stderr
    assert "approved_on is empty" in done.stderr


def _a_filled_entry_is_a_decision(person: Person, before: list[dict[str, Any]]) -> None:
    registers = ["[registers]"]
    for path in sorted((person.folder / "registers").glob("*.proposed.yaml")):
        name = path.name.partition(".")[0]
        (person.folder / "registers" / f"{name}.yaml").write_text(_uncommented(path, FILLED))
        registers.append(f'{name.replace("-", "_")} = "registers/{name}.yaml"')
    (person.folder / "auditor.toml").write_text("\n".join(registers) + "\n")
    after = _findings(person)
    opened = {resource for control, resource in _by_status(before, "fail") if control == "GW-ID-01"}
    assert opened
    assert {("GW-ID-01", each) for each in opened} <= _by_status(after, "pass")
    # What is declared is proposed no more.
    again = person.auditor("init")
    assert "no register entry that is not declared" in again.stderr


def test_every_register_has_a_proposer() -> None:
    from auditor.config import REGISTER_NAMES  # noqa: PLC0415 - one name

    assert {each.register for each in PROPOSERS} == set(REGISTER_NAMES)


def test_an_account_without_any_route_is_asked_about(person: Person) -> None:
    done = person.auditor("run", "--region", "eu-west-1")
    assert "No deployed route was found in 123456789012, eu-west-1." in done.stderr
    assert "--role-arn" in done.stderr
