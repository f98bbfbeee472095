"""A simulated AWS on 127.0.0.1: moto in this process, behind a front that supplies what it lacks."""

import hashlib
import io
import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any, Self

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.iam.models import get_account_id_from
from moto.moto_api._internal import mock_random
from moto.moto_api._internal.models import moto_api_backend
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

from auditor.demo.faults import REFUSALS, Fault, Faults, Rule, refusal, spoiled
from auditor.demo.supplements import Supplements
from auditor.demo.wire import Request, credentials, name_request

StartResponse = Callable[..., Any]
_SEED = 20260930


class Simulation:
    """Start with `with`; `endpoint` is where boto3 finds it. Stops with the block, and leaves nothing behind."""

    def __init__(self) -> None:
        """Prepare; nothing listens yet."""
        self.supplements = Supplements()
        self._faults = Faults()
        self._moto = DomainDispatcherApplication(create_backend_app)
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        """Empty every backend and listen."""
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        moto_api_backend.reset()
        mock_random.seed(_SEED)
        self._server = make_server("127.0.0.1", 0, self._serve, threaded=True)
        self._thread = threading.Thread(target=self._server.serve_forever, name="simulated-aws", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop listening and empty every backend."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        moto_api_backend.reset()

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
        key_id, _, _ = credentials(environ.get("HTTP_AUTHORIZATION", ""))
        account = get_account_id_from(key_id) if key_id else DEFAULT_ACCOUNT_ID
        request = name_request(environ, body, account)
        # One call at a time: moto's backends are not made for threads, and order must not depend on them.
        with self._lock:
            self._faults.calls[request.id] += 1
            fault = self._faults.of(request)
            if fault in REFUSALS:
                status, content, kind = refusal(request, fault)
                return _send(start, request, (status, content, kind))
            status, content, kind = self._answer(environ, request)
        if fault is not None:
            announced = len(content) if fault is Fault.TRUNCATE else None
            return _send(start, request, (200, spoiled(request, fault, content), kind), announced)
        return _send(start, request, (status, content, kind))

    def _answer(self, environ: dict[str, Any], request: Request) -> tuple[int, bytes, str]:
        kinds: list[str] = []

        def passed() -> tuple[int, bytes]:
            status, content, kind = _ask_moto(self._moto, environ, request.body)
            kinds.append(kind)
            return status, content

        own = self.supplements.handle(request, passed)
        if own is None:
            status, content = passed()
            return status, content, kinds[0]
        is_xml = own[1][:1] == b"<"
        return (*own, kinds[0] if kinds else "text/xml" if is_xml else "application/json")


def _ask_moto(app: Any, environ: dict[str, Any], body: bytes) -> tuple[int, bytes, str]:
    told: dict[str, Any] = {}

    def start(status: str, headers: list[tuple[str, str]], _error: object = None) -> None:
        told["status"] = int(status.split(maxsplit=1)[0])
        told["kind"] = dict(headers).get("Content-Type", "application/json")

    answered = app({**environ, "wsgi.input": io.BytesIO(body)}, start)
    try:
        content = b"".join(answered)
    finally:
        close = getattr(answered, "close", None)
        if close is not None:
            close()
    return told["status"], content, told["kind"]


def _send(
    start: StartResponse, request: Request, answer: tuple[int, bytes, str], announced: int | None = None
) -> Iterable[bytes]:
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
