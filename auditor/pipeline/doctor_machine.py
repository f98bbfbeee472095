"""What a run needs of this machine: Python, the libraries of the PDF, fonts, files, the store, the redaction key."""

import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from auditor import __version__
from auditor.config import Config
from auditor.errors import AuditorError
from auditor.evaluate.bind import bind
from auditor.model.checkup import Checkup, Health
from auditor.pipeline.judging import load_catalog
from auditor.render.pdf import PdfLibraryError, libraries
from auditor.render.templating import broken_fonts

_OLDEST_PYTHON = (3, 11)
_ENOUGH_BYTES = 1_000_000_000
"""Free space below which a warning is due. The sample company's two snapshots and packs take about 20 MB."""
_USAGE, _STORE = 2, 6


def machine() -> Iterator[Checkup]:
    """Yield what does not depend on any configuration."""
    version = platform.python_version()
    yield _line(
        "python",
        Health.OK if sys.version_info >= _OLDEST_PYTHON else Health.PROBLEM,
        f"Python {version}, auditor {__version__}",
        "Install Python 3.11 or newer." if sys.version_info < _OLDEST_PYTHON else None,
    )
    yield _pango()
    broken = broken_fonts()
    yield _line(
        "fonts",
        Health.PROBLEM if broken else Health.OK,
        f"missing or damaged: {', '.join(broken)}" if broken else "the report's fonts are here",
        "Install auditor again." if broken else None,
    )


def _pango() -> Checkup:
    try:
        found = libraries()
    except PdfLibraryError as error:
        return _line("pango", Health.PROBLEM, str(error), error.next_step)
    said = f"WeasyPrint {found.weasyprint}, Pango {found.pango}"
    if found.has_subset:
        return _line("pango", Health.OK, f"{said}, HarfBuzz-Subset")
    return _line(
        "pango",
        Health.WARNING,
        f"{said}; HarfBuzz-Subset was not found, so PDFs are larger and may differ from those made elsewhere",
        "apt-get install libharfbuzz-subset0 (Debian, Ubuntu), or brew install harfbuzz.",
    )


def files(config: Config) -> Iterator[Checkup]:
    """Yield what stands on disk: configuration, catalog, store, redaction key."""
    told = f"{config.file}" if config.file else "no auditor.toml here or above; the defaults are in force"
    yield _line(
        "configuration", Health.OK, told, None if config.file else "auditor init writes a commented one.", "files"
    )
    yield _catalog(config)
    yield _store(config.store)
    yield _space(config.store)
    yield _redaction_key(config)


def _catalog(config: Config) -> Checkup:
    try:
        catalog = load_catalog(config)
        bind(catalog)
    except AuditorError as error:
        return _line("catalog", Health.PROBLEM, str(error), error.next_step, "files", error.exit_code)
    undeclared = [name for name in type(catalog.registers).model_fields if getattr(catalog.registers, name) is None]
    said = f"{len(catalog.controls)} controls, {len(catalog.waivers)} waivers"
    if undeclared:
        said += f"; registers not declared: {', '.join(undeclared)}"
    return _line("catalog", Health.OK, said, area="files")


def _store(store: Path) -> Checkup:
    place = _nearest(store)
    try:
        with tempfile.TemporaryFile(dir=place):
            pass
    except OSError as error:
        return _line(
            "store",
            Health.PROBLEM,
            f"{place} cannot be written: {error.strerror}",
            "Give another folder with --store or [store] url, or make it writable.",
            "files",
            _STORE,
        )
    return _line("store", Health.OK, f"{store}" if place == store else f"{store} will be made", area="files")


def _space(store: Path) -> Checkup:
    free = shutil.disk_usage(_nearest(store)).free
    enough = free >= _ENOUGH_BYTES
    return _line(
        "space",
        Health.OK if enough else Health.WARNING,
        f"{free / 1e9:.1f} GB are free",
        None if enough else "Free some, or keep the store on another disk with --store.",
        "files",
        None if enough else _STORE,
    )


def _nearest(path: Path) -> Path:
    """Return the path, or the nearest folder above it that exists."""
    return next((each for each in (path, *path.parents) if each.exists()), Path(path.anchor))


def _redaction_key(config: Config) -> Checkup:
    place = config.redaction_key_file
    if place is None:
        return _line("redaction key", Health.OK, "given by AUDITOR_REDACTION_KEY", area="files")
    remedy = "Set AUDITOR_REDACTION_KEY, or restore the file."
    if place.exists():
        usable = os.access(place, os.R_OK) and place.is_file() and bool(place.read_bytes().strip())
        if not usable:
            return _line(
                "redaction key", Health.PROBLEM, f"{place} is empty or cannot be read", remedy, "files", _STORE
            )
        return _line("redaction key", Health.OK, f"{place}", area="files")
    above = _nearest(place.parent)
    if not (above.is_dir() and os.access(above, os.W_OK)):
        return _line("redaction key", Health.PROBLEM, f"{place} cannot be made", remedy, "files", _STORE)
    said = f"{place} will be made; keep a copy: under another key, digests of secrets cannot be compared"
    return _line("redaction key", Health.OK, said, area="files")


def _line(  # noqa: PLR0913, PLR0917 - the members of one line
    check: str,
    state: Health,
    detail: str,
    remedy: str | None = None,
    area: str = "machine",
    ends_with: int | None = None,
) -> Checkup:
    if state is Health.PROBLEM and ends_with is None:
        ends_with = _USAGE
    return Checkup(area=area, check=check, state=state, detail=detail, remedy=remedy, ends_with=ends_with)
