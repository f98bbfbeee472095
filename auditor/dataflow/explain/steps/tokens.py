"""What JWT authorizers and user pools make of a token's claims; that its signature is good is taken for granted.

HTTP: developer guide, "JWT authorizers"; user pools: "Control access to a REST API using Amazon Cognito user pools". What a REST
JWT authorizer answers was never tried on a live account. `exp` is held against the snapshot's `as_of`; `nbf` and `iat` against
nothing, for a token may well be younger than the snapshot.
"""

from collections.abc import Iterator
from datetime import datetime

from auditor.dataflow.explain.claims import Claims
from auditor.dataflow.explain.meeting import Meeting
from auditor.dataflow.explain.verdict import PASSED, Verdict, passed, refused, unknown
from auditor.dataflow.identity_roots import issuer_url
from auditor.model.explanation import Decision
from auditor.model.fact import Present, Unread
from auditor.model.gateway import Protocol
from auditor.model.route_parts import AuthorizerDefinition, JwtClaim, JwtIssuer

_BAD, _OUT = "UNAUTHORIZED", "ACCESS_DENIED"
_EXPIRED = "The incoming token has expired"
_LATER = "Its expiry is held against the snapshot's time, {}: whether it has expired since is not known."
_SHOWN = 6


def by_jwt(meeting: Meeting, definition: AuthorizerDefinition, claims: Claims) -> Verdict:
    """Return what a JWT authorizer makes of a token."""
    if not definition.issuers:
        return unknown(f"Authorizer {definition.name} names no issuer.", meeting.route)
    issuer = next((each for each in definition.issuers if each.issuer == claims.iss), None)
    if issuer is None:
        wanted = ", ".join(each.issuer for each in definition.issuers)
        return refused(
            _BAD, f"The route takes tokens of {wanted}; the token is of {_said(claims.iss)}.", _source(meeting)
        )
    for each in (_audience(meeting, issuer, claims), _times(meeting, claims), _more(meeting, issuer, claims)):
        if each.decision is not Decision.ALLOWED:
            return each
    return _scopes(meeting, claims, response=_OUT)


def by_pool(meeting: Meeting, definition: AuthorizerDefinition, claims: Claims) -> Verdict:
    """Return what an authorizer of user pools makes of a token."""
    pools = [issuer_url(each) for each in definition.provider_arns]
    if claims.iss not in pools:
        return refused(
            _BAD,
            f"The route takes tokens of {', '.join(pools)}; the token is of {_said(claims.iss)}.",
            _source(meeting),
        )
    for each in (_times(meeting, claims), _use(meeting, claims)):
        if each.decision is not Decision.ALLOWED:
            return each
    return _scopes(meeting, claims, response=_BAD)


def _audience(meeting: Meeting, issuer: JwtIssuer, claims: Claims) -> Verdict:
    """Compare `aud`; `client_id` only where there is no `aud`."""
    if not issuer.audiences:
        return PASSED
    said = claims.audiences or ((claims.client_id,) if claims.client_id else ())
    if set(said) & set(issuer.audiences):
        return PASSED
    name = "aud" if claims.audiences or not claims.client_id else "client_id"
    wanted = ", ".join(issuer.audiences)
    return refused(
        _BAD, f"The route takes tokens for {wanted}; the token's {name} is {_said(', '.join(said))}.", _source(meeting)
    )


def _times(meeting: Meeting, claims: Claims) -> Verdict:
    as_of = meeting.around.estate.as_of
    if claims.expires is None:
        return unknown("The claims name no exp, so whether the token has expired is not known.")
    if claims.expires > as_of.timestamp():
        return PASSED
    because = f"The token expired at {claims.expiry}, before the snapshot was taken ({_moment(as_of)})."
    message = _EXPIRED if meeting.passage.route.protocol is Protocol.REST else None
    return refused(_BAD, because, _source(meeting), message=message)


def _moment(as_of: datetime) -> str:
    return as_of.strftime("%Y-%m-%d %H:%M UTC")


def _use(meeting: Meeting, claims: Claims) -> Verdict:
    """Compare the kind of token: with scopes on the route an access token is wanted, without an ID token."""
    scopes = meeting.passage.route.authorization_scopes
    if isinstance(scopes, Unread):
        return unknown(f"Which scopes the route needs was not read ({scopes.gap.operation}).")
    wanted = "access" if isinstance(scopes, Present) and scopes.value else "id"
    if claims.token_use is None:
        return unknown("The claims name no token_use, so whether it is an ID or an access token is not known.")
    if claims.token_use == wanted:
        return PASSED
    why = "with scopes takes access tokens alone" if wanted == "access" else "without scopes takes ID tokens alone"
    return refused(_BAD, f"A route {why}; this is an {claims.token_use} token.", _source(meeting))


def _scopes(meeting: Meeting, claims: Claims, *, response: str) -> Verdict:
    """Compare scopes: one of the route's is enough."""
    fact = meeting.passage.route.authorization_scopes
    if isinstance(fact, Unread):
        return unknown(f"Which scopes the route needs was not read ({fact.gap.operation}).")
    wanted = fact.value if isinstance(fact, Present) else ()
    note = _LATER.format(_moment(meeting.around.estate.as_of))
    if not wanted or set(wanted) & set(claims.scopes):
        return passed(note)
    has = ", ".join(claims.scopes[:_SHOWN]) or "none"
    needs = f"scope {wanted[0]}" if len(wanted) == 1 else f"one of the scopes {', '.join(wanted)}"
    return refused(response, f"The route needs {needs}; the token has {has}.", _source(meeting))


def _more(meeting: Meeting, issuer: JwtIssuer, claims: Claims) -> Verdict:
    return next((each for each in _compared(meeting, issuer, claims) if each.decision is not Decision.ALLOWED), PASSED)


def _compared(meeting: Meeting, issuer: JwtIssuer, claims: Claims) -> Iterator[Verdict]:
    for each in issuer.additional_claims:
        yield _claim(meeting, each, claims)


def _claim(meeting: Meeting, wanted: JwtClaim, claims: Claims) -> Verdict:
    """Compare a further claim; its value is never shown."""
    if wanted.name not in claims.values:
        if wanted.required is None:
            return unknown(f"Whether claim {wanted.name} is required was not told.")
        if wanted.required:
            return refused(_BAD, f"The route needs claim {wanted.name}; the token has none.", _source(meeting))
        return PASSED
    if not wanted.expected_values or claims.values[wanted.name] in wanted.expected_values:
        return PASSED
    return refused(
        _BAD, f"Claim {wanted.name} of the token is none of the values that the route takes.", _source(meeting)
    )


def _said(value: str | None) -> str:
    return value or "not there"


def _source(meeting: Meeting) -> str:
    return f"deployed authorizer of {meeting.route}"
