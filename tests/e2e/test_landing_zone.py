"""A landing zone as people really have it, without any register: no false fail, and what needs a person says so.

`landing-zone-defences.yaml` lists every fail with the sentence that defends it before its owner. A fail that is not
listed fails this test, and so does a listed one that is gone.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
import yaml

from auditor.collect.registry import collectors
from auditor.demo.front import Front
from tests.conftest import REPOSITORY
from tests.replay import AS_OF, front, load

CONFIG = '[scope]\naccounts = ["222233334444", "999988887777"]\nrole_name = "auditor-read"\nregions = ["eu-west-1"]\n'
Finding = dict[str, Any]


@pytest.fixture(scope="module")
def served() -> Iterator[Front]:
    every = [operation for collector in collectors() for operation in collector.operations]
    # The emulator dates its answers by the same day: a clock that is off would be a finding of its own.
    with time_machine.travel(AS_OF, tick=False), front(load("landing-zone", empty=every)) as running:
        yield running


@pytest.fixture(scope="module")
def folder(served: Front, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("landing-zone")
    (place / "auditor.toml").write_text(CONFIG)
    done = _auditor(served, place, "collect", "--output", "json")
    assert done.returncode in {0, 3}, done.stderr
    (place / "collected.json").write_text(done.stdout)
    return place


def _auditor(served: Front, folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run the command line in its own process, on the day that the answers were written for."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
        "AWS_ENDPOINT_URL": served.endpoint,
        "AWS_ACCESS_KEY_ID": "AKIATEST",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "AUDITOR_REDACTION_KEY": "k",
        "PYTHONPATH": str(REPOSITORY),
    }
    at_the_time = (
        "import sys, datetime, time_machine; from auditor.cli.main import main; sys.argv[0] = 'auditor'\n"
        f"with time_machine.travel(datetime.datetime.fromisoformat({AS_OF.isoformat()!r}), tick=False): main()"
    )
    return subprocess.run(
        [sys.executable, "-c", at_the_time, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=200,
    )


@pytest.fixture(scope="module")
def findings(served: Front, folder: Path) -> list[Finding]:
    done = _auditor(served, folder, "evaluate", "--output", "jsonl")
    assert done.returncode == 1, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_everything_was_read(folder: Path) -> None:
    assert json.loads((folder / "collected.json").read_text())["gaps"] == []


def test_every_fail_is_defended_before_its_owner(findings: list[Finding]) -> None:
    listed = yaml.safe_load((Path(__file__).parent / "landing-zone-defences.yaml").read_text())
    failing = {(each["control"], each["resource"]): each["reason"] for each in findings if each["status"] == "fail"}
    defended = {(each["control"], each["resource"]): each["defence"] for each in listed}
    assert failing.keys() - defended.keys() == set(), failing
    assert defended.keys() - failing.keys() == set(), "these no longer fail"
    assert all(len(sentence.split()) > 10 for sentence in defended.values())


def test_what_needs_a_person_proposes_what_to_write_down(findings: list[Finding]) -> None:
    asked = [each for each in findings if each["status"] == "needs_attestation"]
    assert {"IAM-05", "IAM-10", "IAM-14", "KR-02", "KR-09", "GW-ID-02", "GW-ID-04", "GW-RT-10"} <= {
        each["control"] for each in asked
    }
    # Who hears of an alarm of another account is no line of a register: it is attested on the pack.
    for each in (each for each in asked if each["control"] != "GW-OB-11"):
        assert "{" in each["reason"], each["reason"]


def test_what_the_landing_zone_made_is_never_a_fail(findings: list[Finding]) -> None:
    made = (
        "AWSReservedSSO_",
        "AWSControlTower",
        "aws-controltower",
        "OrganizationAccountAccessRole",
        "stacksets-exec-",
        "cdk-",
        "aws-service-role",
    )
    about = [each for each in findings if any(name in each["resource"] for name in made)]
    assert {each["control"] for each in about} >= {"IAM-05"}
    assert [each for each in about if each["status"] == "fail"] == []


def test_a_root_user_that_is_managed_centrally_passes_on_that_evidence(findings: list[Finding]) -> None:
    root = {each["account"]: each for each in findings if each["control"] == "IAM-11"}
    assert {account: each["status"] for account, each in root.items()} == {
        "222233334444": "pass",
        "999988887777": "pass",
    }
    assert "central" in root["222233334444"]["reason"]
