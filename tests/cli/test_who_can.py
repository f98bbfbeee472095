"""`auditor who-can` as a person and a script meet it: shapes, columns, and errors that say what to do."""

import csv
import io
import json

import pytest
from pydantic import TypeAdapter

from auditor.model.access import RouteAccess
from tests.conftest import DemoRun, auditor

_SHAPE = TypeAdapter(RouteAccess)
_MEMBERS = {"route", "authorization_type", "open_to_anyone", "callers"}
_CALLER = {"principal", "decision", "paths", "witness", "by", "conditions", "people"}


def _ask(demo_run: DemoRun, *arguments: str) -> str:
    done = auditor("who-can", *arguments, "--config", str(demo_run.config), "--store", str(demo_run.store))
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ((), "say either a route or --principal"),
        (("*", "--principal", "arn:aws:iam::111122223333:role/functions"), "say either a route or --principal"),
        (("arn:aws:execute-api:eu-west-1:111122223333:nosuchapi/prod/GET/x",), "is no deployed route"),
        (("--principal", "me"), "names no user, role"),
        (("not-an-arn", "--action", "lambda:InvokeFunction"), "is no action on an ARN"),
        (("arn:aws:s3:::bucket/key", "--action", "GetObject"), "is no action on an ARN"),
        (("GET example.com/orders",), "has no scheme"),
    ],
)
def test_bad_input_says_what_is_wrong_and_what_to_do(
    demo_run: DemoRun, arguments: tuple[str, ...], problem: str
) -> None:
    done = auditor("who-can", *arguments, "--config", str(demo_run.config), "--store", str(demo_run.store))
    assert (done.returncode, done.stdout) == (2, "")
    assert problem in done.stderr
    assert "\n  next: " in done.stderr
    assert "Traceback" not in done.stderr


def test_every_route_is_an_array_and_one_route_an_object(demo_run: DemoRun) -> None:
    every = json.loads(_ask(demo_run, "*", "--output", "json"))
    assert all(set(each) == _MEMBERS for each in every)
    assert all(set(caller) == _CALLER for each in every for caller in each["callers"])
    for each in every:
        _SHAPE.validate_python(each)
    signed = next(each for each in every if each["authorization_type"] == "AWS_IAM" and each["callers"])
    assert json.loads(_ask(demo_run, signed["route"], "--output", "json")) == signed
    lines = _ask(demo_run, "*", "--output", "jsonl").splitlines()
    assert [json.loads(each) for each in lines] == every
    assert not any(caller["decision"] == "denied" for each in every for caller in each["callers"] if each is signed)


def test_all_lists_those_who_may_not_too(demo_run: DemoRun) -> None:
    every = json.loads(_ask(demo_run, "*", "--output", "json", "--all"))
    signed = [each for each in every if each["authorization_type"] == "AWS_IAM"]
    assert len({frozenset(c["principal"] for c in each["callers"] if ":" in c["principal"]) for each in signed}) == 1
    assert any(caller["decision"] == "denied" and caller["by"] for each in signed for caller in each["callers"])


def test_a_table_for_programs_has_a_row_a_caller(demo_run: DemoRun) -> None:
    rows = list(csv.DictReader(io.StringIO(_ask(demo_run, "*", "--output", "csv"))))
    assert {"route", "principal", "decision", "paths", "by", "conditions"} <= set(rows[0])
    assert any(each["principal"] == "nobody" for each in rows)


def test_a_url_names_a_route(demo_run: DemoRun) -> None:
    found = json.loads(_ask(demo_run, "GET https://partners.halvorsen.example/v1/rates", "--output", "json"))
    assert found["route"].endswith("/prod/GET/rates")


def test_one_identity_and_what_it_may_call(demo_run: DemoRun) -> None:
    arn = "arn:aws:iam::111122223333:role/depot-planner"
    rows = json.loads(_ask(demo_run, "--principal", arn, "--output", "json"))
    assert {each["principal"] for each in rows} == {arn}
    assert any(each["route"].endswith("/GET/depots") for each in rows)
    assert not any("/PUT/depots" in each["route"] for each in rows)


def test_another_action_on_another_resource(demo_run: DemoRun) -> None:
    arn = "arn:aws:iam::444455556666:role/OrganizationAccountAccessRole"
    found = json.loads(_ask(demo_run, arn, "--action", "iam:DeleteRole", "--output", "json"))
    allowed = {each["principal"] for each in found["callers"] if each["decision"] == "allowed"}
    assert arn in allowed
    assert found["open_to_anyone"] is None


def test_people_read_a_line_a_caller(demo_run: DemoRun) -> None:
    text = _ask(demo_run, "*")
    lines = text.splitlines()
    at = next(number for number, line in enumerate(lines) if "/GET/parcels/{parcelId}" in line)
    assert lines[at].endswith("AWS_IAM, not open to anyone")
    assert lines[at + 1] == "  nobody"
    assert "  allowed      role depot-planner" in lines
    assert "  conditional  any identity of another account" in lines
    assert any(line.strip().startswith("people: ") for line in lines)
    assert '["' not in text


def test_people_read_what_one_identity_may_call(demo_run: DemoRun) -> None:
    arn = "arn:aws:iam::111122223333:role/depot-planner"
    first, second, *_ = _ask(demo_run, "--principal", arn).splitlines()
    assert first == arn
    assert second.startswith("  allowed      arn:aws:execute-api:")
