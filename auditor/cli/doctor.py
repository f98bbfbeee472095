"""`auditor doctor`."""

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from auditor.cli import options
from auditor.cli.flags import configured
from auditor.cli.output import Output, Record, emit, note
from auditor.model.words import counted

if TYPE_CHECKING:
    from auditor.config import Config


def doctor(
    config: options.ConfigFile = None,
    store: options.StorePlace = None,
    profile: options.Profile = None,
    region: options.Region = None,
    account: options.Account = None,
    role_name: options.RoleName = None,
    role_arn: options.RoleArn = None,
    external_id: options.ExternalId = None,
    output: options.OutputFormat = Output.TABLE,
    quiet: options.Quiet = False,
) -> None:
    """Say what a run would lack, and how to mend it.

    Looks at this machine and its files, then asks AWS a little of everything that a run reads; keeps nothing.

    Ends with the exit code that the first problem would give a run, and with 0 where a run is possible.
    """
    from auditor.cli.progress import progress
    from auditor.pipeline.doctor import examine, exit_code

    def settings() -> "Config":
        return configured(
            config,
            store,
            profile=profile,
            regions=region,
            accounts=account,
            role_name=role_name,
            role_arn=role_arn,
            external_id=external_id,
        )

    with progress(quiet=quiet) as tell:
        found = list(examine(settings, tell))
    rows = [each.model_dump(mode="json") for each in found]
    if output is Output.TABLE:
        emit(_for_people(rows), ("state", "check", "detail"), output)
    else:
        emit(rows, (), output)
    states = Counter(row["state"] for row in rows)
    note(
        f"{counted(states['problem'], 'problem')} (no run before they are mended), "
        f"{counted(states['warning'], 'warning')}, {states['not_checked']} not checked"
    )
    sys.exit(exit_code(found))


def _for_people(rows: Sequence[Record]) -> Iterator[Record]:
    """Yield rows as a terminal shows them: what is at stake and the remedy below the detail, a remedy once where it repeats."""
    said = None
    for row in rows:
        lines = [row["detail"]]
        if row["controls"]:
            lines.append(f"at stake: {', '.join(row['controls'])}")
        if row["remedy"] and row["remedy"] != said:
            lines.append(f"→ {row['remedy']}")
        said = row["remedy"] or said
        yield {"state": row["state"].replace("_", " "), "check": row["check"], "detail": "\n".join(lines)}
