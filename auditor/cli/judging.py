"""`auditor evaluate`, `auditor diff` and `auditor flows`: offline, from the store."""

import sys
from typing import Annotated

import typer

from auditor.cli import options
from auditor.cli.flags import configured
from auditor.cli.output import Output, emit, emit_json, note


def evaluate(
    snapshot: options.SnapshotName = "latest",
    config: options.ConfigFile = None,
    store: options.StorePlace = None,
    output: options.OutputFormat = Output.TABLE,
    exit_zero: options.ExitZero = False,
) -> None:
    """Print the findings of a snapshot; never calls AWS."""
    from auditor.evaluate.exit_code import exit_code
    from auditor.pipeline.judging import judge, load_catalog, open_store, resolve
    from auditor.render.records import finding_record

    settings = configured(config, store)
    catalog = load_catalog(settings)
    place = open_store(settings)
    evaluation = judge(place, resolve(place, snapshot), catalog).evaluation
    rows = [finding_record(each) for each in evaluation.findings]
    emit(rows, ("control", "status", "severity", "resource", "region", "reason"), output)
    sys.exit(exit_code(evaluation, exit_zero=exit_zero))


def diff(
    old: options.SnapshotName,
    new: options.SnapshotName = "latest",
    config: options.ConfigFile = None,
    store: options.StorePlace = None,
    output: options.OutputFormat = Output.TABLE,
) -> None:
    """Print what changed between two snapshots: resources, deviations, coverage, catalog."""
    from auditor.pipeline.judging import compare_snapshots, load_catalog, open_store, resolve
    from auditor.render.records import diff_record, diff_rows

    settings = configured(config, store)
    catalog = load_catalog(settings)
    place = open_store(settings)
    found = compare_snapshots(place, resolve(place, old), resolve(place, new), catalog)
    if output is Output.JSON:
        emit_json(diff_record(found))
    else:
        emit(diff_rows(found), ("kind", "change", "subject", "detail"), output)


def flows(
    snapshot: options.SnapshotName = "latest",
    route: Annotated[
        str | None, typer.Option("--route", help="execute-api ARN: print this flow step by step.", show_default=False)
    ] = None,
    config: options.ConfigFile = None,
    store: options.StorePlace = None,
    output: options.OutputFormat = Output.TABLE,
) -> None:
    """Print the route matrix: for every deployed route, who may call it and where it goes."""
    from auditor.errors import UsageError
    from auditor.pipeline.judging import judge, load_catalog, open_store, resolve
    from auditor.render.records import flow_records

    settings = configured(config, store)
    catalog = load_catalog(settings)
    place = open_store(settings)
    evaluation = judge(place, resolve(place, snapshot), catalog).evaluation
    chosen = [each for each in evaluation.flows if route is None or each.route == route]
    if route is not None and not chosen:
        raise UsageError(f"{route} is no deployed route of this snapshot", "See: auditor flows")
    rows = list(flow_records(chosen, evaluation.findings))
    if route is not None and output is Output.TABLE:
        emit([step for row in rows for step in row["steps"]], ("n", "domain", "name", "sentence"), output)
        return
    emit(rows, ("route", "who", "told_to_backend", "backend", "drift", "findings"), output)
    if output is Output.TABLE:
        note(f"{len(rows)} deployed routes")
