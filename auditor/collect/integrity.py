"""The integrity guard: a 200 whose body is short, blank, HTML or of the wrong shape is broken, not empty.

botocore turns such bodies into `{}` for its JSON services (measured); here the raw bytes are looked at instead.
"""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.model import OperationModel, Shape, StructureShape

from auditor.collect.interface import Operation
from auditor.normalize.wire import parse_body

_HTTP_OK = 200
_HTTP_ERRORS = 300
_ERROR_MEMBERS = ("__type", "code", "Code", "message", "Message")
_DEEPEST = 100
"""Levels of nesting; the documented answers have less than twenty, and what walks an answer walks it by recursion."""


class BrokenAnswerError(Exception):
    """A success that carries no whole answer."""


@dataclass(frozen=True)
class RawAnswer:
    """An HTTP answer before botocore interprets it."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    shape: Shape | None = None
    """botocore's model of the answer, by which the types of its members are known."""


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
            shape=operation_model.output_shape,
        )
        if status >= _HTTP_ERRORS:
            response_dict["body"] = _plain_error(operation_model, self._heard.answer.body)
        elif not operation_model.has_streaming_output:
            response_dict["body"] = _nothing(operation_model)

    def clear(self) -> None:
        """Forget what this thread heard, before a new attempt."""
        self._heard.answer = None

    @property
    def answer(self) -> RawAnswer | None:
        """What this thread heard last; None where no HTTP answer came."""
        return getattr(self._heard, "answer", None)


def _is_xml(model: OperationModel) -> bool:
    return str(model.service_model.resolved_protocol) in {"query", "ec2", "rest-xml"}


def _plain_error(model: OperationModel, body: bytes) -> bytes:
    """Return an error's code and message alone: botocore's parsers fail in their own ways on members of another type."""
    if _is_xml(model):
        return body
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        return b"{}"
    told = parsed if isinstance(parsed, dict) else {}
    return json.dumps({name: told[name] for name in _ERROR_MEMBERS if isinstance(told.get(name), str)}).encode()


def _nothing(model: OperationModel) -> bytes:
    """Return an empty answer in the service's format."""
    if _is_xml(model):
        return f"<{model.name}Response><{model.name}Result/></{model.name}Response>".encode()
    return b"{}"


def is_cut(answer: RawAnswer) -> bool:
    """Return whether a body is not as long as announced."""
    length = answer.headers.get("content-length")
    return length is not None and length.isdigit() and int(length) != len(answer.body)


def whole(operation: Operation, answer: RawAnswer) -> Mapping[str, Any]:
    """Return the parsed body of a whole answer; raise BrokenAnswerError for any other."""
    if answer.status != _HTTP_OK:
        raise BrokenAnswerError(f"status {answer.status}")
    if is_cut(answer):
        raise BrokenAnswerError("body shorter than announced")
    try:
        parsed = parse_body(operation.id, answer.body)
    except ValueError as error:
        raise BrokenAnswerError("body is not of the service's format") from error
    if _depth(parsed) > _DEEPEST:
        raise BrokenAnswerError("nested too deeply")
    _hold(operation, parsed, answer)
    return parsed


def keepable(answer: RawAnswer) -> None:
    """Raise BrokenAnswerError for an error whose code stands in a header alone, above a body that is no document to keep."""
    if answer.body.lstrip()[:1] == b"<":
        return
    try:
        parsed = json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise BrokenAnswerError("the error's body is not of the service's format") from error
    if _depth(parsed) > _DEEPEST:
        raise BrokenAnswerError("nested too deeply")


def _hold(operation: Operation, parsed: Mapping[str, Any], answer: RawAnswer) -> None:
    """Raise BrokenAnswerError where an answer lacks what a whole one holds."""
    is_text = answer.body.lstrip()[:1] == b"<"
    for name in operation.required:
        if parsed.get(name) is None:
            raise BrokenAnswerError(f"{name} is missing")
        if not _is_of_type(parsed[name], _member(answer.shape, name), is_text=is_text):
            raise BrokenAnswerError(f"{name} is of another type")
    paged = () if operation.page is None else (operation.page.items,)
    for name in operation.maps:
        if not isinstance(parsed.get(name), dict | None):
            raise BrokenAnswerError(f"{name} is no map")
    for name in dict.fromkeys((*operation.texts, *(each for each in paged if each not in operation.maps))):
        of, what = (str, "texts") if name in operation.texts else (dict, "records")
        if not _is_list(parsed.get(name), of, is_text=is_text):
            raise BrokenAnswerError(f"{name} is no list of {what}")
    for name, identity in operation.records:
        records = parsed.get(name)
        if not _is_list(records, is_text=is_text) or not all(_is_named(each, identity) for each in records or ()):
            raise BrokenAnswerError(f"{name} holds a record without {identity}")


def _is_named(record: Mapping[str, Any], identity: str) -> bool:
    value = record.get(identity)
    return isinstance(value, str) and bool(value)


def _is_list(value: object, of: type = dict, *, is_text: bool) -> bool:
    """Return whether a value is a list of records (or texts) as the wire gives it: an empty XML list is an empty text."""
    if value is None or (is_text and value == ""):
        return True
    return isinstance(value, list) and all(isinstance(each, of) for each in value)


def _member(shape: Shape | None, name: str) -> str | None:
    """Return the type that botocore's model gives a member of the answer, by its name on the wire; None: not known."""
    if not isinstance(shape, StructureShape) or shape.serialization.get("payload"):
        return None
    for each, member in shape.members.items():
        if member.serialization.get("name", each) == name:
            return str(member.type_name)
    return None


_JSON_TYPES: dict[str, tuple[type, ...]] = {
    "list": (list,),
    "structure": (dict,),
    "map": (dict,),
    "string": (str,),
    "boolean": (bool,),
    "blob": (str,),
}
"""Types of the plain value, by the type of the model. Times and numbers come as several."""


def _is_of_type(value: object, name: str | None, *, is_text: bool) -> bool:
    if is_text:
        # XML has texts alone; an empty list, map or record is an empty one.
        return value == "" or isinstance(value, list | dict) == (name in {"list", "structure", "map"}) or name is None
    return name not in _JSON_TYPES or isinstance(value, _JSON_TYPES[name])


def _depth(value: object) -> int:
    """Return how deeply a plain value nests, without recursion."""
    depth, level = 0, [value]
    while level and depth <= _DEEPEST:
        depth += 1
        inner = (each.values() if isinstance(each, dict) else each for each in level if isinstance(each, dict | list))
        level = [member for each in inner for member in each]
    return depth
