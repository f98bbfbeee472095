"""`auditor evaluate`, `auditor diff` and `auditor flows`: offline, from the store."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli import options
from auditor.cli.flags import configured
from auditor.cli.output import Output, Record, emit, emit_json, note

if TYPE_CHECKING:
    from auditor.model.flow import Flow


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
    emit(rows, ("control", "status", "resource", "reason"), output)
    sys.exit(exit_code(evaluation, exit_zero=exit_zero))


def diff(
    old: options.SnapshotName,
    new: options.SnapshotName = "latest",
    config: options.ConfigFile = None,
    store: options.StorePlace = None,
    output: options.OutputFormat = Output.TABLE,
) -> None:
    """Print what changed between two snapshots. Resources, deviations, coverage and catalog stand apart."""
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
    svg: Annotated[
        Path | None, typer.Option("--svg", help="File to draw the flow of --route into.", show_default=False)
    ] = None,
    config: options.ConfigFile = None,
    store: options.StorePlace = None,
    output: options.OutputFormat = Output.TABLE,
) -> None:
    """Print the route matrix: who may call, and where it goes. One row for every deployed route."""
    from auditor.errors import UsageError
    from auditor.pipeline.judging import judge_alone, load_catalog, open_store, resolve
    from auditor.render.records import flow_records
    from auditor.render.view.matrix import headline

    if svg is not None and route is None:
        raise UsageError("--svg draws one flow, and no --route names it", "See: auditor flows --output json")
    settings = configured(config, store)
    catalog = load_catalog(settings)
    place = open_store(settings)
    evaluation = judge_alone(place, resolve(place, snapshot), catalog).evaluation
    chosen = [each for each in evaluation.flows if route is None or each.route == route]
    if route is not None and not chosen:
        raise UsageError(f"{route} is no deployed route of this snapshot", "See: auditor flows --output json")
    if svg is not None:
        _draw(chosen[0], svg)
    rows = list(flow_records(chosen, evaluation.findings))
    if route is not None and output is Output.TABLE:
        emit([step for row in rows for step in row["steps"]], ("n", "domain", "name", "sentence"), output)
        note(_in_short(chosen[0]))
        return
    if output is not Output.TABLE:
        emit(rows, (), output)
        return
    emit([_matrix_row(each, row) for each, row in zip(chosen, rows, strict=True)], _MATRIX, output)
    note(headline(chosen))


_KEY = {"True": "required", "False": "no"}
_MATRIX = ("api", "stage", "route", "who", "key", "told", "transforms", "backend", "trace", "drift", "findings")


def _in_short(flow: "Flow") -> str:
    """Return what the steps come to, for people."""
    name = f"{flow.route_key} of {flow.api_name}, {flow.stage}"
    drift = flow.drift.value.lower().replace("_", " ")
    return f"{name}: {flow.who.label}; told to the back end: {flow.told_to_backend.value}; drift: {drift}"


def _draw(flow: "Flow", place: Path) -> None:
    """Write the picture of a flow; raise StoreError where the file cannot be written."""
    from auditor.errors import StoreError
    from auditor.render.flow_svg import draw

    try:
        place.write_text(draw(flow, "flow") + "\n", encoding="utf-8")
    except OSError as error:
        raise StoreError(
            f"cannot write {place}: {error.strerror}", "Give --svg a file in a folder that is there."
        ) from error
    note(f"drawn: {place}")


def _matrix_row(flow: "Flow", row: Record) -> dict[str, str]:
    """Return a row of the matrix as a terminal can hold it: names for people, ARNs stand in the other formats."""
    from auditor.render.view.cells import transform_words

    marks = {"fail": "✗", "waived": "◆", "not_evaluated": "?", "needs_attestation": "□"}
    found = [f"{marks[each['status']]} {each['control']}" for each in row["findings"] if each["status"] in marks]
    return {
        "api": flow.api_name,
        "stage": flow.stage,
        "route": flow.route_key + (" (canary)" if flow.canary else ""),
        "who": flow.who.label,
        "key": _KEY.get(str(getattr(flow.api_key_required, "value", None)), "?"),
        "told": flow.told_to_backend.value,
        "transforms": transform_words(flow),
        "backend": flow.backend.label,
        "trace": flow.trace.value.lower() if flow.trace else "?",
        "drift": flow.drift.value.lower().replace("_", " "),
        "findings": "  ".join(found),
    }
