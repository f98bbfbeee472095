"""`auditor who-can`: who may call a route, or do anything else; offline, from the store."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli import options
from auditor.cli.completion import snapshot_ids
from auditor.cli.flags import configured
from auditor.cli.output import Output, Record, emit, emit_json, note

if TYPE_CHECKING:
    from auditor.pipeline.who_can import Asking

_COLUMNS = ("route", "principal", "decision", "paths", "by", "conditions")


def who_can(
    route: Annotated[
        str | None,
        typer.Argument(
            metavar="ROUTE", help="execute-api ARN, `METHOD URL`, or * for every route.", show_default=False
        ),
    ] = None,
    principal: Annotated[
        str | None,
        typer.Option(
            "--principal", metavar="ARN", help="What this user, role or session may call.", show_default=False
        ),
    ] = None,
    action: Annotated[
        str | None,
        typer.Option("--action", metavar="ACTION", help="Another action; ROUTE is then any ARN.", show_default=False),
    ] = None,
    everyone: Annotated[bool, typer.Option("--all", help="List those who may not, too.")] = False,
    snapshot: Annotated[
        str,
        typer.Option(
            "--snapshot", help="`latest`, `previous`, or a unique prefix of an id.", autocompletion=snapshot_ids
        ),
    ] = "latest",
    config: options.ConfigFile = None,
    store: options.StorePlace = None,
    output: options.OutputFormat = Output.TABLE,
) -> None:
    """Say who may call a route, through which statement and under which conditions; or what one identity may call."""
    from auditor.errors import UsageError
    from auditor.pipeline.who_can import Asking

    if (route is None) is (principal is None):
        raise UsageError("say either a route or --principal", "For example: auditor who-can '*'")
    asking = Asking(configured(config, store), snapshot)
    if principal is not None:
        _of_principal(asking, principal, output)
    elif action is not None:
        from auditor.render.records import access_record

        _print([access_record(asking.action(action, route or "", with_denied=everyone))], output, is_one=True)
    else:
        _of_route(asking, route or "", everyone=everyone, output=output)


def _of_route(asking: "Asking", route: str, *, everyone: bool, output: Output) -> None:
    from auditor.pipeline.who_can import EVERY_ROUTE
    from auditor.render.records import access_record

    found = [access_record(each) for each in asking.route(route, with_denied=everyone)]
    _print(found, output, is_one=route != EVERY_ROUTE)
    note(_in_short(found))


def _of_principal(asking: "Asking", principal: str, output: Output) -> None:
    from auditor.render.records import caller_record

    rows = [{"route": route, **caller_record(access)} for route, access in asking.principal(principal)]
    emit(rows, ("route", "decision", "paths", "by", "conditions"), output)
    note(f"{len(rows)} AWS_IAM routes may let {principal} in")


def _print(found: Sequence[Record], output: Output, *, is_one: bool) -> None:
    if output in {Output.TABLE, Output.CSV}:
        emit(_rows(found), _COLUMNS, output)
    elif output is Output.JSON and is_one and len(found) == 1:
        emit_json(found[0])
    else:
        emit(found, (), output)


def _rows(found: Iterable[Record]) -> Iterator[Record]:
    """Yield one row a caller; a route that nobody may call has one of its own."""
    for each in found:
        nobody = {"principal": "nobody", "decision": "denied", "paths": "none", "by": [], "conditions": []}
        for caller in each["callers"] or [nobody]:
            yield {"route": each["route"], **caller}


def _in_short(found: Sequence[Record]) -> str:
    anyone = sum(each["open_to_anyone"] is True for each in found)
    unknown = sum(each["open_to_anyone"] is None for each in found)
    return f"{len(found)} routes, {anyone} open to anyone, {unknown} of which that is not known"
