"""Answers in which every member that botocore's model knows is present, with marked secrets wherever an estate may keep one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

from auditor.collect.interface import Operation
from auditor.collect.registry import collectors
from auditor.demo.front import Answered
from auditor.demo.wire import Request, model, operation_model
from auditor.demo.writing import is_xml, write
from tests.collecting import ACCOUNT, AS_OF

MARK = "MARKED-SECRET"
_NAMED = re.compile(
    r"(?:password|passwd|passphrase|privatekey|secret|secretstring|secretbinary|secretvalue|secretaccesskey|hectoken|"
    r"sessiontoken|accesstoken|bearertoken|attributevalue)$",
    re.IGNORECASE,
)
_MAPS = frozenset(
    {
        "variables",
        "stagevariables",
        "stagevariableoverrides",
        "environment",
        "staticqueryparameters",
        "customparameters",
    }
)
_KEY_SHAPES = frozenset({"ApiKey", "UsagePlanKey"})
"""Whose member `value` is the key itself."""
_PROSE = frozenset({"description", "comment", "cloudtrailevent"})


@dataclass
class Planting:
    """One answer in the making, and the secrets planted in it."""

    operation: Operation
    planted: dict[str, str] = field(default_factory=dict)
    """Path by secret."""

    def answer(self) -> dict[str, Any]:
        """Return the answer, by boto3's names."""
        shape = model(self.operation.service).operation_model(self.operation.name).output_shape
        if not isinstance(shape, StructureShape):
            return {}
        payload = shape.serialization.get("payload")
        if payload and shape.members[payload].type_name == "blob":
            return {payload: self._export()}
        made: dict[str, Any] = self._value(shape, "", (), secret=False)
        page = self.operation.page
        for name, member in shape.members.items():
            wire = member.serialization.get("name", name)
            if page is not None and wire == page.token_out:
                made.pop(name, None)
            if page is not None and wire == page.more:
                made[name] = False
        return made

    def _secret(self, path: str) -> str:
        secret = f"{MARK}-{self.operation.name}-{len(self.planted):04}"
        self.planted[secret] = path
        return secret

    def _value(self, shape: Shape, path: str, above: tuple[str, ...], *, secret: bool) -> Any:
        match shape:
            case StructureShape():
                return dict(self._members(shape, path, (*above, shape.name)))
            case ListShape():
                return [] if shape.member.name in above else [self._value(shape.member, path, above, secret=secret)]
            case MapShape():
                return self._map(shape, path, above, secret=secret)
            case _:
                return self._leaf(shape, path, secret=secret)

    def _members(self, shape: StructureShape, path: str, above: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
        for name, member in shape.members.items():
            if member.name in above or _needs(member, above):
                continue
            here = f"{path}.{name}"
            is_key = name == "value" and shape.name in _KEY_SHAPES
            is_header = name == "Value" and path.endswith("InsertHeaders")
            secret = is_key or is_header or bool(_NAMED.search(name)) or name.lower() in _MAPS
            yield name, self._value(member, here, above, secret=secret)

    def _map(self, shape: MapShape, path: str, above: tuple[str, ...], *, secret: bool) -> Any:
        if shape.value.name in above:
            return {}
        made = {"x": self._value(shape.value, f"{path}.x", above, secret=secret)}
        if shape.value.type_name == "string" and not shape.value.enum and not is_xml(self.operation.service):
            made |= {name: self._secret(f"{path}.{name}") for name in ("client_secret", "password")}
        return made

    def _leaf(self, shape: Shape, path: str, *, secret: bool) -> Any:
        plain = {"boolean": True, "timestamp": AS_OF, "integer": 1, "long": 1, "float": 1, "double": 1}
        if shape.type_name in plain:
            return plain[shape.type_name]
        if getattr(shape, "enum", None):
            return shape.enum[-1]
        if secret:
            return self._secret(path)
        is_prose = path.rpartition(".")[2].lower() in _PROSE
        return f'{{"note": "password={self._secret(path)} and more"}}' if is_prose else "x"

    def _export(self) -> dict[str, Any]:
        header = "integration.request.header.Authorization"
        backend = {
            "type": "http",
            "httpMethod": "GET",
            "uri": f"https://user:{self._secret('uri')}@backend.example/",
            "requestParameters": {header: f"'{self._secret(header)}'"},
            "requestTemplates": {"application/json": f'{{"password": "{self._secret("template")}"}}'},
        }
        scheme = {"type": "apiKey", "name": "x", "in": "header", "client_secret": self._secret("scheme")}
        return {
            "openapi": "3.0.1",
            "info": {"description": f"token={self._secret('info')}"},
            "paths": {"/x": {"get": {"x-amazon-apigateway-integration": backend}}},
            "components": {"securitySchemes": {"x": scheme}},
        }


def _needs(shape: Shape, above: tuple[str, ...]) -> bool:
    """Return whether a shape must hold one that it stands in: such a one cannot be written to its end."""
    if not isinstance(shape, StructureShape):
        return False
    return any(shape.members[name].name in above for name in shape.required_members if name in shape.members)


def written(operation: Operation, answer: dict[str, Any]) -> bytes:
    """Return an answer on the wire."""
    return write(operation.service, model(operation.service).operation_model(operation.name), answer)


class Full:
    """A backend whose every answer is full. What was planted is remembered."""

    def __init__(self) -> None:
        """Start with nothing planted."""
        self._declared = {each.id: each for of in collectors() for each in of.operations}
        self.planted: dict[str, str] = {}

    def account_of(self, environ: dict[str, Any]) -> str:
        """Every credential belongs to one account."""
        del environ
        return ACCOUNT

    def answer(self, environ: dict[str, Any], request: Request) -> Answered:
        """Return the answer to a call."""
        del environ
        kind = "text/xml" if is_xml(request.service) else "application/json"
        if request.id == "sts:GetCallerIdentity":
            told = {"UserId": "AROA1", "Account": ACCOUNT, "Arn": f"arn:aws:iam::{ACCOUNT}:role/auditor"}
            return 200, write("sts", operation_model(request), told), kind
        operation = self._declared[request.id]
        planting = Planting(operation)
        body = written(operation, planting.answer())
        self.planted |= planting.planted
        return 200, body, kind
