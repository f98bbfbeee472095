"""Printing data to stdout in the format asked for, and people's words to stderr."""

import csv
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any


class Output(StrEnum):
    """How a command prints its data."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"


Record = Mapping[str, Any]


def emit(records: Iterable[Record], columns: Sequence[str], output: Output) -> None:
    """Print records: a table of the columns for people, everything for programs."""
    rows = list(records)
    match output:
        case Output.JSON:
            emit_json(rows)
        case Output.JSONL:
            for row in rows:
                sys.stdout.write(_json(row) + "\n")
        case Output.CSV:
            _emit_csv(rows)
        case Output.TABLE:
            _emit_table(rows, columns)


def emit_json(value: object) -> None:
    """Print one JSON document."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, sort_keys=False) + "\n")


def note(text: str = "") -> None:
    """Say something to the person at the terminal, never into a pipe."""
    sys.stderr.write(text + "\n")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case str():
            return value
        case int() | float():
            return str(value)
        case _:
            return _json(value)


def _safe(cell: str) -> str:
    """Keep a spreadsheet from running a cell as a formula."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell


def _emit_csv(rows: Sequence[Record]) -> None:
    if not rows:
        return
    writer = csv.writer(sys.stdout, lineterminator="\n")
    names = list(rows[0])
    writer.writerow(names)
    writer.writerows([_safe(_cell(row.get(name))) for name in names] for row in rows)


def _emit_table(rows: Sequence[Record], columns: Sequence[str]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold", show_edge=False)
    for column in columns:
        table.add_column(column.replace("_", " "), overflow="fold")
    for row in rows:
        table.add_row(
            *(Text(_cell(row.get(column)), style=_STYLES.get(_cell(row.get(column)), "")) for column in columns)
        )
    # Without a terminal a table is as wide as its content needs, so that pipes cut nothing.
    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else _UNBOUNDED, highlight=False)
    with console.capture() as captured:
        console.print(table)
    for line in captured.get().splitlines():
        sys.stdout.write(line.rstrip() + "\n")


_UNBOUNDED = 10_000


_STYLES = {
    "fail": "bold red",
    "waived": "yellow",
    "not_evaluated": "magenta",
    "needs_attestation": "cyan",
    "pass": "green",
    "not_applicable": "dim",
    "ok": "green",
    "warning": "yellow",
    "problem": "bold red",
    "not checked": "dim",
}
