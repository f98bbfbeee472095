"""All collectors: each module of `auditor.collect.services` that has a COLLECTOR. Deleting the file deletes the feature."""

import importlib
import pkgutil

from auditor.collect import services
from auditor.collect.interface import Collector


def collectors() -> tuple[Collector, ...]:
    """Return every collector, by service name."""
    modules = (
        importlib.import_module(f"{services.__name__}.{each.name}") for each in pkgutil.iter_modules(services.__path__)
    )
    found = [module.COLLECTOR for module in modules if hasattr(module, "COLLECTOR")]
    return tuple(sorted(found, key=lambda collector: str(collector.service)))


def in_order(chosen: tuple[Collector, ...]) -> tuple[Collector, ...]:
    """Return collectors so that each comes after those whose notes it recalls or follows."""
    done: list[Collector] = []
    waiting = list(chosen)
    names = {each.service for each in chosen}
    while waiting:
        ready = [each for each in waiting if not (set(each.told_by) & names) - {other.service for other in done}]
        if not ready:
            raise AssertionError(f"collectors wait for each other: {sorted(each.service for each in waiting)}")
        done.extend(ready)
        waiting = [each for each in waiting if each not in ready]
    return tuple(done)
