"""Ctrl-C in the middle: what was collected is kept, and the same command goes on from there."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from auditor.demo.faults import Fault, Rule
from auditor.demo.simulation import Simulation
from auditor.demo.story import QUARTERS, Story
from tests.conftest import REPOSITORY


@pytest.fixture
def simulation() -> Iterator[Simulation]:
    with Simulation() as running, closing(Story(running)) as story:
        story.play(QUARTERS[0])
        yield running


def _start(simulation: Simulation, folder: Path) -> "subprocess.Popen[str]":
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
        "AWS_ENDPOINT_URL": simulation.endpoint,
        "AWS_ACCESS_KEY_ID": "AKIATEST",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "AUDITOR_REDACTION_KEY": "k",
        "PYTHONPATH": str(REPOSITORY),
    }
    command = [sys.executable, "-m", "auditor", "collect", "--output", "json"]
    return subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def _receipts(folder: Path) -> list[Path]:
    return [path for path in folder.glob(".auditor/runs/*/*.json") if path.name != "started.json"]


def test_an_interrupted_collection_goes_on_where_it_stopped(simulation: Simulation, tmp_path: Path) -> None:
    (tmp_path / "auditor.toml").write_text(
        '[scope]\naccounts = ["111122223333"]\nrole_name = "auditor-read"\nregions = ["us-east-1", "eu-west-1"]\n'
    )
    # One call hangs until its caller gives up: its region is still being read when another has its receipt.
    simulation.fault(Rule("kms:ListKeys", Fault.TIME_OUT, region="eu-west-1", times=1))
    with _start(simulation, tmp_path) as first:
        until = time.monotonic() + 30
        while not _receipts(tmp_path) and time.monotonic() < until:
            time.sleep(0.02)
        first.send_signal(signal.SIGINT)
        _, told = first.communicate(timeout=60)
    assert first.returncode == 130, told
    assert "what was collected is kept" in told
    assert "Traceback" not in told
    assert list(tmp_path.glob(".auditor/snapshots/*.json")) == []
    finished = {path.name for path in _receipts(tmp_path)}
    assert finished
    before = dict(simulation.calls)
    with _start(simulation, tmp_path) as second:
        out, told = second.communicate(timeout=120)
    assert second.returncode == 0, told
    assert "going on with the collection begun at" in told
    assert '"gaps": []' in out
    assert len(list(tmp_path.glob(".auditor/snapshots/*.json"))) == 1
    assert list(tmp_path.glob(".auditor/runs/*")) == []
    if "111122223333.aws-global.json" in finished:
        again = simulation.calls["iam:GetAccountAuthorizationDetails"]
        assert again == before["iam:GetAccountAuthorizationDetails"]
