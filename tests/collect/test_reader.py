"""The reader over real HTTP: pages by hand, tokens that repeat, throttles, resets, and writes that are refused."""

import json
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from auditor.collect.gateway.rest import APIS, RESOURCES
from auditor.collect.pacing import Bucket, Pacer, Quota, quotas_of
from auditor.collect.reader import Reader, Tools, clock_offset
from auditor.collect.redact import Redactor
from auditor.collect.services.kms import KEYS
from auditor.collect.session import AccountSession, Identity, WriteRefusedError, open_session
from auditor.collect.settings import AccountTarget, CollectSettings, Patience
from auditor.model.snapshot import GapReason
from auditor.store.canonical import sha256

WHO = Identity("111122223333", "arn:aws:iam::111122223333:role/auditor-read", "aws")
SETTINGS = CollectSettings(
    redaction_key=b"k", patience=Patience(attempts=3, total=20, read_timeout=1, connect_timeout=1)
)


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch, httpserver: HTTPServer) -> Iterator[AccountSession]:
    for name, value in {
        "AWS_ACCESS_KEY_ID": "AKIATEST",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "AWS_ENDPOINT_URL": httpserver.url_for(""),
    }.items():
        monkeypatch.setenv(name, value)
    opened = open_session(SETTINGS, AccountTarget(), "eu-west-1")
    yield opened
    opened.close()


@pytest.fixture
def kept() -> dict[str, bytes]:
    return {}


@pytest.fixture
def reader(session: AccountSession, kept: dict[str, bytes]) -> Iterator[Reader]:
    def keep(content: bytes) -> str:
        kept[sha256(content)] = content
        return sha256(content)

    with ThreadPoolExecutor(4) as pool:
        tools = Tools(Pacer(sleep=lambda _s: None), Redactor(b"k"), keep, pool, threading.Event(), SETTINGS.patience)
        made = Reader(session, WHO, "eu-west-1", tools)
        made.serve("apigateway")
        yield made


def _pages(httpserver: HTTPServer, *bodies: Any) -> None:
    waiting = list(bodies)

    def handle(_request: Request) -> Response:
        body = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        return body if isinstance(body, Response) else Response(body, content_type="application/json")

    httpserver.expect_request("/restapis").respond_with_handler(handle)


def test_pages_are_read_to_the_end_and_kept_as_they_came(
    httpserver: HTTPServer, reader: Reader, kept: dict[str, bytes]
) -> None:
    first, last = b'{"item":[{"id":"a","unknown":1}],"position":"p2"}', b'{"item":[{"id":"b"}]}'
    _pages(httpserver, first, last)
    answer = reader(APIS, limit=500)
    assert answer.complete
    assert [each["id"] for each in answer.items("item")] == ["a", "b"]
    pages, gaps = reader.shard("apigateway")
    assert ([page.sequence for page in pages], gaps) == ([0, 1], ())
    assert [kept[page.sha256] for page in pages] == [first, last]


def test_a_token_that_repeats_ends_in_a_gap_not_in_a_loop(httpserver: HTTPServer, reader: Reader) -> None:
    _pages(httpserver, b'{"item":[{"id":"a"}],"position":"again"}')
    answer = reader(APIS, limit=500)
    assert not answer.complete
    assert answer.gap is not None
    assert (answer.gap.reason, "page token repeats" in answer.gap.detail) == (GapReason.MALFORMED, True)


def test_page_two_of_three_denied_keeps_page_one_and_leaves_a_gap(httpserver: HTTPServer, reader: Reader) -> None:
    denied = Response('{"message":"no"}', status=403, headers={"x-amzn-errortype": "AccessDeniedException"})
    _pages(httpserver, b'{"item":[{"id":"a"}],"position":"p2"}', denied)
    answer = reader(APIS, limit=500)
    assert [each["id"] for each in answer.items("item")] == ["a"]
    assert answer.gap is not None
    assert answer.gap.reason is GapReason.DENIED
    assert answer.gap.action == "apigateway:GET"
    assert answer.gap.detail == "arn:aws:apigateway:eu-west-1::/restapis; AccessDeniedException"


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_what_may_pass_is_tried_again(httpserver: HTTPServer, reader: Reader, status: int) -> None:
    code = "TooManyRequestsException" if status == 429 else "ServiceUnavailable"
    broken = Response('{"message":"slow down"}', status=status, headers={"x-amzn-errortype": code})
    _pages(httpserver, broken, b'{"item":[]}')
    assert reader(APIS, limit=500).complete
    assert reader.tally.calls == {"apigateway:GetRestApis": 2}
    assert reader.tally.throttled == (status == 429)


