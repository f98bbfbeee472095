"""`auditor init`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli import options
from auditor.cli.flags import configured
from auditor.cli.output import note

if TYPE_CHECKING:
    from auditor.pipeline.starting import Started

_HERE = Path()


def init(
    snapshot: options.SnapshotName = "latest",
    out: Annotated[Path, typer.Option("--out", help="Folder of auditor.toml and registers/.")] = _HERE,
    config: options.ConfigFile = None,
    store: options.StorePlace = None,
) -> None:
    """Write a commented auditor.toml and propose registers.

    The entries come from a snapshot and are for a person to review: nothing that it writes is in force, and no file is
    written over.
    """
    from auditor.pipeline.starting import start

    source, written = start(configured(config, store), snapshot, out)
    for each in written:
        sys.stdout.write(f"{each.path}\n")
        note(_sentence(each))
    if source is None:
        note("next: auditor collect, then auditor init again: it proposes register entries from the snapshot")
    elif not any(each.entries for each in written):
        note(f"snapshot {source.id} suggests no register entry that is not declared")
    else:
        note("next: go through each proposal, copy what is meant to be into the register, and name it in auditor.toml")


def _sentence(file: "Started") -> str:
    proposed = f": {file.entries} proposed" if file.entries is not None else ""
    if not file.is_new:
        return f"{file.path} says so already{proposed}"
    if file.entries is None and file.path != file.wanted:
        return f"{file.path} written: {file.wanted} exists and was left alone"
    return f"{file.path} written{proposed}"
