"""access-logs-identify: the access log of every stage says who called, for each way in which its routes ask.

Claim: for each way a variable that this way fills stands in the format. Population: every stage. Deviation: no log, one that
cannot be read, or no such variable for a way that a route uses. Cannot see: whether entries arrive, what a Lambda authorizer
returns, and who stands behind an API key.
"""

from pydantic import JsonValue

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
from auditor.checks.log_questions import NO_LOG, asks, caller_of, log_of, unknown_caller
from auditor.dataflow.trace.actors import ACTOR_VARIABLES, CERTIFICATE, candidates
from auditor.dataflow.trace.log_format import LogFormat
from auditor.model.estate import Estate
from auditor.model.flow import Flow, Trace
from auditor.model.gateway import DeployedRoute, Stage
from auditor.model.identity import AuthenticatedBy

_WAYS = {
    AuthenticatedBy.NONE: "client certificates",
    AuthenticatedBy.API_KEY_ONLY: "API keys",
    AuthenticatedBy.IAM: "IAM",
    AuthenticatedBy.COGNITO: "user pools",
    AuthenticatedBy.JWT: "JWT authorizers",
    AuthenticatedBy.LAMBDA: "Lambda authorizers",
    AuthenticatedBy.UNKNOWN: "an unknown authorizer",
}


def _test(item: ResourceItem[Stage], estate: Estate, _params: Params) -> Outcome:
    stage = item.of
    log = log_of(stage)
    if log is None:
        return failed(f"{NO_LOG}, hence nobody is named")
    if log.troubles:
        return failed(f"the access log cannot be read: {log.troubles[0]}", format=log.text)
    ways = _ways(estate.flows_of_stage(stage))
    for by, traces in ways.items():
        if Trace.ANONYMOUS in traces:
            return _anonymous(by, log, traces[Trace.ANONYMOUS])
    unknown = next((flow for flow in estate.flows_of_stage(stage) if caller_of(flow) is None), None)
    if unknown is not None:
        return unknown_caller(unknown, estate)
    estate.whole(DeployedRoute, stage.account, stage.region, stage.arn)
    return _of_ways(ways, log)


def _ways(flows: tuple[Flow, ...]) -> dict[AuthenticatedBy, dict[Trace | None, Flow]]:
    """Return, for each way in which routes ask who calls, the first route of each trace."""
    found: dict[AuthenticatedBy, dict[Trace | None, Flow]] = {}
    for flow in flows:
        caller = caller_of(flow)
        if caller is not None and asks(caller):
            found.setdefault(caller.authenticated_by, {}).setdefault(flow.trace, flow)
    return dict(sorted(found.items()))


def _anonymous(by: AuthenticatedBy, log: LogFormat, flow: Flow) -> Outcome:
    wanted = (ACTOR_VARIABLES[by] or CERTIFICATE)[0]
    why = f"names nobody who calls through {_WAYS[by]}: add $context.{wanted} ({flow.route_key} is one such route)"
    return failed(why, (flow.route,), format=log.text)


def _of_ways(ways: dict[AuthenticatedBy, dict[Trace | None, Flow]], log: LogFormat) -> Outcome:
    if not ways:
        return not_applicable("no route of the stage asks who calls", format=log.text)
    matrix: dict[str, JsonValue] = {_WAYS[by]: [*candidates(log, by)] for by in ways}
    for by, traces in ways.items():
        if None in traces:
            why = f"whether the log names who calls through {_WAYS[by]} cannot be told"
            return undecided(why, (traces[None].route,), fields=matrix)
    for by, traces in ways.items():
        if Trace.PARTIAL in traces:
            fields = ", ".join(f"$context.{each}" for each in candidates(log, by)) or "a client certificate"
            why = f"who calls through {_WAYS[by]} is named by {fields} alone: attest that every caller has it"
            return needs_attestation(why, (traces[Trace.PARTIAL].route,), fields=matrix)
    return passed(f"names who called through {', '.join(_WAYS[by] for by in ways)}", fields=matrix)


CHECK = Check(
    name="access-logs-identify",
    reads=("Stage",),
    params=Params,
    population=lambda estate: items(estate.of(Stage)),
    test=_test,
)
