"""Reads tests/cases/access: what a file says once for all its cases, and its short hands, written out in full.

A file holds `given` (what each case says unless it says otherwise) and `cases`. A case may stand in short:
`principal: anonymous`; `only_if` (one identity policy that allows everything under that condition, Sid Conditional);
`refused_if` (allows everything, Sid Everything, but refuses it under that condition, Sid Conditional).
Rows of `operators` say for one condition operator what satisfies it; each stands for one case a column.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

Case = dict[str, Any]

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
    """A row: operator, key, value, true_for, false_for, and what an absent key makes of it (`absent`)."""
    operator, key = row["operator"], row["key"]
    met, unmet = {key: row["true_for"]}, {key: row["false_for"]}
    columns: list[tuple[str, str, Case, bool | None]] = [
        ("", "a value that satisfies", {"context": met}, True),
        ("", "a value that does not", {"context": unmet}, False),
        ("", "key absent", {"absent": [key]}, row["absent"]),
        ("", "key not told", {}, None),
        ("IfExists", "a value that satisfies", {"context": met}, True),
        ("IfExists", "a value that does not", {"context": unmet}, False),
        ("IfExists", "key absent", {"absent": [key]}, True),
        ("IfExists", "key not told", {}, None),
    ]
    for suffix, told, request, holds in columns:
        yield _operator_case(f"{operator}{suffix}", told, {key: row["value"]}, request, holds)
    for name, told, request, holds in _set_columns(operator, key, row):
        yield _operator_case(name, told, {key: row["value"]}, request, holds)


def _set_columns(operator: str, key: str, row: Case) -> list[tuple[str, str, Case, bool | None]]:
    both, met, unmet = [row["true_for"], row["false_for"]], [row["true_for"]], [row["false_for"]]
    every, some = f"ForAllValues:{operator}", f"ForAnyValue:{operator}"
    return [
        (every, "each value satisfies", {"context": {key: met}}, True),
        (every, "one of two satisfies", {"context": {key: both}}, False),
        (every, "key absent", {"absent": [key]}, True),
        (every, "key not told", {}, None),
        (some, "one of two satisfies", {"context": {key: both}}, True),
        (some, "no value satisfies", {"context": {key: unmet}}, False),
        (some, "key absent", {"absent": [key]}, False),
        (some, "key not told", {}, None),
    ]


def _operator_case(operator: str, told: str, compared: Case, request: Case, holds: bool | None) -> Case:
    decisions = {True: "allowed", False: "denied", None: "conditional"}
    return {
        "case": f"{operator}: {told}",
        "only_if": {operator: compared},
        **request,
        "expect": {"decision": decisions[holds], "layer": "identity policy"},
    }
