"""Answers written through botocore's shapes, in the service's own protocol: the wire as AWS's own.

A value that a shape does not know, or of another type, is refused: what is served here has AWS's form, or is not served.
"""

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape

from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape

from auditor.demo.wire import Request, operation_model, protocol_of

_XML = frozenset({"query", "ec2"})
_NUMBERS = frozenset({"integer", "long", "float", "double"})


class UnlikeAwsError(ValueError):
    """An answer that does not have the form that botocore's model gives the operation."""


def answer(request: Request, value: Mapping[str, Any]) -> bytes:
    """Return an operation's answer, members renamed and values written as its shapes say."""
    return write(request.service, operation_model(request), value)


def is_xml(service: str) -> bool:
    """Return whether a service answers in XML."""
    return protocol_of(service) in _XML


def write(service: str, operation: OperationModel, value: Mapping[str, Any]) -> bytes:
    """Return an answer's body; raise UnlikeAwsError where the value is not of the output's shape."""
    shape = operation.output_shape
    if shape is None:
        raise UnlikeAwsError(f"{operation.name} answers nothing")
    payload = shape.serialization.get("payload")
    if payload is not None and shape.members[payload].type_name == "blob":
        return json.dumps(value[payload]).encode()
    if is_xml(service):
        return _document(service, operation, _plain(shape, value, service, operation.name)).encode()
    return json.dumps(_json(shape, _plain(shape, value, service, operation.name))).encode()


def _plain(shape: Shape, value: Any, service: str, path: str) -> Any:
    """Return a value with every leaf as the wire writes it; raise UnlikeAwsError where it does not fit the shape."""
    match shape:
        case StructureShape():
            return _structure(shape, value, service, path)
        case ListShape():
            _expect(value, list, path)
            return [_plain(shape.member, each, service, f"{path}[{n}]") for n, each in enumerate(value)]
        case MapShape():
            _expect(value, dict, path)
            return {str(key): _plain(shape.value, each, service, f"{path}.{key}") for key, each in value.items()}
        case _:
            return _leaf(shape, value, service, path)


def _structure(shape: StructureShape, value: Any, service: str, path: str) -> dict[str, Any]:
    _expect(value, dict, path)
    unknown = sorted(set(value) - set(shape.members))
    if unknown:
        raise UnlikeAwsError(f"{path} ({shape.name}) has no {', '.join(unknown)}")
    missing = [name for name in shape.required_members if value.get(name) is None and name in shape.members]
    if missing:
        raise UnlikeAwsError(f"{path} ({shape.name}) lacks {', '.join(missing)}")
    return {
        name: _plain(member, value[name], service, f"{path}.{name}")
        for name, member in shape.members.items()
        if value.get(name) is not None
    }


def _expect(value: Any, kind: type, path: str) -> None:
    if not isinstance(value, kind):
        raise UnlikeAwsError(f"{path} is no {kind.__name__}: {value!r}")


def _leaf(shape: Shape, value: Any, service: str, path: str) -> Any:
    match shape.type_name:
        case "timestamp":
            return _time(shape, value, service)
        case "boolean":
            _expect(value, bool, path)
            return value
        case name if name in _NUMBERS:
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise UnlikeAwsError(f"{path} is no number: {value!r}")
            return value
        case "blob":
            return base64.b64encode(value if isinstance(value, bytes) else str(value).encode()).decode()
        case _:
            return _text(value, service, path)


def _text(value: Any, service: str, path: str) -> str:
    """Return a text. A document may be given as a mapping: IAM percent-encodes it, the others write it as JSON."""
    if isinstance(value, dict):
        written = json.dumps(value)
        return quote(written, safe="-_.~") if service == "iam" else written
    _expect(value, str, path)
    return str(value)


def _time(shape: Shape, value: Any, service: str) -> Any:
    moment = value if isinstance(value, datetime) else datetime.fromtimestamp(value, UTC)
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    named = shape.serialization.get("timestampFormat")
    if named == "iso8601" or (named is None and service == "apigatewayv2") or is_xml(service):
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    return int(moment.timestamp())


def _json(shape: Shape, value: Any) -> Any:
    """Return plain members under their names on the wire."""
    match shape:
        case StructureShape():
            return {
                str(member.serialization.get("name", name)): _json(member, value[name])
                for name, member in shape.members.items()
                if name in value and member.serialization.get("location") is None
            }
        case ListShape():
            return [_json(shape.member, each) for each in value]
        case MapShape():
            return {key: _json(shape.value, each) for key, each in value.items()}
        case _:
            return value


def _document(service: str, operation: OperationModel, value: Mapping[str, Any]) -> str:
    shape = operation.output_shape
    inner = "".join(
        _element(str(member.serialization.get("name", name)), member, value[name])
        for name, member in (shape.members.items() if shape else ())
        if name in value
    )
    name = operation.name
    if protocol_of(service) == "ec2":
        return f"<{name}Response><requestId>r</requestId>{inner}</{name}Response>"
    told = "<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata>"
    return f"<{name}Response><{name}Result>{inner}</{name}Result>{told}</{name}Response>"


def _element(name: str, shape: Shape, value: Any) -> str:
    match shape:
        case StructureShape():
            inner = "".join(
                _element(str(member.serialization.get("name", each)), member, value[each])
                for each, member in shape.members.items()
                if each in value
            )
        case ListShape():
            inner = "".join(
                _element(str(shape.member.serialization.get("name", "member")), shape.member, each) for each in value
            )
        case MapShape():
            inner = "".join(
                f"<entry><key>{escape(str(key))}</key>{_element('value', shape.value, each)}</entry>"
                for key, each in value.items()
            )
        case _ if isinstance(value, bool):
            inner = "true" if value else "false"
        case _:
            inner = escape(str(value))
    return f"<{name}>{inner}</{name}>"
