"""The integrity guard: a 200 whose body is short, blank, HTML or of the wrong shape is broken, not empty.

botocore turns such bodies into `{}` for its JSON services (measured); here the raw bytes are looked at instead.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from auditor.collect.interface import Operation
from auditor.normalize.wire import parse_body

_HTTP_OK = 200


class BrokenAnswerError(Exception):
    """A success that carries no whole answer."""


@dataclass(frozen=True)
class RawAnswer:
    """An HTTP answer before botocore interprets it."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Tap:
    """Keeps the last raw answer of each thread, from botocore's `before-parse` event."""

    def __init__(self) -> None:
        """Start with nothing heard."""
        self._heard = threading.local()

    def hear(self, response_dict: Mapping[str, Any], **_unused: object) -> None:
        """Take the answer that botocore is about to parse."""
        body = response_dict.get("body", b"")
        self._heard.answer = RawAnswer(
            status=int(response_dict["status_code"]),
            headers={str(name).lower(): str(value) for name, value in response_dict["headers"].items()},
            body=bytes(body) if isinstance(body, bytes | bytearray) else b"",
        )

    def clear(self) -> None:
        """Forget what this thread heard, before a new attempt."""
        self._heard.answer = None

    @property
    def answer(self) -> RawAnswer | None:
        """What this thread heard last; None where no HTTP answer came."""
        return getattr(self._heard, "answer", None)


def whole(operation: Operation, answer: RawAnswer) -> Mapping[str, Any]:
    """Return the parsed body of a whole answer; raise BrokenAnswerError for any other."""
    if answer.status != _HTTP_OK:
        raise BrokenAnswerError(f"status {answer.status}")
    length = answer.headers.get("content-length")
    if length is not None and length.isdigit() and int(length) != len(answer.body):
        raise BrokenAnswerError("body shorter than announced")
    try:
        parsed = parse_body(operation.id, answer.body)
    except ValueError as error:
        raise BrokenAnswerError("body is not of the service's format") from error
    for name in operation.required:
        if name not in parsed or parsed[name] is None:
            raise BrokenAnswerError(f"{name} is missing")
    if operation.page is not None and not _is_list(parsed.get(operation.page.items)):
        raise BrokenAnswerError(f"{operation.page.items} is no list of records")
    return parsed


def _is_list(value: object) -> bool:
    """Return whether a value is a list of records as the wire gives it: an empty XML list is an empty text."""
    if value is None or value == "":
        return True
    return isinstance(value, list) and all(isinstance(each, dict) for each in value)
