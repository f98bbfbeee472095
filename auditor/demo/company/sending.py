"""Where routes of REST APIs send their calls, as the engineers write it: the members of PutIntegration."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Sends = dict[str, Any]
_CALLER = "arn:aws:iam::*:user/*"


@dataclass(frozen=True)
class Reply:
    """A declared answer, and the answers of the back end that become it."""

    status: str = "200"
    pattern: str = ""
    """Empty: all that no other pattern chooses."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Header to its source: `'*'`, `integration.response.header.etag`."""
    template: str = ""
    model: str = ""


def proxy(url: str, headers: Mapping[str, str] | None = None, verb: str = "ANY", **more: Any) -> Sends:
    """Pass the whole request on; headers are set from their sources over what the client sent."""
    return _sends("HTTP_PROXY", url, verb, headers, more)


def custom(url: str, template: str, headers: Mapping[str, str] | None = None, verb: str = "POST", **more: Any) -> Sends:
    """Send only what the mapping and the template of JSON bodies say."""
    return _sends("HTTP", url, verb, headers, {**_templates(template), **more})


def queue(url: str, role: str, template: str, **more: Any) -> Sends:
    """Put a message into a queue, by the action in the body."""
    headers = {"Content-Type": "'application/x-www-form-urlencoded'"}
    return _sends("AWS", url, "POST", headers, {**_templates(template), "credentials": role, **more})


def as_caller(url: str, verb: str = "GET", **more: Any) -> Sends:
    """Call a service of AWS with the caller's own rights."""
    return _sends("AWS", url, verb, None, {"credentials": _CALLER, **more})


def mock() -> Sends:
    """Answer without a back end."""
    return {"type": "MOCK", "requestTemplates": {"application/json": '{"statusCode": 200}'}}


def _templates(template: str) -> Sends:
    return {"requestTemplates": {"application/json": template}}


def _sends(kind: str, uri: str, verb: str, headers: Mapping[str, str] | None, more: Sends) -> Sends:
    mapped = {f"integration.request.header.{name}": source for name, source in (headers or {}).items()}
    mapped |= more.pop("requestParameters", {})
    given = {"requestParameters": mapped} if mapped else {}
    return {"type": kind, "uri": uri, "integrationHttpMethod": verb, **given, **more}
