"""All that was found out about one deployed route before it is put in words: what rules, steps and sentences read."""

from collections.abc import Mapping
from dataclasses import dataclass

from auditor.access.strangers.restriction import Restriction
from auditor.dataflow.trace.log_format import LogFormat
from auditor.model.contract import GatewayResponse
from auditor.model.fact import Fact
from auditor.model.flow import Backend, Door, Trace, Who
from auditor.model.gateway import Api, DeployedRoute, RestApi, Stage
from auditor.model.identity import AuthenticatedBy
from auditor.model.route_parts import AuthorizerDefinition, Integration, IntegrationResponse, RouteSetting
from auditor.model.transform import Transform


@dataclass(frozen=True, slots=True)
class Passage:
    """One deployed route with everything around it that decides about a call."""

    route: DeployedRoute
    asked: DeployedRoute | None
    """The route whose authorizer decides: the route itself; `$connect` for messages of a WebSocket API; None where that one
    is not there, or was not read."""
    api: RestApi | Api | None
    stage: Stage | None
    """None: its list was not read."""
    is_canary: bool
    variables: Mapping[str, str | None]
    """Stage variables, a canary's own among them; None where only a digest of the value was kept."""
    who: Who
    authenticated_by: AuthenticatedBy
    """By what the deployed route really carries; API_KEY_ONLY where nobody is asked but a key is needed."""
    authorizer: Fact[AuthorizerDefinition]
    """Of `asked`; Absent where the type needs none."""
    mutual_tls: bool | None
    """Whether every door asks for a client certificate; None: not known."""
    doors: tuple[Door, ...]
    doors_complete: bool
    private: bool | None
    policy: Fact[Restriction]
    """What the resource policy does to a call without identity; Absent: there is none."""
    policy_text: Fact[str]
    """The resource policy in effect, as canonical JSON text; NotApplicable on HTTP and WebSocket APIs."""
    integration: Fact[Integration]
    """Stage variables put in where their values are known, left as written where not."""
    responses: Fact[tuple[IntegrationResponse, ...]]
    backend: Backend
    gateway_responses: tuple[GatewayResponse, ...] | None
    """Those of the API that somebody customised; None: not read."""
    setting: Fact[RouteSetting]
    """How the stage treats this route: its own setting, else the stage's default."""
    transforms: Fact[tuple[Transform, ...]]
    log: Fact[LogFormat]
    """Absent: no access log is set."""
    trace: Trace | None
