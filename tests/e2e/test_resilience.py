"""What goes wrong around a collection: a full disk, a folder that cannot be written, kill -9, damage, a wrong clock, an empty estate."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from auditor.demo.simulation import Simulation
from auditor.model.snapshot import ObjectRef
from auditor.store.directory import FileStore
from tests.collecting import ENVIRONMENT, REGION
from tests.conftest import REPOSITORY
from tests.e2e.small_estate import build

_THEN = "; import os, sys; os.execv(sys.executable, [sys.executable, '-m', 'auditor', *sys.argv[1:]])"


@pytest.fixture(scope="module")
def simulation() -> Iterator[Simulation]:
    with Simulation() as running:
        _answer_all(running)
        build(running)
        yield running


def _answer_all(simulation: Simulation) -> None:
    """Answer what the simulated AWS does not know: nothing of the kind exists here."""
    simulation.supplements.script.add("accessanalyzer:ListAnalyzers", {"analyzers": []})
    simulation.supplements.script.add("apigatewayv2:ListRoutingRules", {"RoutingRules": []})


class Machine:
    """A person's machine: a folder to work in, and the command line."""

    def __init__(self, simulation: Simulation, folder: Path) -> None:
        self.simulation = simulation
        self.folder = folder
        self.store = folder / ".auditor"

    def start(self, *arguments: str, before: str = "") -> "subprocess.Popen[str]":
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
            **ENVIRONMENT,
            "AWS_ENDPOINT_URL": self.simulation.endpoint,
            "AUDITOR_REDACTION_KEY": "k",
            "PYTHONPATH": str(REPOSITORY),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        return subprocess.Popen(
            [sys.executable, *(["-c", before + _THEN] if before else ["-m", "auditor"]), *arguments],
            cwd=self.folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, ends: int = 0, before: str = "") -> str:
        """Run to the end and return what was printed, both streams."""
        with self.start(*arguments, before=before) as process:
            out, told = process.communicate(timeout=300)
        assert process.returncode == ends, told
        assert "Traceback" not in told
        return out + told

    def collect(self, ends: int = 0, before: str = "") -> str:
        return self.run("collect", "--region", REGION, "--quiet", ends=ends, before=before)

    def snapshots(self) -> list[str]:
        return list(FileStore(self.store).snapshot_ids())

    def root(self) -> str:
        """Return the root of the only snapshot, which verifies."""
        (name,) = self.snapshots()
        self.run("snapshots", "verify", name)
        return FileStore(self.store).snapshot(name).root


@pytest.fixture
def machine(simulation: Simulation, tmp_path: Path) -> Machine:
    return Machine(simulation, tmp_path)


@pytest.fixture(scope="module")
def taken(simulation: Simulation, tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """A machine with one snapshot and one pack, which nobody disturbed."""
    found = Machine(simulation, tmp_path_factory.mktemp("taken"))
    found.run("run", "--region", REGION, "--quiet", "--period", "2026-Q2", ends=1)
    return found


@pytest.fixture
def copy(taken: Machine, tmp_path: Path) -> Machine:
    shutil.copytree(taken.store, tmp_path / ".auditor")
    return Machine(taken.simulation, tmp_path)


def _no_file_above(size: int) -> str:
    return f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))"


def _as_anyone() -> str:
    """Return what lets modes hold for root too (it gives up CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH); for others they do."""
    if os.geteuid() != 0:
        return ""
    return (
        "import ctypes; kernel = ctypes.CDLL(None); assert all(kernel.prctl(24, each, 0, 0, 0) == 0 for each in (1, 2))"
    )


def _modes(folder: Path, mode: int) -> None:
    for path in (folder, *(each for each in folder.rglob("*") if each.is_dir())):
        path.chmod(mode)


@pytest.mark.parametrize("size", [200, 2_000, 5_000])
def test_a_full_disk_is_told_and_the_next_run_goes_on(taken: Machine, machine: Machine, size: int) -> None:
    told = machine.collect(ends=6, before=_no_file_above(size))
    assert "cannot write" in told
    assert "File too large" in told
    assert "Free space" in told
    assert machine.snapshots() == []
    assert list(machine.store.rglob(".writing-*")) == []
    machine.collect()
    assert machine.root() == taken.root()


def test_a_pack_on_a_full_disk_is_not_half_there(copy: Machine) -> None:
    told = copy.run("pack", "latest", "--period", "2026-Q3", "--quiet", ends=6, before=_no_file_above(300_000))
    assert "cannot write the pack" in told
    assert list((copy.folder / "packs").iterdir()) == []


