"""`auditor explain` as a person meets it: exit codes, sentences, JSON, and errors that say what to do."""

import json
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from auditor.model.explanation import Explanation
from tests.conftest import DemoRun, auditor
from tests.docs.explained import SAMPLES, estate_of, explain_sample

TOKEN = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJtYXJrZWQifQ.c2ln"
DOMAIN = "https://partners.halvorsen.example"


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("GET", "example.com/orders"), "has no scheme"),
        (("GET", "https://me:marked@example.com/orders"), "names a user"),
        (("GET", "https://example.com/orders?id=7"), "has a query"),
        (("GET", "https://example.com/../orders"), "clients resolve it"),
        (("FETCH", "https://example.com/orders"), "is no method of a route"),
        (("GET", "https://example.com/orders", "--as", "me"), "is no principal"),
        (("GET", "https://example.com/orders", "--from", "home"), "is no IP address"),
        (("GET", "https://example.com/orders", "--token", "nowhere.json"), "cannot be read"),
        (("GET", "https://example.com/orders", "--token", "token.json"), "a token, which is a secret"),
        (("GET", "https://example.com/orders", "--token", "bytes.json"), "is no text"),
        (("GET", "https://example.com/orders", "--token", "list.json"), "holds no JSON object"),
        (("GET", "https://example.com/orders", "--token", "large.json"), "too large to be claims"),
        (("GET", "https://example.com/orders", "--token", "."), "cannot be read"),
    ],
)
def test_bad_input_says_what_is_wrong_and_what_to_do(tmp_path: Path, arguments: tuple[str, ...], problem: str) -> None:
    (tmp_path / "token.json").write_text(TOKEN)
    (tmp_path / "bytes.json").write_bytes(b"\xff\xfe")
    (tmp_path / "list.json").write_text('["marked"]')
    (tmp_path / "large.json").write_text(" " * 1_000_001)
    done = auditor("explain", *arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert problem in done.stderr
    assert "\n  next: " in done.stderr
    assert "marked" not in done.stderr
    assert "eyJ" not in done.stderr
    assert "Traceback" not in done.stderr


def test_the_three_answers_have_their_exit_codes(demo_run: DemoRun) -> None:
    store = ("--store", str(demo_run.store))
    refused = auditor("explain", "GET", f"{DOMAIN}/v2/rates", *store)
    assert (refused.returncode, refused.stderr) == (1, "")
    assert refused.stdout.startswith(
        "Refused (no route): no mapping and no rule of partners.halvorsen.example leads on from '/v2/rates'. You would see 403"
    )
    unknown = auditor("explain", "GET", f"{DOMAIN}/v1/rates", *store)
    assert unknown.returncode == 3
    assert unknown.stdout.startswith("Not known at step 5 (authorizer): Lambda authorizer authorize-partner decides")
    allowed = auditor("explain", "GET", f"{DOMAIN}/v1/quotes", *store)
    assert allowed.returncode == 0
    assert allowed.stdout.startswith("Let through: nothing in the configuration refuses it; nobody is asked who calls")


def test_json_has_the_members_of_the_model_that_its_schema_is_made_of(demo_run: DemoRun) -> None:
    done = auditor("explain", "GET", f"{DOMAIN}/v2/rates", "--store", str(demo_run.store), "--output", "json")
    found = json.loads(done.stdout)
    TypeAdapter(Explanation).validate_json(done.stdout)
    assert list(found) == [
        "decision", "route", "stage", "step", "gateway_response", "status", "message", "because", "evidence", "also",
    ]  # fmt: skip
    assert (found["decision"], found["step"], found["status"], found["route"]) == ("refused", 0, 403, None)


def test_a_host_of_no_api_is_an_error_that_names_the_nearest(demo_run: DemoRun) -> None:
    done = auditor("explain", "GET", "https://partner.halvorsen.example/v1", "--store", str(demo_run.store))
    assert done.returncode == 2
    assert "no API of this snapshot answers at 'partner.halvorsen.example'" in done.stderr
    assert "next: Did you mean partners.halvorsen.example?" in done.stderr


def test_claims_beyond_those_that_may_be_shown_are_never_printed(demo_run: DemoRun) -> None:
    sample = next(each for each in SAMPLES if each.said == "the same token")
    claims = {**sample.options["claims"], "sub": "marked", "email": "marked@example.com"}
    found = explain_sample(type(sample)(sample.call, sample.said, {"claims": claims}), estate_of(demo_run.store))
    assert found.decision.value == "refused"
    assert "marked" not in repr(found)
