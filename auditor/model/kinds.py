"""All kinds of resources: every model of this room that has a `kind`. A new kind is a class, and nothing else here changes."""

import importlib
import pkgutil
from collections.abc import Mapping
from typing import Annotated, Any, Union

from pydantic import Field, TypeAdapter

from auditor import model as room
from auditor.model.resource import Resource


def _kinds() -> Mapping[str, type[Resource]]:
    """Return every kind by its name, sorted."""
    for module in pkgutil.iter_modules(room.__path__):
        if module.name != __name__.rpartition(".")[2]:
            importlib.import_module(f"{room.__name__}.{module.name}")
    found = {each.__name__: each for each in Resource.__subclasses__() if each.__module__.startswith(room.__name__)}
    return dict(sorted(found.items()))


KINDS: Mapping[str, type[Resource]] = _kinds()
"""Class by name."""

_ANY: Any = Annotated[Union[tuple(KINDS.values())], Field(discriminator="kind")]  # noqa: UP007 - made at run time
RESOURCE_LINE: TypeAdapter[Resource] = TypeAdapter(_ANY)
"""Validates one line of a resources object."""


def cloudformation(kind: str) -> str:
    """Return CloudFormation's type name of a kind."""
    return KINDS[kind].cloudformation
