"""What a role must be allowed so that the gateway can call one function or AWS service with it, as far as the integration tells.

REST and WebSocket APIs name it by URI: `arn:P:apigateway:REGION:[SUBDOMAIN.]SERVICE:action/NAME`, or `path/…` after the service's
own HTTP interface; HTTP APIs by a subtype `SERVICE-Action` (API Gateway developer guide). Never tried on a live account.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from auditor.access.patterns import STAR, literal
from auditor.dataflow.functions import function_arn, unqualified
from auditor.dataflow.variables import used
from auditor.model.route_parts import Integration

_URI = re.compile(
    r"arn:[^:]+:apigateway:[^:]*:(?:[^:/]*\.)?(?P<service>[^:/.]+):(?P<kind>action|path)/(?P<rest>.*)", re.DOTALL
)
_SUBTYPE = re.compile(r"(?P<service>[A-Za-z]+)-(?P<action>[A-Za-z]+)")
_PREFIXES = {
    "eventbridge": "events",
    "stepfunctions": "states",
    "email": "ses",
    "monitoring": "cloudwatch",
    "bedrock-runtime": "bedrock",
}
"""How IAM calls a service that API Gateway calls otherwise."""
_BY_VERB = {
    ("s3", "GET"): "s3:getobject",
    ("s3", "HEAD"): "s3:getobject",
    ("s3", "PUT"): "s3:putobject",
    ("s3", "DELETE"): "s3:deleteobject",
}
_ACTION_TEXT = re.compile(r"(?:^|[?&\s'\"])Action=([A-Za-z]+)")
_ACTION_PARAMETER = "integration.request.querystring.action"


@dataclass(frozen=True)
class Need:
    """One action, and on what."""

    service: str
    """As IAM's actions begin; empty where the integration does not tell."""
    action: str
    """In small letters; empty where the integration does not tell."""
    resources: tuple[str, ...] = ()
    """Languages of all ARNs that it may be; empty where only `texts` may name it."""
    texts: tuple[str, ...] = ()
    """What the integration says, in which the resource's name may stand."""

    def mentions(self, name: str) -> bool:
        """Return whether a name stands in what the integration says, not as a part of a longer one."""
        whole = re.compile(rf"(?<![A-Za-z0-9_.-]){re.escape(name)}(?![A-Za-z0-9_-])")
        return any(whole.search(each) for each in self.texts)


def need_of(integration: Integration) -> Need:
    """Return what an integration needs; stage variables whose values are known are already put in."""
    uri = integration.uri or ""
    function = function_arn(uri)
    if function is not None:
        return invocation(function)
    texts = tuple(_texts(integration))
    if (found := _SUBTYPE.fullmatch(integration.subtype or "")) is not None:
        service = _prefix(found["service"])
        return Need(service, f"{service}:{found['action'].lower()}", texts=texts)
    if (found := _URI.fullmatch(uri)) is None:
        return Need("", "", texts=texts)
    service = _prefix(found["service"])
    if found["kind"] == "action":
        return Need(service, f"{service}:{found['rest'].partition('&')[0].lower()}", texts=texts)
    return Need(service, _of_path(service, found["rest"], integration), texts=texts)


def invocation(function: str) -> Need:
    """Return what calling a function needs: by its name, or by whatever version or alias."""
    if used(function):
        return Need("lambda", "lambda:invokefunction")
    plain = unqualified(function)
    return Need("lambda", "lambda:invokefunction", (literal(plain), literal(f"{plain}:") + STAR))


def _prefix(service: str) -> str:
    return _PREFIXES.get(service.lower(), service.lower())


def _of_path(service: str, path: str, integration: Integration) -> str:
    """Return the action of a call after a service's own HTTP interface; empty where the path does not tell."""
    named = [path.partition("?")[2] and f"?{path.partition('?')[2]}", *integration.request_templates.values()]
    written = {key.lower(): value for key, value in integration.request_parameters.items()}
    actions = {found for text in named for found in _ACTION_TEXT.findall(text)}
    if _ACTION_PARAMETER in written:
        actions.add(written[_ACTION_PARAMETER].strip("'"))
    if len(actions) == 1:
        return f"{service}:{actions.pop().lower()}"
    is_object = "/" in path.strip("/") or _has_subdomain(integration.uri or "")
    return _BY_VERB.get((service, integration.http_method or ""), "") if is_object else ""


def _has_subdomain(uri: str) -> bool:
    return "." in uri.split(":")[4]


def _texts(integration: Integration) -> Iterator[str]:
    yield integration.uri or ""
    yield from integration.request_parameters.values()
    yield from integration.request_templates.values()
