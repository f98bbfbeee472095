"""access-logs-joinable: entries of every stage's access log are JSON and hold what joins them to the rest of a call.

Claim: JSON whatever the variables hold, and every required field that this kind of API offers. Population: every stage.
Deviation: no log, no JSON, or a field that is missing. Claims of a REST JWT authorizer come as JSON text, by AWS's page
rest-api-jwt-authorizer-claims: whether a string in the format's quotes then has two pairs of them needs a person to look.
Cannot see: whether entries arrive, and what the back end logs.
"""

from auditor.checks.interface import Check, Outcome, Params, ResourceItem, failed, items, needs_attestation, passed
from auditor.checks.log_questions import NO_LOG, caller_of, log_of
from auditor.dataflow.trace.required import missing
from auditor.model.estate import Estate
from auditor.model.fact import need
from auditor.model.gateway import DeployedRoute, Protocol, Stage
from auditor.model.identity import AuthenticatedBy

_CLAIMS = "authorizer.claims."


class _Params(Params):
    required_fields: list[str]
    """Names of variables; alternatives as in `routeKey|resourcePath`."""


def _test(item: ResourceItem[Stage], estate: Estate, params: _Params) -> Outcome:
    log = log_of(item.of)
    if log is None:
        return failed(NO_LOG)
    if log.troubles:
        return failed(f"entries cannot be read: {log.troubles[0]}", format=log.text)
    if not log.is_json:
        return failed("entries are no JSON", format=log.text)
    lacking = missing(log, params.required_fields, item.of.protocol)
    if lacking:
        named = ", ".join(each.replace("|", " or ") for each in lacking)
        return failed(f"entries lack {named}", format=log.text, missing=[*lacking])
    claim = next((each.name for each in log.variables if each.name.startswith(_CLAIMS)), None)
    if claim is not None and item.of.protocol is Protocol.REST and _has_jwt(item.of, estate):
        why = f"a JWT authorizer gives $context.{claim} with quotes of its own: attest that entries are JSON"
        return needs_attestation(why, format=log.text)
    return passed("entries are JSON, and hold every field that joins them to the rest of a call", format=log.text)


def _has_jwt(stage: Stage, estate: Estate) -> bool:
    """Return whether a JWT authorizer asks on a route of a stage; raise NotReadError where such a route may hide."""
    for flow in estate.flows_of_stage(stage):
        caller = caller_of(flow)
        if caller is not None and caller.authenticated_by is AuthenticatedBy.JWT:
            return True
    estate.whole(DeployedRoute, stage.account, stage.region, stage.arn)
    for route in estate.of(DeployedRoute):
        if (route.account, route.stage_arn) == (stage.account, stage.arn):
            need(route.authorization_type)
    return False


CHECK = Check(
    name="access-logs-joinable",
    reads=("Stage",),
    params=_Params,
    population=lambda estate: items(estate.of(Stage)),
    test=_test,
)
