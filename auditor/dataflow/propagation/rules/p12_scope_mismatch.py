"""P12 SCOPE_MISMATCH: the scopes of a route do nothing, are missing where its neighbours have them, or no token can hold them.

Scopes count with JWT and user pool authorizers alone. A REST method with a user pool and no scope takes ID tokens, with scopes
access tokens (developer guide, apigateway-integrate-with-cognito). What other issuers call their scopes nobody can tell here.
"""

from collections.abc import Sequence
from functools import lru_cache

from auditor.dataflow.passage import Passage
from auditor.dataflow.propagation.interface import Neighbours, Rule
from auditor.dataflow.propagation.judging import clean, fit, idle, puzzled, unclear_caller, unseen
from auditor.dataflow.propagation.token_sources import BY_TOKEN, issuers_of
from auditor.dataflow.propagation.user_pools import STANDARD, PoolScopes
from auditor.model.control import Basis, Severity
from auditor.model.fact import Present, Unread
from auditor.model.gateway import DeployedRoute
from auditor.model.identity import AuthenticatedBy
from auditor.model.ruling import Ruling
from auditor.model.snapshot import Gap
from auditor.model.status import Status

_ID = "P12"
_NONE = idle(_ID, "the route demands no scope, and no token decides about it")
_MESSAGE = idle(_ID, "messages carry the decision of $connect")
_DEFINED = clean(_ID, "a token must hold a scope that a user pool of the snapshot defines")
_OUTSIDE = clean(_ID, "a token must hold a scope; which ones its issuer grants is not for AWS to tell")
_FREE = clean(_ID, "no scope is demanded, here or on a route beside it that its method writes past")
_UNNAMED = puzzled(_ID, "which issuer the authorizer trusts is not told")
_READS = frozenset({"GET", "HEAD", "OPTIONS"})
_COGNITO = "https://cognito-idp."


def _judge(passage: Passage, among: Neighbours) -> Ruling:
    if passage.asked is not passage.route:
        return _MESSAGE
    fact = passage.route.authorization_scopes
    unclear = unseen(_ID, fact.gap) if isinstance(fact, Unread) else unclear_caller(_ID, passage)
    if unclear is not None:
        return unclear
    scopes = tuple(each for each in fact.value if each.strip()) if isinstance(fact, Present) else ()
    if passage.authenticated_by not in BY_TOKEN:
        return _ignored(passage, scopes) if scopes else _NONE
    return _known(passage, scopes, among) if scopes else _without(passage, among)


def _ignored(passage: Passage, scopes: tuple[str, ...]) -> Ruling:
    because = f"{scopes[0]} is demanded and never looked at: scopes count with JWT and user pool authorizers alone"
    return _found(passage, because, Severity.HIGH, scopes)


def _without(passage: Passage, among: Neighbours) -> Ruling:
    if passage.authenticated_by is AuthenticatedBy.COGNITO:
        because = "no scope is demanded: any ID token of the user pool opens the route, and its access tokens do not"
        return _found(passage, because, Severity.MEDIUM, ())
    if passage.route.method in _READS:
        return _FREE
    beside = among.tokens.scoped(passage)
    match beside:
        case DeployedRoute():
            because = (
                f"{passage.route.route_key} writes and demands no scope, while {beside.route_key} beside it demands one"
            )
            return _found(passage, because, Severity.MEDIUM, ())
        case Gap():
            return unseen(_ID, beside)
        case None:
            return _FREE


def _known(passage: Passage, scopes: tuple[str, ...], among: Neighbours) -> Ruling:
    """Judge whether a token can hold one of the scopes at all."""
    if isinstance(passage.authorizer, Unread):
        return unseen(_ID, passage.authorizer.gap)
    issuers = issuers_of(passage)
    if not issuers:
        return _UNNAMED
    if any(not each.startswith(_COGNITO) for each in issuers):
        return _OUTSIDE
    absent = next((each for each in issuers if each not in among.tokens.pools), None)
    if absent is not None:
        return _not_here(absent)
    return _in_pools(passage, scopes, tuple(among.tokens.pools[each] for each in issuers))


def _in_pools(passage: Passage, scopes: tuple[str, ...], pools: tuple[PoolScopes, ...]) -> Ruling:
    defined = STANDARD.union(*(each.scopes for each in pools))
    missing = [each for each in scopes if each not in defined]
    if not missing:
        return _DEFINED
    gap = next((each.gap for each in pools if each.gap is not None), None)
    if gap is not None:
        return unseen(_ID, gap)
    severity = Severity.HIGH if len(missing) == len(scopes) else Severity.MEDIUM
    if any(each.adds for each in pools):
        because = f"possible: no resource server defines {missing[0]}; a function of the pool may add it to tokens"
        return _found(passage, because, severity, missing, Status.NEEDS_ATTESTATION)
    end = ", so every call is refused" if severity is Severity.HIGH else ""
    return _found(passage, f"no resource server of the user pool defines {missing[0]}{end}", severity, missing)


def _found(
    passage: Passage, because: str, severity: Severity, scopes: Sequence[str], status: Status = Status.FAIL
) -> Ruling:
    return _ruling(passage.who.label, because, severity, tuple(scopes), status)


@lru_cache(maxsize=4096)
def _ruling(label: str, because: str, severity: Severity, scopes: tuple[str, ...], status: Status) -> Ruling:
    """Return what was found, one value for all routes of which it is true: an estate has many of them."""
    chain = (f"authorizer {label}", "step 5 authorizer", *(f"scope {each}" for each in scopes))
    return Ruling(_ID, status, fit(because), severity=severity, basis=Basis.DOCUMENTED, chain=chain)


@lru_cache(maxsize=4096)
def _not_here(issuer: str) -> Ruling:
    return puzzled(_ID, fit(f"the user pool {issuer.rpartition('/')[2]} is not in the snapshot"))


RULE = Rule(_ID, "SCOPE_MISMATCH", "The scopes of the route do not do what they say", _judge)
