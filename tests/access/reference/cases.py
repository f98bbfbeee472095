"""Reads tests/cases/access: what a file says once for all its cases, and its short hands, written out in full.

A file holds `given` (what each case says unless it says otherwise) and `cases`. A case may stand in short:
`principal: anonymous`; `only_if` (one identity policy that allows everything under that condition, Sid Conditional);
`refused_if` (allows everything, Sid Everything, but refuses it under that condition, Sid Conditional).
Rows of `operators` say for one condition operator what satisfies it; each stands for one case a column.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import yaml

Case = dict[str, Any]
Decision = Literal["allowed", "denied", "conditional"]
Column = tuple[str, str, Case, Decision]  # operator as written, what the request tells, the request, the outcome

FOLDER = Path(__file__).parents[2] / "cases" / "access"


def written_cases() -> list[Case]:
    """All cases of all files, each a plain case with `file` and no short hand left."""
    return [case for path in sorted(FOLDER.glob("*.yaml")) for case in _cases_of(path)]


def _cases_of(path: Path) -> Iterator[Case]:
    page = yaml.safe_load(path.read_text())
    rows = (case for row in page.get("operators", []) for case in _cases_of_row(row))
    for case in (*page["cases"], *rows):
        yield _in_full(page["given"], {**case, "file": path.stem})


def _in_full(given: Case, case: Case) -> Case:
    full = {**given, **case}
    full["principal"] = _principal(given.get("principal", {}), case.get("principal", {}))
    if "only_if" in full:
        full["principal"]["identity"] = [{"Statement": [_under("Allow", full.pop("only_if"))]}]
    if "refused_if" in full:
        everything = {"Sid": "Everything", "Effect": "Allow", "Action": "*", "Resource": "*"}
        full["principal"]["identity"] = [{"Statement": [everything, _under("Deny", full.pop("refused_if"))]}]
    if not full["principal"]:
        del full["principal"]
    return full


def _principal(given: Any, said: Any) -> Case:
    if said == "anonymous" or (given == "anonymous" and not said):
        return {}
    known = {} if given == "anonymous" or "service" in said else given
    return {**known, **said}


def _under(effect: str, condition: Case) -> Case:
    return {"Sid": "Conditional", "Effect": effect, "Action": "*", "Resource": "*", "Condition": condition}


def _cases_of_row(row: Case) -> Iterator[Case]:
    """A row: operator, key, value, true_for, false_for, and whether an absent key satisfies it (`absent`)."""
    for operator, told, request, decision in (*_plain_columns(row), *_set_columns(row)):
        yield {
            "case": f"{operator}: {told}",
            "only_if": {operator: {row["key"]: row["value"]}},
            **request,
            "expect": {"decision": decision, "layer": "identity policy"},
        }


def _plain_columns(row: Case) -> list[Column]:
    operator, key = row["operator"], row["key"]
    met, unmet = {key: row["true_for"]}, {key: row["false_for"]}
    lenient = f"{operator}IfExists"
    return [
        (operator, "a value that satisfies", {"context": met}, "allowed"),
        (operator, "a value that does not", {"context": unmet}, "denied"),
        (operator, "key absent", {"absent": [key]}, "allowed" if row["absent"] else "denied"),
        (operator, "key not told", {}, "conditional"),
        (lenient, "a value that satisfies", {"context": met}, "allowed"),
        (lenient, "a value that does not", {"context": unmet}, "denied"),
        (lenient, "key absent", {"absent": [key]}, "allowed"),
        (lenient, "key not told", {}, "conditional"),
    ]


def _set_columns(row: Case) -> list[Column]:
    key, met, unmet = row["key"], [row["true_for"]], [row["false_for"]]
    every, some = f"ForAllValues:{row['operator']}", f"ForAnyValue:{row['operator']}"
    return [
        (every, "each value satisfies", {"context": {key: met}}, "allowed"),
        (every, "one of two satisfies", {"context": {key: met + unmet}}, "denied"),
        (every, "key absent", {"absent": [key]}, "allowed"),
        (every, "key not told", {}, "conditional"),
        (some, "one of two satisfies", {"context": {key: met + unmet}}, "allowed"),
        (some, "no value satisfies", {"context": {key: unmet}}, "denied"),
        (some, "key absent", {"absent": [key]}, "denied"),
        (some, "key not told", {}, "conditional"),
    ]
