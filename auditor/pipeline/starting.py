"""`auditor init`: a commented auditor.toml and proposed register entries, written beside what exists, never over it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path

from auditor.catalog.propose.texts import configuration, file_of, proposals
from auditor.config import FILE_NAME, Config
from auditor.errors import UsageError
from auditor.model.snapshot import Snapshot
from auditor.pipeline.judging import load_catalog, load_estate, open_store, resolve

_LATEST = "latest"


@dataclass(frozen=True)
class Started:
    """One file of `auditor init`."""

    path: Path
    """What was written, or what said the same already."""
    wanted: Path
    """Where it is meant to stand once a person has gone through it."""
    is_new: bool
    entries: int | None = None
    """Proposed entries; None for auditor.toml."""


def start(config: Config, name: str, folder: Path) -> tuple[Snapshot | None, tuple[Started, ...]]:
    """Write the files; without any snapshot, auditor.toml alone. Raise UsageError where the folder cannot be written."""
    store = open_store(config)
    empty = name == _LATEST and not store.snapshot_ids()
    snapshot = None if empty else resolve(store, name)
    return snapshot, tuple(_files(config, snapshot, folder))


def _files(config: Config, snapshot: Snapshot | None, folder: Path) -> Iterator[Started]:
    wanted = folder / FILE_NAME
    yield _write(wanted, configuration(snapshot), chain((wanted,), _beside(wanted)))
    if snapshot is None:
        return
    estate = load_estate(open_store(config), snapshot, load_catalog(config))
    for register, (text, entries) in proposals(estate).items():
        wanted = folder / file_of(register)
        yield _write(wanted, text, _beside(wanted), entries)


def _beside(path: Path) -> Iterator[Path]:
    """Yield `x.proposed.yaml`, `x.proposed-2.yaml` and so on."""
    yield path.with_name(f"{path.stem}.proposed{path.suffix}")
    yield from (path.with_name(f"{path.stem}.proposed-{number}{path.suffix}") for number in count(2))


def _write(wanted: Path, text: str, places: Iterable[Path], entries: int | None = None) -> Started:
    """Write a text to the first place that is free, or find it where it stands already."""
    try:
        wanted.parent.mkdir(parents=True, exist_ok=True)
        for place in places:
            try:
                with place.open("x", encoding="utf-8") as file:
                    file.write(text)
            except FileExistsError:
                if place.is_file() and place.read_bytes() == text.encode():
                    return Started(place, wanted, is_new=False, entries=entries)
            else:
                return Started(place, wanted, is_new=True, entries=entries)
    except OSError as error:
        raise UsageError(
            f"cannot write {error.filename or wanted}: {error.strerror}", "Give another folder with --out."
        ) from error
    raise AssertionError("there is always another name")
