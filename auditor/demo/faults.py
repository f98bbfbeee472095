"""Answers that go wrong on purpose, with the code and the form of each protocol."""

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatch
from typing import Any

from auditor.demo.wire import Request, protocol_of

_HTML = b"<!doctype html><html><body><h1>It works</h1></body></html>"


class Fault(StrEnum):
    """What goes wrong."""

    DENY = "deny"
    EXPIRED = "expired"
    THROTTLE = "throttle"
    ERROR = "error500"
    UNAVAILABLE = "error503"
    RESET = "reset"
    TIME_OUT = "time-out"
    TRUNCATE = "truncate"
    BLANK = "blank"
    HTML = "html"
    WRONG_TYPE = "wrongtype"
    WRONG_MEMBERS = "wrongmembers"
    """Every list of the answer is a text, every record in it gone."""
    LOOPING_TOKEN = "looping-token"  # noqa: S105 - a page token that comes again and again
    PAGE_DENIED = "page-denied"
    """The list has three pages, and the second is refused."""


REFUSALS = frozenset({Fault.DENY, Fault.EXPIRED, Fault.THROTTLE, Fault.ERROR, Fault.UNAVAILABLE})
"""Faults that are an error of the service."""
TRANSPORT = frozenset({Fault.RESET, Fault.TIME_OUT})
"""Faults of the way there: no answer at all."""
PAGING = frozenset({Fault.LOOPING_TOKEN, Fault.PAGE_DENIED})
"""Faults that only a list which goes on can have."""
_TOKEN = "page-2"  # noqa: S105 - a page token


@dataclass(frozen=True)
class PageNames:
    """How an operation's list goes on, by its names on the wire."""

    items: str
    token_out: str
    token_in: str
    """boto3's parameter."""
    more: str | None = None


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
    pages: PageNames | None = None
    """For the faults of paging."""

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

    def of(self, request: Request) -> Rule | None:
        """Return the rule that spoils a call, if any."""
        return next((rule for rule in self.rules if rule.matches(request)), None)


def refusal(request: Request, fault: Fault) -> tuple[int, bytes, str]:
    """Return status, body and content type of an error as the service's protocol writes it."""
    protocol = protocol_of(request.service)
    status, code = _CODES[protocol][fault]
    if protocol == "ec2":
        told = f"<Errors><Error><Code>{code}</Code><Message>simulated</Message></Error></Errors>"
        return status, f"<Response>{told}<RequestID>r</RequestID></Response>".encode(), "text/xml"
    if protocol == "query":
        body = f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>simulated</Message></Error></ErrorResponse>"
        return status, body.encode(), "text/xml"
    return status, json.dumps({"__type": code, "message": "simulated"}).encode(), "application/x-amz-json-1.1"


_CODES: dict[str, dict[Fault, tuple[int, str]]] = {
    "ec2": {
        Fault.DENY: (403, "UnauthorizedOperation"),
        Fault.EXPIRED: (403, "ExpiredToken"),
        Fault.THROTTLE: (503, "RequestLimitExceeded"),
        Fault.UNAVAILABLE: (503, "Unavailable"),
        Fault.ERROR: (500, "InternalError"),
    },
    "query": {
        Fault.DENY: (403, "AccessDenied"),
        Fault.EXPIRED: (403, "ExpiredToken"),
        Fault.THROTTLE: (400, "Throttling"),
        Fault.UNAVAILABLE: (503, "ServiceUnavailable"),
        Fault.ERROR: (500, "InternalFailure"),
    },
    "rest-json": {
        Fault.DENY: (403, "AccessDeniedException"),
        Fault.EXPIRED: (403, "ExpiredTokenException"),
        Fault.THROTTLE: (429, "TooManyRequestsException"),
        Fault.UNAVAILABLE: (503, "ServiceUnavailableException"),
        Fault.ERROR: (500, "InternalServerError"),
    },
    "json": {
        Fault.DENY: (400, "AccessDeniedException"),
        Fault.EXPIRED: (400, "ExpiredTokenException"),
        Fault.THROTTLE: (400, "ThrottlingException"),
        Fault.UNAVAILABLE: (503, "ServiceUnavailable"),
        Fault.ERROR: (500, "InternalServerError"),
    },
}
"""Status and code of each refusal, by protocol (botocore's retry definitions, the services' common errors)."""


def spoiled(fault: Fault, body: bytes) -> bytes:
    """Return the body of a success that is none."""
    is_xml = body.lstrip()[:1] == b"<"
    match fault:
        case Fault.TRUNCATE:
            return body[: len(body) // 2]
        case Fault.HTML:
            return _HTML
        case Fault.WRONG_TYPE:
            return b"<WrongResponse/>" if is_xml else b'["not", "an", "object"]'
        case Fault.WRONG_MEMBERS if is_xml:
            return re.sub(rb"<(member|item)>.*</\1>", rb"<\1>none</\1>", body, flags=re.DOTALL)
        case Fault.WRONG_MEMBERS:
            return json.dumps(_without_records(json.loads(body))).encode()
        case _:
            return b""


def _without_records(value: Any) -> Any:
    match value:
        case list():
            return "none"
        case dict():
            return {name: _without_records(inner) for name, inner in value.items()}
        case _:
            return value


def paged(request: Request, rule: Rule, answer: tuple[int, bytes, str]) -> tuple[int, bytes, str]:
    """Return one page of a list that goes on: with the first half of its records, or with the same token each time."""
    status, body, kind = answer
    pages = rule.pages
    if pages is None:
        raise ValueError(f"{rule.operation}: a fault of paging needs the names of its pages")
    asked = request.parameters.get(pages.token_in)
    if rule.fault is Fault.PAGE_DENIED and asked is not None:
        return refusal(request, Fault.DENY)
    return status, _with_token(request, pages, body), kind


def _with_token(request: Request, pages: PageNames, body: bytes) -> bytes:
    if body.lstrip()[:1] == b"<":
        extra = f"<{pages.token_out}>{_TOKEN}</{pages.token_out}>"
        if pages.more:
            extra += f"<{pages.more}>true</{pages.more}>"
            body = re.sub(rf"<{pages.more}>[^<]*</{pages.more}>".encode(), b"", body)
        end = (
            f"</{request.operation}Result>"
            if f"</{request.operation}Result>".encode() in body
            else f"</{request.operation}Response>"
        )
        return body.replace(end.encode(), extra.encode() + end.encode())
    document: dict[str, Any] = json.loads(body)
    records = document.get(pages.items)
    if isinstance(records, list):
        document[pages.items] = records[: len(records) // 2]
    document[pages.token_out] = _TOKEN
    if pages.more:
        document[pages.more] = True
    return json.dumps(document).encode()
