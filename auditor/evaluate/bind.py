"""Controls bound to checks: every mismatch at once, before any AWS call."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from auditor.checks.interface import Check, Params
from auditor.checks.registry import checks
from auditor.errors import InvalidFileError
from auditor.model.control import Catalog, Control


@dataclass(frozen=True)
class Bound:
    """A control with the check that tests it and its parameters as the check takes them."""

    control: Control
    check: Check[Any, Any]
    params: Params


def bind(catalog: Catalog, available: Iterable[Check[Any, Any]] | None = None) -> tuple[Bound, ...]:
    """Return every control bound; raise InvalidFileError with every mismatch."""
    by_name = {check.name: check for check in (checks() if available is None else available)}
    problems: list[str] = []
    bound: list[Bound] = []
    for control in catalog.controls:
        check = by_name.get(control.check)
        if check is None:
            near = difflib.get_close_matches(control.check, sorted(by_name), n=1, cutoff=0.5)
            problems.append(
                f"{control.id}: there is no check {control.check}" + (f"; did you mean {near[0]}?" if near else "")
            )
            continue
        params = _params(control, check, problems)
        if params is not None:
            bound.append(Bound(control, check, params))
    if problems:
        raise InvalidFileError(tuple(problems), "Correct the control or auditor.toml [controls].")
    return tuple(bound)


def _params(control: Control, check: Check[Any, Any], problems: list[str]) -> Params | None:
    values = {name: parameter.value for name, parameter in control.parameters.items()}
    missing = sorted(set(check.registers) - set(control.registers))
    problems += [
        f"{control.id}: check {check.name} reads the register {name}, the control does not name it" for name in missing
    ]
    try:
        params = check.params.model_validate(values)
    except ValidationError as error:
        for each in error.errors():
            name = ".".join(str(step) for step in each["loc"])
            problems.append(
                f"{control.id}: parameter {name} of check {check.name}: {each['msg']} ({values.get(name)!r})"
            )
        return None
    return params if isinstance(params, Params) else None
