"""What the shell may complete: snapshot ids, control ids and methods, read from names on disk alone, so that a key press is quick."""

import os
from collections.abc import Iterator
from pathlib import Path

_STORE, _FILE = ".auditor", "auditor.toml"


def snapshot_ids(incomplete: str) -> list[str]:
    """Return the snapshots of the store that the working directory means, newest first, after the two words."""
    found = sorted((path.stem for path in _snapshots()), reverse=True)
    return [each for each in ("latest", "previous", *found) if each.startswith(incomplete)]


def control_ids(incomplete: str) -> list[str]:
    """Return the ids of the shipped controls."""
    from auditor.assets import controls_dir
    from auditor.errors import AuditorError

    try:
        names = sorted(path.stem for path in controls_dir().rglob("*.yaml") if path.stem.isupper())
    except AuditorError:
        return []
    return [each for each in names if each.startswith(incomplete)]


def methods(incomplete: str) -> list[str]:
    """Return the methods of HTTP calls."""
    every = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
    return [each for each in every if each.startswith(incomplete.upper())]


def _snapshots() -> Iterator[Path]:
    here = Path.cwd()
    base = next((each for each in (here, *here.parents) if (each / _FILE).is_file()), here)
    store = base / (_configured(base / _FILE) or _STORE)
    yield from (store / "snapshots").glob("*.json")


def _configured(path: Path) -> str | None:
    """Return [store] url where the file can be read; completion never complains."""
    import tomllib

    try:
        url = tomllib.loads(path.read_text(encoding="utf-8")).get("store", {}).get("url")
    except (OSError, ValueError, AttributeError):
        return None
    return os.fspath(url) if isinstance(url, str) else None
