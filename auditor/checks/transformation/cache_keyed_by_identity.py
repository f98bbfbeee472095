"""cache-keyed-by-identity: no caller receives an answer that was cached for another.

Claim: where answers are cached for a route that asks who calls, the cache key holds the caller (rule P15). Population: every
deployed route. Deviation: cached under a key without the caller, and the back end is not declared to answer everybody alike.
Cannot see: whether a path parameter of the key names the caller alone; a person must say.
"""

from auditor.checks.back_ends import declared
from auditor.checks.interface import Check, Outcome, Params, ResourceItem, passed
from auditor.checks.route_flows import deployed_routes
from auditor.checks.rulings import outcome_of, ruling
from auditor.model.estate import Estate
from auditor.model.fact import need
from auditor.model.gateway import DeployedRoute
from auditor.model.status import Status

_FOUND = frozenset({Status.FAIL, Status.NEEDS_ATTESTATION})


def _test(item: ResourceItem[DeployedRoute], estate: Estate, _params: Params) -> Outcome:
    found = ruling(item.of, "P15", estate)
    if found.status in _FOUND:
        integration = need(item.of.integration)
        entry = declared(integration, estate.registers.backends or ()) if integration is not None else None
        if entry is not None and entry.same_for_all_callers:
            return passed("cached, and the back end is declared to answer every caller alike", declared=entry.target)
    return outcome_of(found)


CHECK = Check(
    name="cache-keyed-by-identity",
    reads=("DeployedRoute", "Stage"),
    params=Params,
    population=deployed_routes,
    test=_test,
    registers=("backends",),
)
