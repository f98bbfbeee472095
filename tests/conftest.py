"""The whole job, once, over real HTTP: `auditor demo` in its own process, as a person runs it."""

import os
import subprocess
import sys
from collections import Counter
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


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the size of each matrix that was run, and how its cells ended."""
    for name, cells in sorted(_matrices(terminalreporter).items()):
        rows, columns = {row for row, _, _ in cells}, {column for _, column, _ in cells}
        ended = Counter(end for _, _, end in cells)
        terminalreporter.write_sep("-", f"{name}: {len(rows)} operations x {len(columns)} faults, {len(cells)} cells")
        terminalreporter.write_line(", ".join(f"{end} {count}" for end, count in sorted(ended.items())))
        for column in sorted(columns):
            of = Counter(end for _, fault, end in cells if fault == column)
            told = ", ".join(f"{end} {count}" for end, count in sorted(of.items()))
            terminalreporter.write_line(f"  {column:28} {told}")

    for report in terminalreporter.getreports("passed"):
        for key, value in report.user_properties:
            if key == "told" and report.when == "call":
                terminalreporter.write_line(str(value))


def _matrices(terminalreporter: pytest.TerminalReporter) -> dict[str, list[tuple[str, str, str]]]:
    """Return the cells that tests recorded with `record_property("matrix", (name, row, column, end))`."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for report in (*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")):
        for key, value in report.user_properties:
            if key == "matrix" and report.when == "call":
                name, row, column, end = (str(each) for each in value)
                found.setdefault(name, []).append((row, column, end))
    return found
