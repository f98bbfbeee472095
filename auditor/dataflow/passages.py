"""From an estate to its passages: everything that decides about a call of each deployed route, joined once."""

from collections.abc import Iterator, Mapping

from auditor.access.strangers.restriction import Restriction, restriction
from auditor.dataflow.asking import asked_at, missing, policy_before
from auditor.dataflow.doors import are_complete, doors, is_private
from auditor.dataflow.identity import who
from auditor.dataflow.passage import Passage
from auditor.dataflow.routing import backend
from auditor.dataflow.surroundings import Surroundings, place
from auditor.dataflow.trace.classify import trace_of
from auditor.dataflow.trace.log_format import LogFormat
from auditor.dataflow.trace.read import read as read_format
from auditor.dataflow.transformation.gateway_errors import unread_errors
from auditor.dataflow.transformation.read import transforms
from auditor.dataflow.variables import resolved, variables_of
from auditor.model.contract import GatewayResponse
from auditor.model.estate import Estate
from auditor.model.fact import Absent, Fact, NotApplicable, Present, Unread
from auditor.model.flow import Door, WhoKind
from auditor.model.gateway import DeployedRoute, Protocol, Route, Stage
from auditor.model.identity import AuthenticatedBy
from auditor.model.route_parts import AuthorizerDefinition, Integration, RouteSetting
from auditor.model.transform import Transform

_BY = {
    WhoKind.IAM: AuthenticatedBy.IAM,
    WhoKind.COGNITO: AuthenticatedBy.COGNITO,
    WhoKind.JWT: AuthenticatedBy.JWT,
    WhoKind.LAMBDA: AuthenticatedBy.LAMBDA,
    WhoKind.UNKNOWN: AuthenticatedBy.UNKNOWN,
}
_ALL = ("*", "*")
_NO_SETTING = Absent()


def passages(estate: Estate, around: Surroundings) -> Iterator[Passage]:
    """Yield the passage of each deployed route, in the order of the estate."""
    return (_passage(route, around) for route in estate.of(DeployedRoute))


def passage_of(route: DeployedRoute, around: Surroundings) -> Passage:
    """Return the passage of one deployed route."""
    return _passage(route, around)


def _passage(route: DeployedRoute, around: Surroundings) -> Passage:
    asked = asked_at(route, around)
    stage = around.stages.get(place(route, route.stage_arn))
    ways = doors(route, around)
    complete = are_complete(route, around)
    mutual_tls = _mutual_tls(ways, complete=complete)
    answers = around.gateway_responses(route)
    authenticated_by = _authenticated_by(asked, route, around)
    log = _log(route, stage)
    variables = variables_of(stage, canary="#canary/" in route.arn)
    integration = _integration(route, variables)
    text = policy_before(route, around)
    return Passage(
        route=route,
        asked=asked,
        api=around.apis.get(place(route, route.api_arn)),
        stage=stage,
        is_canary="#canary/" in route.arn,
        variables=variables,
        who=who(route, around),
        authenticated_by=authenticated_by,
        authorizer=_authorizer(route, asked, around),
        mutual_tls=mutual_tls,
        doors=ways,
        doors_complete=complete,
        private=is_private(route, around),
        policy=_policy(route, text, around),
        policy_text=text,
        integration=integration,
        responses=route.integration_responses,
        backend=backend(integration),
        gateway_responses=answers,
        setting=_setting(route, stage, around),
        transforms=_transforms(route, integration, answers, authenticated_by),
        log=log,
        trace=trace_of(log, route.protocol, authenticated_by, mutual_tls),
    )


def _integration(route: DeployedRoute, variables: Mapping[str, str | None]) -> Fact[Integration]:
    if not isinstance(route.integration, Present) or not variables:
        return route.integration
    return Present(value=resolved(route.integration.value, variables))


