"""Where the shipped controls and templates stand, in the wheel or in a checkout, and the digest of the program itself."""

import hashlib
from functools import cache
from pathlib import Path

from auditor.errors import AuditorError

_PACKAGE = Path(__file__).resolve().parent


def controls_dir() -> Path:
    """Return the folder of the shipped control files."""
    return _find("controls")


def templates_dir() -> Path:
    """Return the folder of the report templates, styles and fonts."""
    return _find("templates")


@cache
def tool_digest() -> str:
    """Return the sha256 over the installed source files: the same in a wheel and in a checkout of one version.

    `find auditor -name '*.py' | LC_ALL=C sort | xargs sha256sum | sha256sum`, run beside the package, gives the same.
    """
    names = sorted(path.relative_to(_PACKAGE.parent).as_posix() for path in _PACKAGE.rglob("*.py"))
    lines = (f"{hashlib.sha256((_PACKAGE.parent / name).read_bytes()).hexdigest()}  {name}\n" for name in names)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _find(name: str) -> Path:
    places = (_PACKAGE / "_data" / name, _PACKAGE.parent / name)
    for place in places:
        if place.is_dir():
            return place
    raise AuditorError(f"this installation has no {name} folder (looked in {places[0]})", "Install auditor again.")
