"""The catalog from its files: controls, criteria, registers, waivers. Every problem of every file at once."""

import difflib
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import orjson
from pydantic import JsonValue

from auditor.catalog.registers import load_registers, load_waivers
from auditor.catalog.validation import build
from auditor.catalog.yaml_lines import Document, as_json, read
from auditor.errors import InvalidFileError
from auditor.model.base import Frozen
from auditor.model.control import Catalog, Control, Criterion, Parameter
from auditor.model.environment import Environments, Sla

_NOT_CONTROLS = frozenset({"criteria"})


@dataclass(frozen=True)
class CatalogSources:
    """Where the catalog comes from."""

    controls: tuple[Path, ...]
    """Folders, searched below for `*.yaml`; a folder `criteria` is left out."""
    criteria: Path
    registers: Mapping[str, Path] = field(default_factory=dict)
    waivers: Path | None = None
    disabled: tuple[str, ...] = ()
    parameters: Mapping[str, Mapping[str, JsonValue]] = field(default_factory=dict)
    """Other parameter values by control and name, from auditor.toml."""
    environments: Environments = field(default_factory=Environments)
    sla: Sla = field(default_factory=Sla)


class _Criteria(Frozen):
    framework: str
    note: str = ""
    criteria: tuple[Criterion, ...]


def load(sources: CatalogSources) -> Catalog:
    """Return the catalog; raise InvalidFileError with every problem of every file."""
    problems: list[str] = []
    criteria = _criteria(sources.criteria, problems)
    known = {each.id for each in criteria.criteria} if criteria else set()
    controls = _controls(sources.controls, known, problems)
    everything = set(controls)
    problems += [
        _unknown("[controls] disable", each, everything) for each in sources.disabled if each not in everything
    ]
    controls = {name: each for name, each in controls.items() if name not in sources.disabled}
    controls = _overridden(controls, everything, sources.parameters, problems)
    registers = load_registers(sources.registers, problems)
    waivers = load_waivers(sources.waivers, everything, problems)
    if problems or criteria is None:
        raise InvalidFileError(tuple(problems))
    catalog = Catalog(
        controls=tuple(controls[name] for name in sorted(controls)),
        criteria=criteria.criteria,
        framework=criteria.framework,
        registers=registers,
        waivers=waivers,
        environments=sources.environments,
        sla=sources.sla,
        digest="",
    )
    content = orjson.dumps(catalog.model_dump(mode="json"), option=orjson.OPT_SORT_KEYS)
    return catalog.model_copy(update={"digest": hashlib.sha256(content).hexdigest()})


def _criteria(path: Path, problems: list[str]) -> _Criteria | None:
    document = read(path)
    criteria = None if document.problems else build(_Criteria, document)
    problems += document.problems
    return criteria


def _controls(folders: tuple[Path, ...], criteria: set[str], problems: list[str]) -> dict[str, Control]:
    found: dict[str, Control] = {}
    for path in _files(folders, problems):
        document = read(path)
        control = None if document.problems else _control(document, criteria)
        if control is not None:
            if control.id in found:
                document.problem(("id",), f"there is another control {control.id}")
            if control.id != path.stem:
                document.problem(("id",), f"the file is named {path.name}, the control {control.id}")
            found[control.id] = control
        problems += document.problems
    for control in found.values():
        if control.same_cause_as is not None and control.same_cause_as not in found:
            problems.append(f"{control.id}: same_cause_as names no control ({control.same_cause_as})")
        elif control.id in _above(control, found):
            problems.append(f"{control.id}: same_cause_as leads back to itself ({control.same_cause_as})")
    return found


def _above(control: Control, found: Mapping[str, Control]) -> set[str]:
    """Return every control that `same_cause_as` leads to."""
    above: set[str] = set()
    name = control.same_cause_as
    while name is not None and name not in above:
        above.add(name)
        name = found[name].same_cause_as if name in found else None
    return above


def _files(folders: tuple[Path, ...], problems: list[str]) -> list[Path]:
    files: list[Path] = []
    for folder in folders:
        if not folder.is_dir():
            problems.append(f"{folder}: the folder of controls does not exist")
            continue
        files += sorted(
            path for path in folder.rglob("*.yaml") if not _NOT_CONTROLS & set(path.relative_to(folder).parts[:-1])
        )
    return files


def _control(document: Document, criteria: set[str]) -> Control | None:
    if isinstance(document.value, dict) and "references" in document.value:
        document.value = {**document.value, "references": as_json(document.value["references"])}
    control = build(Control, document)
    for index, mapping in enumerate(control.criteria if control else ()):
        if criteria and mapping.id not in criteria:
            document.problem(("criteria", index, "id"), f"there is no criterion {mapping.id}")
    return control


def _overridden(
    controls: dict[str, Control],
    everything: set[str],
    overrides: Mapping[str, Mapping[str, JsonValue]],
    problems: list[str],
) -> dict[str, Control]:
    for name, values in overrides.items():
        if name not in everything:
            problems.append(_unknown("[controls] parameters", name, everything))
            continue
        control = controls.get(name)
        if control is None:
            continue
        parameters = dict(control.parameters)
        for parameter, value in values.items():
            if parameter not in parameters:
                problems.append(_unknown(f"[controls] parameters.{name}", parameter, set(parameters)))
                continue
            before = parameters[parameter]
            parameters[parameter] = Parameter(
                value=value,
                source=f"auditor.toml [controls]; the catalog's own value is {before.value} ({before.source})",
            )
        controls[name] = control.model_copy(update={"parameters": parameters})
    return controls


def _unknown(where: str, name: str, known: set[str]) -> str:
    near = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.5)
    return f"{where}: there is no {name}" + (f"; did you mean {near[0]}?" if near else "")
