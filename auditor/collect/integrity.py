"""The integrity guard: a 200 whose body is short, blank, HTML or of the wrong shape is broken, not empty.

botocore turns such bodies into `{}` for its JSON services (measured); here the raw bytes are looked at instead.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.model import OperationModel

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
    """Takes each answer's raw bytes from botocore's `before-parse` event, and gives botocore nothing to parse.

    What botocore makes of an answer is never used: it drops members that its model does not know, and its parsers fail
    in their own ways on values of another type. So it gets an empty answer in the real one's place.
    """

    def __init__(self) -> None:
        """Start with nothing heard."""
        self._heard = threading.local()

    def hear(self, response_dict: dict[str, Any], operation_model: OperationModel, **_unused: object) -> None:
        """Take the answer that botocore is about to parse."""
        body, status = response_dict.get("body", b""), int(response_dict["status_code"])
        self._heard.answer = RawAnswer(
            status=status,
            headers={str(name).lower(): str(value) for name, value in response_dict["headers"].items()},
            body=bytes(body) if isinstance(body, bytes | bytearray) else b"",
        )
        if status == _HTTP_OK and not operation_model.has_streaming_output:
            response_dict["body"] = _nothing(operation_model)

    def clear(self) -> None:
        """Forget what this thread heard, before a new attempt."""
        self._heard.answer = None

    @property
    def answer(self) -> RawAnswer | None:
        """What this thread heard last; None where no HTTP answer came."""
        return getattr(self._heard, "answer", None)


def _nothing(model: OperationModel) -> bytes:
    """Return an empty answer in the service's format."""
    if model.service_model.metadata["protocol"] in {"query", "ec2"}:
        return f"<{model.name}Response><{model.name}Result/></{model.name}Response>".encode()
    return b"{}"


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
    paged = () if operation.page is None else (operation.page.items,)
    for name in dict.fromkeys((*operation.texts, *paged)):
        of, what = (str, "texts") if name in operation.texts else (dict, "records")
        if not _is_list(parsed.get(name), of):
            raise BrokenAnswerError(f"{name} is no list of {what}")
    for name, identity in operation.records:
        if not _is_list(parsed.get(name)) or not all(_is_named(each, identity) for each in parsed.get(name) or ()):
            raise BrokenAnswerError(f"{name} holds a record without {identity}")
    return parsed


def _is_named(record: Mapping[str, Any], identity: str) -> bool:
    value = record.get(identity)
    return isinstance(value, str) and bool(value)


def _is_list(value: object, of: type = dict) -> bool:
    """Return whether a value is a list of records (or texts) as the wire gives it: an empty XML list is an empty text."""
    if value is None or value == "":
        return True
    return isinstance(value, list) and all(isinstance(each, of) for each in value)
