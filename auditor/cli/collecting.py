"""`auditor collect` and `auditor snapshots`."""

import sys
from typing import TYPE_CHECKING

import typer

from auditor.cli import options
from auditor.cli.flags import configured
from auditor.cli.output import Output, emit, emit_json, note
from auditor.cli.packing import tell_missing
from auditor.model.words import counted

if TYPE_CHECKING:
    from auditor.model.snapshot import Snapshot

snapshots = typer.Typer(help="What is in the store.", no_args_is_help=True, rich_markup_mode=None)


def collect(
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
    """Take a snapshot of the estate; reads only. Goes on where an interrupted one stopped."""
    from auditor.cli.progress import progress
    from auditor.pipeline.collecting import collect_snapshot, counts, was_anything_read
    from auditor.pipeline.judging import open_store

    settings = configured(
        config,
        store,
        profile=profile,
        regions=region,
        accounts=account,
        role_name=role_name,
        role_arn=role_arn,
        external_id=external_id,
    )
    place = open_store(settings)
    with progress(quiet=quiet) as tell:
        snapshot = collect_snapshot(settings, place, tell)
    summary = counts(place, snapshot)
    if output is Output.TABLE:
        _print_summary(snapshot, summary)
    elif output is Output.JSON:
        emit_json(summary)
    else:
        emit([summary], tuple(summary), output)
    if not was_anything_read(snapshot):
        note("auditor: nothing could be read; see the gaps")
        sys.exit(4)
    if snapshot.gaps:
        sys.exit(3)


def _print_summary(snapshot: "Snapshot", summary: dict[str, object]) -> None:
    from auditor.render.view.ending import missing

    sys.stdout.write(f"{snapshot.id}\n")
    resources = summary["resources"]
    if isinstance(resources, dict):
        emit([{"resource": kind, "count": n} for kind, n in resources.items()], ("resource", "count"), Output.TABLE)
    sys.stdout.flush()
    tell_missing(missing(snapshot.gaps))
    calls = counted(sum(snapshot.calls.values()), "call")
    note(f"\n{counted(len(snapshot.gaps), 'gap')}, {calls}, {snapshot.throttled} throttled")
    note("next: auditor evaluate, or auditor pack latest; auditor init proposes registers from this snapshot")


@snapshots.command("list")
def list_snapshots(
    config: options.ConfigFile = None,
    store: options.StorePlace = None,
    output: options.OutputFormat = Output.TABLE,
) -> None:
    """List the snapshots of the store, oldest first."""
    from auditor.pipeline.judging import open_store

    place = open_store(configured(config, store))
    rows = [_row(place.snapshot(each)) for each in place.snapshot_ids()]
    if output is Output.TABLE:
        rows = [{**row, "as_of": f"{str(row['as_of'])[:19].replace('T', ' ')} UTC"} for row in rows]
    emit(rows, ("id", "as_of", "accounts", "regions", "resources", "gaps"), output)


@snapshots.command("show")
def show_snapshot(
    snapshot: options.SnapshotName = "latest",
    config: options.ConfigFile = None,
    store: options.StorePlace = None,
) -> None:
    """Print one manifest as JSON."""
    from auditor.pipeline.judging import open_store, resolve

    emit_json(resolve(open_store(configured(config, store)), snapshot).model_dump(mode="json"))


@snapshots.command("verify")
def verify_snapshot(
    snapshot: options.SnapshotName = "latest",
    config: options.ConfigFile = None,
    store: options.StorePlace = None,
) -> None:
    """Check every object of a snapshot against its digest; ends with 5 where one is missing or wrong."""
    from auditor.errors import VerificationError
    from auditor.pipeline.judging import open_store, resolve, verify

    place = open_store(configured(config, store))
    found = resolve(place, snapshot)
    problems = verify(place, found)
    if problems:
        raise VerificationError("\n".join(problems), "Restore the store from a copy.")
    note(f"{found.id}: every object is there and has its digest")


def _row(snapshot: "Snapshot") -> dict[str, object]:
    return {
        "id": snapshot.id,
        "as_of": snapshot.as_of.isoformat(),
        "accounts": len(snapshot.scope.accounts),
        "regions": ",".join(snapshot.scope.regions),
        "resources": sum(shard.resources.count for shard in snapshot.shards),
        "gaps": len(snapshot.gaps),
        "root": snapshot.root,
    }
