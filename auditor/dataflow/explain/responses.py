"""What a caller sees of a refusal: gateway response types as data, and customised ones that hide them (dataflow.md section 4.1).

Statuses and messages: developer guide, "Gateway response types"; the error type in header `x-amzn-errortype` as AWS's
knowledge centre names it, None where it does not. Customised answers are the working copy's: they count once they are deployed.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from auditor.dataflow.passage import Passage
from auditor.dataflow.transformation.gateway_errors import STATUSES, hides_type
from auditor.model.contract import GatewayResponse
from auditor.model.fact import Fact, Present, Unread
from auditor.model.gateway import Protocol


@dataclass(frozen=True, slots=True)
class Plain:
    """What a type answers where nothing is customised."""

    message: str | None
    """None: it differs from case to case."""
    errortype: str | None


PLAIN: Mapping[str, Plain] = {
    "MISSING_AUTHENTICATION_TOKEN": Plain("Missing Authentication Token", "MissingAuthenticationTokenException"),
    "RESOURCE_NOT_FOUND": Plain(None, None),
    "WAF_FILTERED": Plain("Forbidden", "ForbiddenException"),
    "ACCESS_DENIED": Plain("User is not authorized to access this resource", "AccessDeniedException"),
    "UNAUTHORIZED": Plain("Unauthorized", "UnauthorizedException"),
    "EXPIRED_TOKEN": Plain("The security token included in the request is expired", "ExpiredTokenException"),
    "INVALID_SIGNATURE": Plain(None, "InvalidSignatureException"),
    "AUTHORIZER_FAILURE": Plain(None, None),
    "AUTHORIZER_CONFIGURATION_ERROR": Plain(None, None),
    "INVALID_API_KEY": Plain("Forbidden", "ForbiddenException"),
    "QUOTA_EXCEEDED": Plain("Limit Exceeded", "LimitExceededException"),
    "THROTTLED": Plain("Too Many Requests", "TooManyRequestsException"),
    "BAD_REQUEST_PARAMETERS": Plain(None, "BadRequestException"),
    "BAD_REQUEST_BODY": Plain("Invalid request body", "BadRequestException"),
    "REQUEST_TOO_LARGE": Plain("Request Too Long", None),
    "UNSUPPORTED_MEDIA_TYPE": Plain("Unsupported Media Type", None),
    "API_CONFIGURATION_ERROR": Plain("Internal server error", None),
    "INTEGRATION_FAILURE": Plain("Network error communicating with endpoint", None),
    "INTEGRATION_TIMEOUT": Plain("Endpoint request timed out", None),
}
HTTP: Mapping[str, tuple[int, str]] = {
    "MISSING_AUTHENTICATION_TOKEN": (403, "Forbidden"),
    "NOT_FOUND": (404, "Not Found"),
    "ACCESS_DENIED": (403, "Forbidden"),
    "UNAUTHORIZED": (401, "Unauthorized"),
    "AUTHORIZER_CONFIGURATION_ERROR": (500, "Internal Server Error"),
    "THROTTLED": (429, "Too Many Requests"),
    "API_CONFIGURATION_ERROR": (500, "Internal Server Error"),
    "INTEGRATION_FAILURE": (503, "Service Unavailable"),
}
"""HTTP APIs have no types and no answers to customise: their fixed statuses and messages, by the type that it would be."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a caller sees."""

    type: str | None
    status: int | None
    message: str | None
    also: tuple[str, ...] = ()


Answers = tuple[GatewayResponse, ...] | None
"""Those that somebody customised; None: not read."""


def seen(response: str | None, protocol: Protocol, answers: Answers, message: str | None) -> Seen:
    """Return what callers see of a refusal. `message`: of this case, where it differs; empty: not known."""
    if response is None:
        return Seen(None, None, None)
    if protocol is Protocol.HTTP:
        status, usual = HTTP[response]
        return Seen(None, status, None if message == "" else usual)
    status, text = int(STATUSES[response]), (PLAIN[response].message if message is None else message or None)
    if protocol is Protocol.WEBSOCKET:
        return Seen(response, status, text)
    if answers is None:
        note = f"Usually {status}; whether answers of this API were customised was not read."
        return Seen(response, None, None, (note,))
    return _customised(response, Seen(response, status, text), answers)


def _customised(response: str, plain: Seen, answers: tuple[GatewayResponse, ...]) -> Seen:
    by_type = {each.response_type: each for each in answers}
    group = f"DEFAULT_{str(plain.status)[:1]}XX"
    found = by_type.get(response) or by_type.get(group)
    if found is None:
        return plain
    name = found.response_type
    status = _status(found.status, plain.status)
    message = plain.message if _has_no_template(found.templates) else None
    if status is None:
        return Seen(response, None, message, (f"Which status gateway response {name} sets was not read.",))
    notes = []
    if status != plain.status and hides_type(name, str(status)):
        notes.append(
            f"Callers see {status}, set by gateway response {name}; the true type is {response} ({plain.status})."
        )
    if message is None and plain.message is not None:
        notes.append(f"Gateway response {name} has a body of its own, so the message is another.")
    return Seen(response, status, message, tuple(notes))


def _status(fact: Fact[str], own: int | None) -> int | None:
    if isinstance(fact, Unread):
        return None
    return int(fact.value) if isinstance(fact, Present) and fact.value.isdecimal() else own


def _has_no_template(fact: Fact[dict[str, str]]) -> bool:
    return not isinstance(fact, Unread) and not (isinstance(fact, Present) and fact.value)


def confirmations(response: str | None, protocol: Protocol, passage: Passage) -> tuple[str, ...]:
    """Return how to find the refusal in the access log, as far as the stage writes what is needed."""
    if protocol is Protocol.HTTP:
        wanted, value = "error.message", None
    else:
        wanted, value = "error.responseType", response
    if not isinstance(passage.log, Present):
        what = "was not read" if isinstance(passage.log, Unread) else "is not written"
        return (
            f"To confirm: the stage's access log {what}; it would show $context.{wanted}.",
            *_header(response, protocol),
        )
    named = {each.name for each in passage.log.value.variables}
    has = wanted in named or f"{wanted}String" in named
    tail = f" is {value}" if value else ""
    if has:
        return (f"To confirm: filter the access log for entries whose $context.{wanted}{tail}.",)
    return (f"To confirm: the access log lacks $context.{wanted}; add it.", *_header(response, protocol))


def _header(response: str | None, protocol: Protocol) -> tuple[str, ...]:
    errortype = PLAIN[response].errortype if response and protocol is Protocol.REST else None
    return (f"Header x-amzn-errortype of the answer says {errortype}.",) if errortype else ()
