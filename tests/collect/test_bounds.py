"""No answer and no list is read for ever: bodies end by length and by time, lists by pages, by blanks, by bytes."""

import itertools
import socket
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any

import pytest

from auditor.collect.integrity import BrokenAnswerError
from auditor.collect.interface import Answer
from auditor.collect.pacing import Pacer
from auditor.collect.paging import Pages
from auditor.collect.reader import Reader, Tools
from auditor.collect.redact import Redactor
from auditor.collect.services.kms import KEYS
from auditor.collect.session import Identity, open_session
from auditor.collect.settings import AccountTarget, CollectSettings, Patience
from auditor.collect.transport import EndlessBodyError
from auditor.model.snapshot import GapReason
from tests.collecting import ENVIRONMENT

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.1\r\n"
CHUNK = b"10000\r\n" + b" " * 0x10000 + b"\r\n"


@contextmanager
def _server(send: Callable[[socket.socket], None]) -> Iterator[str]:
    """Serve one kind of answer on 127.0.0.1 to whoever asks."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listening.accept()
                with connection, suppress(OSError):
                    connection.recv(2**16)
                    send(connection)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(5)


def _ask(monkeypatch: pytest.MonkeyPatch, url: str, patience: Patience) -> None:
    for name, value in {
        "AWS_ACCESS_KEY_ID": "AKIATEST",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "AWS_ENDPOINT_URL": url,
    }.items():
        monkeypatch.setenv(name, value)
    session = open_session(CollectSettings(redaction_key=b"k", patience=patience), AccountTarget(), "eu-west-1")
    try:
        session.client("kms", "eu-west-1").list_keys()
    finally:
        session.close()


def _ask_reader(monkeypatch: pytest.MonkeyPatch, url: str) -> Answer:
    for name, value in {**ENVIRONMENT, "AWS_ENDPOINT_URL": url}.items():
        monkeypatch.setenv(name, value)
    settings = CollectSettings(redaction_key=b"k", patience=Patience(attempts=2, read_timeout=2))
    session = open_session(settings, AccountTarget(), "eu-west-1")
    who = Identity("111122223333", "arn:aws:iam::111122223333:role/auditor", "aws")
    with ThreadPoolExecutor(1) as pool:
        pacer = Pacer(sleep=lambda _seconds: None)
        tools = Tools(pacer, Redactor(b"k"), lambda _body: "", pool, threading.Event(), settings.patience)
        answer = Reader(session, who, "eu-west-1", tools)(KEYS)
    session.close()
    return answer


def _endless(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    while True:
        connection.sendall(CHUNK)


def _two_hundred_megabytes(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"Content-Length: 209715200\r\n\r\n")
    for _ in range(3200):
        connection.sendall(b" " * 0x10000)


def _dripping(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"Content-Length: 1000\r\n\r\n")
    while True:
        connection.sendall(b" ")
        time.sleep(0.05)


@pytest.mark.parametrize("send", [_endless, _two_hundred_megabytes])
def test_a_body_past_the_longest_is_not_read_to_its_end(
    monkeypatch: pytest.MonkeyPatch, send: Callable[[socket.socket], None]
) -> None:
    patience = Patience()
    with _server(send) as url:
        tracemalloc.start()
        try:
            with pytest.raises(EndlessBodyError, match="longer than"):
                _ask(monkeypatch, url, patience)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert peak < 1.5 * patience.longest_body


def _cut_error(connection: socket.socket) -> None:
    body = b'{"__type":"NotFoundException","message":"there is no such'
    head = HEAD.replace(b"200 OK", b"400 Bad Request")
    connection.sendall(head + b"Content-Length: 200\r\nConnection: close\r\n\r\n" + body)


def test_an_error_that_was_cut_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    with _server(_cut_error) as url:
        answer = _ask_reader(monkeypatch, url)
    assert answer.gap is not None
    assert answer.gap.reason is GapReason.MALFORMED
    assert "error shorter than announced" in answer.gap.detail


def test_a_body_that_drips_ends_with_the_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    with _server(_dripping) as url, pytest.raises(EndlessBodyError, match=r"not whole after 0\.3 s"):
        _ask(monkeypatch, url, Patience(total=0.3))


def _run(bodies: Iterator[dict[str, Any]], patience: Patience, size: int = 1) -> int:
    """Return how many pages a list had, reading it to its end."""
    pages, read = Pages(KEYS, patience), 1
    while pages.next_token(next(bodies), size) is not None:
        read += 1
    return read


def _keys(number: int, *, blank: bool = False) -> dict[str, Any]:
    return {"Keys": [] if blank else [{"KeyId": "k"}], "NextMarker": f"{number}", "Truncated": True}


def test_a_list_of_fresh_tokens_ends_at_the_most_pages() -> None:
    with pytest.raises(BrokenAnswerError, match="50 pages, and still one more"):
        _run((_keys(number) for number in itertools.count()), Patience(most_pages=50))


def test_blank_pages_end_a_list_sooner_than_pages_with_records() -> None:
    with pytest.raises(BrokenAnswerError, match="7 pages in a row without a record"):
        _run((_keys(number, blank=True) for number in itertools.count()), Patience(most_blank_pages=7))


def test_a_blank_page_now_and_then_is_no_fault() -> None:
    bodies = [*(_keys(number, blank=number % 3 != 0) for number in range(30)), {"Keys": [], "Truncated": False}]
    assert _run(iter(bodies), Patience(most_blank_pages=4)) == 31


def test_a_list_ends_at_the_longest_of_all_its_pages() -> None:
    with pytest.raises(BrokenAnswerError, match="longer than 1000 bytes together"):
        _run((_keys(number) for number in itertools.count()), Patience(longest_list=1000), size=300)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"Keys": [], "Truncated": True}, "more pages announced, no token"),
        ({"Keys": [], "Truncated": "perhaps", "NextMarker": "a"}, "Truncated is neither true nor false"),
        ({"Keys": [], "Truncated": True, "NextMarker": 7}, "page token is no text"),
        ({"Keys": [], "Truncated": False, "NextMarker": ["a"]}, "page token is no text"),
    ],
)
def test_a_list_that_does_not_say_how_it_goes_on_is_broken(body: dict[str, Any], told: str) -> None:
    with pytest.raises(BrokenAnswerError, match=told):
        _run(iter([body]), Patience())


def test_a_flag_that_is_left_out_leaves_the_word_to_the_token() -> None:
    assert _run(iter([{"Keys": [], "NextMarker": "a"}, {"Keys": []}]), Patience()) == 2
