"""What moto lacks, operation by operation: answers of our own, or moto's answers with the missing members.

A module of this folder with HANDLERS is found by itself. What no handler knows and moto cannot answer, `script` may.
"""

import importlib
import pkgutil
from functools import cache

from auditor.demo.script import Script
from auditor.demo.supplements.state import Answer, Handler, Passed, State
from auditor.demo.wire import Request


class Supplements(State):
    """State beside moto's, the operations that need it, and scripted answers for those that moto does not know."""

    script: Script

    def __init__(self) -> None:
        """Start with nothing beside moto's own."""
        super().__init__()
        self.script = Script()

    def handle(self, request: Request, passed: Passed) -> Answer:
        """Return an answer where moto's own is not enough, else None."""
        handler = _handlers().get(request.id)
        return self.script.answer(request) if handler is None else handler(self, request, passed)


@cache
def _handlers() -> dict[str, Handler]:
    found: dict[str, Handler] = {}
    for each in pkgutil.iter_modules(__path__):
        found.update(getattr(importlib.import_module(f"{__name__}.{each.name}"), "HANDLERS", {}))
    return found


__all__ = ["State", "Supplements"]
