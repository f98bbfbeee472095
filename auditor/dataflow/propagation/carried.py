"""What is known of the caller at each point of a route: before anybody asks, once somebody did, and at the back end.

A fact that was known and does not reach the back end is LOST there, which is where the ribbon of the picture breaks. Stands
on dataflow.md sections 3.1 and 3.2; not tried on a live account.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from auditor.dataflow.passage import Passage
from auditor.dataflow.propagation.forwarding import Forwarding, Goes, forwarding
from auditor.dataflow.propagation.identity_names import looks_like_identity
from auditor.dataflow.propagation.integration_class import IntegrationClass
from auditor.dataflow.propagation.sending import (
    HEADER,
    Sending,
    identity_paths,
    lane_of,
    sending,
    speaks_of_caller,
    takes_every_header,
    takes_header,
)
from auditor.model.fact import Present
from auditor.model.flow import ToldToBackend
from auditor.model.gateway import Protocol
from auditor.model.identity import AuthenticatedBy, Carried, ClientHeaders, IdentityState, Lane, Origin
from auditor.model.transform import Space, Transform, TransformKind

_CALLERS_OWN = ":iam::*:user/*"
_CERTIFICATE = "identity.clientCert.subjectDN"
_IAM = (
    Carried(Lane.ACTOR, "identity.userArn", Origin.VERIFIED),
    Carried(Lane.TENANT, "identity.accountId", Origin.VERIFIED),
)
_SUBJECT = (Carried(Lane.ACTOR, "authorizer.claims.sub", Origin.VERIFIED),)
_SCOPE = Carried(Lane.TENANT, "authorizer.claims.scope", Origin.VERIFIED)
_PRINCIPAL = (Carried(Lane.ACTOR, "authorizer.principalId", Origin.VERIFIED),)
_CONTEXT = (Carried(Lane.ACTOR, "authorizer context", Origin.VERIFIED),)
_KEY = (Carried(Lane.ACTOR, "identity.apiKeyId", Origin.GATEWAY),)
_BY_CERTIFICATE = (Carried(Lane.ACTOR, _CERTIFICATE, Origin.VERIFIED),)
_USUAL = ("authorization",)
_TOLD = frozenset({Lane.ACTOR, Lane.TENANT})
_HEADERS = frozenset({Space.CLIENT_HEADER, Space.CLIENT_ALL})
_PARTS = frozenset({"querystring", "path"})
"""Paths of `Space.CLIENT_ALL` that mean no header."""
_WEIGHT = (Origin.MIXED, Origin.VERIFIED, Origin.CLIENT, Origin.UNKNOWN)
"""Which of several facts of one lane is shown: the one that says most about trust."""


@dataclass(frozen=True, slots=True)
class States:
    """What is known of the caller at the three points where it changes; None: not known."""

    client: IdentityState | None
    authorized: IdentityState | None
    backend: IdentityState | None


def states(passage: Passage, sent: Sending | None = None) -> States:
    """Return what is known of the caller along a passage; `sent`: what it makes of a request, where that is worked out already."""
    known = after_authorizer(passage)
    return States(before_authorizer(passage), known, _at_backend(passage, known, sent or sending(passage)))


def before_authorizer(passage: Passage) -> IdentityState:
    """Return what is known before anybody asks: the client's own word, its token among it."""
    asks = passage.authenticated_by not in {AuthenticatedBy.NONE, AuthenticatedBy.API_KEY_ONLY}
    origin = Origin.UNKNOWN if passage.authenticated_by is AuthenticatedBy.UNKNOWN else Origin.CLIENT
    token = _token(token_headers(passage)[0], origin) if asks and not is_message(passage) else ()
    return IdentityState(
        AuthenticatedBy.NONE, mutual_tls=passage.mutual_tls, facts=token, client_headers=_arriving(passage)
    )


def after_authorizer(passage: Passage) -> IdentityState | None:
    """Return what is known once the authorizer decided; None where it is not known which one decides.

    A client certificate names the caller where nobody else does. An API key names a plan, nobody in person. What a Lambda
    authorizer puts into its context is not known: what it gives is its word, whatever it is.
    """
    if passage.authenticated_by is AuthenticatedBy.UNKNOWN:
        return None
    return IdentityState(
        passage.authenticated_by,
        mutual_tls=passage.mutual_tls,
        facts=_verified(passage),
        client_headers=_arriving(passage),
    )


def at_backend(passage: Passage) -> IdentityState | None:
    """Return what the back end is told; None where it is not known who asks, or what is made of the request.

    A mock, or a route without integration, has no back end: whatever was verified ends there.
    """
    return _at_backend(passage, after_authorizer(passage), sending(passage))