def test_a_throttle_that_never_ends_is_a_gap(httpserver: HTTPServer, reader: Reader) -> None:
    _pages(httpserver, Response("{}", status=429, headers={"x-amzn-errortype": "TooManyRequestsException"}))
    answer = reader(APIS, limit=500)
    assert answer.gap is not None
    assert answer.gap.reason is GapReason.THROTTLED
    assert reader.tally.calls == {"apigateway:GetRestApis": 3}


@pytest.mark.parametrize("code", ["ExpiredTokenException", "ExpiredToken"])
def test_expired_credentials_are_told_at_once(httpserver: HTTPServer, reader: Reader, code: str) -> None:
    _pages(httpserver, Response("{}", status=403, headers={"x-amzn-errortype": code}))
    answer = reader(APIS, limit=500)
    assert answer.gap is not None
    assert answer.gap.reason is GapReason.EXPIRED
    assert reader.tally.calls == {"apigateway:GetRestApis": 1}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"<html></html>",
        b"[]",
        b"null",
        b'{"item":',
        b"{}",
        b'{"item":{}}',
        b'{"item":["x"]}',
        b'{"item":null}',
        b"\xff\xfe",
    ],
)
def test_a_success_that_is_none_is_a_gap(httpserver: HTTPServer, reader: Reader, body: bytes) -> None:
    _pages(httpserver, body)
    answer = reader(APIS, limit=500)
    assert answer.gap is not None
    assert answer.gap.reason is GapReason.MALFORMED
    assert reader.shard("apigateway")[0] == ()


