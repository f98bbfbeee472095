"""`auditor controls` and `auditor permissions`."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from auditor.cli import options
from auditor.cli.flags import configured
from auditor.cli.output import Output, emit, emit_json, note

controls = typer.Typer(help="The catalog of controls.", no_args_is_help=True, rich_markup_mode=None)


class PolicyFormat(StrEnum):
    """How the permissions are written."""

    POLICY = "policy"


@controls.command("list")
def list_controls(config: options.ConfigFile = None, output: options.OutputFormat = Output.TABLE) -> None:
    """List the controls in force."""
    from auditor.pipeline.judging import load_catalog

    found = load_catalog(configured(config, None)).controls
    rows = [
        {
            "id": each.id,
            "version": each.version,
            "severity": each.severity.value,
            "criteria": [mapping.id for mapping in each.criteria],
            "title": each.title,
            "statement": each.statement,
            "check": each.check,
        }
        for each in found
    ]
    emit(rows, ("id", "version", "severity", "criteria", "title"), output)


@controls.command("show")
def show_control(
    control: Annotated[str, typer.Argument(metavar="ID", help="Control id, e.g. GW-ID-01.")],
    config: options.ConfigFile = None,
) -> None:
    """Print one control as JSON, with the parameters in force."""
    from auditor.errors import UsageError
    from auditor.pipeline.judging import load_catalog

    found = next((each for each in load_catalog(configured(config, None)).controls if each.id == control), None)
    if found is None:
        raise UsageError(f"there is no control {control}", "See: auditor controls list")
    emit_json(found.model_dump(mode="json"))


@controls.command("check")
def check_directory(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Folder with controls.")],
    config: options.ConfigFile = None,
) -> None:
    """Lint a directory of controls, with the registers and waivers in force; ends with 2 where something is wrong."""
    from auditor.pipeline.judging import check_controls

    count = check_controls(configured(config, None), directory)
    note(f"{directory}: {count} controls, no problem")


def permissions(
    form: Annotated[PolicyFormat, typer.Option("--format", help="How the policy is written.")] = PolicyFormat.POLICY,
) -> None:
    """Print the least IAM rights that the collectors need, as they declare them."""
    from auditor.pipeline.collecting import least_policy

    match form:
        case PolicyFormat.POLICY:
            emit_json(least_policy())
    sys.stdout.flush()
