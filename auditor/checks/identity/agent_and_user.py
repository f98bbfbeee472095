"""agent-and-user: routes meant for agents take only tokens that name the agent and the user, and hand both on.

Claim: the authorizer demands both claims, and both reach the back end and the access log; where agents act in their own name,
the agent alone. Population: every deployed route that the register of agent routes names, and every account and region without
one. Deviation: nobody is asked, a key or a shared IAM identity alone, a claim that is not demanded, not handed on or not logged.
Cannot see: what a Lambda authorizer demands, which tokens an issuer gives a scope to, and AgentCore gateways.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from auditor.checks.agent_claims import naming
from auditor.checks.agent_routes import agent_entry, of_place, places_without
from auditor.checks.interface import (
    Check,
    Item,
    Outcome,
    Params,
    ResourceItem,
    failed,
    items,
    needs_attestation,
    passed,
    undecided,
)
from auditor.checks.log_questions import caller_of, log_of, unknown_caller
from auditor.dataflow.context.existence import Use
from auditor.model.estate import Estate
from auditor.model.fact import need
from auditor.model.flow import Flow
from auditor.model.gateway import DeployedRoute, Stage
from auditor.model.identity import AuthenticatedBy
from auditor.model.route_parts import AuthorizerDefinition
from auditor.model.transform import Space, TransformKind, Where

_NO_TOKEN = {
    AuthenticatedBy.NONE: "nobody is asked who calls",
    AuthenticatedBy.API_KEY_ONLY: "an API key alone is asked for: it names neither agent nor user",
    AuthenticatedBy.IAM: "an IAM identity is asked for: it names no user, and agents may share it",
}


class _Params(Params):
    agent_claims: list[str]
    user_claims: list[str]


@dataclass(frozen=True)
class _Wanted:
    """What a route's tokens must name: a word, and the claims that do it."""

    word: str
    claims: tuple[str, ...]


def _test(item: Item, estate: Estate, params: _Params) -> Outcome:
    if not isinstance(item, ResourceItem):
        return of_place(estate)
    route: DeployedRoute = item.of
    flow = estate.flow_of(route)
    caller = caller_of(flow)
    if caller is None or caller.authenticated_by is AuthenticatedBy.UNKNOWN:
        return unknown_caller(flow, estate)
    by = caller.authenticated_by
    wanted = _wanted(route, estate, params)
    if by in _NO_TOKEN:
        return _without_token(by, wanted)
    gap = (
        _undemanded(route, by, wanted)
        or _not_handed_on(route, flow, by, wanted)
        or _not_logged(route, by, estate, wanted)
    )
    return gap or _to_attest(route, by, wanted) or passed("agent and user are demanded, handed on and logged")


def _without_token(by: AuthenticatedBy, wanted: tuple[_Wanted, ...]) -> Outcome:
    if by is AuthenticatedBy.IAM and len(wanted) == 1:
        return needs_attestation("agents call in their own name: attest that each IAM identity is one agent's alone")
    return failed(f"agents call, and {_NO_TOKEN[by]}")


def _wanted(route: DeployedRoute, estate: Estate, params: _Params) -> tuple[_Wanted, ...]:
    entry = agent_entry(route.arn, estate)
    agent = _Wanted("agent", tuple(params.agent_claims))
    if entry is not None and entry.autonomous:
        return (agent,)
    return (agent, _Wanted("user", tuple(params.user_claims)))


def _undemanded(route: DeployedRoute, by: AuthenticatedBy, wanted: tuple[_Wanted, ...]) -> Outcome | None:
    """Return which claim no token must have; what a scope or a Lambda authorizer demands, a person must say."""
    if by is AuthenticatedBy.LAMBDA or _scopes(route):
        return None
    missing = [each.word for each in _not_demanded(route, wanted) if not _is_in_every_token(each)]
    if not missing:
        return None
    return failed(f"the authorizer takes tokens that name no {' and no '.join(missing)}, and asks for no scope")


def _not_demanded(route: DeployedRoute, wanted: tuple[_Wanted, ...]) -> list[_Wanted]:
    definition = need(route.authorizer)
    return [each for each in wanted if definition is None or not _demands(definition, each)]


def _is_in_every_token(wanted: _Wanted) -> bool:
    """Return whether a claim is there without being demanded: `sub`, which names whom the token was made for."""
    return wanted.word == "user" and "sub" in wanted.claims


def _scopes(route: DeployedRoute) -> tuple[str, ...]:
    scopes = need(route.authorization_scopes)
    return scopes or ()


def _demands(definition: AuthorizerDefinition, wanted: _Wanted) -> bool:
    """Return whether every issuer's tokens must hold one of the claims."""
    required = [{each.name for each in issuer.additional_claims if each.required} for issuer in definition.issuers]
    return bool(required) and all(each & set(wanted.claims) for each in required)


def _not_handed_on(
    route: DeployedRoute, flow: Flow, by: AuthenticatedBy, wanted: tuple[_Wanted, ...]
) -> Outcome | None:
    integration = need(route.integration)
    if integration is None or integration.type == "MOCK":
        return None
    if flow.backend.kind == "LAMBDA" and integration.type == "AWS_PROXY" and integration.subtype is None:
        return None  # the event holds every claim
    need(route.integration_responses)
    changes = [each for each in flow.transforms or () if each.where is Where.REQUEST]
    sources = [source.path for each in changes for source in each.sources if source.space is Space.IDENTITY]
    missing = [each.word for each in wanted if not naming(sources, each.claims, route.protocol, by, Use.MAPPING)]
    if missing and any(each.kind is TransformKind.NOT_UNDERSTOOD for each in changes):
        return undecided("what the back end is told was not understood")
    return failed(f"the back end is not told the {' nor the '.join(missing)}") if missing else None


def _not_logged(
    route: DeployedRoute, by: AuthenticatedBy, estate: Estate, wanted: tuple[_Wanted, ...]
) -> Outcome | None:
    stage = estate.one(Stage, route.account, route.stage_arn)
    if stage is None:
        return undecided("the stage of the route is not in the snapshot")
    log = log_of(stage)
    if log is None:
        return failed("agents call, and there is no access log")
    if log.troubles:
        return failed(f"agents call, and the access log cannot be read: {log.troubles[0]}")
    names = [each.name for each in log.variables]
    missing = [each.word for each in wanted if not naming(names, each.claims, route.protocol, by, Use.LOG)]
    return failed(f"the access log does not name the {' nor the '.join(missing)}") if missing else None


def _to_attest(route: DeployedRoute, by: AuthenticatedBy, wanted: tuple[_Wanted, ...]) -> Outcome | None:
    both = " and ".join(each.word for each in wanted)
    if by is AuthenticatedBy.LAMBDA:
        return needs_attestation(f"attest that the Lambda authorizer refuses calls that do not name {both}")
    undemanded = _not_demanded(route, wanted)
    if not undemanded:
        return None
    if [each for each in undemanded if not _is_in_every_token(each)]:
        scopes = ", ".join(_scopes(route))
        return needs_attestation(f"attest that the issuer gives the scope {scopes} to tokens alone that name {both}")
    return needs_attestation("attest that sub is the user in every token, and never the agent itself")


def _population(estate: Estate) -> Iterator[Item]:
    yield from items(each for each in estate.of(DeployedRoute) if agent_entry(each.arn, estate) is not None)
    yield from places_without(estate)


CHECK = Check(
    name="agent-and-user",
    reads=("Stage", "DeployedRoute"),
    params=_Params,
    population=_population,
    test=_test,
    registers=("agent_routes",),
)
