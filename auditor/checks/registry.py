"""All checks: each module below a domain of `auditor.checks` that has a CHECK. Deleting the file deletes the feature."""

import importlib
import pkgutil
from typing import Any

from auditor import checks as room
from auditor.checks.interface import Check


def checks() -> tuple[Check[Any, Any], ...]:
    """Return every check, by name."""
    found: list[Check[Any, Any]] = []
    for domain in pkgutil.iter_modules(room.__path__):
        if not domain.ispkg:
            continue
        package = importlib.import_module(f"{room.__name__}.{domain.name}")
        for module in pkgutil.iter_modules(package.__path__):
            loaded = importlib.import_module(f"{package.__name__}.{module.name}")
            if hasattr(loaded, "CHECK"):
                found.append(loaded.CHECK)
    return tuple(sorted(found, key=lambda check: check.name))
