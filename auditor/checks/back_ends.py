"""The back ends of deployed routes, stage variables put in, and what management declared of them."""

import re
from functools import lru_cache

from auditor.dataflow.functions import function_arn, unqualified
from auditor.dataflow.variables import resolved, used_in, variables_of
from auditor.model.estate import Estate
from auditor.model.fact import need
from auditor.model.gateway import DeployedRoute, Stage
from auditor.model.register import Backend
from auditor.model.route_parts import Integration

HTTP = frozenset({"HTTP", "HTTP_PROXY"})
AWS = frozenset({"AWS", "AWS_PROXY"})
MOCK = "MOCK"
INTERNET = frozenset({None, "INTERNET"})
VPC_LINK = "VPC_LINK"
_CANARY = "#canary/"
_LOGIN = re.compile(r"(?<=://)[^/?#]*@")
_SERVICE_TARGETS = ("QueueUrl", "StateMachineArn", "EventBusName", "StreamName", "DeliveryStreamName", "Application")
"""Parameters in which a first-class integration of an HTTP API names what it calls."""


def integration_of(route: DeployedRoute, estate: Estate) -> Integration | None:
    """Return a route's integration, stage variables put in; a variable whose value was not kept stays as written.

    Raises NotReadError where the integration is unread, or the variables that stand in it.
    """
    found = need(route.integration)
    if found is None or not used_in(found):
        return found
    stage = estate.one(Stage, route.account, route.stage_arn)
    if stage is None:
        estate.whole(Stage, route.account, route.region, route.api_arn)
        return found
    is_canary = _CANARY in route.arn
    need(stage.variable_values)
    if is_canary:
        need(stage.canary_variable_values)
    return resolved(found, variables_of(stage, canary=is_canary))


def hidden_variable(integration: Integration) -> str | None:
    """Return the stage variable that still stands in a target after the known ones were put in."""
    return next((name for place, name in used_in(integration) if place != "credentials"), None)


def declared(integration: Integration, entries: tuple[Backend, ...]) -> Backend | None:
    """Return the entry of the register that names a back end: by ARN, or the longest beginning of its URL."""
    return declared_as(targets_of(integration), entries)


def declared_as(targets: tuple[str, ...], entries: tuple[Backend, ...]) -> Backend | None:
    """Return the entry of the register that names what has these names."""
    found = [each for each in entries if any(_names(each.target, target) for target in targets)]
    return max(found, key=lambda each: len(each.target), default=None)


def targets_of(integration: Integration) -> tuple[str, ...]:
    """Return the names under which the register may hold a back end, the one to propose first; functions without alias."""
    if integration.subtype is not None:
        given = (integration.request_parameters.get(name) for name in _SERVICE_TARGETS)
        return (*(each for each in given if each and not each.startswith("$")), integration.subtype)
    return tuple(_bare(each) for each in (integration.target, integration.uri) if each)


def origin(target: str) -> str:
    """Return scheme and host of a URL in lower case, an ARN whole: what a register line names."""
    scheme, separator, rest = target.partition("://")
    return f"{scheme.lower()}://{rest.partition('/')[0].lower()}" if separator else target


def host(uri: str | None) -> str | None:
    """Return the host of a URL in lower case, without its port; None where it is no URL."""
    _, separator, rest = (uri or "").partition("://")
    place = rest.partition("/")[0].partition("?")[0].rpartition("@")[2]
    return place.partition(":")[0].lower() or None if separator else None


def entry(integration: Integration) -> str:
    """Return the line to add to the register for a back end."""
    return entry_for(next((origin(each) for each in targets_of(integration)), "…"))


def entry_for(target: str) -> str:
    """Return the line to add to the register for a target."""
    return f"{{target: {target}, owner: …, environment: …, data_class: …, internal: …}}"


def _bare(uri: str) -> str:
    """Return a function's ARN without version and alias, and a URL without a login: no register should hold one."""
    arn = function_arn(uri)
    if arn is not None:
        return unqualified(arn)
    return _LOGIN.sub("", uri)


def _names(named: str, target: str) -> bool:
    if named == target:
        return True
    return "://" in named and _folded(target).startswith(_folded(named).rstrip("/") + "/")


@lru_cache(maxsize=16384)
def _folded(url: str) -> str:
    """Return a URL with a slash behind its host, scheme and host in lower case: those are no different in upper case."""
    scheme, separator, rest = url.partition("://")
    if not separator:
        return url
    place, _, path = rest.partition("/")
    return f"{scheme.lower()}://{place.lower()}/{path}"