def test_a_full_temporary_folder_is_named(copy: Machine) -> None:
    told = copy.run("pack", "latest", "--period", "2026-Q3", "--quiet", ends=6, before=_no_file_above(30_000))
    assert "cannot be laid out in the temporary folder: File too large" in told
    assert not (copy.folder / "packs").exists()


def test_a_store_that_cannot_be_written_is_named(machine: Machine) -> None:
    machine.store.mkdir(mode=0o555)
    told = machine.collect(ends=6, before=_as_anyone())
    assert f"cannot write {machine.store}" in told
    assert "Permission denied" in told


def test_a_store_that_is_only_read_can_be_judged(taken: Machine, copy: Machine) -> None:
    _modes(copy.store, 0o555)
    try:
        found = copy.run("evaluate", "--output", "jsonl", ends=1, before=_as_anyone())
    finally:
        _modes(copy.store, 0o755)
    assert found == taken.run("evaluate", "--output", "jsonl", ends=1)


@pytest.mark.parametrize("name", ["snapshots", "packs", "objects"])
def test_a_folder_that_cannot_be_read_is_not_an_empty_one(copy: Machine, name: str) -> None:
    _modes(copy.store / name, 0)
    try:
        told = copy.run("pack", "latest", "--period", "2026-Q3", "--quiet", ends=6, before=_as_anyone())
    finally:
        (copy.store / name).chmod(0o755)
        _modes(copy.store / name, 0o755)
    assert "Permission denied" in told


@pytest.mark.parametrize("seed", range(6))
def test_a_kill_at_any_moment_leaves_a_store_that_goes_on(taken: Machine, machine: Machine, seed: int) -> None:
    whole = sum(FileStore(taken.store).snapshot(taken.snapshots()[0]).calls.values())
    begun = sum(machine.simulation.calls.values())
    chance = random.Random(seed)  # noqa: S311 - a moment, no secret
    until, late = begun + chance.randint(1, whole), time.monotonic() + 60
    with machine.start("collect", "--region", REGION, "--quiet") as process:
        while sum(machine.simulation.calls.values()) < until and process.poll() is None and time.monotonic() < late:
            time.sleep(0.002)
        time.sleep(chance.uniform(0, 0.2))
        process.send_signal(signal.SIGKILL)
    for name in machine.snapshots():
        machine.run("snapshots", "verify", name)
    before = len(machine.snapshots())
    machine.collect()
    assert len(machine.snapshots()) == before + 1
    newest = FileStore(machine.store).snapshot(machine.snapshots()[-1])
    machine.run("snapshots", "verify", newest.id)
    assert newest.root == taken.root()
    assert list(machine.store.glob("runs/*")) == []


def test_a_kill_after_the_last_write_is_a_collection_that_ended(taken: Machine, machine: Machine) -> None:
    with machine.start("collect", "--region", REGION, "--quiet") as process:
        while not list(machine.store.glob("runs/*/*.aws-global.json")) and process.poll() is None:
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)
    shutil.copytree(machine.store / "runs", machine.folder / "receipts")
    machine.collect()
    shutil.rmtree(machine.store / "runs")
    shutil.move(machine.folder / "receipts", machine.store / "runs")
    machine.collect()
    first, second = [FileStore(machine.store).snapshot(each) for each in machine.snapshots()]
    assert (first.root, second.root) == (taken.root(), taken.root())
    assert second.as_of > first.as_of


def _object(machine: Machine, digest: str) -> Path:
    return machine.store / "objects" / digest[:2] / f"{digest}.zst"


def _of_shard(member: str) -> Callable[[Machine], Path]:
    def find(machine: Machine) -> Path:
        snapshot = FileStore(machine.store).snapshot(machine.snapshots()[0])
        shard = next(each for each in snapshot.shards if each.key.service == "kms")
        reference: ObjectRef = getattr(shard, member)
        return _object(machine, reference.sha256)

    return find


def _manifest(machine: Machine) -> Path:
    return next((machine.store / "snapshots").iterdir())


def _record(machine: Machine) -> Path:
    return next((machine.store / "packs").iterdir())


def _page(machine: Machine) -> Path:
    shown = json.loads(machine.run("evaluate", "--output", "json", ends=1))
    return _object(machine, next(each["exhibits"][0] for each in shown if each["control"] == "KR-06"))


