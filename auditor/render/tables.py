"""CSV and JSON Lines for the auditor's own workbook.

CSV is RFC 4180 in UTF-8 with CRLF line ends. A cell that begins with `=`, `+`, `-`, `@`, tab or carriage return gets a
leading apostrophe, so that no spreadsheet runs it as a formula; JSON Lines carry the value as it is.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

import orjson
from pydantic import JsonValue

from auditor.model.fact import Fact, Present
from auditor.model.finding import ControlResult, Evaluation, Finding
from auditor.model.flow import Flow
from auditor.model.review import Age, LastUse, ReviewLine
from auditor.model.review_sheet import ANSWERS, COLUMNS, MARKS
from auditor.render.records import FINDING_KEYS, Record, by_route, finding_record
from auditor.render.view.cells import fits_in_a_sentence, made, matrix_words
from auditor.render.view.ranking import QUIET
from auditor.store.canonical import lines

ROUTE_COLUMNS = (
    "route", "api", "stage", "kind", "who", "told_to_backend", "transforms", "backend", "trace", "drift", "api_name",
    "account", "region", "route_key", "view", "scopes", "api_key_required", "private", "doors", "doors_complete", "waf",
    "policy", "input_check", "one_sentence", "canary", "rulings", "findings",
)  # fmt: skip
_AS_THEY_ARE = ("route", "api", "stage", "api_name", "account", "region", "route_key", "private", "doors_complete")
_FORMULA = frozenset("=+-@\t\r")


def findings_csv(findings: Iterable[Finding]) -> bytes:
    """Return findings, one a line."""
    return table(FINDING_KEYS, (finding_record(each) for each in findings))


def findings_jsonl(findings: Iterable[Finding]) -> bytes:
    """Return findings as canonical JSON Lines."""
    written, _ = lines(finding_record(each) for each in findings)
    return written


def population_csv(result: ControlResult) -> bytes:
    """Return every item that a control was tested on, with its status."""
    return findings_csv(result.findings)


def routes_csv(evaluation: Evaluation) -> bytes:
    """Return the route matrix, one deployed route a line, in the order of the flows."""
    found = by_route(evaluation.findings)
    rows = (_route(each, found.get((each.account, each.region, each.route), [])) for each in evaluation.flows)
    return table(ROUTE_COLUMNS, rows)


def access_review_csv(lines: Iterable[ReviewLine]) -> bytes:
    """Return the access review sheet, one grant a line, with empty cells for the reviewer; it comes back as a register."""
    return table(COLUMNS, (_review(each) for each in lines))


def table(columns: Sequence[str], records: Iterable[Mapping[str, JsonValue]]) -> bytes:
    """Return records as CSV: lists and objects as JSON, null as an empty cell."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([safe(cell(record[name])) for name in columns] for record in records)
    return written.getvalue().encode()


def cell(value: JsonValue) -> str:
    """Return the text of one cell."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case int() | float():
            return str(value)
        case _:
            return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def safe(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in _FORMULA else text


def _route(flow: Flow, findings: Sequence[Finding]) -> Record:
    found = flow.transforms
    return {
        **{name: getattr(flow, name) for name in _AS_THEY_ARE},
        **{name: getattr(flow, name).value for name in ("kind", "told_to_backend", "drift", "view")},
        **matrix_words(flow),
        "who": flow.who.label,
        "backend": flow.backend.label,
        "trace": flow.trace.value if flow.trace else None,
        "transforms": None if found is None else [each.sentence for each in made(found)],
        "one_sentence": None if found is None else fits_in_a_sentence(found),
        "scopes": list(flow.who.scopes),
        "api_key_required": _fact(flow.api_key_required),
        "doors": [each.url for each in flow.doors],
        "canary": flow.canary.deployment if flow.canary else None,
        "rulings": [f"{each.rule} {each.status.value}" for each in flow.rulings if each.status not in QUIET],
        "findings": [f"{each.control} {each.status.value}" for each in findings if each.status not in QUIET],
    }


def _fact(fact: Fact[bool]) -> bool | str:
    return fact.value if isinstance(fact, Present) else fact.state


_AGE = {Age.NEW: "yes", Age.KNOWN: "no", Age.UNSURE: "unknown"}


def _review(line: ReviewLine) -> Record:
    stage, last = line.stage, line.last
    return {
        "who": line.who,
        "path": line.path,
        "api": stage.api_name if stage else None,
        "stage": stage.stage if stage else None,
        "account": stage.account if stage else None,
        "region": stage.region if stage else None,
        "routes": line.routes,
        "access": line.access,
        "conditions": "; ".join(line.conditions),
        "new": _AGE[line.age],
        "last_used": _last_use(line.last_use),
        "last_decision": last.decision if last else None,
        "last_reason": last.reason if last else None,
        "last_reviewer": last.reviewer if last else None,
        "last_date": last.date.isoformat() if last else None,
        "principal": line.principal,
        "kind": line.kind.value,
        "grant": "\n".join(line.grants),
        **dict.fromkeys((*MARKS, *ANSWERS)),
    }


def _last_use(found: LastUse) -> str | None:
    if found.day is not None:
        return found.day.isoformat()
    return None if found.state == "none" else found.state
