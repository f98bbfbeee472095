"""identity-not-overwritten: no step takes verified identity away, or puts something else in its place.

Claim: identity headers have one writer, the authorizer (rules P5, P6, P7 and P8). Population: every deployed route. Deviation:
a header that says who calls is filled from the client, removed where others set it, fought for by two layers, carried on in the
body though it is stripped, or, where somebody is asked, holds a constant. Cannot see: which member of a body the back end takes
for the caller.
"""

from auditor.checks.interface import Check, Outcome, Params, ResourceItem, failed
from auditor.checks.route_flows import HEADER, deployed_routes, header_writes, rulings, worst
from auditor.dataflow.propagation.identity_names import is_identity_like
from auditor.model.estate import Estate
from auditor.model.flow import Flow
from auditor.model.gateway import DeployedRoute
from auditor.model.identity import AuthenticatedBy, Origin
from auditor.model.status import Status
from auditor.model.transform import Transform, TransformKind

_RULES = ("P5", "P6", "P8", "P7")
_ASKED = frozenset({AuthenticatedBy.IAM, AuthenticatedBy.COGNITO, AuthenticatedBy.JWT, AuthenticatedBy.LAMBDA})


def _test(item: ResourceItem[DeployedRoute], estate: Estate, _params: Params) -> Outcome:
    found = rulings(item.of, _RULES, estate)
    constant = _constant(estate.flow_of(item.of))
    if constant is not None and all(each.status is not Status.FAIL for each in found):
        why = f"{constant.target} holds a constant although somebody is asked who calls: every caller looks the same"
        return failed(why, header=constant.target.removeprefix(HEADER), layer=constant.layer)
    return worst(found)


def _constant(flow: Flow) -> Transform | None:
    """Return what writes a constant to an identity header last, on a route that asks who calls."""
    if flow.identity is None or flow.identity.authenticated_by not in _ASKED:
        return None
    last = {each.target: each for each in header_writes(flow)}
    return next((each for each in last.values() if _is_constant(each)), None)


def _is_constant(write: Transform) -> bool:
    is_set = write.origin is Origin.STATIC and write.kind is not TransformKind.REMOVE
    return is_set and is_identity_like(write.target.removeprefix(HEADER))


CHECK = Check(
    name="identity-not-overwritten",
    reads=("DeployedRoute",),
    params=Params,
    population=deployed_routes,
    test=_test,
)
