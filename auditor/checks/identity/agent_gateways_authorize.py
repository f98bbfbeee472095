"""agent-gateways-authorize: an AgentCore gateway that leads to APIs decides who may call it.

Claim: it asks for AWS signatures, or for tokens of one issuer that are made for a named audience or client. Population: every
gateway. Deviation, where a target leads to an API, or to a function behind one, that was read: nobody is asked; a caller is only
authenticated, and no policy engine that enforces decides; tokens are taken whoever they are made for. Scopes and demanded claims
stand in for neither audience nor client. Cannot see: where a target's schema or host leads that belongs to no API, domain name or
function that was read; what the policies of an engine allow; the gateway's own role. Never tried on a live account.
"""

from dataclasses import replace

from auditor.checks.api_questions import both
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
from auditor.dataflow.functions import unqualified
from auditor.dataflow.routing import host_of
from auditor.model.agents import AgentGateway, AgentGatewayTarget
from auditor.model.estate import Estate
from auditor.model.fact import Present, need
from auditor.model.gateway import DomainName
from auditor.model.platform import Function
from auditor.model.status import Status
from auditor.model.words import several

_EXECUTE = ".execute-api."
_IN_ORDER = frozenset({Status.PASS, Status.NOT_EVALUATED})


def _test(item: ResourceItem[AgentGateway], estate: Estate, _params: Params) -> Outcome:
    gateway = item.of
    outcome = _inbound(gateway)
    return outcome if outcome.status in _IN_ORDER else _where_it_leads(outcome, gateway, estate)


def _inbound(gateway: AgentGateway) -> Outcome:
    """Return what the gateway asks of its callers, as if it led to an API."""
    kind = need(gateway.authorizer_type)
    match kind:
        case "AWS_IAM":
            return passed("it asks for AWS signatures", authorizer=kind)
        case "CUSTOM_JWT":
            return _tokens(gateway)
        case "NONE":
            return failed("it asks nobody who calls", authorizer=kind)
        case "AUTHENTICATE_ONLY":
            return _authenticated(gateway)
        case _:
            return undecided(f"how it asks who calls, {kind}, is not known to this version", authorizer=kind)


def _tokens(gateway: AgentGateway) -> Outcome:
    audiences = [each for each in need(gateway.allowed_audiences) or () if each.strip()]
    clients = [each for each in need(gateway.allowed_clients) or () if each.strip()]
    issuer = need(gateway.discovery_url)
    if audiences or clients:
        named = several([*audiences, *clients])
        return passed(f"it takes tokens made for {named} alone", authorizer="CUSTOM_JWT", issuer=issuer)
    return failed(
        "it takes tokens for any audience, of any client of the issuer", authorizer="CUSTOM_JWT", issuer=issuer
    )


def _authenticated(gateway: AgentGateway) -> Outcome:
    told = "it asks who calls and decides nothing"
    engine = need(gateway.policy_engine)
    if engine is None:
        return failed(f"{told}, and it has no policy engine", authorizer="AUTHENTICATE_ONLY", policy_engine=None)
    mode = need(gateway.policy_engine_mode)
    if mode == "LOG_ONLY":
        why = f"{told}, and its policy engine only logs"
        return failed(why, authorizer="AUTHENTICATE_ONLY", policy_engine=engine, mode=mode)
    if mode == "ENFORCE":
        why = (
            f"{told}, its policy engine does: who approved that, and what the policies allow, must be said by a person"
        )
        return needs_attestation(why, authorizer="AUTHENTICATE_ONLY", policy_engine=engine, mode=mode)
    why = f"whether its policy engine refuses anything in the mode {mode} is not known to this version"
    return undecided(why, authorizer="AUTHENTICATE_ONLY", policy_engine=engine, mode=mode)


def _where_it_leads(outcome: Outcome, gateway: AgentGateway, estate: Estate) -> Outcome:
    """Return the outcome where a target leads to what was read here; a question to a person where that cannot be told."""
    targets = estate.below(AgentGatewayTarget, gateway)
    also = tuple(each.arn for each in targets)
    found = next(((each.name, where) for each in targets if (where := _ours(each, estate)) is not None), None)
    if found is not None:
        why = f"{outcome.reason}, and its target {found[0]} leads to {found[1]}"
        return replace(outcome, reason=why, also=also)
    estate.whole(AgentGatewayTarget, gateway.account, gateway.region, gateway.arn)
    for each in targets:
        need(each.rest_api)
        need(each.endpoint)
    if not targets:
        return not_applicable("it has no target", ("list:AgentGatewayTarget",), **outcome.observed)
    where = f"whether its target {targets[0].name} leads to APIs of the organisation must be said by a person"
    return needs_attestation(f"{outcome.reason}; {where}", also, **outcome.observed)


def _ours(target: AgentGatewayTarget, estate: Estate) -> str | None:
    """Return the API, domain name or function that was read and that a target leads to."""
    if isinstance(target.rest_api, Present):
        return f"REST API {target.rest_api.value}"
    if not isinstance(target.endpoint, Present):
        return None
    endpoint = target.endpoint.value
    function = next((each for each in estate.of(Function) if each.function_arn == unqualified(endpoint)), None)
    if function is not None:
        return f"function {function.name}, which stands behind an API"
    host = host_of(endpoint)
    if any(_answers(each.domain.lower(), host) for each in estate.of(DomainName)):
        return host
    api, separator, _ = host.partition(_EXECUTE)
    known = {each.api_id for each in both(estate)}
    return f"API {api}" if separator and api in known else None


def _answers(domain: str, host: str) -> bool:
    """Return whether a domain name is a host's: `*.example.com` is that of every name right below."""
    return host == domain or (domain.startswith("*.") and host.partition(".")[2] == domain[2:])


CHECK = Check(
    name="agent-gateways-authorize",
    reads=("AgentGateway", "AgentGatewayTarget"),
    params=Params,
    population=lambda estate: items(estate.of(AgentGateway)),
    test=_test,
    concerns=holds(AgentGateway),
)
