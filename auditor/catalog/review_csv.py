"""The access review sheet as it comes back: the pack's CSV, filled in by people with whatever spreadsheet they have.

A row that nobody decided is no entry. Columns that the sheet only shows are not read.
"""

import csv
import difflib
import io
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from auditor.catalog.yaml_lines import Document
from auditor.model.review import GrantKind
from auditor.model.review_sheet import ANSWERS, COLUMNS, NEEDED

_FORMULA = frozenset("=+-@\t\r")
_MARKS = frozenset({"x", "yes", "y", "true", "1", "✓", "✔"})
_NO_MARKS = frozenset({"", "no", "n", "false", "0", "-"})
_SHOWN = 60
Row = Mapping[str, str]


def read_csv(path: Path) -> Document:
    """Return the decided grants of a sheet as entries of the register; what is wrong with it is a problem of the document."""
    document = Document(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        document.problem((), "the file does not exist")
        return document
    except (OSError, UnicodeDecodeError) as error:
        document.problem((), f"the file cannot be read as UTF-8: {error}")
        return document
    entries: list[dict[str, object]] = []
    try:
        for line, row in _rows(text, document):
            for entry in _entries(row, line, document):
                document.lines[len(entries),] = line
                entries.append(entry)
    except csv.Error as error:
        document.problem((), f"this is no CSV: {error}")
    document.value = entries
    return document


def _rows(text: str, document: Document) -> Iterator[tuple[int, Row]]:
    """Yield each row with the line on which it begins."""
    first = text.partition("\n")[0]
    # Where the comma is the decimal sign, spreadsheets write semicolons.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if first.count(";") > first.count(",") else ",")
    heads = [each.strip() for each in next(reader, [])]
    if not _are_columns(heads, document):
        return
    line = reader.line_num + 1
    for cells in reader:
        if any(cells):
            yield line, {name: _plain(each) for name, each in zip(heads, cells, strict=False)}
        line = reader.line_num + 1


def _are_columns(heads: list[str], document: Document) -> bool:
    before = len(document.problems)
    for each in heads:
        if each and each not in COLUMNS:
            near = difflib.get_close_matches(each, COLUMNS, n=1, cutoff=0.5)
            document.problem((), f"unknown column {each}" + (f"; did you mean {near[0]}?" if near else ""))
    missing = [each for each in NEEDED if each not in heads]
    if missing:
        document.problem((), f"columns are missing: {', '.join(missing)}")
    return len(document.problems) == before


def _plain(cell: str) -> str:
    """Return a cell without the apostrophe that keeps spreadsheets from running it."""
    return (cell[1:] if cell[:1] == "'" and cell[1:2] in _FORMULA else cell).strip()


def _entries(row: Row, line: int, document: Document) -> Iterator[dict[str, object]]:
    problems: list[str] = []
    decision = _decision(row, problems)
    found = _answers(row, problems) if decision else {}
    kind, principal = row.get("kind", ""), row.get("principal", "")
    grants = [each.strip() for each in row.get("grant", "").splitlines() if each.strip()]
    if decision and kind not in tuple(GrantKind):
        problems.append(f"kind: one of {', '.join(GrantKind)} is expected here ({kind[:_SHOWN] or 'empty'})")
    problems += [
        f"{name} is empty" for name, text in (("principal", principal), ("grant", grants)) if decision and not text
    ]
    document.problems += [f"{document.path}:{line}: {each}" for each in problems]
    if decision and not problems:
        for each in grants:
            yield {"grant": {"principal": principal, kind: each}, "decision": decision, **found}


def _decision(row: Row, problems: list[str]) -> str:
    """Return what was decided; empty for a row that nobody decided, or one with problems."""
    marked = [each for each in ("keep", "revoke") if _is_marked(row.get(each, ""), each, problems)]
    if len(marked) > 1:
        problems.append("keep and revoke are both marked")
    written = [f"{each} {row[each][:_SHOWN]}" for each in ANSWERS if row.get(each)]
    if not marked and not problems and written:
        problems.append(f"neither keep nor revoke is marked, and yet there is: {', '.join(written)}")
    return marked[0] if len(marked) == 1 else ""


def _is_marked(cell: str, name: str, problems: list[str]) -> bool:
    if cell.lower() in _MARKS | {name}:
        return True
    if cell.lower() not in _NO_MARKS:
        problems.append(f"{name}: a mark is an x ({cell[:_SHOWN]})")
    return False


def _answers(row: Row, problems: list[str]) -> dict[str, object]:
    problems += [f"{each} is empty" for each in ANSWERS if not row.get(each)]
    found: dict[str, object] = {each: row.get(each, "") for each in ANSWERS}
    if row.get("date"):
        try:
            found["date"] = date.fromisoformat(row["date"])
        except ValueError:
            problems.append(f"date: write it as 2026-09-30 ({row['date'][:_SHOWN]})")
    return found