def _at_backend(passage: Passage, known: IdentityState | None, sent: Sending) -> IdentityState | None:
    goes = forwarding(sent.kind, passage.route.protocol)
    if known is None or sent.kind is IntegrationClass.UNKNOWN or goes.identity is Goes.UNKNOWN:
        return None
    if sent.kind.has_back_end and not sent.is_read and not _goes_by_itself(passage, goes):
        return None
    found = (_at_lane(lane, passage, known, sent) for lane in Lane)
    headers, named = _client_headers(passage, sent, goes)
    return IdentityState(
        passage.authenticated_by,
        mutual_tls=passage.mutual_tls,
        facts=tuple(each for each in found if each is not None),
        client_headers=headers,
        named_headers=named,
    )


def told_to_backend(passage: Passage) -> ToldToBackend:
    """Return in one word what the back end is told about the caller.

    VERIFIED: something about the person or the tenant comes from the authorizer, and nothing beside it from the client.
    CLIENT_CLAIMED: an identity header holds what the client says, alone or mixed with what was verified: the back end cannot
    tell which. NOTHING: neither. A bearer token that merely passes through is nothing: the back end would have to check it
    anew. UNKNOWN: not read, or not understood.

    Where nobody is asked, and where a mock answers, there is nothing to tell: that is NOTHING too. A headline that counts
    back ends which ought to be told counts `is_telling_due` alone.
    """
    return told(at_backend(passage))


def told(state: IdentityState | None) -> ToldToBackend:
    """Return the word for a state at the back end."""
    if state is None:
        return ToldToBackend.UNKNOWN
    origins = {each.origin for each in state.facts if each.lane in _TOLD}
    if origins & {Origin.CLIENT, Origin.MIXED}:
        return ToldToBackend.CLIENT_CLAIMED
    if Origin.VERIFIED in origins:
        return ToldToBackend.VERIFIED
    return ToldToBackend.UNKNOWN if Origin.UNKNOWN in origins else ToldToBackend.NOTHING


def is_telling_due(passage: Passage) -> bool:
    """Return whether somebody is asked who calls, and a back end is there that could be told."""
    asked = passage.authenticated_by not in {AuthenticatedBy.NONE, AuthenticatedBy.API_KEY_ONLY}
    return asked and sending(passage).kind.has_back_end


def calls_as_caller(passage: Passage) -> bool:
    """Return whether an AWS service is called with the caller's own credentials: then it knows who calls."""
    is_iam = passage.authenticated_by is AuthenticatedBy.IAM
    if not is_iam or not isinstance(passage.integration, Present):
        return False
    return (passage.integration.value.credentials or "").endswith(_CALLERS_OWN)


def is_message(passage: Passage) -> bool:
    """Return whether a route carries messages of an open connection: they have neither headers nor a token."""
    return passage.route.protocol is Protocol.WEBSOCKET and passage.route.route_key != "$connect"


def token_headers(passage: Passage) -> tuple[str, ...]:
    """Return the headers that the authorizer looks at, folded and in order: `authorization` where none is named."""
    return _headers_of(passage.authorizer.value.identity_source) if isinstance(passage.authorizer, Present) else _USUAL


@lru_cache(maxsize=1024)
def _headers_of(identity_source: tuple[str, ...]) -> tuple[str, ...]:
    places = (each.lower().rpartition("header.") for each in identity_source)
    return tuple(name for _, separator, name in places if separator) or _USUAL


@lru_cache(maxsize=2048)
def _token(header: str, origin: Origin) -> tuple[Carried, ...]:
    return (Carried(Lane.TOKEN, HEADER + header, origin),)


def _arriving(passage: Passage) -> ClientHeaders:
    return ClientHeaders.NONE if is_message(passage) else ClientHeaders.PASS_ALL


def _verified(passage: Passage) -> tuple[Carried, ...]:
    token = () if is_message(passage) else _token(token_headers(passage)[0], Origin.VERIFIED)
    match passage.authenticated_by:
        case AuthenticatedBy.NONE | AuthenticatedBy.API_KEY_ONLY if passage.mutual_tls:
            return _BY_CERTIFICATE
        case AuthenticatedBy.API_KEY_ONLY:
            return _KEY
        case AuthenticatedBy.IAM:
            return (*_IAM, *token)
        case AuthenticatedBy.COGNITO | AuthenticatedBy.JWT:
            return (*_SUBJECT, *((_SCOPE,) if passage.who.scopes else ()), *token)
        case AuthenticatedBy.LAMBDA:
            return (*(_CONTEXT if _gives_context_alone(passage) else _PRINCIPAL), *token)
        case _:
            return ()


