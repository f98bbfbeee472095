"""Questions about the access log of a stage, and about who calls its routes, that more than one check asks."""

from auditor.checks.interface import Outcome, undecided
from auditor.dataflow.trace import LogFormat, read
from auditor.model.estate import Estate
from auditor.model.fact import need
from auditor.model.flow import Flow
from auditor.model.gateway import DeployedRoute, Stage
from auditor.model.identity import AuthenticatedBy, IdentityState

AUTHORIZER_STEP = 5
NO_LOG = "no access log: the stage has no destination for one"


def log_of(stage: Stage) -> LogFormat | None:
    """Return the format of a stage's access log; None where it writes none. Raises NotReadError where nobody knows."""
    if need(stage.access_log_destination) is None:
        return None
    text = need(stage.access_log_format)
    return read(text or "", stage.protocol)


def caller_of(flow: Flow) -> IdentityState | None:
    """Return what is known of the caller behind the authorizer; None where it is not known who asks."""
    return next(each.identity_out for each in flow.steps if each.n == AUTHORIZER_STEP)


def asks(caller: IdentityState) -> bool:
    """Return whether anything establishes who calls: an authorizer, a key, or a certificate at every door."""
    return caller.authenticated_by is not AuthenticatedBy.NONE or bool(caller.mutual_tls)


def unknown_caller(flow: Flow, estate: Estate) -> Outcome:
    """Return that nobody knows who asks on a route; raise NotReadError where a gap hides it."""
    route = estate.one(DeployedRoute, flow.account, flow.route)
    if route is not None:
        need(route.authorization_type)
        need(route.authorizer)
        need(route.api_key_required)
    return undecided(f"who is asked on {flow.route_key} is not known")
