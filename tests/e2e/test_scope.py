"""An account or regions that could not be asked are gaps, not a smaller estate."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from auditor.assets import controls_dir
from auditor.catalog.load import CatalogSources, load
from auditor.demo.faults import Fault, Rule
from auditor.demo.simulation import Simulation
from auditor.demo.story import QUARTERS, Story
from auditor.evaluate.bind import bind
from auditor.model.kinds import KINDS
from tests.conftest import REPOSITORY


def _resting(*, on_regions_alone: bool) -> set[str]:
    """Return the controls whose population rests on a list that a whole account, or its regions, hide."""
    shipped = controls_dir()
    catalog = load(CatalogSources(controls=(shipped,), criteria=shipped / "criteria" / "tsc-2017.yaml"))
    found: set[str] = set()
    for bound in bind(catalog):
        lists = [KINDS[name] for read in bound.check.reads for name in KINDS[read].lists() if name in KINDS]
        hidden = [kind for kind in lists if kind.whole_list and not (on_regions_alone and kind.is_global)]
        if hidden and bound.control.subject == "estate":
            found.add(bound.control.id)
    return found


@pytest.fixture
def simulation() -> Iterator[Simulation]:
    with Simulation() as running, closing(Story(running)) as story:
        story.play(QUARTERS[0])
        yield running


def _auditor(simulation: Simulation, folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
        "AWS_ENDPOINT_URL": simulation.endpoint,
        "AWS_ACCESS_KEY_ID": "AKIATEST",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "AUDITOR_REDACTION_KEY": "k",
        "PYTHONPATH": str(REPOSITORY),
    }
    return subprocess.run(
        [sys.executable, "-m", "auditor", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=200,
    )


def _regions_declared(summary: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what was declared about whole regions, not about one service's lists."""
    return [each for each in summary["declared"] if each.get("service") in {None, "scope"}]


def _hidden(folder: Path, simulation: Simulation) -> dict[str, set[str]]:
    done = _auditor(simulation, folder, "evaluate", "--output", "jsonl")
    assert done.returncode == 3, done.stderr
    found: dict[str, set[str]] = {}
    for finding in map(json.loads, done.stdout.splitlines()):
        if finding["status"] == "not_evaluated" and "operation" in finding["observed"]:
            found.setdefault(finding["control"], set()).add(f"{finding['account']} {finding['observed']['operation']}")
    return found


def test_an_account_whose_role_was_refused_is_a_gap_and_the_other_is_read(
    simulation: Simulation, tmp_path: Path
) -> None:
    (tmp_path / "auditor.toml").write_text(
        '[scope]\naccounts = ["111122223333", "444455556666"]\nrole_name = "auditor-read"\nregions = ["us-east-1"]\n'
    )
    simulation.fault(Rule("sts:AssumeRole", Fault.DENY, after=1))
    done = _auditor(simulation, tmp_path, "collect", "--output", "json")
    assert done.returncode == 3, done.stderr
    summary = json.loads(done.stdout)
    assert (summary["accounts"], summary["resources"]["AWS::ApiGateway::RestApi"]) == (2, 1)
    assert [(gap["operation"], gap["account"], gap["reason"]) for gap in summary["gaps"]] == [
        ("sts:AssumeRole", "444455556666", "denied")
    ]
    hidden = _hidden(tmp_path, simulation)
    assert hidden == {each: {"444455556666 sts:AssumeRole"} for each in _resting(on_regions_alone=False)}


def test_regions_that_nobody_could_name_are_a_gap(simulation: Simulation, tmp_path: Path) -> None:
    simulation.deny("ec2:DescribeRegions")
    (tmp_path / "auditor.toml").write_text('[scope]\naccounts = ["111122223333"]\nrole_name = "auditor-read"\n')
    done = _auditor(simulation, tmp_path, "collect", "--output", "json")
    assert done.returncode == 3, done.stderr
    assert json.loads(done.stdout)["regions"] == ["us-east-1"]
    assert _hidden(tmp_path, simulation) == {
        each: {"111122223333 ec2:DescribeRegions"} for each in _resting(on_regions_alone=True)
    }


