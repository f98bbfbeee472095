"""What a person meets: help that is quick, errors that say what to do next, documented exit codes."""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from auditor.demo.faults import Fault, Rule
from auditor.demo.simulation import Simulation
from tests.conftest import REPOSITORY, auditor

HEAVY = {"boto3", "botocore", "weasyprint", "jinja2", "pydantic", "moto", "duckdb"}
NO_AWS = {
    "AWS_ACCESS_KEY_ID": "",
    "AWS_SECRET_ACCESS_KEY": "",
    "AWS_PROFILE": "",
    "AWS_CONFIG_FILE": "/dev/null",
    "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AUDITOR_REDACTION_KEY": "k",
}

SHIPPED = sorted(path.stem for path in (REPOSITORY / "controls").glob("*/*.yaml") if path.parent.name != "criteria")


def _nobody() -> dict[str, str]:
    return {name: value for name, value in NO_AWS.items() if value}


def _run(*arguments: str, cwd: Path) -> "subprocess.CompletedProcess[str]":
    bare = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "auditor", *arguments],
        env={**bare, **_nobody(), "PYTHONPATH": str(REPOSITORY)},
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_help_loads_nothing_heavy() -> None:
    program = "import sys; sys.argv=['auditor','--help']\nfrom auditor.cli.main import main\ntry: main()\nexcept SystemExit: pass\n"
    program += "print('\\n'.join(sorted(sys.modules)), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in done.stderr.splitlines()}
    assert loaded & HEAVY == set()
    assert "snapshots" in done.stdout


def test_help_takes_little_cpu() -> None:
    spent = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert auditor("--help").returncode == 0
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    bare = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", "import typer"], check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        bare.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    # A ratio against what the command-line library itself costs, measured in the same run.
    assert min(spent) < 2 * min(bare) + 0.05


def test_no_credentials_say_so_and_end_with_4(tmp_path: Path) -> None:
    done = _run("collect", "--region", "eu-west-1", cwd=tmp_path)
    assert done.returncode == 4
    assert done.stderr.splitlines() == [
        "auditor: there are no AWS credentials",
        "  next: Set AWS_PROFILE or AWS_* variables, or aws sso login.",
    ]


def test_an_unknown_profile_says_so_and_ends_with_2(tmp_path: Path) -> None:
    done = _run("run", "--profile", "nobody", "--region", "eu-west-1", cwd=tmp_path)
    assert (done.returncode, "nobody" in done.stderr, "Traceback" in done.stderr) == (2, True, False)


def test_a_region_that_does_not_exist_is_told(tmp_path: Path) -> None:
    bare = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    done = subprocess.run(
        [sys.executable, "-m", "auditor", "collect", "--region", "not a region"],
        env={
            **bare,
            **_nobody(),
            "AWS_ACCESS_KEY_ID": "AKIA",
            "AWS_SECRET_ACCESS_KEY": "x",
            "PYTHONPATH": str(REPOSITORY),
        },
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in {2, 4}
    assert "Traceback" not in done.stderr
    assert "next:" in done.stderr


@pytest.mark.parametrize(
    "command", [("evaluate",), ("flows",), ("snapshots", "show"), ("diff", "previous"), ("pack", "latest")]
)
def test_without_a_snapshot_the_next_step_is_named(command: tuple[str, ...], tmp_path: Path) -> None:
    done = _run(*command, cwd=tmp_path)
    assert done.returncode == 2
    assert "the store holds no snapshot" in done.stderr
    assert "auditor collect" in done.stderr


def test_an_unknown_key_ends_with_2_before_anything_is_read(tmp_path: Path) -> None:
    (tmp_path / "auditor.toml").write_text("[scope]\nregoins = []\n")
    done = _run("run", cwd=tmp_path)
    assert done.returncode == 2
    assert "unknown key scope.regoins; did you mean regions?" in done.stderr


def test_a_malformed_register_and_waiver_are_told_together(tmp_path: Path) -> None:
    (tmp_path / "auditor.toml").write_text('[registers]\npublic_routes = "r.yaml"\n[waivers]\nfile = "w.yaml"\n')
    (tmp_path / "r.yaml").write_text("- route: arn:aws:execute-api:eu-west-1:1:a/prod/GET/*\n  owner: me\n")
    (tmp_path / "w.yaml").write_text("- id: W\n  control: GW-ID-99\n")
    done = _run("evaluate", cwd=tmp_path)
    assert done.returncode == 2
    assert "r.yaml:1: reason is missing" in done.stderr
    assert "w.yaml:1: resource is missing" in done.stderr


def test_a_malformed_control_is_told_with_its_line(tmp_path: Path) -> None:
    shipped = (REPOSITORY / "controls" / "key-rotation" / "KR-01.yaml").read_text()
    (tmp_path / "KR-01.yaml").write_text(shipped.replace("severity: high", "severity: hihg"))
    done = _run("controls", "check", str(tmp_path), cwd=tmp_path)
    assert done.returncode == 2
    line = shipped.splitlines().index("severity: high") + 1
    assert f"KR-01.yaml:{line}: severity" in done.stderr


def _shipped() -> list[str]:
    """Return the ids of the controls by their files."""
    files = (REPOSITORY / "controls").glob("*/*.yaml")
    return sorted(path.stem for path in files if path.parent.name != "criteria")


def test_the_shipped_controls_check_clean(tmp_path: Path) -> None:
    done = _run("controls", "check", str(REPOSITORY / "controls"), cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    assert f"{len(_shipped())} controls, no problem" in done.stderr


def test_controls_list_is_data_for_programs(tmp_path: Path) -> None:
    done = _run("controls", "list", "--output", "json", cwd=tmp_path)
    assert [each["id"] for each in json.loads(done.stdout)] == _shipped()


def test_an_unknown_command_ends_with_2(tmp_path: Path) -> None:
    assert _run("colect", cwd=tmp_path).returncode == 2


def test_the_readme_names_every_command() -> None:
    readme = (REPOSITORY / "README.md").read_text()
    done = auditor("--help")
    commands = [line.split()[0] for line in done.stdout.partition("Commands:")[2].splitlines() if line.strip()]
    assert len(commands) == 14
    for command in commands:
        assert f"`auditor {command}" in readme


@pytest.mark.parametrize("fault", [Fault.EXPIRED, Fault.DENY])
def test_credentials_that_aws_refuses_end_with_4_and_the_next_step(tmp_path: Path, fault: Fault) -> None:
    with Simulation() as simulation:
        simulation.fault(Rule("sts:*", fault))
        bare = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        keys = {"AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "x", "AWS_ENDPOINT_URL": simulation.endpoint}
        done = subprocess.run(
            [sys.executable, "-m", "auditor", "run", "--region", "eu-west-1"],
            env={**bare, **_nobody(), **keys, "PYTHONPATH": str(REPOSITORY)},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 4
    assert ("ExpiredToken" if fault is Fault.EXPIRED else "AccessDenied") in done.stderr
    assert "next:" in done.stderr
    assert not list(tmp_path.glob(".auditor/snapshots/*"))
