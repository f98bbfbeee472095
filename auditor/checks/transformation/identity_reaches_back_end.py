"""identity-reaches-back-end: where somebody is asked who calls, the back end is told.

Claim: each route that asks who calls sends what its authorizer checked to the back end (rule P1). Population: every deployed
route. Deviation: no mapping, template or event tells the back end; a bearer token that merely passes through counts only
where a parameter accepts it and the back end is declared to check it anew. Cannot see: what the back end does with it.
"""

from auditor.checks.back_ends import declared
from auditor.checks.interface import Check, Outcome, Params, ResourceItem, needs_attestation, passed
from auditor.checks.route_flows import deployed_routes
from auditor.checks.rulings import outcome_of, ruling
from auditor.model.estate import Estate
from auditor.model.fact import need
from auditor.model.flow import Flow
from auditor.model.gateway import DeployedRoute
from auditor.model.identity import Lane, Origin
from auditor.model.status import Status


class _Params(Params):
    accept_bearer_passthrough: bool


def _test(item: ResourceItem[DeployedRoute], estate: Estate, params: _Params) -> Outcome:
    found = ruling(item.of, "P1", estate)
    if found.status is not Status.FAIL or not params.accept_bearer_passthrough:
        return outcome_of(found)
    if not _token_goes_on(estate.flow_of(item.of)):
        return outcome_of(found)
    return _by_token(item.of, estate) or outcome_of(found)


def _token_goes_on(flow: Flow) -> bool:
    facts = flow.identity.facts if flow.identity is not None else ()
    return any(each.lane is Lane.TOKEN and each.origin is Origin.VERIFIED for each in facts)


def _by_token(route: DeployedRoute, estate: Estate) -> Outcome | None:
    """Return what the register says of a back end that gets the token alone; None where it does not check it."""
    integration = need(route.integration)
    entry = declared(integration, estate.registers.backends or ()) if integration is not None else None
    if entry is not None and entry.authorizes is not None:
        why = "the token goes on, and the back end is declared to check it"
        return passed(why, rule="P1", declared=entry.target) if entry.authorizes else None
    target = estate.flow_of(route).backend.target
    why = (
        "only the token goes on; whether the back end checks it is not declared; "
        f"to register: {{target: {target}, owner: …, internal: …, authorizes: …}}"
    )
    return needs_attestation(why, rule="P1")


CHECK = Check(
    name="identity-reaches-back-end",
    reads=("DeployedRoute",),
    params=_Params,
    population=deployed_routes,
    test=_test,
    registers=("backends",),
)