def test_a_region_that_is_not_enabled_is_declared_once_and_no_gap(simulation: Simulation, tmp_path: Path) -> None:
    arguments = ("--region", "us-east-1", "--region", "ap-east-1", "--output", "json")
    done = _auditor(simulation, tmp_path, "collect", *arguments)
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout)
    assert summary["gaps"] == []
    assert summary["regions"] == ["us-east-1"]
    assert [(each["region"], each["why"]) for each in _regions_declared(summary)] == [
        ("ap-east-1", "region is not enabled")
    ]


def test_a_closed_region_alone_is_told_by_another_region(simulation: Simulation, tmp_path: Path) -> None:
    body = b"<ErrorResponse><Error><Code>InvalidClientTokenId</Code><Message>m</Message></Error></ErrorResponse>"
    simulation.supplements.script.refuse("sts:GetCallerIdentity", 403, body, region="ap-east-1")
    done = _auditor(simulation, tmp_path, "collect", "--region", "ap-east-1", "--output", "json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["regions"] == []
    assert [each["region"] for each in _regions_declared(json.loads(done.stdout))] == ["ap-east-1"]


def test_named_regions_are_read_also_where_nobody_may_list_them(simulation: Simulation, tmp_path: Path) -> None:
    simulation.deny("ec2:DescribeRegions")
    done = _auditor(simulation, tmp_path, "collect", "--region", "us-east-1", "--output", "json")
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout)
    assert (summary["gaps"], summary["regions"]) == ([], ["us-east-1"])
    assert "ec2:DescribeRegions was denied" in _regions_declared(summary)[0]["why"]


def test_a_region_that_aws_does_not_know_is_a_mistake(simulation: Simulation, tmp_path: Path) -> None:
    done = _auditor(simulation, tmp_path, "collect", "--region", "us-east-1", "--region", "eu-wset-1")
    assert done.returncode == 2
    assert "AWS knows no region eu-wset-1" in done.stderr


def test_the_snapshot_says_where_it_came_from(simulation: Simulation, tmp_path: Path) -> None:
    (tmp_path / "auditor.toml").write_text(
        '[scope]\naccounts = ["111122223333", "444455556666"]\nrole_name = "auditor-read"\nregions = ["us-east-1"]\n'
        'external_id = "not-to-be-kept"\n'
    )
    assert _auditor(simulation, tmp_path, "collect").returncode == 0
    found = json.loads(_auditor(simulation, tmp_path, "snapshots", "show").stdout)
    assert found["schema_version"] == 3
    assert len(found["tool_digest"]) == 64
    assert found["parameters"]["external_id"] is True
    assert "not-to-be-kept" not in json.dumps(found)
    assert {"sts:GetCallerIdentity", "apigateway:GetRestApis"} <= set(found["operations"])
    done = _auditor(simulation, tmp_path, "evaluate", "--output", "jsonl")
    findings = [each for each in map(json.loads, done.stdout.splitlines()) if each["control"] == "CH-06"]
    assert {each["status"] for each in findings} == {"pass", "not_applicable"}
    callers = [each for each in findings if "#caller/" in each["resource"]]
    assert [each["account"] for each in callers] == ["111122223333", "444455556666"]
    assert all(each["observed"]["user_id"] and len(each["exhibits"]) == 1 for each in callers)


def test_credentials_of_another_account_are_refused(simulation: Simulation, tmp_path: Path) -> None:
    done = _auditor(simulation, tmp_path, "collect", "--account", "999988887777", "--region", "us-east-1")
    assert done.returncode == 2
    assert "the credentials belong to account 123456789012, not to 999988887777" in done.stderr
    assert not (tmp_path / ".auditor" / "snapshots").exists()
