"""encrypted-back-ends: calls to HTTP back ends are encrypted, and the back end's certificate is verified.

Claim: every HTTP integration uses https and checks certificates; private integrations of HTTP APIs verify a server name.
Population: every deployed route. Deviation: http, also through a VPC link; a check that is turned off; no TLS on a private
integration. Cannot see: what happens behind the load balancer.
"""

from typing import Any

from auditor.checks.interface import (
    Check,
    Outcome,
    Params,
    ResourceItem,
    failed,
    items,
    not_applicable,
    passed,
    undecided,
)
from auditor.model.estate import Estate
from auditor.model.fact import need
from auditor.model.gateway import DeployedRoute, Protocol
from auditor.model.route_parts import Integration

_HTTP = frozenset({"HTTP", "HTTP_PROXY"})
_OTHERS = {"AWS": "an AWS service", "AWS_PROXY": "an AWS service", "MOCK": "nowhere: the gateway answers by itself"}
_CONNECTIONS = frozenset({None, "INTERNET", "VPC_LINK"})


def _test(item: ResourceItem[DeployedRoute], _estate: Estate, _params: Params) -> Outcome:
    route = item.of
    integration = need(route.integration)
    if integration is None:
        return not_applicable("the route has no integration")
    if integration.type in _OTHERS:
        return not_applicable(f"calls go to {_OTHERS[integration.type]}", type=integration.type)
    seen: dict[str, Any] = {
        "uri": integration.uri,
        "connection": integration.connection_type,
        "side": route.view.value.lower(),
    }
    if integration.type not in _HTTP or integration.connection_type not in _CONNECTIONS:
        return undecided(
            "what kind of integration this is, is not known to this version", type=integration.type, **seen
        )
    if route.protocol is Protocol.HTTP and integration.connection_type == "VPC_LINK":
        return _private(integration, seen)
    return _by_url(route, integration, seen)


def _private(integration: Integration, seen: dict[str, Any]) -> Outcome:
    """Judge a private integration of an HTTP API: its target is an ARN, and TLS is a setting of its own."""
    if integration.has_tls_config is None:
        return undecided("whether the private integration uses TLS is not told", **seen)
    if not integration.has_tls_config:
        return failed("calls through the VPC link are not encrypted: no TLS is configured", **seen)
    if integration.server_name_to_verify is None:
        return failed("calls through the VPC link name no server whose certificate is to be verified", **seen)
    return passed(f"calls through the VPC link verify {integration.server_name_to_verify}", **seen)


def _by_url(route: DeployedRoute, integration: Integration, seen: dict[str, Any]) -> Outcome:
    scheme, separator, _ = (integration.uri or "").partition("://")
    scheme = scheme.lower() if separator else ""
    if scheme == "http":
        where = "through the VPC link" if integration.connection_type == "VPC_LINK" else "to the back end"
        return failed(f"calls {where} are not encrypted: http", **seen)
    if integration.insecure_skip_verification is True:
        return failed("the back end's certificate may come from any authority: the check is turned off", **seen)
    if scheme != "https":
        return undecided("whether calls are encrypted is decided by a stage variable, or not told", **seen)
    if route.protocol is Protocol.REST and integration.insecure_skip_verification is None:
        return undecided("whether the back end's certificate is verified is not told", **seen)
    return passed("https, and the back end's certificate is verified", **seen)


CHECK = Check(
    name="encrypted-back-ends",
    reads=("DeployedRoute",),
    params=Params,
    population=lambda estate: items(estate.of(DeployedRoute)),
    test=_test,
)
