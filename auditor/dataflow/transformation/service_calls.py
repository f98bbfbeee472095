"""Calls of AWS services: which action, in whose name, and what becomes which parameter."""

from functools import lru_cache

from auditor.dataflow.routing import backend
from auditor.dataflow.transformation.mapped import Entry, put, target
from auditor.dataflow.transformation.references import sources
from auditor.dataflow.transformation.under import Under
from auditor.dataflow.transformation.wording import LONGEST, cut, fit, listed
from auditor.model.fact import Present
from auditor.model.identity import Origin
from auditor.model.route_parts import Integration
from auditor.model.transform import Source, Space, Transform, TransformKind, Where

CALLER = "arn:aws:iam::*:user/*"
"""Credentials that mean the caller's own; other partitions have their own second part."""
SERVICE_PARAMETERS = "service parameters"
_SPOKEN = {
    "dynamodb": "DynamoDB",
    "events": "EventBridge",
    "firehose": "Firehose",
    "kinesis": "Kinesis",
    "s3": "S3",
    "sns": "SNS",
    "sqs": "SQS",
    "states": "Step Functions",
}


def receiver(integration: Integration) -> str:
    """Return who gets what a body template makes, as a sentence names it."""
    found = backend(Present(value=integration))
    match found.kind:
        case "LAMBDA":
            return f"Lambda function {cut(found.label.removeprefix('λ '))}"
        case "HTTP" | "PRIVATE":
            return cut(found.label.removeprefix("private "))
        case "AWS_SERVICE":
            return _action(found.label)
        case "MOCK":
            return "the mock integration"
        case _:
            return "the back end"


def parameters(integration: Integration, under: Under) -> list[Transform]:
    """Return what sets each parameter of an HTTP API's service action."""
    return [_parameter(name, value, under) for name, value in sorted(integration.request_parameters.items())]


def called(integration: Integration, under: Under) -> list[Transform]:
    """Return the call of a service action, or of a function whose event the templates make."""
    if integration.subtype:
        return [_subtype(integration.subtype, _items(integration), _in_name_of(integration.credentials), under)]
    if integration.type != "AWS":
        return []
    return [_call(receiver(integration), integration.credentials or "", under)]


@lru_cache(maxsize=8192)
def _parameter(name: str, value: str, under: Under) -> Transform:
    found = sources(value, under.protocol)
    return put(Entry(target("parameter", name), found, replaces=False, layer=SERVICE_PARAMETERS), under)


def _items(integration: Integration) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(integration.request_parameters.items()))


@lru_cache(maxsize=4096)
def _subtype(subtype: str, given: tuple[tuple[str, str], ...], name: str, under: Under) -> Transform:
    pairs = [(key, sources(value, under.protocol)) for key, value in given]
    moving = [(key, found) for key, found in pairs if any(each.space is not Space.STATIC for each in found)]
    becomes = [f"{listed([under.phrase(each) for each in found])} becomes {cut(key)}" for key, found in moving]
    head = f"Calls {cut(subtype.replace('-', ' ', 1))}{name}"
    choices = [f"{head}: {listed(becomes, most)}." for most in (3, 2, 1)] if becomes else []
    text = next((each for each in choices if len(each) <= LONGEST), f"{head}.")
    found = tuple(dict.fromkeys(each for _, some in moving for each in some))
    origin = under.origin(found)
    return Transform(TransformKind.SERVICE_CALL, Where.REQUEST, "body", found, origin, fit(text), "integration")


@lru_cache(maxsize=4096)
def _call(whom: str, credentials: str, under: Under) -> Transform:
    verb = "Invokes" if whom.startswith("Lambda function ") else "Calls"
    own = (Source(Space.IDENTITY, "identity.caller"),) if is_callers_own(credentials) else ()
    origin = under.origin(own) if own else Origin.STATIC
    tail = ", which no caller here has" if origin is Origin.LOST else ""
    text = f"{verb} {whom}{_in_name_of(credentials)}{tail}."
    return Transform(TransformKind.SERVICE_CALL, Where.REQUEST, "", own, origin, fit(text), "integration")


def is_callers_own(credentials: str | None) -> bool:
    """Return whether the service is called with the IAM identity of whoever calls."""
    return (credentials or "").split(":", 2)[2:] == CALLER.split(":", 2)[2:]


def _in_name_of(credentials: str | None) -> str:
    if not credentials:
        return ""
    if is_callers_own(credentials):
        return " with the caller's own IAM identity"
    return f" with role {cut(credentials.rpartition('/')[2])}"


def _action(label: str) -> str:
    service, _, what = label.partition(" ")
    return cut(f"{_SPOKEN.get(service, service)} {what}")
