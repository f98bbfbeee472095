"""Who may call: from what the deployed route really carries, never from what is merely defined."""

from dataclasses import replace

from auditor.access.strangers.restriction import Restriction, RestrictionKind, restriction
from auditor.dataflow.doors import is_private
from auditor.dataflow.functions import function_arn, function_name
from auditor.dataflow.policies import effective_policy
from auditor.dataflow.routing import host_of
from auditor.dataflow.surroundings import Surroundings, place
from auditor.model.fact import Absent, Fact, NotApplicable, Present, Unread
from auditor.model.flow import Who, WhoKind
from auditor.model.gateway import DeployedRoute, Protocol, RestApi, Route
from auditor.model.route_parts import AuthorizerDefinition

_KINDS = {"COGNITO_USER_POOLS": WhoKind.COGNITO, "JWT": WhoKind.JWT, "CUSTOM": WhoKind.LAMBDA}
_AUTHORIZERS = {
    WhoKind.COGNITO: frozenset({"COGNITO_USER_POOLS"}),
    WhoKind.JWT: frozenset({"JWT"}),
    WhoKind.LAMBDA: frozenset({"TOKEN", "REQUEST"}),
}
_OPEN = "open to anyone"
_OPEN_INSIDE = "open to anyone in any VPC"
_BY_POLICY = {
    RestrictionKind.OPEN: _OPEN,
    RestrictionKind.RESTRICTING: "no identity, limited by policy",
    RestrictionKind.CLOSED: "no identity, closed by policy",
    RestrictionKind.UNDECIDED: "no identity, policy undecided",
}


def who(route: DeployedRoute, around: Surroundings) -> Who:
    """Return who may call a deployed route. A WebSocket message route inherits what `$connect` asked for."""
    if route.protocol is Protocol.WEBSOCKET and route.route_key != "$connect":
        return _inherited(route, around)
    match route.authorization_type:
        case Present(value=kind):
            return _of_type(kind, route, around)
        case Unread():
            return Who(kind=WhoKind.UNKNOWN, label="not read")
        case Absent() | NotApplicable():
            return Who(kind=WhoKind.UNKNOWN, label="not stated")


def _of_type(kind: str, route: DeployedRoute, around: Surroundings) -> Who:
    if kind == "NONE":
        return Who(kind=WhoKind.NONE, label=_nobody_asked(route, around))
    if kind == "AWS_IAM":
        return Who(kind=WhoKind.IAM, label="IAM")
    if kind in _KINDS:
        return _by_authorizer(route, _KINDS[kind])
    return Who(kind=WhoKind.UNKNOWN, label=f"unknown type {kind}")


def policy_verdict(route: DeployedRoute, around: Surroundings) -> Restriction | None:
    """Return what the API's resource policy does to a REST route without authorization; None: no policy, or not read."""
    policy = policy_of(route, around)
    if not isinstance(policy, Present):
        return None
    return restriction(policy.value, route.arn, private=is_private(route, around), moment=around.estate.as_of)


def policy_of(route: DeployedRoute, around: Surroundings) -> Fact[str] | None:
    """Return the resource policy that decides about calls of a REST route; None: of another kind, or the API was not read."""
    api = around.apis.get(place(route, route.api_arn))
    if not isinstance(api, RestApi):
        return None
    return effective_policy(route, api, around.exports.get(place(route, route.stage_arn)))


def _nobody_asked(route: DeployedRoute, around: Surroundings) -> str:
    if route.protocol is not Protocol.REST:
        return _OPEN
    private = is_private(route, around)
    verdict = policy_verdict(route, around)
    if verdict is not None:
        return _OPEN_INSIDE if private and verdict.kind is RestrictionKind.OPEN else _BY_POLICY[verdict.kind]
    api = around.apis.get(place(route, route.api_arn))
    if not isinstance(api, RestApi) or isinstance(policy_of(route, around), Unread):
        return "no identity, policy not read"
    # A private API refuses every call until it has a policy (access.md section 4.1).
    return "no identity, private without policy" if private else _OPEN


def _inherited(route: DeployedRoute, around: Surroundings) -> Who:
    connect = around.connects.get(place(route, route.stage_arn))
    if connect is not None:
        asked = who(connect, around)
        return replace(asked, kind=WhoKind.INHERITED)
    if around.was_listed(Route, route, route.api_arn):
        return Who(kind=WhoKind.INHERITED, label=_OPEN)
    return Who(kind=WhoKind.INHERITED, label="not read")


def _by_authorizer(route: DeployedRoute, kind: WhoKind) -> Who:
    scopes = tuple(route.authorization_scopes.value) if isinstance(route.authorization_scopes, Present) else ()
    match route.authorizer:
        case Present(value=definition) if definition.type in _AUTHORIZERS[kind]:
            label, detail = _described(definition, kind)
            return Who(kind=kind, label=label, detail=detail, scopes=scopes)
        case Present(value=definition):
            return Who(kind=WhoKind.UNKNOWN, label=f"unknown authorizer {definition.type}")
        case Unread():
            return Who(kind=kind, label=f"{kind.value}, authorizer not read", scopes=scopes)
        case Absent() | NotApplicable():
            return Who(kind=WhoKind.UNKNOWN, label="authorizer missing")


def _described(definition: AuthorizerDefinition, kind: WhoKind) -> tuple[str, str]:
    """Return the label and the detail of an authorizer."""
    if kind is WhoKind.COGNITO:
        pools = [arn.rpartition("/")[2] for arn in definition.provider_arns]
        return _listed("user pool", pools), ", ".join(definition.provider_arns)
    if kind is WhoKind.JWT:
        issuers = [each.issuer for each in definition.issuers]
        return _listed("JWT", [host_of(each) or each for each in issuers]), ", ".join(issuers)
    uri = definition.function_uri or ""
    arn = function_arn(uri) or uri
    return f"λ {function_name(arn) or 'unknown function'}", arn


def _listed(word: str, names: list[str]) -> str:
    return f"{word} {', '.join(names)}" if names else f"{word} not named"
