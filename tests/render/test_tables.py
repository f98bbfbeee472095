"""CSV that round-trips and cannot run, JSON Lines with the contract's keys, a completeness sheet for programs."""

import csv
import io
import json

import pytest

from auditor.model.pack import PackContents
from auditor.render.completeness import completeness_json
from auditor.render.records import (
    FINDING_KEYS,
    FLOW_KEYS,
    diff_record,
    diff_rows,
    finding_record,
    flow_record,
    flow_records,
)
from auditor.render.tables import ROUTE_COLUMNS, findings_csv, findings_jsonl, population_csv, routes_csv, table


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def test_findings_round_trip_through_csv(contents: PackContents) -> None:
    findings = contents.evaluation.findings
    read = rows(findings_csv(findings))
    assert list(read[0]) == list(FINDING_KEYS)
    assert [each["resource"] for each in read] == [each.resource for each in findings]
    assert [json.loads(each["exhibits"]) for each in read] == [list(each.exhibits) for each in findings]


def test_csv_ends_its_lines_with_crlf(contents: PackContents) -> None:
    content = routes_csv(contents.evaluation)
    assert content.count(b"\r\n") == len(contents.evaluation.flows) + 1
    assert b"\n" not in content.replace(b"\r\n", b"")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_formula_is_defused(text: str) -> None:
    assert rows(table(("a",), [{"a": text}])) == [{"a": f"'{text}"}]


@pytest.mark.parametrize("text", ["plain", 'a "quoted", cell', "two\nlines", "ümläut", ""])
def test_plain_text_is_left_alone(text: str) -> None:
    assert rows(table(("a", "b"), [{"a": text, "b": None}])) == [{"a": text, "b": ""}]


def test_findings_jsonl_has_exactly_the_contract_keys(contents: PackContents) -> None:
    lines = findings_jsonl(contents.evaluation.findings).decode().splitlines()
    assert len(lines) == len(contents.evaluation.findings)
    assert all(set(json.loads(line)) == set(FINDING_KEYS) for line in lines)


def test_population_holds_every_item(contents: PackContents) -> None:
    for result in contents.evaluation.results:
        assert len(rows(population_csv(result))) == len(result.findings)


def test_flow_record_has_the_contract_keys_and_quiet_findings_left_out(contents: PackContents) -> None:
    record = flow_record(contents.evaluation.flows[0], contents.evaluation.findings)
    assert set(FLOW_KEYS) <= set(record)
    assert {each["status"] for each in record["findings"]} == {"fail"}
    json.dumps(record)
    assert flow_records(contents.evaluation.flows, contents.evaluation.findings)[0] == record


def test_routes_csv_has_its_columns(contents: PackContents) -> None:
    read = rows(routes_csv(contents.evaluation))
    assert list(read[0]) == list(ROUTE_COLUMNS)
    assert {each["api_key_required"] for each in read} == {"true", "false", "unread"}


def test_diff_rows_name_every_change(contents: PackContents) -> None:
    assert contents.diff is not None
    kinds = [each["kind"] for each in diff_rows(contents.diff)]
    assert kinds.count("deviation") == 8
    assert {"RestApi", "KmsKey", "coverage", "catalog"} <= set(kinds)
    assert "persisting_findings" not in diff_record(contents.diff)["deviations"]


def test_routes_of_a_stage_that_changed_alike_are_one_row(contents: PackContents) -> None:
    assert contents.diff is not None
    first, *_ = (each for each in diff_rows(contents.diff) if each["kind"] == "flow")
    assert first["detail"] == "`PATCH /orders` no longer asks for a token; deployed 2026-08-12; so does 1 more route"
    assert len(diff_record(contents.diff)["flows"]) == 3


def test_first_seen_is_null_when_not_known(contents: PackContents) -> None:
    assert finding_record(contents.evaluation.findings[0])["first_seen"] is None


def test_completeness_sheet_adds_up(contents: PackContents) -> None:
    sheet = json.loads(completeness_json(contents))
    assert sum(each["pages"] for each in sheet["operations"]) == len(contents.pages) == len(sheet["exhibits"])
    assert {each["control"] for each in sheet["collection"]} == {"CH-05"}
    assert len(sheet["gaps"]) == 3
    for each in sheet["populations"]:
        assert each["population"] == sum(count for name, count in each.items() if name not in {"control", "population"})
