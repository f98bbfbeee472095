"""The front of a simulated AWS: real HTTP on 127.0.0.1, every call named and counted, faults on request."""

import hashlib
import logging
import select
import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import chain, repeat
from types import TracebackType
from typing import Any, Protocol, Self

from werkzeug.serving import make_server

from auditor.demo.faults import PAGING, REFUSALS, TRANSPORT, Fault, Faults, Rule, paged, refusal, spoiled
from auditor.demo.wire import Request, name_request

StartResponse = Callable[..., Any]
Answered = tuple[int, bytes, str]
"""Status, body and content type."""
_LONGEST_HANG = 30.0
"""Seconds that a call hangs which is to time out; it ends when the caller has had enough."""
_BLANKS = b" " * 2**16


class Backend(Protocol):
    """What answers behind the front."""

    def account_of(self, environ: dict[str, Any]) -> str:
        """Return the account that a request's credentials belong to."""

    def answer(self, environ: dict[str, Any], request: Request) -> Answered:
        """Return the answer to a call; called from one thread at a time."""


class Front:
    """Start with `with`; `endpoint` is where boto3 finds it. Stops with the block."""

    def __init__(self, backend: Backend) -> None:
        """Prepare; nothing listens yet."""
        self._backend = backend
        self._faults = Faults()
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        """Listen."""
        logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
        self._server = make_server("127.0.0.1", 0, self._serve, threaded=True)
        self._thread = threading.Thread(target=self._server.serve_forever, name="simulated-aws", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def endpoint(self) -> str:
        """The URL for AWS_ENDPOINT_URL."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def calls(self) -> Counter[str]:
        """What was called, by `service:Operation`."""
        return self._faults.calls

    def deny(self, operation: str, region: str | None = None, account: str | None = None) -> None:
        """Refuse an operation from now on."""
        self.fault(Rule(operation, Fault.DENY, region, account))

    def fault(self, rule: Rule) -> None:
        """Let the calls that match go wrong from now on."""
        self._faults.rules.append(rule)

    def clear_faults(self) -> None:
        """Let everything go right again."""
        self._faults.rules.clear()

    def _serve(self, environ: dict[str, Any], start: StartResponse) -> Iterable[bytes]:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(length)
        request = name_request(environ, body, self._backend.account_of(environ))
        # One call at a time: moto's backends are not made for threads, and order must not depend on them.
        with self._lock:
            self._faults.calls[request.id] += 1
            rule = self._faults.of(request)
            fault = rule.fault if rule is not None else None
            whole = (
                (500, b"", "text/plain") if fault in REFUSALS | TRANSPORT else self._backend.answer(environ, request)
            )
        if rule is None or fault is None:
            return _send(start, request, whole)
        if fault in TRANSPORT:
            return _gone(environ, fault)
        if fault in REFUSALS:
            return _send(start, request, refusal(request, fault))
        if fault in PAGING:
            return _send(start, request, paged(request, rule, whole))
        status, content, kind = whole
        if fault is Fault.ENDLESS:
            return _without_end(start, content, kind)
        spoiled_status, body = spoiled(rule, status, content)
        announced = len(content) if fault is Fault.TRUNCATE else None
        return _send(start, request, (spoiled_status, body, kind), announced)


def _without_end(start: StartResponse, content: bytes, kind: str) -> Iterable[bytes]:
    """Send the whole answer, and blanks behind it for as long as anybody reads."""
    start("200 simulated", [("Content-Type", kind)])
    return chain([content], repeat(_BLANKS))


def _gone(environ: dict[str, Any], fault: Fault) -> Iterable[bytes]:
    """Break the connection without an answer, at once or when the caller has waited long enough and left."""
    connection: socket.socket = environ["werkzeug.socket"]
    if fault is Fault.TIME_OUT:
        select.select([connection], [], [], _LONGEST_HANG)
    connection.shutdown(socket.SHUT_RDWR)
    raise ConnectionError("simulated")


def _send(start: StartResponse, request: Request, answer: Answered, announced: int | None = None) -> Iterable[bytes]:
    status, content, kind = answer
    seed = f"{request.id} {request.account} {request.region} {sorted(request.path.items())} {sorted(request.query.items())}".encode()
    digest = hashlib.sha256(seed + request.body).hexdigest()
    request_id = f"{digest[:8]}-{digest[8:12]}-{digest[12:16]}-{digest[16:20]}-{digest[20:32]}"
    headers = [
        ("Content-Type", kind),
        ("Content-Length", str(len(content) if announced is None else announced)),
        ("x-amzn-RequestId", request_id),
    ]
    start(f"{status} simulated", headers)
    return [content]