def _gives_context_alone(passage: Passage) -> bool:
    """Return whether a Lambda authorizer answers yes or no and a context, without a principal (HTTP APIs)."""
    return isinstance(passage.authorizer, Present) and passage.authorizer.value.simple_responses is True


def _at_lane(lane: Lane, passage: Passage, known: IdentityState, sent: Sending) -> Carried | None:
    before = next((each for each in known.facts if each.lane is lane), None)
    if lane is Lane.TOKEN:
        return None if before is None else Carried(lane, before.name, _token_at_backend(passage, sent))
    if not sent.kind.has_back_end:
        return None if before is None else Carried(lane, before.name, Origin.LOST)
    if before is not None and _goes_by_itself(passage, forwarding(sent.kind, passage.route.protocol)):
        return before
    found = _heaviest([each for each in _named(sent) if each.lane is lane])
    if found is not None or before is None:
        return found
    return Carried(lane, before.name, Origin.UNKNOWN if sent.is_unsure else Origin.LOST)


def _goes_by_itself(passage: Passage, goes: Forwarding) -> bool:
    return goes.identity is Goes.ALWAYS or calls_as_caller(passage)


def _heaviest(found: Sequence[Carried]) -> Carried | None:
    return min(found, key=lambda each: _WEIGHT.index(each.origin), default=None)


def _named(sent: Sending) -> Iterator[Carried]:
    """Yield what the mappings and templates say of the caller, each under the name that the back end sees."""
    for target, last in sent.last.items():
        if last.origin in {Origin.VERIFIED, Origin.MIXED} and speaks_of_caller(last.by):
            yield Carried(_lane(last.by, target), target, last.origin)
        elif last.origin in {Origin.CLIENT, Origin.UNKNOWN} and looks_like_identity(target):
            yield Carried(lane_of(target), target, last.origin)
    for each in filter(speaks_of_caller, sent.telling):
        for lane in dict.fromkeys(lane_of(path) for path in identity_paths(each)):
            yield Carried(lane, each.target or "body", Origin.VERIFIED)


def _lane(write: Transform, target: str) -> Lane:
    return lane_of(next(iter(identity_paths(write)), target))


def _token_at_backend(passage: Passage, sent: Sending) -> Origin:
    """Return whether the token itself goes on. A SigV4 signature is made for the gateway, and is dropped."""
    if passage.authenticated_by is AuthenticatedBy.IAM:
        return Origin.LOST
    name = token_headers(passage)[0]
    match forwarding(sent.kind, passage.route.protocol).token:
        case Goes.ALWAYS:
            return Origin.VERIFIED
        case Goes.UNLESS_REPLACED:
            return Origin.LOST if HEADER + name in sent.last else Origin.VERIFIED
        case Goes.IF_MAPPED:
            kept = (each.by for each in sent.last.values() if each.by.kind is not TransformKind.REMOVE)
            is_taken = any(takes_header(each, name) for each in (*kept, *sent.makes))
            return Origin.VERIFIED if is_taken else Origin.UNKNOWN if sent.puzzles else Origin.LOST
        case Goes.NEVER:
            return Origin.LOST
        case Goes.UNKNOWN:
            return Origin.UNKNOWN


def _client_headers(passage: Passage, sent: Sending, goes: Forwarding) -> tuple[ClientHeaders, tuple[str, ...]]:
    if is_message(passage) or not sent.kind.has_back_end:
        return ClientHeaders.NONE, ()
    match goes.client_headers:
        case Goes.ALWAYS | Goes.UNLESS_REPLACED:
            return ClientHeaders.PASS_ALL, ()
        case Goes.IF_MAPPED:
            return _mapped_headers(sent)
        case Goes.NEVER:
            return ClientHeaders.NONE, ()
        case Goes.UNKNOWN:
            return ClientHeaders.UNKNOWN, ()


def _mapped_headers(sent: Sending) -> tuple[ClientHeaders, tuple[str, ...]]:
    """Return the client's headers that a non-proxy integration takes along, under the names that the client uses."""
    changes = (*sent.writes, *sent.makes)
    if any(takes_every_header(each) for each in changes):
        return ClientHeaders.PASS_ALL, ()
    if sent.puzzles:
        return ClientHeaders.UNKNOWN, ()
    sources = (each for write in changes for each in write.sources)
    names = tuple(sorted({each.path.lower() for each in sources if each.space in _HEADERS and each.path not in _PARTS}))
    return (ClientHeaders.NAMED, names) if names else (ClientHeaders.NONE, ())
