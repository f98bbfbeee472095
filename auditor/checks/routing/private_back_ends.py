"""private-back-ends: back ends declared internal are reached through a VPC link that works, to an internal load balancer.

Claim: no call to an internal back end leaves AWS's network or meets a load balancer that the internet reaches too. Population:
every deployed route. Deviation: a public host, a link that is not AVAILABLE, an internet-facing load balancer. Cannot see: the
rules of security groups, which decide who beside the link may call the load balancer.
"""

import re

from auditor.checks.back_ends import (
    AWS,
    HTTP,
    INTERNET,
    MOCK,
    VPC_LINK,
    declared,
    entry,
    hidden_variable,
    host,
    integration_of,
)
from auditor.checks.interface import (
    Check,
    Outcome,
    Params,
    ResourceItem,
    failed,
    items,
    needs_attestation,
    not_applicable,
    passed,
    undecided,
)
from auditor.checks.listed import holds
from auditor.model.doors import VpcLink
from auditor.model.estate import Estate
from auditor.model.fact import NotReadError, need
from auditor.model.gateway import DeployedRoute
from auditor.model.load_balancers import LoadBalancer
from auditor.model.route_parts import Integration

_NOT_WORKING = frozenset({"PENDING", "DELETING", "FAILED", "INACTIVE"})
_LISTENER = re.compile(
    r"(?P<head>arn:[^:]+:elasticloadbalancing:[^:]+:[^:]+:)listener/(?P<name>(?:app|net)/[^/]+/[^/]+)/.+"
)
_BALANCER = re.compile(r"arn:[^:]+:elasticloadbalancing:[^:]+:(?P<account>[^:]+):loadbalancer/.+")


def _test(item: ResourceItem[DeployedRoute], estate: Estate, _params: Params) -> Outcome:
    route = item.of
    integration = integration_of(route, estate)
    if integration is None or integration.type == MOCK:
        return not_applicable("no back end stands behind the route")
    if integration.type in AWS:
        return not_applicable(
            "functions and AWS services are called through AWS's own endpoints", type=integration.type
        )
    if integration.type not in HTTP or integration.connection_type not in INTERNET | {VPC_LINK}:
        return undecided("what kind of integration this is, is not known to this version", type=integration.type)
    hidden = hidden_variable(integration)
    if hidden is not None:
        return undecided(
            f"stage variable {hidden} chooses the back end, and its value was not kept", uri=integration.uri
        )
    return _declared(integration, estate) or _reached(route, integration, estate)


def _declared(integration: Integration, estate: Estate) -> Outcome | None:
    """Return what follows from the register; None where it says that the back end is internal."""
    found = declared(integration, estate.registers.backends or ())
    if found is None:
        return needs_attestation(
            f"whether this back end is internal is not declared; add it to the register: {entry(integration)}",
            uri=integration.uri,
        )
    return None if found.internal else not_applicable(f"{found.target} is declared not to be internal")


def _reached(route: DeployedRoute, integration: Integration, estate: Estate) -> Outcome:
    if integration.connection_type != VPC_LINK:
        return failed(f"an internal back end is called over the internet: {host(integration.uri) or integration.uri}")
    return _link(route, integration, estate)


def _link(route: DeployedRoute, integration: Integration, estate: Estate) -> Outcome:
    here = (route.account, route.region)
    link = next(
        (
            each
            for each in estate.of(VpcLink)
            if ((each.account, each.region), each.link_id) == (here, integration.connection_id)
        ),
        None,
    )
    if link is None:
        estate.whole(VpcLink, *here)
        return failed(f"the VPC link {integration.connection_id} does not exist", ("list:VpcLink",))
    status = need(link.status)
    if status in _NOT_WORKING:
        return failed(f"the VPC link {link.name} is {status}, not AVAILABLE", (link.arn,), status=status)
    if status != "AVAILABLE":
        return undecided("the status of the VPC link is not known to this version", (link.arn,), status=status)
    return _balancers(route, link, _targets(integration, link), estate)


def _targets(integration: Integration, link: VpcLink) -> tuple[str, ...]:
    """Return what a link leads to: of the older kind it says so itself, of the newer kind the integration does."""
    if link.version == "V2":
        found = integration.target or integration.uri
        return (found,) if found else ()
    named = need(link.target_arns)
    return named or ()


def _balancers(route: DeployedRoute, link: VpcLink, targets: tuple[str, ...], estate: Estate) -> Outcome:
    if not targets:
        return undecided("which load balancer stands behind the VPC link is not told", (link.arn,))
    schemes: dict[str, str | None] = {}
    for target in targets:
        arn = _balancer_arn(target)
        if arn is None:
            return needs_attestation(
                f"what stands behind the VPC link is no load balancer that is read: say that {target} is not public",
                (link.arn,),
            )
        balancer = estate.one(LoadBalancer, route.account, arn)
        if balancer is None:
            return _unseen(route, link, arn, estate)
        schemes[arn] = need(balancer.scheme)
    also = (link.arn, *schemes)
    public = next((arn for arn, scheme in schemes.items() if scheme == "internet-facing"), None)
    if public is not None:
        return failed(f"the load balancer behind the VPC link faces the internet: {_short(public)}", also)
    if any(scheme != "internal" for scheme in schemes.values()):
        return undecided("whether the load balancer faces the internet is not known to this version", also)
    return passed(f"reached by the VPC link {link.name}, through an internal load balancer", also)


def _unseen(route: DeployedRoute, link: VpcLink, arn: str, estate: Estate) -> Outcome:
    """Judge a load balancer that is not in the snapshot: of another account, not read, or gone."""
    found = _BALANCER.fullmatch(arn)
    if found is None or found["account"] != route.account:
        return needs_attestation(
            f"the load balancer stands in another account, where it is not read: say that {_short(arn)} is internal",
            (link.arn,),
        )
    listings = [
        each
        for each in estate.listings
        if (each.kind, each.account, each.region) == ("LoadBalancer", route.account, route.region)
    ]
    if not listings:
        return undecided("the load balancer behind the VPC link was not read", (link.arn,))
    cut = next((each for each in listings if not each.complete), None)
    if cut is not None:
        raise NotReadError(estate.gap_of(cut))
    return failed(
        f"the load balancer behind the VPC link does not exist: {_short(arn)}", (link.arn, "list:LoadBalancer")
    )


def _balancer_arn(target: str) -> str | None:
    """Return the load balancer's ARN, from its own or from one of its listeners'."""
    if _BALANCER.fullmatch(target):
        return target
    found = _LISTENER.fullmatch(target)
    return f"{found['head']}loadbalancer/{found['name']}" if found else None


def _short(arn: str) -> str:
    return arn.rpartition("loadbalancer/")[2] or arn


CHECK = Check(
    name="private-back-ends",
    reads=("DeployedRoute", "VpcLink", "LoadBalancer"),
    params=Params,
    population=lambda estate: items(estate.of(DeployedRoute)),
    test=_test,
    concerns=holds(DeployedRoute),
    registers=("backends",),
)
