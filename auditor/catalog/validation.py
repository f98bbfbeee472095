"""Models from documents: every mismatch with its line, its value, and the nearest key that is known."""

import difflib
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from auditor.catalog.yaml_lines import Document, Path_

M = TypeVar("M", bound=BaseModel)

_SHOWN = 60


def build(model: type[M], document: Document, place: Path_ = ()) -> M | None:
    """Return the model at a place of a document, or None with every problem noted in the document."""
    value: Any = document.value
    for step in place:
        value = value[step]
    try:
        return model.model_validate(value)
    except ValidationError as error:
        for each in error.errors():
            where = (*place, *each["loc"])
            document.problem(where, _sentence(model, each["type"], each["loc"], each["msg"], each["input"]))
        return None


def _sentence(model: type[BaseModel], kind: str, where: tuple[int | str, ...], message: str, value: object) -> str:
    name = ".".join(str(step) for step in where)
    if kind == "extra_forbidden":
        known = _members(model, where[:-1])
        near = difflib.get_close_matches(str(where[-1]), known, n=1, cutoff=0.5)
        return f"unknown key {name}" + (f"; did you mean {near[0]}?" if near else f"; known here: {', '.join(known)}")
    if kind == "missing":
        return f"{name} is missing"
    if value is None:
        return f"{name} is empty"
    shown = repr(value)
    return f"{name}: {message} ({shown if len(shown) <= _SHOWN else shown[:_SHOWN] + '…'})"


def _members(model: type[BaseModel], where: tuple[int | str, ...]) -> list[str]:
    for step in where:
        if isinstance(step, str) and step in model.model_fields:
            inner = _model_in(model.model_fields[step].annotation)
            model = inner or model
    return sorted(model.model_fields)


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for inner in get_args(annotation) if (found := _model_in(inner))), None)
