"""Step 5, authorizer: who is asked who they are, by what the deployed route really carries."""

from auditor.dataflow.passage import Passage
from auditor.dataflow.steps.interface import Said, StepModule, listed, told
from auditor.dataflow.surroundings import Surroundings
from auditor.model.fact import Present, Unread
from auditor.model.flow import WhoKind
from auditor.model.gateway import Protocol
from auditor.model.route_parts import AuthorizerDefinition
from auditor.model.step import Domain, Effect, StepFact, StepState

_ROUTE = {
    Protocol.REST: "apigateway:GetDeployment apiSummary[path][METHOD].authorizationType",
    Protocol.HTTP: "apigatewayv2:ExportApi paths[path][method].security",
    Protocol.WEBSOCKET: "apigatewayv2:GetRoutes Items[].AuthorizationType",
}
_EXPORT = "the deployed definition's authorizer"
_SENTENCES = {
    WhoKind.NONE: ("Nobody is asked who they are: no authorizer is attached on the deployed side.", Effect.PASS),
    WhoKind.IAM: ("Checks an IAM signature and the caller's IAM policies.", Effect.CHECK),
    WhoKind.COGNITO: ("Checks {token} of {label}{scopes}.", Effect.CHECK),
    WhoKind.JWT: ("Checks a token, {label}{scopes}.", Effect.CHECK),
    WhoKind.LAMBDA: ("Asks Lambda authorizer {label} whether the call may pass{cache}.", Effect.CHECK),
    WhoKind.INHERITED: ("Message of an open connection; $connect asked for: {label}.", Effect.PASS),
    WhoKind.UNKNOWN: ("Who may call is not known: {label}.", Effect.UNKNOWN),
}
_SHORTEST_CACHE = 1
_REST_REFUSALS = {
    WhoKind.IAM: ("MISSING_AUTHENTICATION_TOKEN", "INVALID_SIGNATURE", "EXPIRED_TOKEN", "ACCESS_DENIED"),
    WhoKind.COGNITO: ("UNAUTHORIZED", "ACCESS_DENIED", "AUTHORIZER_CONFIGURATION_ERROR"),
    WhoKind.JWT: ("UNAUTHORIZED", "ACCESS_DENIED"),
    WhoKind.LAMBDA: ("UNAUTHORIZED", "ACCESS_DENIED", "AUTHORIZER_FAILURE", "AUTHORIZER_CONFIGURATION_ERROR"),
}
_HTTP_REFUSALS = {
    WhoKind.IAM: ("403 Forbidden",),
    WhoKind.JWT: ("401 Unauthorized", "403 Forbidden"),
    WhoKind.LAMBDA: ("401 Unauthorized", "403 Forbidden", "500 Internal Server Error"),
}


def _say(passage: Passage, _around: Surroundings) -> Said:
    who = passage.who
    template, effect = _SENTENCES[who.kind]
    sentence = template.format(
        label=who.label.removeprefix("λ "),
        token="an access token" if who.scopes else "an ID token",
        scopes=f" with scope {listed(list(who.scopes), 3).replace(', ', ' or ')}" if who.scopes else "",
        cache=_cache(passage),
    )
    refusals = _HTTP_REFUSALS if passage.route.protocol is Protocol.HTTP else _REST_REFUSALS
    return Said(_state(passage), sentence, effect, _facts(passage), refusals.get(who.kind, ()))


def _state(passage: Passage) -> StepState:
    if passage.who.kind is WhoKind.UNKNOWN:
        is_unread = isinstance(passage.route.authorization_type, Unread)
        return StepState.NOT_READ if is_unread else StepState.SET
    if passage.who.kind is WhoKind.NONE:
        return StepState.ABSENT
    if passage.who.kind is WhoKind.INHERITED and passage.asked is None:
        return StepState.NOT_READ
    return StepState.SET


def _cache(passage: Passage) -> str:
    if not isinstance(passage.authorizer, Present):
        return ""
    seconds = passage.authorizer.value.ttl_seconds
    if seconds is None:
        seconds = 300 if passage.route.protocol is Protocol.REST else 0
    return f", and keeps its answer for {seconds} s" if seconds >= _SHORTEST_CACHE else ""


def _facts(passage: Passage) -> tuple[StepFact, ...]:
    route = passage.asked or passage.route
    facts = (
        told("authorization type", route.authorization_type, _ROUTE[route.protocol]),
        told("scopes", route.authorization_scopes, f"{_EXPORT}: scopes", " ".join),
    )
    match passage.authorizer:
        case Present(value=definition):
            return facts + _definition(definition)
        case other:
            return (*facts, told("authorizer", other, _EXPORT))


def _definition(found: AuthorizerDefinition) -> tuple[StepFact, ...]:
    issuers = [f"{each.issuer} for {', '.join(each.audiences) or 'any audience'}" for each in found.issuers]
    values = {
        "authorizer": found.name,
        "authorizer kind": found.type,
        "user pools": ", ".join(found.provider_arns),
        "issuers": "; ".join(issuers),
        "function": found.function_uri or "",
        "identity source": ", ".join(found.identity_source),
        "seconds an answer is kept": "" if found.ttl_seconds is None else str(found.ttl_seconds),
        "credentials": found.credentials or "",
        "validation": found.validation_expression or "",
    }
    return tuple(StepFact(name, value, StepState.SET, _EXPORT) for name, value in values.items() if value)


STEP = StepModule(5, Domain.IDENTITY, "authorizer", _say, lambda _passage: None)
