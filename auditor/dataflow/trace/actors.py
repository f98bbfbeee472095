"""Which variables of a log name who called, by what established it (dataflow.md section 5.1)."""

from collections.abc import Mapping

from auditor.dataflow.trace.log_format import LogFormat
from auditor.model.identity import AuthenticatedBy

CERTIFICATE = ("identity.clientCert.subjectDN", "identity.clientCert.serialNumber")
"""What names the caller where mutual TLS asks for a certificate."""

ACTOR_VARIABLES: Mapping[AuthenticatedBy, tuple[str, ...]] = {
    AuthenticatedBy.NONE: (),
    AuthenticatedBy.API_KEY_ONLY: ("identity.apiKeyId",),
    AuthenticatedBy.IAM: ("identity.userArn", "identity.caller", "identity.user"),
    AuthenticatedBy.COGNITO: ("authorizer.claims.sub",),
    AuthenticatedBy.JWT: ("authorizer.claims.sub",),
    AuthenticatedBy.LAMBDA: ("authorizer.principalId",),
    AuthenticatedBy.UNKNOWN: (),
}
"""Those that name every caller; the first is the one to propose."""

_NAME_NOBODY = frozenset(
    {
        "acr",
        "address",
        "alg",
        "amr",
        "at_hash",
        "aud",
        "auth_time",
        "cognito:groups",
        "cognito:roles",
        "email_verified",
        "event_id",
        "exp",
        "groups",
        "iat",
        "iss",
        "jti",
        "kid",
        "locale",
        "nbf",
        "nonce",
        "origin_jti",
        "phone_number_verified",
        "role",
        "roles",
        "scope",
        "scopes",
        "scp",
        "token_use",
        "typ",
        "updated_at",
        "version",
        "zoneinfo",
    }
)
"""Claims that say nothing of who it is. Any other may."""
_GATEWAYS_OWN = frozenset(
    {"error", "integrationLatency", "integrationStatus", "latency", "requestId", "status", "claims"}
)


def may_name(variable: str, authenticated_by: AuthenticatedBy) -> bool:
    """Return whether a variable says who called, where it holds something at all."""
    if variable in ACTOR_VARIABLES[authenticated_by]:
        return True
    match authenticated_by:
        case AuthenticatedBy.IAM:
            return variable == "identity.cognitoIdentityId"
        case AuthenticatedBy.COGNITO | AuthenticatedBy.JWT:
            before, _, claim = variable.rpartition("claims.")
            return before.startswith("authorizer.") and claim not in _NAME_NOBODY
        case AuthenticatedBy.LAMBDA:
            key = variable.removeprefix("authorizer.")
            return key != variable and key not in _GATEWAYS_OWN | _NAME_NOBODY
        case _:
            return False


def candidates(log: LogFormat, authenticated_by: AuthenticatedBy) -> tuple[str, ...]:
    """Return the variables of a format that may say who called, each once, in its order."""
    return tuple(dict.fromkeys(each.name for each in log.variables if may_name(each.name, authenticated_by)))
