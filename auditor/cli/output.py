"""Printing data to stdout in the format asked for, and people's words to stderr."""

import csv
import io
import json
import shutil
import sys
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, TextIO


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
                _write(_json(row) + "\n")
        case Output.CSV:
            _emit_csv(rows)
        case Output.TABLE:
            _emit_table(rows, columns)


def emit_json(value: object) -> None:
    """Print one JSON document."""
    _write(json.dumps(value, ensure_ascii=False, indent=2, sort_keys=False) + "\n")


def say(text: str) -> None:
    """Print sentences that are a command's data."""
    _write(text + "\n")


def _write(text: str) -> None:
    """Write data: into a pipe as it is, to a terminal without what would steer it."""
    if sys.stdout.isatty():
        from auditor.render.view.text import visible

        text = visible(text)
    sys.stdout.write(text)


def note(text: str = "") -> None:
    """Say something to the person at the terminal, never into a pipe; wrapped at words where it is a terminal."""
    from auditor.render.view.text import visible

    sys.stdout.flush()
    text = visible(text)
    if sys.stderr.isatty():
        width = shutil.get_terminal_size().columns
        text = "\n".join(
            textwrap.fill(line, width, break_long_words=False, break_on_hyphens=False) for line in text.splitlines()
        )
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
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    names = list(rows[0])
    writer.writerow(names)
    writer.writerows([_safe(_cell(row.get(name))) for name in names] for row in rows)
    _write(text.getvalue())


def note_table(rows: Iterable[Record], columns: Sequence[str]) -> None:
    """Show a table to the person at the terminal, never into a pipe."""
    _emit_table(list(rows), columns, sys.stderr)


def _emit_table(rows: Sequence[Record], columns: Sequence[str], stream: TextIO | None = None) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from auditor.render.view.text import visible

    stream = stream or sys.stdout
    # Without a terminal a table is as wide as its content needs, so that pipes cut nothing.
    console = Console(file=stream, width=None if stream.isatty() else _UNBOUNDED, highlight=False)
    cells = [[visible(_cell(row.get(column))) for column in columns] for row in rows]
    sys.stdout.flush()
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold", show_edge=False)
    for column, whole in zip(columns, _whole(columns, cells, console.width), strict=True):
        table.add_column(column.replace("_", " "), overflow="fold", no_wrap=whole)
    for row_cells in cells:
        table.add_row(*(Text(cell, style=_STYLES.get(cell, "")) for cell in row_cells))
    with console.capture() as captured:
        console.print(table)
    for line in captured.get().splitlines():
        stream.write(line.rstrip() + "\n")


def _whole(columns: Sequence[str], cells: Sequence[Sequence[str]], width: int) -> list[bool]:
    """Return which columns keep their lines: the narrowest first, while the others have enough room left."""
    longest = [len(column) for column in columns]
    for row in cells:
        for index, cell in enumerate(row):
            longest[index] = max(longest[index], *(len(line) for line in cell.splitlines()), 0)
    room = width - _BETWEEN * (len(columns) - 1)
    whole = [False] * len(columns)
    # The first column names the row: it is what people copy.
    order = sorted(range(len(columns)), key=lambda each: (each > 0, longest[each]))
    for done, index in enumerate(order, start=1):
        if room - longest[index] >= sum(min(longest[each], _NARROWEST) for each in order[done:]):
            room -= longest[index]
            whole[index] = True
        else:
            room -= min(longest[index], _NARROWEST)
    return whole


_BETWEEN = 3
_NARROWEST = 8
"""Characters that a column which folds should have at least."""
_UNBOUNDED = 10_000


_STYLES = {
    "fail": "bold red",
    "waived": "yellow",
    "not_evaluated": "magenta",
    "needs_attestation": "cyan",
    "critical": "bold red",
    "pass": "green",
    "not_applicable": "dim",
    "ok": "green",
    "warning": "yellow",
    "problem": "bold red",
    "not checked": "dim",
}
