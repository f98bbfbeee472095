"""The whole job, once, over real HTTP: `auditor demo` in its own process, as a person runs it."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]


@dataclass(frozen=True)
class DemoRun:
    """What `auditor demo` left."""

    out: Path
    stdout: str
    stderr: str

    @property
    def config(self) -> Path:
        return self.out / "company" / "auditor.toml"

    @property
    def store(self) -> Path:
        return self.out / "store"

    def pack(self, period: str) -> Path:
        return self.out / "packs" / period


def auditor(
    *arguments: str, env: Mapping[str, str] | None = None, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the command line in its own process, warnings as errors."""
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), **(env or {})}
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "auditor", *arguments],
        env=environment,
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.fixture(scope="session")
def demo_run(tmp_path_factory: pytest.TempPathFactory) -> DemoRun:
    out = tmp_path_factory.mktemp("demo")
    home = tmp_path_factory.mktemp("empty-home")
    done = auditor("demo", "--out", str(out), env={"HOME": str(home)})
    assert done.returncode == 0, done.stderr
    return DemoRun(out, done.stdout, done.stderr)