def _authenticated_by(asked: DeployedRoute | None, route: DeployedRoute, around: Surroundings) -> AuthenticatedBy:
    if asked is None:
        # Without $connect nobody is asked, if the list of routes was read to its end.
        return AuthenticatedBy.NONE if around.was_listed(Route, route, route.api_arn) else AuthenticatedBy.UNKNOWN
    kind = who(asked, around).kind
    if kind is not WhoKind.NONE:
        return _BY[kind]
    match asked.api_key_required:
        case Present(value=True):
            return AuthenticatedBy.API_KEY_ONLY
        case Unread():
            return AuthenticatedBy.UNKNOWN
        case _:
            return AuthenticatedBy.NONE


def _authorizer(route: DeployedRoute, asked: DeployedRoute | None, around: Surroundings) -> Fact[AuthorizerDefinition]:
    if asked is not None:
        return asked.authorizer
    if around.was_listed(Route, route, route.api_arn):
        return Absent()
    return Unread(gap=missing(route, "apigatewayv2:GetRoutes", route.api_arn))


def _mutual_tls(ways: tuple[Door, ...], *, complete: bool) -> bool | None:
    """Return whether every door asks for a client certificate; one that does not settles it, whatever else was not read."""
    if any(each.mutual_tls is False for each in ways):
        return False
    if not complete or any(each.mutual_tls is None for each in ways):
        return None
    return bool(ways)


def _policy(route: DeployedRoute, text: Fact[str], around: Surroundings) -> Fact[Restriction]:
    match text:
        case Present(value=policy):
            private, moment = is_private(route, around), around.estate.as_of
            return Present(value=restriction(policy, route.arn, private=private, moment=moment))
        case _:
            return text


def _setting(route: DeployedRoute, stage: Stage | None, around: Surroundings) -> Fact[RouteSetting]:
    """Return how a stage treats a route: a setting of its own, else the one for all, never a mixture (API reference)."""
    if stage is None:
        return Unread(gap=missing(route, _stages(route), route.api_arn))
    if not isinstance(stage.settings, Present):
        return Unread(gap=stage.settings.gap) if isinstance(stage.settings, Unread) else _NO_SETTING
    settings = around.settings[place(route, route.stage_arn)]
    found = settings.get((route.path, route.method)) or settings.get(_ALL)
    return _NO_SETTING if found is None else around.present(found)


def _log(route: DeployedRoute, stage: Stage | None) -> Fact[LogFormat]:
    if stage is None:
        return Unread(gap=missing(route, _stages(route), route.api_arn))
    match stage.access_log_destination:
        case Present():
            return _format(route, stage)
        case Unread(gap=gap):
            return Unread(gap=gap)
        case Absent() | NotApplicable():
            return Absent()


def _format(route: DeployedRoute, stage: Stage) -> Fact[LogFormat]:
    match stage.access_log_format:
        case Present(value=text):
            return Present(value=read_format(text, route.protocol))
        case Unread(gap=gap):
            return Unread(gap=gap)
        case Absent() | NotApplicable():
            return Present(value=read_format("", route.protocol))


def _stages(route: DeployedRoute) -> str:
    return "apigateway:GetStages" if route.protocol is Protocol.REST else "apigatewayv2:GetStages"


def _transforms(
    route: DeployedRoute,
    integration: Fact[Integration],
    answers: tuple[GatewayResponse, ...] | None,
    authenticated_by: AuthenticatedBy,
) -> Fact[tuple[Transform, ...]]:
    """Return what is changed; unread where the integration or its answers were not read. Of the gateway's own the list says so."""
    if not isinstance(integration, Present):
        return Unread(gap=integration.gap) if isinstance(integration, Unread) else Absent()
    if isinstance(route.integration_responses, Unread):
        return Unread(gap=route.integration_responses.gap)
    responses = route.integration_responses.value if isinstance(route.integration_responses, Present) else ()
    found = transforms(integration.value, responses, answers or (), route.protocol, authenticated_by)
    return Present(value=found if answers is not None else found + unread_errors())
