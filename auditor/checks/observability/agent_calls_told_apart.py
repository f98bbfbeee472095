"""agent-calls-told-apart: where agents call, the access log names the agent and the person it acts for, each by itself.

Claim: an agent variable and a user variable, not the same one, stand in the format for every route that is meant for agents;
where agents act in their own name, the agent alone. Population: every stage with such a route, and every account and region
without one. Deviation: no log, one that cannot be read, or a variable that is missing. Cannot see: what a Lambda authorizer
returns, and whether a token's claims name whom they should.
"""

from collections.abc import Iterator

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
)
from auditor.checks.log_questions import NO_LOG, caller_of, log_of, unknown_caller
from auditor.dataflow.context.existence import Use
from auditor.dataflow.trace.log_format import LogFormat
from auditor.model.estate import Estate
from auditor.model.flow import Flow
from auditor.model.gateway import DeployedRoute, Stage
from auditor.model.identity import AuthenticatedBy


class _Params(Params):
    agent_claims: list[str]
    user_claims: list[str]


def _test(item: Item, estate: Estate, params: _Params) -> Outcome:
    if not isinstance(item, ResourceItem):
        return of_place(estate)
    stage: Stage = item.of
    log = log_of(stage)
    if log is None:
        return failed(f"{NO_LOG}, and agents call")
    if log.troubles:
        return failed(f"agents call, and the access log cannot be read: {log.troubles[0]}", format=log.text)
    return _of_routes(stage, log, estate, params)


def _of_routes(stage: Stage, log: LogFormat, estate: Estate, params: _Params) -> Outcome:
    own_word = None
    for flow in _for_agents(stage, estate):
        caller = caller_of(flow)
        if caller is None or caller.authenticated_by is AuthenticatedBy.UNKNOWN:
            return unknown_caller(flow, estate)
        lacking = _lacking(flow, log, caller.authenticated_by, estate, params)
        if lacking is not None:
            return failed(f"{lacking} ({flow.route_key})", (flow.route,), format=log.text)
        if caller.authenticated_by is AuthenticatedBy.LAMBDA:
            own_word = flow
    estate.whole(DeployedRoute, stage.account, stage.region, stage.arn)
    if own_word is not None:
        why = "the log names agent and user as the Lambda authorizer returns them: attest that it always does"
        return needs_attestation(f"{why} ({own_word.route_key})", (own_word.route,), format=log.text)
    return passed("the log names the agent and the person it acts for, each by itself", format=log.text)


def _lacking(flow: Flow, log: LogFormat, by: AuthenticatedBy, estate: Estate, params: _Params) -> str | None:
    """Return what the log does not tell of the agents that call a route."""
    names = [each.name for each in log.variables]
    agents = naming(names, params.agent_claims, flow.kind, by, Use.LOG)
    users = naming(names, params.user_claims, flow.kind, by, Use.LOG)
    entry = agent_entry(flow.route, estate)
    if not agents:
        return f"the log names no agent: add $context.authorizer.{_prefix(by)}{params.agent_claims[0]} or another agent claim"
    if entry is not None and entry.autonomous:
        return None
    if not set(users) - set(agents) and not (set(agents) - set(users) and users):
        return f"the log names no user beside the agent: add $context.authorizer.{_prefix(by)}{params.user_claims[0]}"
    return None


def _prefix(by: AuthenticatedBy) -> str:
    return "" if by is AuthenticatedBy.LAMBDA else "claims."


def _for_agents(stage: Stage, estate: Estate) -> tuple[Flow, ...]:
    return tuple(each for each in estate.flows_of_stage(stage) if agent_entry(each.route, estate) is not None)


def _population(estate: Estate) -> Iterator[Item]:
    yield from items(each for each in estate.of(Stage) if _for_agents(each, estate))
    yield from places_without(estate)


CHECK = Check(
    name="agent-calls-told-apart",
    reads=("Stage", "DeployedRoute"),
    params=_Params,
    population=_population,
    test=_test,
    registers=("agent_routes",),
)
