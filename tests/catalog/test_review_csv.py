"""The access review sheet comes back as a register: what was decided, and every problem of it with its line."""

from pathlib import Path

import pytest

from auditor.catalog.registers import load_registers
from auditor.model.register import AccessDecision
from auditor.model.review import ReviewLine
from auditor.model.review_sheet import COLUMNS
from auditor.render.tables import access_review_csv
from tests.render.conftest import access

HEAD = "principal,kind,grant,keep,revoke,reason,reviewer,date\n"
ROUTE = "arn:aws:execute-api:eu-west-1:111122223333:a1b2c3/prod/GET/orders"
ROLE = "arn:aws:iam::111122223333:role/orders"


def _loaded(path: Path) -> tuple[tuple[AccessDecision, ...] | None, list[str]]:
    problems: list[str] = []
    found = load_registers({"access_review": path}, problems).access_review
    return found, [each.removeprefix(f"{path}:") for each in problems]


def _written(folder: Path, text: str, name: str = "review.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def _filled(lines: tuple[ReviewLine, ...], answers: str) -> str:
    """Fill in every row of a pack's sheet, as a person does at its end."""
    text = access_review_csv(lines).decode()
    return text.replace(",,,,,\r\n", f",{answers}\r\n")


def test_a_sheet_that_nobody_filled_in_decides_nothing(tmp_path: Path) -> None:
    path = tmp_path / "access-review.csv"
    path.write_bytes(access_review_csv(access().lines))
    assert _loaded(path) == ((), [])


def test_the_sheet_of_a_pack_comes_back_with_every_grant(tmp_path: Path) -> None:
    lines = access().lines
    found, problems = _loaded(_written(tmp_path, _filled(lines, "x,,still needed,Ada,2026-10-05")))
    assert problems == []
    assert found is not None
    assert [(each.grant.principal, each.grant.target) for each in found] == [
        (line.principal, target) for line in lines for target in line.grants
    ]
    assert {(each.decision, each.reason, each.reviewer, each.date.isoformat()) for each in found} == {
        ("keep", "still needed", "Ada", "2026-10-05")
    }


def test_a_sheet_saved_with_a_mark_at_its_start_and_semicolons_is_the_same(tmp_path: Path) -> None:
    row = f"{ROLE};route;{ROUTE};;X;left;Ada;2026-10-05\n"
    path = _written(tmp_path, "\ufeff" + HEAD.replace(",", ";") + row)
    found, problems = _loaded(path)
    assert problems == []
    assert found is not None
    assert [(each.decision, each.grant.route) for each in found] == [("revoke", ROUTE)]


def test_the_apostrophe_before_a_formula_is_taken_away(tmp_path: Path) -> None:
    found, problems = _loaded(_written(tmp_path, HEAD + f"'=cmd,route,{ROUTE},x,,'-,'Ada,2026-10-05\n"))
    assert problems == []
    assert found is not None
    assert (found[0].grant.principal, found[0].reason, found[0].reviewer) == ("=cmd", "-", "'Ada")


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (f"p,route,{ROUTE},x,x,r,Ada,2026-10-05", "2: keep and revoke are both marked"),
        (f"p,route,{ROUTE},,,r,,", "2: neither keep nor revoke is marked, and yet there is: reason r"),
        (f"p,route,{ROUTE},x,,r,,2026-10-05", "2: reviewer is empty"),
        (f"p,route,{ROUTE},x,,r,Ada,05.10.2026", "2: date: write it as 2026-09-30 (05.10.2026)"),
        (f"p,route,{ROUTE},perhaps,,r,Ada,2026-10-05", "2: keep: a mark is an x (perhaps)"),
        (f"p,door,{ROUTE},x,,r,Ada,2026-10-05", "2: kind: one of route, role, privilege is expected here (door)"),
        (f",route,{ROUTE},x,,r,Ada,2026-10-05", "2: principal is empty"),
        ("p,route,,x,,r,Ada,2026-10-05", "2: grant is empty"),
        ("p,route,/orders,x,,r,Ada,2026-10-05", "2: this is no execute-api ARN (/orders)"),
        ("p,role,orders,x,,r,Ada,2026-10-05", "2: this is no ARN (orders)"),
    ],
)
def test_a_row_that_makes_no_sense_is_told_with_line_and_value(tmp_path: Path, row: str, told: str) -> None:
    _, problems = _loaded(_written(tmp_path, HEAD + row + "\n"))
    assert problems == [told]


def test_all_problems_of_a_sheet_come_together_with_their_lines(tmp_path: Path) -> None:
    rows = (
        f'p,route,"{ROUTE}\n{ROUTE}X",x,,,,2026-10-05\n'
        f"q,route,{ROUTE},x,,r,Ada,2026-10-05\n"
        f"q,route,{ROUTE},,x,r,Ada,2026-10-05\n"
        f"s,route,{ROUTE},,,,Ada,\n"
    )
    _, problems = _loaded(_written(tmp_path, HEAD + rows))
    assert problems == [
        "2: reason is empty",
        "2: reviewer is empty",
        "6: neither keep nor revoke is marked, and yet there is: reviewer Ada",
        f"5: grant and date stands here twice (q {ROUTE} 2026-10-05)",
    ]


def test_columns_that_are_missing_or_unknown_are_told(tmp_path: Path) -> None:
    _, problems = _loaded(_written(tmp_path, "principal,kind,grant,keep,revoked,reason,reviewer\np,route,x,x,,,\n"))
    assert problems == [
        "1: unknown column revoked; did you mean revoke?",
        "1: columns are missing: revoke, date",
    ]


def test_a_sheet_that_is_not_there_or_no_text_is_told(tmp_path: Path) -> None:
    assert _loaded(tmp_path / "none.csv")[1] == ["1: the file does not exist"]
    binary = tmp_path / "binary.csv"
    binary.write_bytes(b"\xff\xfe\x00")
    assert _loaded(binary)[1][0].startswith("1: the file cannot be read as UTF-8")
    assert _loaded(_written(tmp_path, ""))[1] == [f"1: columns are missing: {', '.join(COLUMNS[15:])}"]


def test_yaml_says_the_same(tmp_path: Path) -> None:
    text = f"""
- grant: {{principal: {ROLE}, route: "{ROUTE}"}}
  decision: keep
  reason: still needed
  reviewer: Ada
  date: 2026-10-05
- grant: {{principal: ada@x.example, role: {ROLE}, route: "{ROUTE}"}}
  decision: perhaps
  reason: r
  reviewer: Ada
  date: 2026-10-05
"""
    found, problems = _loaded(_written(tmp_path, text, "review.yaml"))
    assert found is not None
    assert [(each.grant.target, each.decision) for each in found] == [(ROUTE, "keep")]
    assert [each.partition(":")[0] for each in problems] == ["7", "8"]
    assert "a grant names one of route, role and privilege" in problems[0]