def test_a_connection_that_breaks_is_a_gap(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{taken.getsockname()[1]}")
        answer = reader(KEYS, Limit=1000)
    assert answer.gap is not None
    assert answer.gap.reason is GapReason.UNAVAILABLE


@pytest.mark.parametrize(
    ("service", "method", "parameters"),
    [
        ("apigateway", "delete_rest_api", {"restApiId": "a"}),
        ("iam", "create_user", {"UserName": "x"}),
        ("kms", "decrypt", {"CiphertextBlob": b"x"}),
        ("secretsmanager", "get_secret_value", {"SecretId": "x"}),
    ],
)
def test_what_is_no_read_is_refused_before_it_is_sent(
    session: AccountSession, httpserver: HTTPServer, service: str, method: str, parameters: dict[str, Any]
) -> None:
    with pytest.raises(WriteRefusedError, match="is not a read"):
        getattr(session.client(service, "eu-west-1"), method)(**parameters)
    assert httpserver.log == []


def test_gather_waits_for_all_and_raises_our_own_defects(reader: Reader) -> None:
    done: list[int] = []

    def broken() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        reader.gather([lambda: done.append(1), broken, lambda: done.append(2)])
    assert sorted(done) == [1, 2]


def test_gather_inside_gather_does_not_wait_for_itself(reader: Reader) -> None:
    done: list[int] = []
    reader.gather([lambda: reader.gather([lambda: done.append(1)] * 5)] * 8)
    assert len(done) == 40


def test_a_bucket_keeps_below_its_quota() -> None:
    clock = [0.0]
    bucket = Bucket(Quota(rate=10, burst=40, source="test"), lambda: clock[0])
    sent = 0
    while clock[0] < 10:
        wait = bucket.take()
        clock[0] += wait
        sent += 1
    assert sent <= 40 + 10 * 10
    assert sent >= 0.9 * (32 + 9.8 * 10)


def test_get_resources_draws_on_both_quotas_and_both_api_versions_on_one() -> None:
    assert quotas_of("apigateway", "apigateway:GetResources") == ("apigateway", "apigateway:GetResources")
    assert quotas_of("apigatewayv2", "") == ("apigateway",)


def _refuses_more_than(limit: int, asked: list[int], resources: int = 3) -> Any:
    """Serve resources one page after another; pages of more than `limit` are refused as too large."""

    def handle(request: Request) -> Response:
        wanted, start = int(request.args["limit"]), int(request.args.get("position", 0))
        asked.append(wanted)
        if wanted > limit:
            return Response('{"message":"too large"}', status=413, headers={"x-amzn-errortype": "ResponseTooLarge"})
        page: dict[str, Any] = {"item": [{"id": f"r{number}"} for number in range(start, min(start + 1, resources))]}
        if start + 1 < resources:
            page["position"] = str(start + 1)
        return Response(json.dumps(page), content_type="application/json")

    return handle


def test_a_page_that_is_too_large_is_asked_for_again_by_half(httpserver: HTTPServer, reader: Reader) -> None:
    asked: list[int] = []
    httpserver.expect_request("/restapis/a/resources").respond_with_handler(_refuses_more_than(125, asked))
    answer = reader(RESOURCES, restApiId="a", limit=500, embed=["methods"])
    assert answer.complete
    assert [each["id"] for each in answer.items("item")] == ["r0", "r1", "r2"]
    assert asked == [500, 250, 125, 125, 125]
    pages, gaps = reader.shard("apigateway")
    assert ([page.sequence for page in pages], gaps) == ([0, 1, 2], ())


def test_a_page_of_one_that_is_too_large_is_a_gap(httpserver: HTTPServer, reader: Reader) -> None:
    asked: list[int] = []
    httpserver.expect_request("/restapis/a/resources").respond_with_handler(_refuses_more_than(0, asked))
    answer = reader(RESOURCES, restApiId="a", limit=500, embed=["methods"])
    assert asked == [500, 250, 125, 62, 31, 15, 7, 3, 1]
    assert answer.gap is not None
    assert answer.gap.detail == "arn:aws:apigateway:eu-west-1::/restapis/a/resources; ResponseTooLarge"


def test_a_list_that_is_not_made_smaller_leaves_the_gap_at_once(httpserver: HTTPServer, reader: Reader) -> None:
    _pages(httpserver, Response('{"message":"too large"}', status=413))
    assert reader(APIS, limit=500).gap is not None
    assert reader.tally.calls == {"apigateway:GetRestApis": 1}


@pytest.mark.parametrize(
    ("asked", "answered", "offset"),
    [
        ("12:00:05.900", "12:00:06.400", 0),
        ("12:00:05.100", "12:00:05.200", 0),
        ("12:00:05.100", "12:00:25.000", 0),
        ("13:00:05.500", "13:00:05.500", 3600),
        ("11:00:05.500", "11:00:05.500", -3600),
        ("12:00:06.000", "12:00:06.000", 0),
        ("12:00:11.400", "12:00:11.600", 6),
    ],
)
def test_the_clock_is_off_only_by_what_a_date_in_whole_seconds_can_show(asked: str, answered: str, offset: int) -> None:
    there = datetime(2026, 9, 30, 12, 0, 5, tzinfo=UTC)
    here = [datetime.fromisoformat(f"2026-09-30T{each}+00:00") for each in (asked, answered)]
    assert clock_offset(there, here[0], here[1]) == offset


def test_two_readers_of_one_session_both_hear_the_answers(
    httpserver: HTTPServer, session: AccountSession, kept: dict[str, bytes]
) -> None:
    """The scout that asks for the regions and the reader of its region share a client."""
    _pages(httpserver, b'{"item":[{"id":"a"}]}')

    def keep(content: bytes) -> str:
        kept[sha256(content)] = content
        return sha256(content)

    with ThreadPoolExecutor(4) as pool:
        tools = Tools(Pacer(sleep=lambda _s: None), Redactor(b"k"), keep, pool, threading.Event(), SETTINGS.patience)
        for each in (Reader(session, WHO, "eu-west-1", tools) for _ in range(2)):
            assert [item["id"] for item in each(APIS, limit=500).items("item")] == ["a"]


@pytest.mark.parametrize("body", ["", "no such thing", "[" * 200 + "]" * 200])
def test_a_tolerated_error_whose_body_is_no_document_is_a_gap(
    httpserver: HTTPServer, reader: Reader, body: str
) -> None:
    _pages(httpserver, Response(body, status=404, headers={"x-amzn-ErrorType": "NotFoundException"}))
    answer = reader(replace(APIS, tolerated=("NotFoundException",)), limit=500)
    assert answer.gap is not None
    assert answer.gap.reason is GapReason.MALFORMED
