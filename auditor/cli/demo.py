"""`auditor demo`: the whole job, twice, on a sample company behind a simulated AWS on 127.0.0.1."""

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli import options
from auditor.cli.output import note

if TYPE_CHECKING:
    from auditor.demo.story import Quarter
    from auditor.pipeline.packing import Packed

_OUT = Path("auditor-demo")
_DEMO_KEY = "the demo's redaction key is public, so that everyone gets the same digests"


def demo(
    out: Annotated[Path, typer.Option("--out", help="Folder for the sample files, the store and the packs.")] = _OUT,
    quiet: options.Quiet = False,
) -> None:
    """Run the whole job twice on a simulated AWS. It has a sample company in it, and needs no AWS account."""
    try:
        from auditor.demo.simulation import Simulation
    except ModuleNotFoundError as error:
        from auditor.errors import UsageError

        raise UsageError(
            f"the demo needs {error.name}, which is not installed", "Install it with: pip install 'auditor[demo]'"
        ) from error
    from auditor.demo.files import write_company_files
    from auditor.demo.story import QUARTERS, Story, travelling

    _clear(out)
    with Simulation() as simulation, _environment(simulation.endpoint), closing(Story(simulation)) as story:
        for quarter in QUARTERS:
            if not quiet:
                note(f"{quarter.period}: bringing the sample company to {quarter.as_of:%Y-%m-%d}")
            story.play(quarter)
            write_company_files(out / "company", story.names)
            with travelling(quarter):
                packed = _run(out, quarter, quiet=quiet)
            _report(packed)
    if not quiet:
        note(f"\nOpen {packed.bag.folder / 'data' / 'report.html'}.")
        note(
            "Your own account comes next: auditor doctor (in a checkout: ./run auditor doctor), see docs/quick-start.md"
        )


def _clear(out: Path) -> None:
    """Take an earlier demo away, so that two demos of different versions do not meet in one store."""
    if (out / "company" / "auditor.toml").is_file():
        for name in ("company", "store", "packs"):
            shutil.rmtree(out / name, ignore_errors=True)


def _run(out: Path, quarter: "Quarter", *, quiet: bool) -> "Packed":
    from auditor.cli.flags import configured
    from auditor.cli.progress import progress
    from auditor.pipeline.packing import Order, run

    settings = configured(out / "company" / "auditor.toml", str((out / "store").absolute()))
    with progress(quiet=quiet) as tell:
        return run(settings, Order(out / "packs", quarter.period), tell)


def _report(packed: "Packed") -> None:
    from auditor.evaluate.exit_code import exit_code

    note(packed.headline)
    note(f"`auditor run` would have ended with {exit_code(packed.contents.evaluation)}")
    sys.stdout.write(f"{packed.bag.folder}\n{packed.bag.archive}\n")
    sys.stdout.flush()


@contextmanager
def _environment(endpoint: str) -> Iterator[None]:
    """Point boto3 at the simulation and away from the person's own profile, and put everything back."""
    nowhere = os.devnull
    changes: Mapping[str, str | None] = {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "AKIAAUDITORDEMO00001",
        "AWS_SECRET_ACCESS_KEY": "demo",
        "AWS_SESSION_TOKEN": None,
        "AWS_PROFILE": None,
        "AWS_DEFAULT_PROFILE": None,
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_REGION": None,
        "AWS_CONFIG_FILE": nowhere,
        "AWS_SHARED_CREDENTIALS_FILE": nowhere,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AUDITOR_REDACTION_KEY": _DEMO_KEY,
    }
    before = {name: os.environ.get(name) for name in changes}
    try:
        _set(changes)
        yield
    finally:
        _set(before)


def _set(values: Mapping[str, str | None]) -> None:
    for name, value in values.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
