"""Proposals from the deployed routes: those that anyone may call, who issues identities for them, where they lead, and domains."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from pydantic import JsonValue

from auditor.access.restriction import RestrictionKind
from auditor.catalog.propose.interface import Entry, Proposer
from auditor.checks.age import counted
from auditor.checks.agent_routes import agent_entry
from auditor.checks.route_questions import is_message_route, policy_restriction, registered
from auditor.dataflow.functions import function_arn
from auditor.model.estate import Estate
from auditor.model.fact import NotReadError, Present, need
from auditor.model.gateway import DeployedRoute, DomainName
from auditor.model.register import AgentRoute, Backend, Domain, Issuer, PublicRoute
from auditor.model.route_parts import AuthorizerDefinition

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
    declared = tuple(each.target for each in estate.registers.backends or ())
    routes: dict[str, list[str]] = {}
    for flow in estate.flows:
        if flow.backend.target is not None:
            routes.setdefault(_beginning(flow.backend.target), []).append(f"{flow.route_key} of {flow.api_name}")
    for target, found in sorted(routes.items()):
        if not target.startswith(declared):
            more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
            yield Entry(f"called by {', '.join(found[:_SHOWN])}{more}", {"target": target})


def _beginning(target: str) -> str:
    """Return scheme and host of a URL, an ARN whole: where stage variables stand, the text as it is."""
    parts = urlsplit(target) if target.startswith(("http://", "https://")) else None
    return f"{parts.scheme}://{parts.netloc}" if parts is not None and parts.netloc else target


def _domains(estate: Estate) -> Iterator[Entry]:
    declared = {each.domain for each in estate.registers.domains or ()}
    for domain in estate.of(DomainName):
        if domain.domain in declared or not isinstance(domain.mappings, Present):
            continue
        mappings: list[JsonValue] = [
            {"path": each.path, "api": each.api_id, "stage": each.stage} for each in domain.mappings.value
        ]
        yield Entry(
            f"leads to {counted(len(mappings), 'stage')} today", {"domain": domain.domain, "mappings": mappings}
        )


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
