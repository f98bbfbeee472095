"""`auditor who-can`: who may call a route, or do anything else; offline, from the store."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli import options
from auditor.cli.flags import configured
from auditor.cli.output import Output, Record, emit, emit_json, note, say

if TYPE_CHECKING:
    from auditor.model.access import RouteAccess
    from auditor.pipeline.who_can import Asking


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
    snapshot: options.OfSnapshot = "latest",
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
        _print([asking.action(action, route or "", with_denied=everyone)], output, is_one=True)
    else:
        _of_route(asking, route or "", everyone=everyone, output=output)


def _of_route(asking: "Asking", route: str, *, everyone: bool, output: Output) -> None:
    from auditor.pipeline.who_can import EVERY_ROUTE
    from auditor.render.view.who_can import in_short

    found = list(asking.route(route, with_denied=everyone))
    _print(found, output, is_one=route != EVERY_ROUTE)
    note(in_short(found))


def _of_principal(asking: "Asking", principal: str, output: Output) -> None:
    from auditor.model.words import counted
    from auditor.render.records import caller_record
    from auditor.render.view.who_can import calls

    found = list(asking.principal(principal))
    if output is Output.TABLE:
        say(calls(principal, found))
    else:
        emit([{"route": route, **caller_record(access)} for route, access in found], (), output)
    note(f"{counted(len(found), 'AWS_IAM route')} may let it in")


def _print(found: "list[RouteAccess]", output: Output, *, is_one: bool) -> None:
    from auditor.render.records import access_record
    from auditor.render.view.who_can import routes

    if output is Output.TABLE:
        say(routes(found))
        return
    records = [access_record(each) for each in found]
    if output is Output.CSV:
        emit(_rows(records), (), output)
    elif output is Output.JSON and is_one and len(records) == 1:
        emit_json(records[0])
    else:
        emit(records, (), output)


def _rows(found: Iterable[Record]) -> Iterator[Record]:
    """Yield one row a caller; a route that nobody may call has one of its own."""
    for each in found:
        nobody = {"principal": "nobody", "decision": "denied", "paths": "none", "by": [], "conditions": []}
        for caller in each["callers"] or [nobody]:
            yield {"route": each["route"], **caller}
