"""no-credentials-to-third-parties: the callers' credentials stay with this organisation.

Claim: a call to a host outside of the trusted domains carries none of the sensitive headers as the client sent them. Population:
every deployed route. Deviation: such a header goes on by itself, or a mapping or template copies it. Cannot see: what the back end
hands on, and credentials in bodies and query strings.

Trusted are the parameter's domains and what is below them, and this estate's own domain names and APIs. Without any trusted domain
nobody has said whose a host is, so a person must. Whether a blanked header of a REST proxy arrives empty or not at all was never
tried on a live account.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from auditor.checks.back_ends import AWS, HTTP, INTERNET, MOCK, VPC_LINK, hidden_variable, host, integration_of
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
from auditor.checks.route_questions import is_message_route
from auditor.model.estate import Estate
from auditor.model.fact import need
from auditor.model.gateway import Api, DeployedRoute, DomainName, Protocol, RestApi
from auditor.model.route_parts import Integration
from auditor.model.transform import Source, Space, Transform, TransformKind, Where

_PROXY = "HTTP_PROXY"
_UNREMOVABLE = ("authorization", "x-amz-")
"""Headers that no mapping of an HTTP API may touch (developer guide, parameter mapping for HTTP APIs)."""
_ENDPOINT = re.compile(r"(?P<api>[a-z0-9]+)\.execute-api\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(?:\.cn)?")
_HEADER = "header "
_REPLACING = frozenset(
    {TransformKind.REMOVE, TransformKind.SET_STATIC, TransformKind.OVERWRITE, TransformKind.ADD_IDENTITY}
)


class _Params(Params):
    trusted_domains: list[str]
    """Domains of this organisation, without wildcards: each with all below it."""
    sensitive_headers: list[str]


def _test(item: ResourceItem[DeployedRoute], estate: Estate, params: _Params) -> Outcome:
    route = item.of
    integration = integration_of(route, estate)
    if integration is None or integration.type in AWS | {MOCK}:
        return not_applicable("calls go to no host outside of AWS")
    if integration.type not in HTTP or integration.connection_type not in INTERNET | {VPC_LINK}:
        return undecided("what kind of integration this is, is not known to this version", type=integration.type)
    if integration.connection_type == VPC_LINK:
        return not_applicable("calls go through a VPC link, into this organisation's network")
    hidden = hidden_variable(integration)
    where = host(integration.uri)
    if hidden is not None or where is None:
        return undecided("the host that is called is chosen by a stage variable, or not told", uri=integration.uri)
    if _is_ours(where, estate, params.trusted_domains):
        return not_applicable(f"{where} is trusted")
    return _judged(route, integration, where, params, estate)


def _judged(route: DeployedRoute, integration: Integration, where: str, params: _Params, estate: Estate) -> Outcome:
    sensitive = [each.lower() for each in params.sensitive_headers]
    changes = _changes(route, estate)
    flowing = sorted({name for name in sensitive if _goes(name, route, integration, changes)})
    if not flowing:
        if any(each.kind is TransformKind.NOT_UNDERSTOOD for each in changes):
            return undecided(f"what is sent to {where} is not understood", host=where)
        return passed(f"none of the callers' credentials go to {where}", host=where)
    # A domain name that nobody saw could be this very host.
    estate.whole(DomainName, route.account, route.region)
    named = ", ".join(flowing)
    if not params.trusted_domains:
        return needs_attestation(
            f"{named} of the caller goes to {where}; if that is yours, add it to trusted_domains, else strip it",
            host=where,
            headers=[*flowing],
        )
    stuck = " (an HTTP API cannot strip it)" if _is_stuck(flowing[0], route) else ""
    return failed(
        f"{named} of the caller goes to {where}{stuck}, which is no trusted domain", host=where, headers=[*flowing]
    )


def _changes(route: DeployedRoute, estate: Estate) -> tuple[Transform, ...]:
    found = estate.flow_of(route).transforms
    if found is None:
        need(route.integration_responses)
        need(route.integration)
    return tuple(each for each in found or () if each.where is Where.REQUEST)


def _goes(name: str, route: DeployedRoute, integration: Integration, changes: tuple[Transform, ...]) -> bool:
    """Return whether a header of the client reaches the back end under any name."""
    if any(_copies(each, name) for each in changes):
        return True
    if integration.type != _PROXY or is_message_route(route):
        # Only what is mapped is sent; messages of a WebSocket carry no headers.
        return False
    if _is_stuck(name, route):
        return True
    writes = [each for each in changes if each.target == _HEADER + name and each.kind in _REPLACING]
    return not writes


def _is_stuck(name: str, route: DeployedRoute) -> bool:
    return route.protocol is Protocol.HTTP and name.startswith(_UNREMOVABLE)


def _copies(change: Transform, name: str) -> bool:
    if change.kind is TransformKind.PASS_ALL or change.kind is TransformKind.IMPLICIT:
        return False
    return any(_is_of(each, name) for each in change.sources)


def _is_of(source: Source, name: str) -> bool:
    if source.space is Space.CLIENT_ALL:
        return source.path in {"", "header"}
    return source.space is Space.CLIENT_HEADER and source.path.lower() in {"", name}


def _is_ours(where: str, estate: Estate, trusted: Iterable[str]) -> bool:
    if any(where == each or where.endswith(f".{each}") for each in _bare(trusted)):
        return True
    return _is_of_the_estate(where, estate)


def _bare(domains: Iterable[str]) -> Iterator[str]:
    return (each.lower().removeprefix("*.").strip(".") for each in domains)


def _is_of_the_estate(where: str, estate: Estate) -> bool:
    """Return whether a host is a domain name or a default endpoint of this estate."""
    found = _ENDPOINT.fullmatch(where)
    if found is not None:
        apis: Iterator[RestApi | Api] = chain(estate.of(RestApi), estate.of(Api))
        return any((each.api_id, each.region) == (found["api"], found["region"]) for each in apis)
    named = (each for each in estate.of(DomainName) if each.domain.lower() == where)
    return any(need(each.owner_account) is None for each in named)


CHECK = Check(
    name="no-credentials-to-third-parties",
    reads=("DeployedRoute", "DomainName"),
    params=_Params,
    population=lambda estate: items(estate.of(DeployedRoute)),
    test=_test,
    concerns=holds(DeployedRoute),
)
