"""Answers that go wrong on purpose, with the code and the form of each protocol."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatch
from typing import Any

from auditor.demo import spoiling
from auditor.demo.spoiling import PageNames
from auditor.demo.wire import Request, protocol_of


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
    """The root is of another type."""
    WRONG_ERROR = "wrongerror"
    """An error whose body is of another type."""
    WRONG_MEMBERS = "wrongmembers"
    """Every list of the answer is a text."""
    WRONG_RECORDS = "wrongrecords"
    """Every record of every list is a text."""
    WRONG_MEMBER = "wrongmember"
    """One member of the answer is of another type."""
    DEEP = "deep"
    """The answer holds a member that nests thousandfold."""
    ENDLESS = "endless"
    """The body does not end."""
    LOOPING_TOKEN = "looping-token"  # noqa: S105 - a page token that comes again and again
    ALTERNATING_TOKENS = "alternating-tokens"
    """Two page tokens take turns."""
    ENDLESS_PAGES = "endless-pages"
    """Every page holds records and names a next one, by a token that never was."""
    ENDLESS_BLANK_PAGES = "endless-blank-pages"
    """Every page after the first is blank and names a next one."""
    PAGES = "pages"
    """The list has three pages: no fault at all."""
    PAGE_DENIED = "page-denied"
    """The list has three pages, and the second is refused."""
    PAGE_THROTTLED = "page-throttled"
    """The list has three pages, and the second is throttled the first time that it is asked for."""


REFUSALS = frozenset({Fault.DENY, Fault.EXPIRED, Fault.THROTTLE, Fault.ERROR, Fault.UNAVAILABLE})
"""Faults that are an error of the service."""
TRANSPORT = frozenset({Fault.RESET, Fault.TIME_OUT})
"""Faults of the way there: no answer at all."""
PAGING = frozenset(
    {
        Fault.LOOPING_TOKEN,
        Fault.ALTERNATING_TOKENS,
        Fault.ENDLESS_PAGES,
        Fault.ENDLESS_BLANK_PAGES,
        Fault.PAGES,
        Fault.PAGE_DENIED,
        Fault.PAGE_THROTTLED,
    }
)
"""Faults that only a list which goes on can have."""
_PARTS = 3


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
    member: str = ""
    """For WRONG_MEMBER: its name on the wire."""
    value: Any = None
    """For WRONG_MEMBER: what stands there instead."""
    refused: set[bytes] = field(default_factory=set)
    """For PAGE_THROTTLED: the calls that were told once."""

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


_SPOILED: dict[Fault, Callable[[bytes], bytes]] = {
    Fault.TRUNCATE: lambda body: body[: len(body) // 2],
    Fault.WRONG_MEMBERS: spoiling.lists_as_texts,
    Fault.WRONG_RECORDS: spoiling.records_as_texts,
    Fault.DEEP: spoiling.deep,
}
"""Bodies that keep something of the answer, and so its status."""


def spoiled(rule: Rule, status: int, body: bytes) -> tuple[int, bytes]:
    """Return status and body of a success that is none."""
    match rule.fault:
        case Fault.HTML:
            return 200, spoiling.HTML
        case Fault.WRONG_TYPE:
            return 200, spoiling.wrong_root(body)
        case Fault.WRONG_ERROR:
            return 400, spoiling.wrong_root(body)
        case Fault.WRONG_MEMBER:
            return status, spoiling.with_member(body, rule.member, rule.value)
        case fault if fault in _SPOILED:
            return status, _SPOILED[fault](body)
        case _:
            return 200, b""


def paged(request: Request, rule: Rule, answer: tuple[int, bytes, str]) -> tuple[int, bytes, str]:
    """Return one page of a list that goes on: part of its records, and the token of a next page, as the fault has it."""
    status, body, kind = answer
    if rule.pages is None:
        raise ValueError(f"{rule.operation}: a fault of paging needs the names of its pages")
    asked = request.parameters.get(rule.pages.token_in)
    number = int(str(asked).removeprefix("page-")) if asked is not None else 0
    if number and rule.fault is Fault.PAGE_DENIED:
        return refusal(request, Fault.DENY)
    if number == 1 and rule.fault is Fault.PAGE_THROTTLED and _first_time(rule, request):
        return refusal(request, Fault.THROTTLE)
    part, following = _step(rule.fault, number)
    token = None if following is None else f"page-{following}"
    return status, spoiling.page(body, rule.pages, part, token), kind


def _first_time(rule: Rule, request: Request) -> bool:
    call = repr((request.path, sorted(request.query.items()))).encode() + request.body
    is_first = call not in rule.refused
    rule.refused.add(call)
    return is_first


def _step(fault: Fault, number: int) -> tuple[tuple[int, int], int | None]:
    """Return which part of the list page `number` holds, and the number of the page that it names."""
    match fault:
        case Fault.LOOPING_TOKEN:
            return (0, 1), 1
        case Fault.ALTERNATING_TOKENS:
            return (0, 1), 2 if number == 1 else 1
        case Fault.ENDLESS_PAGES:
            return (0, 1), number + 1
        case Fault.ENDLESS_BLANK_PAGES:
            return (number, 1), number + 1
        case _:
            return (number, _PARTS), number + 1 if number + 1 < _PARTS else None
