"""How much of one answer is read: a body that never ends, in bytes or in time, is broken before it fills the memory."""

import time
from collections.abc import Iterator
from io import BytesIO
from typing import Any, Protocol

from botocore.awsrequest import AWSResponse
from botocore.exceptions import ConnectionClosedError, HTTPClientError, ReadTimeoutError
from urllib3.exceptions import HTTPError, ProtocolError
from urllib3.exceptions import ReadTimeoutError as SocketTimeoutError

from auditor.collect.settings import Patience

_CHUNK = 2**16


class EndlessBodyError(Exception):
    """A body that was longer, or took longer, than any whole answer."""


class HttpSession(Protocol):
    """What botocore sends a request with (botocore.httpsession.URLLib3Session)."""

    def send(self, request: Any) -> AWSResponse:
        """Send, and return the answer."""

    def close(self) -> None:
        """Close every connection."""


class BoundedSession:
    """Sends through botocore's own session, and reads every body here: up to a length, up to a time."""

    def __init__(self, inner: HttpSession, patience: Patience) -> None:
        """Take the session that a client was made with."""
        self._inner = inner
        self._patience = patience

    def send(self, request: Any) -> AWSResponse:
        """Return the answer with its whole body; raise EndlessBodyError for one that does not end."""
        # botocore would read the body itself, however long; asked for a stream it leaves that to us.
        request.stream_output = True
        answer = self._inner.send(request)
        try:
            body = _read(answer.raw, self._patience)
        except SocketTimeoutError as error:
            raise ReadTimeoutError(endpoint_url=request.url, error=error) from error
        except ProtocolError as error:
            raise ConnectionClosedError(error=error, request=request, endpoint_url=request.url) from error
        except HTTPError as error:
            raise HTTPClientError(error=error) from error
        finally:
            # A connection whose body was read to its end has gone back to the pool by now; any other is closed.
            answer.raw.close()
        return AWSResponse(answer.url, answer.status_code, answer.headers, _Body(body))

    def close(self) -> None:
        """Close every connection."""
        self._inner.close()


def bound(client: Any, patience: Patience) -> None:
    """Let a client read bodies within bounds."""
    endpoint = client._endpoint  # noqa: SLF001 - botocore has no other place where the reading can be bounded
    endpoint.http_session = BoundedSession(endpoint.http_session, patience)


class _Body(BytesIO):
    """A body that was read, in the form that botocore takes a raw answer."""

    def stream(self, **_unused: object) -> Iterator[bytes]:
        """Yield what is there, once."""
        if content := self.read():
            yield content


def _read(raw: Any, patience: Patience) -> bytes:
    parts: list[bytes] = []
    length, deadline = 0, time.monotonic() + patience.total
    # One read of the socket at a time: a body that drips must not outlast its deadline.
    while chunk := raw.read1(_CHUNK):
        parts.append(chunk)
        length += len(chunk)
        if length > patience.longest_body:
            raise EndlessBodyError(f"body longer than {patience.longest_body} bytes")
        if time.monotonic() > deadline:
            raise EndlessBodyError(f"body not whole after {patience.total:g} s")
    return b"".join(parts)
