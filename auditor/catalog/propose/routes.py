"""Proposals from the deployed routes: those that anyone may call, who issues identities for them, where they lead, and domains."""

import re
from collections.abc import Iterator

from pydantic import JsonValue

from auditor.access.strangers.restriction import RestrictionKind
from auditor.catalog.propose.interface import Entry, Proposer
from auditor.checks.agent_routes import agent_entry
from auditor.checks.back_ends import MOCK, declared, hidden_variable, integration_of, origin, targets_of
from auditor.checks.route_questions import is_message_route, policy_restriction, registered
from auditor.dataflow.functions import function_arn
from auditor.dataflow.ways import Way, are_read, ways
from auditor.model.estate import Estate
from auditor.model.fact import NotReadError, Present, need
from auditor.model.gateway import DeployedRoute, DomainName
from auditor.model.register import AgentRoute, Backend, Domain, Issuer, PublicRoute
from auditor.model.route_parts import AuthorizerDefinition
from auditor.model.words import counted

_PREFLIGHT = "OPTIONS"
_FOR_AGENTS = re.compile(r"\b(agents?|mcp|a2a)\b", re.IGNORECASE)
_SHOWN = 3
"""Routes named above a back end."""


def _public_routes(estate: Estate) -> Iterator[Entry]:
    flows = {(each.account, each.route): each for each in estate.flows}
    proposed: set[str] = set()
    for route in estate.of(DeployedRoute):
        arn = route.arn.partition("#")[0]
        flow = flows.get((route.account, route.arn))
        if flow is None or arn in proposed or not _is_open(route, estate):
            continue
        proposed.add(arn)
        about = (
            f"{flow.route_key} of {flow.api_name}, stage {flow.stage}: {flow.who.label}; goes to {flow.backend.label}"
        )
        yield Entry(about, {"route": arn})


def _is_open(route: DeployedRoute, estate: Estate) -> bool:
    """Return whether a route asks nobody, no policy restricts it for certain, and the register does not name it."""
    if route.method == _PREFLIGHT or is_message_route(route) or registered(route, estate) is not None:
        return False
    try:
        if need(route.authorization_type) != "NONE":
            return False
        return policy_restriction(route, estate).kind not in {RestrictionKind.RESTRICTING, RestrictionKind.CLOSED}
    except NotReadError:
        return False


def _issuers(estate: Estate) -> Iterator[Entry]:
    declared = {each.issuer for each in estate.registers.issuers or ()}
    opens: dict[str, set[str]] = {}
    for route in estate.of(DeployedRoute):
        if isinstance(route.authorizer, Present):
            for issuer in _issuers_of(route.authorizer.value):
                opens.setdefault(issuer, set()).add(route.api_arn.rpartition("/")[2])
    for issuer in sorted(opens.keys() - declared):
        apis: list[JsonValue] = [*sorted(opens[issuer])]
        yield Entry(f"opens routes of {counted(len(apis), 'API')}", {"issuer": issuer, "apis": apis})


def _issuers_of(definition: AuthorizerDefinition) -> Iterator[str]:
    yield from definition.provider_arns
    yield from (each.issuer for each in definition.issuers)
    if definition.function_uri is not None:
        yield function_arn(definition.function_uri) or definition.function_uri


def _backends(estate: Estate) -> Iterator[Entry]:
    entries = estate.registers.backends or ()
    routes: dict[str, list[str]] = {}
    for flow in estate.flows:
        route = estate.one(DeployedRoute, flow.account, flow.route)
        target = _undeclared(route, entries, estate) if route is not None else None
        if target is not None:
            routes.setdefault(target, []).append(f"{flow.route_key} of {flow.api_name}")
    for target, found in sorted(routes.items()):
        more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        yield Entry(f"called by {', '.join(found[:_SHOWN])}{more}", {"target": target})


def _undeclared(route: DeployedRoute, entries: tuple[Backend, ...], estate: Estate) -> str | None:
    """Return the back end of a route as the register would name it; None where it does, or where it is not known."""
    try:
        integration = integration_of(route, estate)
    except NotReadError:
        return None
    if (
        integration is None
        or integration.type == MOCK
        or hidden_variable(integration)
        or declared(integration, entries)
    ):
        return None
    return next((origin(each) for each in targets_of(integration)), None)


def _domains(estate: Estate) -> Iterator[Entry]:
    declared_names = {each.domain.lower() for each in estate.registers.domains or ()}
    for domain in estate.of(DomainName):
        if domain.domain.lower() in declared_names or not are_read(domain):
            continue
        mappings: list[JsonValue] = [_mapping(each) for each in ways(domain)]
        yield Entry(
            f"leads to {counted(len(mappings), 'stage')} today", {"domain": domain.domain, "mappings": mappings}
        )


def _mapping(way: Way) -> JsonValue:
    asked: dict[str, JsonValue] = {"headers": [*way.headers]} if way.headers else {}
    stage: dict[str, JsonValue] = {"stage": way.stage} if way.stage else {}
    return {"path": way.base, "api": way.api_id, **stage, **asked}


def _agent_routes(estate: Estate) -> Iterator[Entry]:
    for flow in estate.flows:
        arn = flow.route.partition("#")[0]
        if flow.canary is None and agent_entry(arn, estate) is None and _FOR_AGENTS.search(f"{flow.api_name} {arn}"):
            yield Entry(f"{flow.route_key} of {flow.api_name} is named like a route for agents", {"route": arn})


PROPOSERS = (
    Proposer("public_routes", PublicRoute, "Routes that are meant to be open to anyone.", _public_routes),
    Proposer("issuers", Issuer, "Sources of identities that may open APIs.", _issuers),
    Proposer("backends", Backend, "Back ends that calls may go to.", _backends),
    Proposer("domains", Domain, "Custom domain names and where they are meant to lead.", _domains),
    Proposer("agent_routes", AgentRoute, "Routes that are meant for agents.", _agent_routes),
)
