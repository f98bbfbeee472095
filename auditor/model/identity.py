"""What is known of a caller at one point of a flow: who checked, and where each fact comes from."""

from dataclasses import dataclass
from enum import StrEnum


class AuthenticatedBy(StrEnum):
    """What established who calls."""

    NONE = "NONE"
    API_KEY_ONLY = "API_KEY_ONLY"
    """A key names a client application or a plan, nobody in person."""
    IAM = "IAM"
    COGNITO = "COGNITO"
    JWT = "JWT"
    LAMBDA = "LAMBDA"
    UNKNOWN = "UNKNOWN"
    """Not read, or a type that this program does not know."""


class Origin(StrEnum):
    """Where a fact about the caller comes from."""

    VERIFIED = "VERIFIED"
    """An authorizer checked it."""
    GATEWAY = "GATEWAY"
    """API Gateway observed it: source address, request id."""
    CLIENT = "CLIENT"
    """The client says so."""
    STATIC = "STATIC"
    """A constant of the configuration."""
    MIXED = "MIXED"
    """Both a checked value and the client's reach the same place."""
    LOST = "LOST"
    """It was known, and is known no more from here on."""
    UNKNOWN = "UNKNOWN"
    """Not read, or not understood."""


class Lane(StrEnum):
    """What a fact tells about the caller; a picture has one ribbon a lane."""

    ACTOR = "actor"
    TENANT = "tenant"
    """Tenant, scope, role: what the actor may be here."""
    TOKEN = "token"  # noqa: S105 - the word, no password


class ClientHeaders(StrEnum):
    """Which headers of the client's own go on from here."""

    PASS_ALL = "PASS_ALL"  # noqa: S105 - no password
    NAMED = "NAMED"
    NONE = "NONE"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Carried:
    """A fact about the caller, as it stands at one point."""

    lane: Lane
    name: str
    """As the gateway or the back end names it there: `authorizer.claims.sub`, `header x-user-id`."""
    origin: Origin


@dataclass(frozen=True, slots=True)
class IdentityState:
    """What is known of the caller at one point of a flow."""

    authenticated_by: AuthenticatedBy
    mutual_tls: bool | None
    """Whether every door also asks for a client certificate; None: not known."""
    facts: tuple[Carried, ...]
    """At most one a lane, in the order of the lanes."""
    client_headers: ClientHeaders
    named_headers: tuple[str, ...] = ()
    """Lower case, sorted; of NAMED alone."""
