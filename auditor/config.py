"""`auditor.toml`, the environment and flags, as one frozen Config. The only reader of the environment."""

import difflib
import os
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, get_args

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from auditor.errors import InvalidFileError, StoreError, UsageError
from auditor.model.environment import EnvironmentRule, Environments, Sla
from auditor.model.register import Registers

FILE_NAME = "auditor.toml"
_KEY_VARIABLE = "AUDITOR_REDACTION_KEY"
REGISTER_NAMES = tuple(Registers.model_fields)
_LATER = frozenset({"matrix", "signing", "tickets"})
"""Sections of the contract that this version does not act on yet: refused, so that nobody relies on them."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Scope(_Section):
    """[scope]: what is collected. No accounts: the one that the credentials belong to. No regions: all enabled ones."""

    accounts: list[str] = Field(default_factory=list)
    role_name: str | None = None
    external_id: str | None = None
    regions: list[str] = Field(default_factory=list)


class StoreSection(_Section):
    """[store]: where evidence is kept."""

    url: str | None = None


class Period(_Section):
    """[period]: the audit period that runs belong to."""

    current: str | None = None


class Controls(_Section):
    """[controls]: the client's own controls, those switched off, and other parameter values."""

    extra: list[str] = Field(default_factory=list)
    disable: list[str] = Field(default_factory=list)
    parameters: dict[str, dict[str, Any]] = Field(default_factory=dict)


class RegistersSection(_Section):
    """[registers]: files that management owns. One that is not named is undeclared."""

    public_routes: str | None = None
    secrets: str | None = None
    issuers: str | None = None
    machine_identities: str | None = None
    allowed_writers: str | None = None
    backends: str | None = None
    break_glass: str | None = None
    domains: str | None = None
    agent_routes: str | None = None
    access_review: str | None = None


class EnvironmentSection(_Section):
    """One environment of [environments]: any of these accounts, stages or tags belong to it."""

    accounts: list[str] = Field(default_factory=list)
    stages: list[str] = Field(default_factory=list)
    tags: dict[str, str] = Field(default_factory=dict)


class SlaSection(_Section):
    """[sla]: days until a deviation is due, by severity."""

    critical: Annotated[int, Field(ge=0)] | None = None
    high: Annotated[int, Field(ge=0)] | None = None
    medium: Annotated[int, Field(ge=0)] | None = None
    low: Annotated[int, Field(ge=0)] | None = None


class Waivers(_Section):
    """[waivers]: approved acceptances."""

    file: str | None = None


class Report(_Section):
    """[report]: what the cover says."""

    organisation: str = ""
    time_zone: str = "UTC"
    reviewer: str | None = None


class Document(_Section):
    """The whole file."""

    scope: Scope = Field(default_factory=Scope)
    store: StoreSection = Field(default_factory=StoreSection)
    period: Period = Field(default_factory=Period)
    controls: Controls = Field(default_factory=Controls)
    registers: RegistersSection = Field(default_factory=RegistersSection)
    environments: dict[str, EnvironmentSection] = Field(default_factory=dict)
    sla: SlaSection = Field(default_factory=SlaSection)
    waivers: Waivers = Field(default_factory=Waivers)
    report: Report = Field(default_factory=Report)


@dataclass(frozen=True)
class Flags:
    """What the command line said; None or empty: not said."""

    config: Path | None = None
    store: str | None = None
    profile: str | None = None
    regions: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    role_name: str | None = None
    role_arn: str | None = None
    external_id: str | None = None


@dataclass(frozen=True)
class Config:
    """Everything that a use case needs to know besides its own arguments."""

    store: Path
    profile: str | None
    regions: tuple[str, ...]
    accounts: tuple[str, ...]
    role_name: str | None
    role_arn: str | None
    external_id: str | None
    period: str | None
    control_directories: tuple[Path, ...]
    disabled_controls: tuple[str, ...]
    parameters: Mapping[str, Mapping[str, JsonValue]]
    registers: Mapping[str, Path]
    environments: Environments
    sla: Sla
    waivers: Path | None
    report: Report
    environment: Mapping[str, str] = field(repr=False)
    file: Path | None = None
    """The auditor.toml in force; None: there is none."""

    def redaction_key(self) -> bytes:
        """Return the key of the keyed digests; made once in the user's configuration folder where none is given."""
        place = self.redaction_key_file
        return (self.environment.get(_KEY_VARIABLE) or "").encode() if place is None else _key_file(place)

    @property
    def redaction_key_file(self) -> Path | None:
        """Where the redaction key stands or will be made; None where the environment gives it."""
        if self.environment.get(_KEY_VARIABLE):
            return None
        home = self.environment.get("XDG_CONFIG_HOME") or str(
            Path(self.environment.get("HOME") or "~").expanduser() / ".config"
        )
        return Path(home) / "auditor" / "redaction.key"


