"""A simulated AWS on 127.0.0.1: moto in this process, behind a front that supplies what it lacks."""

import io
from types import TracebackType
from typing import Any, Self

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.iam.models import get_account_id_from
from moto.moto_api._internal import mock_random
from moto.moto_api._internal.models import moto_api_backend
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from auditor.demo.front import Answered, Front
from auditor.demo.supplements import Supplements
from auditor.demo.wire import Request, credentials
from auditor.demo.writing import is_xml

_SEED = 20260930


class _Moto:
    """moto's answers, and ours where its own are not enough."""

    def __init__(self, supplements: Supplements) -> None:
        self._supplements = supplements
        self._app = DomainDispatcherApplication(create_backend_app)

    def account_of(self, environ: dict[str, Any]) -> str:
        key_id, _, _ = credentials(environ.get("HTTP_AUTHORIZATION", ""))
        return get_account_id_from(key_id) if key_id else DEFAULT_ACCOUNT_ID

    def answer(self, environ: dict[str, Any], request: Request) -> Answered:
        kinds: list[str] = []

        def passed() -> tuple[int, bytes]:
            status, content, kind = _ask(self._app, environ, request.body)
            kinds.append(kind)
            return status, content

        own = self._supplements.handle(request, passed)
        if own is None:
            status, content = passed()
            return status, content, kinds[0]
        return (*own, kinds[0] if kinds else "text/xml" if is_xml(request.service) else "application/json")


class Simulation(Front):
    """A front with moto behind it. Start with `with`; it leaves nothing behind."""

    def __init__(self) -> None:
        """Prepare; nothing listens yet."""
        self.supplements = Supplements()
        super().__init__(_Moto(self.supplements))

    def __enter__(self) -> Self:
        """Empty every backend and listen."""
        moto_api_backend.reset()
        mock_random.seed(_SEED)
        return super().__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop listening and empty every backend."""
        super().__exit__(kind, error, trace)
        moto_api_backend.reset()


def _ask(app: Any, environ: dict[str, Any], body: bytes) -> Answered:
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
