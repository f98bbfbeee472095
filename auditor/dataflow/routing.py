"""Where the calls go: the class of an integration, its target, and a short word for it (dataflow.md section 1.2)."""

import re

from auditor.dataflow.functions import function_arn, function_name, unqualified
from auditor.model.fact import Absent, Fact, NotApplicable, Present, Unread
from auditor.model.flow import Backend
from auditor.model.route_parts import Integration

_SERVICE = re.compile(r"arn:[^:]+:apigateway:[^:]*:(?P<service>[^:]+):(?P<how>action|path)/(?P<what>.*)")
_PORT = re.compile(r":\d*\Z")
_LISTENER = re.compile(r"arn:[^:]+:elasticloadbalancing:.*:listener/[a-z]+/(?P<name>[^/]+)/.*")


def backend(integration: Fact[Integration]) -> Backend:
    """Return where a route sends its calls."""
    match integration:
        case Present(value=found):
            return _backend(found)
        case Unread():
            return Backend(kind="UNKNOWN", label="not read", target=None)
        case Absent() | NotApplicable():
            return Backend(kind="NONE", label="no integration", target=None)


def _backend(found: Integration) -> Backend:
    if found.subtype:
        return Backend(kind="AWS_SERVICE", label=found.subtype, target=found.uri)
    if found.type == "MOCK":
        return Backend(kind="MOCK", label="mock answer", target=None)
    if found.uri is None or found.type not in {"AWS", "AWS_PROXY", "HTTP", "HTTP_PROXY"}:
        return Backend(kind="UNKNOWN", label=f"{found.type}, target unknown", target=found.uri)
    if found.connection_type == "VPC_LINK":
        return Backend(kind="PRIVATE", label=f"private {_host(found.uri)}", target=found.uri)
    if found.type in {"HTTP", "HTTP_PROXY"}:
        return Backend(kind="HTTP", label=_origin(found.uri), target=found.uri)
    return _aws(found.uri)


def _aws(uri: str) -> Backend:
    arn = function_arn(uri)
    if arn is not None:
        return Backend(kind="LAMBDA", label=f"λ {function_name(arn)}", target=arn)
    found = _SERVICE.fullmatch(uri)
    if found is not None:
        what = found["what"].partition("&")[0] if found["how"] == "action" else f"/{found['what']}"
        return Backend(kind="AWS_SERVICE", label=f"{found['service']} {what}", target=uri)
    return Backend(kind="UNKNOWN", label="AWS, target unknown", target=uri)


def _origin(uri: str) -> str:
    """Return scheme and host; the text as it is where stage variables leave no host to read."""
    scheme, separator, rest = uri.partition("://")
    return f"{scheme}://{rest.partition('/')[0].rpartition('@')[2]}" if separator else uri


def _host(uri: str) -> str:
    found = _LISTENER.fullmatch(uri)
    if found is not None:
        return found["name"]
    return _authority(uri) or uri.rpartition("/")[2] or uri


def host_of(url: str) -> str:
    """Return the host of a URL without its port, in lower case; empty where there is none. No text is too broken for it."""
    return _PORT.sub("", _authority(url)).lower()


def _authority(uri: str) -> str:
    return _origin(uri).partition("://")[2]


def target_key(target: str) -> str:
    """Return what makes two back ends one: the function without version or alias, the origin of a URL, the ARN of a listener."""
    if ":function:" in target:
        return unqualified(target)
    scheme, separator, rest = target.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}".lower() if separator else target
