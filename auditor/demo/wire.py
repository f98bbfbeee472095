"""Requests named as `service:Operation`, and answers written through botocore's shapes: the wire as AWS's own."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any
from urllib.parse import parse_qs, unquote

import botocore.session
from botocore.model import ListShape, MapShape, OperationModel, ServiceModel, Shape, StructureShape

_SCOPE = re.compile(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/aws4_request")


@dataclass(frozen=True)
class Request:
    """One call, as the front sees it."""

    service: str
    operation: str
    account: str
    region: str
    path: Mapping[str, str]
    """Parameters in the URI, by botocore's names in it (`restapi_id`, `apiId`)."""
    query: Mapping[str, str]
    body: bytes

    @property
    def id(self) -> str:
        """`service:Operation`."""
        return f"{self.service}:{self.operation}"

    @property
    def members(self) -> dict[str, Any]:
        """Return the JSON body; empty where there is none."""
        parsed = json.loads(self.body) if self.body else {}
        return parsed if isinstance(parsed, dict) else {}


@cache
def model(service: str) -> ServiceModel:
    """Return botocore's model of a service."""
    return botocore.session.get_session().get_service_model(service)


@cache
def _uris(service: str) -> list[tuple[str, re.Pattern[str], str]]:
    """Return (verb, pattern, operation) of a REST service, the most literal first."""
    found = []
    for name in model(service).operation_names:
        http = model(service).operation_model(name).http
        uri = http["requestUri"].partition("?")[0]
        pattern = re.sub(r"\{(\w+)\+?\}", r"(?P<\1>[^/]+)", uri.rstrip("/"))
        found.append((http["method"], re.compile(f"^{pattern}/?$"), name))
    return sorted(found, key=lambda each: each[1].pattern.count("(?P"))


def credentials(authorization: str) -> tuple[str, str, str]:
    """Return access key id, region and signing name of a signed request."""
    match = _SCOPE.search(authorization)
    return (match.group(1), match.group(2), match.group(3)) if match else ("", "us-east-1", "")


def name_request(environ: Mapping[str, Any], body: bytes, account: str) -> Request:
    """Return what a request asks for."""
    _, region, service = credentials(environ.get("HTTP_AUTHORIZATION", ""))
    path, verb = environ.get("PATH_INFO", "/"), environ["REQUEST_METHOD"]
    query = {name: values[0] for name, values in parse_qs(environ.get("QUERY_STRING", "")).items()}
    place: Mapping[str, str] = {}
    if service == "apigateway":
        service = "apigatewayv2" if path.startswith("/v2/") else "apigateway"
        operation, place = _by_uri(service, verb, path)
    elif "HTTP_X_AMZ_TARGET" in environ:
        operation = environ["HTTP_X_AMZ_TARGET"].rpartition(".")[2]
    else:
        operation = parse_qs(body.decode(errors="replace")).get("Action", ["?"])[0]
    return Request(service, operation, account, region, place, query, body)


def _by_uri(service: str, verb: str, path: str) -> tuple[str, Mapping[str, str]]:
    for method, pattern, name in _uris(service):
        match = pattern.match(path)
        if match and method == verb:
            return name, {key: unquote(value) for key, value in match.groupdict().items()}
    return "?", {}


def answer(request: Request, value: Mapping[str, Any]) -> bytes:
    """Return a JSON service's answer, members renamed and times written as its shapes say."""
    operation = model(request.service).operation_model(request.operation)
    return json.dumps(_out(_output(operation), value, request.service)).encode()


def _output(operation: OperationModel) -> Shape:
    shape = operation.output_shape
    if shape is None:
        raise LookupError(f"{operation.name} answers nothing")
    return shape


def _out(shape: Shape, value: Any, service: str) -> Any:
    match shape:
        case StructureShape():
            unknown = set(value) - set(shape.members)
            if unknown:
                raise KeyError(f"{shape.name} has no {sorted(unknown)}")
            return {
                member.serialization.get("name", name): _out(member, value[name], service)
                for name, member in shape.members.items()
                if value.get(name) is not None
            }
        case ListShape():
            return [_out(shape.member, each, service) for each in value]
        case MapShape():
            return {key: _out(shape.value, each, service) for key, each in value.items()}
        case _ if shape.type_name == "timestamp":
            return _time(shape, value, service)
        case _:
            return value


def _time(shape: Shape, value: Any, service: str) -> Any:
    moment = value if isinstance(value, datetime) else datetime.fromtimestamp(value, UTC)
    if shape.serialization.get("timestampFormat") == "iso8601" or service == "apigatewayv2":
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return int(moment.timestamp())
