"""All normalizers: each module below `auditor.normalize.gateway` and `.services` that has a NORMALIZER."""

import importlib
import pkgutil
from functools import cache

from auditor.normalize import gateway, services
from auditor.normalize.interface import Normalizer


@cache
def normalizers(service: str) -> tuple[Normalizer, ...]:
    """Return the normalizers of a shard's service, by module name."""
    return tuple(each for each in _all() if each.service == service)


@cache
def _all() -> tuple[Normalizer, ...]:
    found: list[Normalizer] = []
    for room in (gateway, services):
        for each in sorted(pkgutil.iter_modules(room.__path__), key=lambda module: module.name):
            loaded = importlib.import_module(f"{room.__name__}.{each.name}")
            if hasattr(loaded, "NORMALIZER"):
                found.append(loaded.NORMALIZER)
    return tuple(found)
