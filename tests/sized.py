"""An account of any size: answers made on the spot, through botocore's shapes, for as many APIs, roles and keys as are asked for.

For budgets of calls and for pacing, where moto is too slow. Operations that nothing is written for answer as empty as their
shape allows, so that a new collector is counted from its first day.
"""

import json
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

from auditor.collect.interface import Operation
from auditor.collect.registry import collectors
from auditor.demo.front import Answered
from auditor.demo.wire import Request, operation_model
from auditor.demo.writing import UnlikeAwsError, answer, is_xml
from tests.collecting import ACCOUNT, AS_OF
from tests.sized_answers import ANSWERS, Size

SMALL = Size(
    rest_apis=5,
    resources=10,
    methods=2,
    http_apis=3,
    routes=10,
    roles=20,
    users=10,
    kms_keys=20,
    secrets=10,
    certificates=5,
)
LARGE = Size(
    rest_apis=100,
    resources=20,
    methods=2,
    http_apis=10,
    routes=10,
    roles=500,
    users=100,
    kms_keys=200,
    secrets=100,
    certificates=20,
)


class Sized:
    """The backend: every API has one stage, which logs to one group; every key rotates; no secret does."""

    def __init__(self, size: Size) -> None:
        """Take the size of the account."""
        self._size = size
        self._declared = {each.id: each for of in collectors() for each in of.operations}
        self.blank: set[str] = set()
        """Operations that were answered as empty as their shape allows."""

    def account_of(self, environ: dict[str, Any]) -> str:
        """Every credential belongs to one account."""
        del environ
        return ACCOUNT

    def answer(self, environ: dict[str, Any], request: Request) -> Answered:
        """Return the answer to a call."""
        del environ
        kind = "text/xml" if is_xml(request.service) else "application/json"
        write = ANSWERS.get(request.id)
        if write is not None:
            return 200, answer(request, write(self._size, request.parameters)), kind
        self.blank.add(request.id)
        return 200, blank(request, self._declared.get(request.id)), kind


def blank(request: Request, operation: Operation | None) -> bytes:
    """Return an answer that holds what a whole one must, and no record."""
    shape = operation_model(request).output_shape
    if not isinstance(shape, StructureShape):
        return b"{}"
    if shape.serialization.get("payload"):
        return json.dumps({name: {} for name in operation.required} if operation else {}).encode()
    names = set(shape.required_members)
    if operation is not None:
        wire = {*operation.required, *(name for name, _ in operation.records)}
        names |= {name for name, each in shape.members.items() if each.serialization.get("name", name) in wire}
    try:
        return answer(request, {name: _least(shape.members[name]) for name in names})
    except UnlikeAwsError:
        return b"{}"


def _least(shape: Shape) -> Any:
    match shape:
        case StructureShape():
            return {name: _least(shape.members[name]) for name in shape.required_members}
        case ListShape():
            return []
        case MapShape():
            return {}
        case _:
            return {"boolean": False, "timestamp": AS_OF, "string": "none", "blob": b"none"}.get(shape.type_name, 0)
