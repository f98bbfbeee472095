"""Where the shipped controls and templates stand: inside the wheel, or at the root of a checkout."""

from pathlib import Path

from auditor.errors import AuditorError

_PACKAGE = Path(__file__).resolve().parent


def controls_dir() -> Path:
    """Return the folder of the shipped control files."""
    return _find("controls")


def templates_dir() -> Path:
    """Return the folder of the report templates, styles and fonts."""
    return _find("templates")


def _find(name: str) -> Path:
    places = (_PACKAGE / "_data" / name, _PACKAGE.parent / name)
    for place in places:
        if place.is_dir():
            return place
    raise AuditorError(f"this installation has no {name} folder (looked in {places[0]})", "Install auditor again.")
