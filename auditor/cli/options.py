"""The options that every command shares. Nothing heavy is imported here: `auditor --help` must be quick."""

from pathlib import Path
from typing import Annotated

import typer

from auditor.cli.completion import snapshot_ids
from auditor.cli.output import Output

ConfigFile = Annotated[
    Path | None,
    typer.Option("--config", help="auditor.toml; found upwards from the working directory.", show_default=False),
]
StorePlace = Annotated[
    str | None, typer.Option("--store", help="Where evidence is kept (default ./.auditor).", show_default=False)
]
OutputFormat = Annotated[Output, typer.Option("--output", "-o", help="How data is printed to stdout.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors on stderr.")]
Profile = Annotated[str | None, typer.Option("--profile", help="AWS profile, as the AWS CLI's.", show_default=False)]
Region = Annotated[
    list[str] | None, typer.Option("--region", help="AWS region; repeatable. Default: all enabled.", show_default=False)
]
Account = Annotated[
    list[str] | None, typer.Option("--account", help="Account id to read; repeatable.", show_default=False)
]
RoleName = Annotated[
    str | None, typer.Option("--role-name", help="Role to assume in each account.", show_default=False)
]
RoleArn = Annotated[str | None, typer.Option("--role-arn", help="Role to assume.", show_default=False)]
ExternalId = Annotated[str | None, typer.Option("--external-id", help="External id for that role.", show_default=False)]
ExitZero = Annotated[bool, typer.Option("--exit-zero", help="End with 0 also where a finding fails.")]
SnapshotName = Annotated[
    str, typer.Argument(help="`latest`, `previous`, or a unique prefix of an id.", autocompletion=snapshot_ids)
]
OfSnapshot = Annotated[
    str,
    typer.Option("--snapshot", help="`latest`, `previous`, or a unique prefix of an id.", autocompletion=snapshot_ids),
]
PeriodName = Annotated[str | None, typer.Option("--period", help="The audit period, e.g. 2026-Q3.", show_default=False)]
Baseline = Annotated[
    str | None,
    typer.Option("--baseline", help="Snapshot to compare with.", show_default=False, autocompletion=snapshot_ids),
]
Out = Annotated[Path, typer.Option("--out", help="Folder that the pack is written to.")]
