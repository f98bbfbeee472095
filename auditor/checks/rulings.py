"""From a rule's ruling on a route to a check's outcome."""

from auditor.checks.interface import Outcome
from auditor.model.estate import Estate
from auditor.model.fact import NotReadError
from auditor.model.gateway import DeployedRoute
from auditor.model.ruling import Ruling
from auditor.model.status import Status


def ruling(route: DeployedRoute, rule: str, estate: Estate) -> Ruling:
    """Return what a rule (`P1` to `P18`) says of a deployed route."""
    return estate.flow_of(route).ruling(rule)


def outcome_of(found: Ruling) -> Outcome:
    """Return a ruling as the outcome of a check; raise NotReadError where a gap hid the answer."""
    if found.gap is not None:
        raise NotReadError(found.gap)
    return Outcome(found.status, found.because, {"rule": found.rule, "chain": list(found.chain)}, found.also)


def worst_of(found: tuple[Ruling, ...]) -> Ruling:
    """Return the worst of several rulings on one route: fail before not evaluated, attestation, pass, and not applicable."""
    order = list(Status)
    return min(found, key=lambda each: order.index(each.status))
