"""The steps of a flow as short sentences: identity, routing, transformation, evidence, in the order of a call."""

from collections.abc import Iterator
from dataclasses import dataclass

from auditor.access.restriction import RestrictionKind
from auditor.dataflow.identity import policy_verdict
from auditor.dataflow.surroundings import Surroundings, place
from auditor.model.fact import Absent, Fact, NotApplicable, Present, Unread
from auditor.model.flow import Backend, Domain, Drift, DriftField, Effect, Step, Who, WhoKind
from auditor.model.gateway import DeployedRoute, RestApi, View

_LONGEST = 90
Said = tuple[Domain, str, str, Effect]
"""Domain, name, sentence, effect."""

_POLICY = {
    RestrictionKind.OPEN: ("The resource policy lets anyone through.", Effect.PASS),
    RestrictionKind.RESTRICTING: ("The resource policy lets calls from named networks through.", Effect.CHECK),
    RestrictionKind.CLOSED: ("The resource policy lets no anonymous call through.", Effect.STOP),
    RestrictionKind.UNDECIDED: ("What the resource policy lets through is not decided.", Effect.UNKNOWN),
}
_IDENTITY = {
    WhoKind.NONE: ("Nobody is asked who they are: no authorizer is attached on the deployed side.", Effect.PASS),
    WhoKind.IAM: ("Checks an IAM signature and the caller's IAM policies.", Effect.CHECK),
    WhoKind.COGNITO: ("Checks {token} of {label}{scopes}.", Effect.CHECK),
    WhoKind.JWT: ("Checks a token, {label}{scopes}.", Effect.CHECK),
    WhoKind.LAMBDA: ("Asks Lambda authorizer {label} whether the call may pass.", Effect.CHECK),
    WhoKind.INHERITED: ("Message of an open connection; $connect asked for: {label}.", Effect.PASS),
    WhoKind.UNKNOWN: ("Who may call is not known: {label}.", Effect.UNKNOWN),
}
_BACKEND = {
    "LAMBDA": "Sends the call to Lambda function {}.",
    "HTTP": "Sends the call to {}.",
    "PRIVATE": "Sends the call through a VPC link to {}.",
    "AWS_SERVICE": "Sends the call to the AWS service action {}.",
    "MOCK": "Answers by itself; no back end is called.",
    "NONE": "No integration is set; the call ends here.",
}


@dataclass(frozen=True)
class Told:
    """What has been found out about a route and is to be said."""

    route: DeployedRoute
    who: Who
    backend: Backend
    access_log: Fact[str] | None
    """None: the stage itself was not read."""
    private: bool | None
    drift: Drift
    drift_fields: tuple[DriftField, ...]


def steps(told: Told, around: Surroundings) -> tuple[Step, ...]:
    """Return the steps of a call, numbered from 1; no sentence is longer than 90 characters."""
    said: list[Said] = [
        _entry(told.private),
        _deployment(told),
        *_policy(told.route, around),
        _authorizer(told.who),
        _api_key(told.route.api_key_required),
        _integration(told.backend),
        (
            Domain.TRANSFORMATION,
            "caller",
            "What the back end is told about the caller is not known yet.",
            Effect.UNKNOWN,
        ),
        _log(told.access_log),
    ]
    return tuple(
        Step(n=n, domain=domain, name=name, sentence=_fit(sentence), effect=effect)
        for n, (domain, name, sentence, effect) in enumerate(said, start=1)
    )


def _fit(sentence: str) -> str:
    return sentence if len(sentence) <= _LONGEST else sentence[: _LONGEST - 2] + "…."


def _entry(private: bool | None) -> Said:  # noqa: FBT001 - three-valued: yes, no, not read
    if private is None:
        return Domain.ROUTING, "entry", "From where the API can be reached was not read.", Effect.UNKNOWN
    sentence = "Can be reached through VPC endpoints only." if private else "Can be reached from the internet."
    return Domain.ROUTING, "entry", sentence, Effect.CHECK if private else Effect.PASS


def _deployment(told: Told) -> Said:
    if told.route.view is View.CONFIGURED:
        sentence = "What is deployed cannot be read; the working copy is shown."
        return Domain.ROUTING, "deployment", sentence, Effect.UNKNOWN
    if told.drift is Drift.UNKNOWN:
        sentence = "Whether the working copy differs from this is not known."
        return Domain.ROUTING, "deployment", sentence, Effect.UNKNOWN
    if told.drift is Drift.NONE:
        return Domain.ROUTING, "deployment", "The working copy says the same.", Effect.PASS
    fields = ", ".join(each.field for each in told.drift_fields)
    return Domain.ROUTING, "deployment", f"The working copy differs, not deployed: {fields}.", Effect.PASS


def _policy(route: DeployedRoute, around: Surroundings) -> Iterator[Said]:
    api = around.apis.get(place(route, route.api_arn))
    if not isinstance(api, RestApi):
        return
    if isinstance(api.policy, Unread):
        yield Domain.IDENTITY, "resource policy", "The resource policy was not read.", Effect.UNKNOWN
    elif not isinstance(api.policy, Present):
        yield Domain.IDENTITY, "resource policy", "No resource policy is set.", Effect.PASS
    elif route.authorization_type == Present[str](value="NONE"):
        verdict = policy_verdict(route, around)
        sentence, effect = _POLICY[verdict.kind if verdict else RestrictionKind.UNDECIDED]
        yield Domain.IDENTITY, "resource policy", sentence, effect
    else:
        yield Domain.IDENTITY, "resource policy", "A resource policy is decided with the authorizer.", Effect.CHECK


def _authorizer(who: Who) -> Said:
    template, effect = _IDENTITY[who.kind]
    token = "an access token" if who.scopes else "an ID token"
    sentence = template.format(label=who.label.removeprefix("λ "), token=token, scopes=_scopes(who))
    return Domain.IDENTITY, "authorizer", sentence, effect


def _scopes(who: Who) -> str:
    return f" with scope {' or '.join(who.scopes)}" if who.scopes else ""


def _api_key(required: Fact[bool]) -> Said:
    match required:
        case Present(value=True):
            sentence = "Needs an API key, which meters calls and identifies nobody."
            return Domain.IDENTITY, "API key", sentence, Effect.CHECK
        case Unread():
            return Domain.IDENTITY, "API key", "Whether an API key is needed was not read.", Effect.UNKNOWN
        case NotApplicable():
            return Domain.IDENTITY, "API key", "This kind of API knows no API keys.", Effect.PASS
        case Present() | Absent():
            return Domain.IDENTITY, "API key", "Needs no API key.", Effect.PASS


def _integration(backend: Backend) -> Said:
    template = _BACKEND.get(backend.kind)
    if template is None:
        return Domain.ROUTING, "integration", f"Where the call goes is not known: {backend.label}.", Effect.UNKNOWN
    label = backend.label.removeprefix("λ ").removeprefix("private ")
    effect = Effect.STOP if backend.kind == "NONE" else Effect.PASS
    return Domain.ROUTING, "integration", template.format(label), effect


def _log(destination: Fact[str] | None) -> Said:
    match destination:
        case Present(value=arn):
            name = arn.partition(":log-group:")[2].removesuffix(":*") or arn.rpartition("/")[2]
            return Domain.EVIDENCE, "access log", f"Writes an access log to {name}.", Effect.PASS
        case Absent() | NotApplicable():
            return Domain.EVIDENCE, "access log", "Writes no access log.", Effect.PASS
        case Unread() | None:
            return Domain.EVIDENCE, "access log", "Whether calls are logged was not read.", Effect.UNKNOWN
