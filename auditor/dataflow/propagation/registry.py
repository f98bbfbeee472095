"""All rules: each module below `rules` that has a RULE. Deleting the file deletes the rule."""

import importlib
import pkgutil
from functools import lru_cache

from auditor.dataflow.propagation import rules as room
from auditor.dataflow.propagation.interface import Rule


@lru_cache(maxsize=1)
def rules() -> tuple[Rule, ...]:
    """Return every rule, by number."""
    modules = [importlib.import_module(f"{room.__name__}.{each.name}") for each in pkgutil.iter_modules(room.__path__)]
    found: list[Rule] = [module.RULE for module in modules if hasattr(module, "RULE")]
    return tuple(sorted(found, key=lambda rule: int(rule.id[1:])))
