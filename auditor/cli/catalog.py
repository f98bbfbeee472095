"""`auditor controls` and `auditor permissions`."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from auditor.cli import options
from auditor.cli.completion import control_ids
from auditor.cli.flags import configured
from auditor.cli.output import Output, emit, emit_json, note

controls = typer.Typer(help="The catalog of controls.", no_args_is_help=True, rich_markup_mode=None)


class PolicyFormat(StrEnum):
    """How the permissions are written."""

    POLICY = "policy"
    CLOUDFORMATION = "cloudformation"
    TERRAFORM = "terraform"


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
    control: Annotated[
        str, typer.Argument(metavar="ID", help="Control id, e.g. GW-ID-01.", autocompletion=control_ids)
    ],
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
    form: Annotated[
        PolicyFormat, typer.Option("--format", help="A policy alone, or a template that makes the whole role.")
    ] = PolicyFormat.POLICY,
    part: Annotated[
        int | None,
        typer.Option("--part", min=1, help="Of a policy too long for IAM: print this part.", show_default=False),
    ] = None,
) -> None:
    """Print the least IAM rights that the collectors need. They are what the collectors declare: reads only."""
    from auditor.errors import UsageError
    from auditor.pipeline.collecting import least_rights, role_template

    if form is not PolicyFormat.POLICY:
        if part is not None:
            raise UsageError(f"--part is for policies: a {form.value} template holds all parts", "Leave --part out.")
        sys.stdout.write(role_template("terraform" if form is PolicyFormat.TERRAFORM else "cloudformation"))
        return
    rights = least_rights()
    if part is None:
        emit_json(rights.whole)
        if rights.size_warning:
            note(f"auditor: {rights.size_warning}")
        return
    if part > len(rights.parts):
        raise UsageError(f"there is no part {part}: the policy has {len(rights.parts)}", "See: auditor permissions")
    emit_json(rights.parts[part - 1])
