"""Requests named as `service:Operation`, with their parameters by boto3's names, whatever the protocol."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qs, unquote

import botocore.session
from botocore.model import ListShape, MapShape, OperationModel, ServiceModel, Shape, StructureShape

_SCOPE = re.compile(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/aws4_request")
_BY_SIGNING_NAME = {
    "access-analyzer": "accessanalyzer",
    "bedrock-agentcore": "bedrock-agentcore-control",
    "elasticloadbalancing": "elbv2",
    "monitoring": "cloudwatch",
    "sso": "sso-admin",
}
"""botocore's service names where requests are signed under another."""


@dataclass(frozen=True)
class Request:
    """One call, as the front sees it."""

    service: str
    """botocore's service name."""
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

    @property
    def parameters(self) -> dict[str, Any]:
        """Return what was asked, by boto3's parameter names; in a URI every value is a text."""
        shape = operation_model(self).input_shape
        if shape is None:
            return {}
        if protocol_of(self.service) in {"query", "ec2"}:
            return _form(shape, parse_qs(self.body.decode()))
        given = {**self.members, **self.query, **self.path}
        return {
            name: given[wire]
            for name, member in shape.members.items()
            if (wire := member.serialization.get("name", name)) in given
        }


def operation_model(request: Request) -> OperationModel:
    """Return botocore's model of the operation that a request asks for."""
    return model(request.service).operation_model(request.operation)


@cache
def model(service: str) -> ServiceModel:
    """Return botocore's model of a service."""
    return botocore.session.get_session().get_service_model(service)


def protocol_of(service: str) -> str:
    """Return the protocol that botocore speaks with a service: `json`, `rest-json`, `query` or `ec2`."""
    return str(model(service).resolved_protocol)


def _form(shape: StructureShape, given: Mapping[str, list[str]], prefix: str = "") -> dict[str, Any]:
    """Return the parameters of a form-encoded request: `Filter.member.1=User`."""
    found: dict[str, Any] = {}
    for name, member in shape.members.items():
        value = _form_value(member, given, prefix + str(member.serialization.get("name", name)))
        if value is not None:
            found[name] = value
    return found


def _form_value(shape: Shape, given: Mapping[str, list[str]], name: str) -> Any:
    match shape:
        case ListShape():
            pattern = re.compile(rf"^{re.escape(name)}(?:\.member|\.\w+)?\.(\d+)(?:$|\.)")
            indexes = sorted({int(match.group(1)) for key in given if (match := pattern.match(key))})
            stems = {int(m.group(1)): m.group(0).rstrip(".") for key in given if (m := pattern.match(key))}
            return [_form_value(shape.member, given, stems[each]) for each in indexes] or None
        case StructureShape():
            return _form(shape, given, f"{name}.") or None
        case MapShape():
            return None
        case _:
            return given[name][0] if name in given else None


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
    _, region, signed = credentials(environ.get("HTTP_AUTHORIZATION", ""))
    path, verb = environ.get("RAW_URI", environ.get("PATH_INFO", "/")).partition("?")[0], environ["REQUEST_METHOD"]
    query = {name: values[0] for name, values in parse_qs(environ.get("QUERY_STRING", "")).items()}
    service = _BY_SIGNING_NAME.get(signed, signed)
    if service == "apigateway" and path.startswith("/v2/"):
        service = "apigatewayv2"
    place: Mapping[str, str] = {}
    if "HTTP_X_AMZ_TARGET" in environ:
        operation = environ["HTTP_X_AMZ_TARGET"].rpartition(".")[2]
    elif service and protocol_of(service).startswith("rest"):
        operation, place = _by_uri(service, verb, path)
    else:
        operation = parse_qs(body.decode(errors="replace")).get("Action", ["?"])[0]
    return Request(service, operation, account, region, place, query, body)


def _by_uri(service: str, verb: str, path: str) -> tuple[str, Mapping[str, str]]:
    for method, pattern, name in _uris(service):
        match = pattern.match(path)
        if match and method == verb:
            return name, {key: unquote(value) for key, value in match.groupdict().items()}
    return "?", {}
