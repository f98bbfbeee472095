"""Answers that go wrong on purpose, with the code and the form of each protocol."""

import json
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatch

from auditor.demo.wire import Request

_QUERY = frozenset({"iam", "sts", "ec2"})
_REST = frozenset({"apigateway", "apigatewayv2"})
_HTML = b"<!doctype html><html><body><h1>It works</h1></body></html>"


class Fault(StrEnum):
    """What goes wrong."""

    DENY = "deny"
    EXPIRED = "expired"
    THROTTLE = "throttle"
    ERROR = "error500"
    TRUNCATE = "truncate"
    BLANK = "blank"
    HTML = "html"
    WRONG_TYPE = "wrongtype"


@dataclass
class Rule:
    """A fault for the calls that match; `times` None: always."""

    operation: str
    fault: Fault
    region: str | None = None
    account: str | None = None
    times: int | None = None
    after: int = 0
    """Calls that match and still go right, first."""

    def matches(self, request: Request) -> bool:
        """Return whether the rule holds for a call, and use one of its times up."""
        here = fnmatch(request.id, self.operation)
        here = here and self.region in {None, request.region} and self.account in {None, request.account}
        if not here or self.times == 0:
            return False
        if self.after > 0:
            self.after -= 1
            return False
        if self.times is not None:
            self.times -= 1
        return True


@dataclass
class Faults:
    """The rules in force, and what was called."""

    rules: list[Rule] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)

    def of(self, request: Request) -> Fault | None:
        """Return the fault of a call, if a rule asks for one."""
        return next((rule.fault for rule in self.rules if rule.matches(request)), None)


def refusal(request: Request, fault: Fault) -> tuple[int, bytes, str]:
    """Return status, body and content type of an error as the service's protocol writes it."""
    status, code = _code(request, fault)
    if request.service in _QUERY:
        body = f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>simulated</Message></Error></ErrorResponse>"
        return status, body.encode(), "text/xml"
    return status, json.dumps({"__type": code, "message": "simulated"}).encode(), "application/x-amz-json-1.1"


def _code(request: Request, fault: Fault) -> tuple[int, str]:
    is_query, is_rest = request.service in _QUERY, request.service in _REST
    match fault:
        case Fault.DENY:
            return (403, "AccessDenied") if is_query else (403 if is_rest else 400, "AccessDeniedException")
        case Fault.EXPIRED:
            return (403, "ExpiredToken") if is_query else (403 if is_rest else 400, "ExpiredTokenException")
        case Fault.THROTTLE if is_rest:
            return 429, "TooManyRequestsException"
        case Fault.THROTTLE:
            return 400, "Throttling" if is_query else "ThrottlingException"
        case _:
            return 500, "InternalFailure" if is_query else "InternalServerError"


def spoiled(request: Request, fault: Fault, body: bytes) -> bytes:
    """Return the body of a success that is none."""
    match fault:
        case Fault.TRUNCATE:
            return body[: len(body) // 2]
        case Fault.HTML:
            return _HTML
        case Fault.WRONG_TYPE:
            return b"<WrongResponse/>" if request.service in _QUERY else b'["not", "an", "object"]'
        case _:
            return b""


REFUSALS = frozenset({Fault.DENY, Fault.EXPIRED, Fault.THROTTLE, Fault.ERROR})