def load(flags: Flags, environment: Mapping[str, str] | None = None, directory: Path | None = None) -> Config:
    """Return the configuration, flags over file over defaults; raise InvalidFileError with every problem of the file."""
    environment = dict(os.environ) if environment is None else environment
    here = directory or Path.cwd()
    path = _find(flags.config, here)
    document = Document() if path is None else _read(path)
    base = here if path is None else path.parent
    return Config(
        store=_store(flags.store, document.store.url, here, base),
        profile=flags.profile,
        regions=flags.regions or tuple(document.scope.regions),
        accounts=flags.accounts or tuple(document.scope.accounts),
        role_name=flags.role_name or document.scope.role_name,
        role_arn=flags.role_arn,
        external_id=flags.external_id or document.scope.external_id,
        period=document.period.current,
        control_directories=tuple(base / each for each in document.controls.extra),
        disabled_controls=tuple(document.controls.disable),
        parameters=document.controls.parameters,
        registers={
            name: base / given for name in REGISTER_NAMES if (given := getattr(document.registers, name)) is not None
        },
        environments=Environments(
            rules={
                name: EnvironmentRule(
                    accounts=tuple(rule.accounts), stages=tuple(rule.stages), tags=dict(sorted(rule.tags.items()))
                )
                for name, rule in sorted(document.environments.items())
            }
        ),
        sla=Sla.model_validate(document.sla.model_dump()),
        waivers=base / document.waivers.file if document.waivers.file else None,
        report=document.report,
        environment=environment,
        file=path,
    )


def _find(given: Path | None, here: Path) -> Path | None:
    if given is not None:
        if not given.is_file():
            raise UsageError(f"there is no configuration file {given}", "Give an existing file with --config.")
        return given.absolute()
    return next((folder / FILE_NAME for folder in (here, *here.parents) if (folder / FILE_NAME).is_file()), None)


def _store(flag: str | None, configured: str | None, here: Path, base: Path) -> Path:
    chosen, relative_to = (flag, here) if flag else (configured or ".auditor", base)
    if chosen.startswith("s3://"):
        raise UsageError(f"the store {chosen} is in S3; this version keeps evidence in a directory", "Give a folder.")
    return relative_to / chosen


def _read(path: Path) -> Document:
    try:
        text = path.read_text(encoding="utf-8")
        content = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidFileError((f"{path}: {error}",)) from error
    later = sorted(_LATER & content.keys())
    problems = [f"{_at(path, text, name)}: [{name}] is not supported by this version" for name in later]
    try:
        document = Document.model_validate({name: value for name, value in content.items() if name not in later})
    except ValidationError as error:
        problems += [_problem(path, text, dict(each)) for each in error.errors()]
    if problems:
        raise InvalidFileError(tuple(problems))
    return document


def _problem(path: Path, text: str, error: dict[str, Any]) -> str:
    where = [str(part) for part in error["loc"]]
    name = next((part for part in reversed(where) if not part.isdigit()), "")
    if error["type"] == "extra_forbidden":
        near = difflib.get_close_matches(name, _known(where[:-1]), n=1, cutoff=0.5)
        hint = f"; did you mean {near[0]}?" if near else f"; known here: {', '.join(_known(where[:-1]))}"
        return f"{_at(path, text, name)}: unknown key {'.'.join(where)}{hint}"
    return f"{_at(path, text, name)}: {'.'.join(where)}: {error['msg']} ({error['input']!r})"


def _known(parents: list[str]) -> list[str]:
    model: type[BaseModel] = Document
    for parent in parents:
        annotation = model.model_fields[parent].annotation
        candidates = [annotation, *get_args(annotation)]
        model = next((each for each in candidates if isinstance(each, type) and issubclass(each, BaseModel)), Document)
    return sorted(model.model_fields)


def _at(path: Path, text: str, name: str) -> str:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip().lstrip("[").startswith(name):
            return f"{path}:{number}"
    return str(path)


def _key_file(path: Path) -> bytes:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:  # noqa: PTH123 - needs a descriptor
            file.write(secrets.token_hex(32).encode())
    except FileExistsError:
        pass
    except OSError as error:
        raise StoreError(
            f"cannot make the redaction key {path}: {error.strerror}",
            "Set AUDITOR_REDACTION_KEY, or make the folder writable.",
        ) from error
    content = path.read_bytes().strip()
    if not content:
        raise StoreError(f"the redaction key {path} is empty", "Restore it, or remove it so that a new one is made.")
    return content
