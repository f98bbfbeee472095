"""What is no call is refused with what is wrong and what to do; claims that are shown are few."""

import json

import pytest

from auditor.dataflow.explain.call import Options, parse
from auditor.dataflow.explain.claims import read
from auditor.dataflow.explain.explain import explain
from auditor.errors import UsageError
from tests.dataflow.explain.worlds import USUAL
from tests.dataflow.propagation.test_rules import estate_of
from tests.estates import estate

HOST = "https://r1.execute-api.eu-west-1.amazonaws.com"


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("r1.execute-api.eu-west-1.amazonaws.com/live", "no scheme"),
        ("", "no scheme"),
        ("ftp://example.com/a", "is no https"),
        ("http://example.com/a", "is no https"),
        ("https://user:secret@example.com/a", "names a user"),
        ("https://example.com/a?b=c", "has a query"),
        ("https://example.com/a#b", "has a fragment"),
        ("https://example.com/a%2Fb", "percent-encoded"),
        ("https://example.com/a/../b", "empty part"),
        ("https://example.com/./b", "empty part"),
        ("https://example.com/a//b", "two slashes"),
        ("https://example.com/a b", "characters that do not stand in a path"),
        ("https://example.com/ä", "characters that do not stand in a path"),
        ("https://example.com/a\u202eb", "characters that do not stand in a path"),
        ("https://example.com:8443/a", "names port 8443"),
        ("https://example.com:x/a", "is no URL"),
        ("https://[::1/a", "is no URL"),
        ("https:///a", "no host name"),
        ("https://exa mple.com/a", "no host name"),
        ("https://" + "a" * 300 + ".com/", "no host name"),
        ("https://example.com/" + "a" * 10_240, "more than 10240 characters"),
    ],
)
def test_a_url_that_names_no_route_says_why(url: str, problem: str) -> None:
    with pytest.raises(UsageError, match=problem) as told:
        parse("GET", url, Options())
    assert told.value.next_step
    assert "secret" not in str(told.value)
    assert len(str(told.value)) < 250


def test_the_longest_path_is_taken() -> None:
    assert len(parse("GET", "https://example.com/" + "a" * 10_239, Options()).path) == 10_240


@pytest.mark.parametrize(
    ("method", "options", "problem"),
    [
        ("FETCH", Options(), "no method"),
        ("", Options(), "no method"),
        ("GET", Options(principal="app"), "no principal"),
        ("GET", Options(principal="arn:aws:iam::1:user/u"), "no principal"),
        ("GET", Options(principal="arn:aws:sts::111122223333:user/u"), "no principal"),
        ("GET", Options(principal="arn:aws:iam::111122223333:assumed-role/r/s"), "no principal"),
        ("GET", Options(source="office"), "no IP address"),
        ("GET", Options(source="203.0.113.0/24"), "no IP address"),
        ("GET", Options(api_key_id="a key!"), "no id of an API key"),
        ("GET", Options(content_type="json"), "no content type"),
        ("GET", Options(principal="anonymous", claims=read("{}", "c.json")), "not both"),
    ],
)
def test_what_is_no_option_says_why(method: str, options: Options, problem: str) -> None:
    with pytest.raises(UsageError, match=problem) as told:
        parse(method, f"{HOST}/live", options)
    assert told.value.next_step


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("eyJhbGciOiJub25lIn0.eyJzdWIiOiJzZWNyZXQifQ.c2VjcmV0", "which is a secret"),
        ('"eyJhbGciOiJub25lIn0.eyJzdWIiOiJzZWNyZXQifQ."\n', "which is a secret"),
        ("", "is no JSON"),
        ("{secret", "is no JSON"),
        ("[" * 100_000, "is no JSON"),
        ('{"exp": NaN}', "is no JSON"),
        ("[]", "no JSON object"),
        ("7", "no JSON object"),
        ('{"iss": ["secret"]}', "claim iss is no text"),
        ('{"aud": {"secret": 1}}', "claim aud is no text"),
        ('{"aud": ["a", 7]}', "claim aud is no text"),
        ('{"exp": "secret"}', "claim exp is no number"),
        ('{"exp": true}', "claim exp is no number"),
        ('{"scope": 7}', "claim scope is no text"),
    ],
)
def test_a_file_that_holds_no_claims_says_why_and_quotes_nothing(text: str, problem: str) -> None:
    with pytest.raises(UsageError, match=problem) as told:
        read(text, "claims.json")
    shown = f"{told.value} {told.value.next_step}"
    assert "eyJ" not in shown
    assert "secret" not in str(told.value).replace("which is a secret", "")


def test_of_claims_only_what_may_be_shown_is_shown() -> None:
    found = read(json.dumps({"iss": "i", "sub": "marked", "email": "marked", "exp": 10**30}), "c")
    assert "marked" not in repr(found)
    assert found.expiry == "out of all time"


def test_a_host_of_no_api_names_the_nearest_one() -> None:
    world = estate_of({"given": USUAL}, {"given": [{"kind": "RestApi", "api_id": "r1", "arn": "a"}]})
    with pytest.raises(UsageError, match="no API of this snapshot") as told:
        explain(parse("GET", "https://r2.execute-api.eu-west-1.amazonaws.com/live", Options()), world)
    assert told.value.next_step == "Did you mean r1.execute-api.eu-west-1.amazonaws.com?"


def test_where_apis_were_not_read_a_host_is_not_known() -> None:
    found = explain(parse("GET", f"{HOST}/live", Options()), estate([]))
    assert found.decision.value == "unknown"
    assert "What answers at r1.execute-api" in found.because


@pytest.mark.parametrize(("scheme", "kind"), [("wss", "RestApi"), ("https", "Api")])
def test_the_scheme_must_be_the_one_of_the_api(scheme: str, kind: str) -> None:
    given = {"kind": kind, "api_id": "r1", "arn": "a", "name": "fleet"} | (
        {"protocol": "WEBSOCKET"} if kind == "Api" else {}
    )
    world = estate_of({"given": USUAL}, {"given": [given]})
    with pytest.raises(UsageError, match="is called with"):
        explain(parse("GET", f"{scheme}://r1.execute-api.eu-west-1.amazonaws.com/live", Options()), world)