@pytest.mark.parametrize("damage", [b"", b"nonsense", None])
@pytest.mark.parametrize(
    ("find", "command"),
    [
        pytest.param(_page, "pack", id="page body"),
        pytest.param(_of_shard("resources"), "evaluate", id="resources"),
        pytest.param(_of_shard("observations"), "evaluate", id="observations"),
        pytest.param(_of_shard("pages"), "evaluate", id="page records"),
        pytest.param(_manifest, "evaluate", id="manifest"),
        pytest.param(_record, "pack", id="pack record"),
    ],
)
def test_damage_is_named_and_nothing_is_made_of_it(
    copy: Machine, find: Callable[[Machine], Path], command: str, damage: bytes | None
) -> None:
    path = find(copy)
    if damage is None and path.suffix == ".json":
        path.write_bytes(path.read_bytes()[:-20])
    elif damage is None:
        path.unlink()
    else:
        path.write_bytes(damage)
    arguments = ("pack", "latest", "--period", "2026-Q3", "--quiet") if command == "pack" else ("evaluate",)
    told = copy.run(*arguments, ends=6)
    assert path.stem.partition(".")[0] in told
    assert "Restore the store from a copy" in told


def test_verify_names_a_lost_answer(copy: Machine) -> None:
    lost = _page(copy)
    lost.unlink()
    assert lost.stem in copy.run("snapshots", "verify", "latest", ends=5)


def test_a_damaged_answer_is_whole_again_when_aws_gives_it_again(copy: Machine) -> None:
    path = _of_shard("resources")(copy)
    path.write_bytes(b"nonsense")
    copy.collect()
    for name in copy.snapshots():
        copy.run("snapshots", "verify", name)


def test_a_receipt_whose_answers_are_lost_is_read_again(taken: Machine, machine: Machine) -> None:
    with machine.start("collect", "--region", REGION, "--quiet") as process:
        while not list(machine.store.glob("runs/*/*.aws-global.json")) and process.poll() is None:
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)
    shutil.rmtree(machine.store / "objects")
    for receipt in machine.store.glob(f"runs/*/*.{REGION}.json"):
        receipt.write_text("{half")
    machine.collect()
    assert machine.root() == taken.root()


@pytest.mark.parametrize(("hours", "way"), [(-1, "ahead of"), (1, "behind")])
def test_a_clock_that_is_off_is_told(machine: Machine, hours: int, way: str) -> None:
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=hours), tick=True):
        machine.collect()
    found = [json.loads(line) for line in machine.run("evaluate", "--output", "jsonl", ends=1).splitlines()]
    told = [each["reason"] for each in found if each["control"] == "CH-06" and each["status"] == "fail"]
    assert len(told) == 1
    assert f"seconds {way} the date of AWS, beyond 5" in told[0]
    assert int(told[0].split()[3]) in range(3595, 3606)


def test_an_estate_with_nothing_in_it_is_read_and_packed(tmp_path: Path) -> None:
    with Simulation() as empty:
        _answer_all(empty)
        machine = Machine(empty, tmp_path)
        machine.collect()
        found = json.loads(machine.run("evaluate", "--exit-zero", "--output", "json"))
        failing = [each for each in found if each["status"] == "fail"]
        # What is asked of an account whatever stands in it, such as a trail or an analyzer, is a deviation here too.
        assert {each["resource"].split("#")[0] for each in failing} <= {
            "arn:aws:iam::123456789012:account",
            f"arn:aws:access-analyzer:{REGION}:123456789012:analyzer",
        }
        about_the_account = sorted({each["control"] for each in failing})
        (tmp_path / "auditor.toml").write_text(f"[controls]\ndisable = {json.dumps(about_the_account)}\n")
        told = machine.run("run", "--region", REGION, "--period", "2026-Q3")
    assert "0 deployed routes" in told
    pack = tmp_path / "packs" / "2026-Q3" / "data"
    sheet: dict[str, Any] = json.loads((pack / "completeness.json").read_text())
    assert sheet["gaps"] == []
    assert {each["control"] for each in sheet["populations"] if each["fail"] or each["not_evaluated"]} == set()
    text = subprocess.run(
        ["pdftotext", "-layout", str(pack / "report.pdf"), "-"], check=True, capture_output=True, text=True
    )
    assert "0 deployed routes" in " ".join(text.stdout.split())
    assert "Nothing to test" in text.stdout
    assert "no gap" in text.stdout
