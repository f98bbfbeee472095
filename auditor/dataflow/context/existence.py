"""Whether a variable of `$context` holds a value for a route, and whose word it is (dataflow.md section 3.1).

From AWS's documentation: api-gateway-mapping-template-reference, api-gateway-variables-for-access-logging,
rest-api-jwt-authorizer-claims, http-api-logging-variables, api-gateway-lambda-authorizer-output. No live account was asked.
"""

from enum import StrEnum
from functools import lru_cache
from typing import assert_never

from auditor.dataflow.context.near import near_miss
from auditor.dataflow.context.use import Use
from auditor.dataflow.context.variables import OVERRIDES, documented
from auditor.model.gateway import Protocol
from auditor.model.identity import AuthenticatedBy

__all__ = ["Existence", "Use", "existence", "near_miss"]


class Existence(StrEnum):
    """What a variable holds."""

    VERIFIED = "verified"
    """What the route's authorizer checked."""
    MAY_BE_EMPTY = "may be empty"
    """Checked where it is there, and the configuration does not tell whether it is: a key of a Lambda authorizer, an optional claim."""
    GATEWAY = "gateway"
    """What API Gateway saw itself."""
    CLIENT = "client"
    """What the client sent: `identity.userAgent`."""
    EMPTY = "empty"
    """Nothing, ever, under this authorizer."""
    NO_VARIABLE = "no variable"
    """Not in AWS's lists: nothing, as far as documentation tells."""
    UNKNOWN = "unknown"
    """Nobody can tell: the authorizer is not known, or the documentation does not settle it."""


COGNITO_CLAIMS = frozenset({"sub", "iss", "token_use", "auth_time", "iat", "exp", "jti"})
"""In ID tokens and access tokens of a user pool alike, those of machines among them."""
JWT_CLAIMS = frozenset({"sub", "iss", "exp"})
"""`iss` and `exp` are asked for by API Gateway; `sub` by OpenID Connect and RFC 9068, which a bare JWT need not follow."""
_BY_IAM = {
    **dict.fromkeys(("accountId", "caller", "user", "userArn"), Existence.VERIFIED),
    # With credentials of an identity pool, and of an account in an organisation.
    **dict.fromkeys(
        (
            "cognitoAuthenticationProvider",
            "cognitoAuthenticationType",
            "cognitoIdentityId",
            "cognitoIdentityPoolId",
            "principalOrgId",
        ),
        Existence.MAY_BE_EMPTY,
    ),
}
_WHOEVER_CALLS = {
    **dict.fromkeys(("sourceIp", "vpcId", "vpceId"), Existence.GATEWAY),
    "userAgent": Existence.CLIENT,
}
_KEYS = frozenset({"apiKey", "apiKeyId"})
"""They name an application or a plan, nobody in person."""


@lru_cache(maxsize=16384)
def existence(variable: str, protocol: Protocol, authenticated_by: AuthenticatedBy, use: Use) -> Existence:
    """Return what a variable holds. `variable`: without `$context.`, as in `authorizer.claims.sub`."""
    listed = variable in documented(protocol, use)
    if variable.startswith("authorizer."):
        return _authorizer(variable, protocol, authenticated_by, use)
    if variable.startswith("identity."):
        return _identity(variable.removeprefix("identity."), authenticated_by) if listed else Existence.NO_VARIABLE
    if protocol is Protocol.REST and variable.startswith(OVERRIDES):
        return Existence.UNKNOWN
    if use is Use.MAPPING and variable in {"", "identity", "authorizer"}:
        return Existence.UNKNOWN  # the whole map, in a template; no page says what it prints
    return Existence.GATEWAY if listed else Existence.NO_VARIABLE


def _identity(name: str, authenticated_by: AuthenticatedBy) -> Existence:
    if name in _WHOEVER_CALLS:
        return _WHOEVER_CALLS[name]
    if name.startswith("clientCert."):
        return Existence.MAY_BE_EMPTY  # there on custom domain names with mutual TLS alone
    if authenticated_by is AuthenticatedBy.UNKNOWN:
        return Existence.UNKNOWN
    if name in _KEYS:
        return Existence.EMPTY if authenticated_by is AuthenticatedBy.NONE else Existence.GATEWAY
    return _BY_IAM.get(name, Existence.UNKNOWN) if authenticated_by is AuthenticatedBy.IAM else Existence.EMPTY


def _authorizer(variable: str, protocol: Protocol, authenticated_by: AuthenticatedBy, use: Use) -> Existence:
    key = variable.removeprefix("authorizer.")
    if key == "claims":
        return Existence.EMPTY  # documented: null without the name of a claim
    if key != "principalId" and variable in documented(protocol, use):
        return Existence.GATEWAY
    return _given(key, protocol, authenticated_by)


def _given(key: str, protocol: Protocol, authenticated_by: AuthenticatedBy) -> Existence:
    match authenticated_by:
        case AuthenticatedBy.UNKNOWN:
            return Existence.UNKNOWN
        case AuthenticatedBy.NONE | AuthenticatedBy.API_KEY_ONLY | AuthenticatedBy.IAM:
            return Existence.EMPTY
        case AuthenticatedBy.COGNITO:
            return _claim(key, COGNITO_CLAIMS)
        case AuthenticatedBy.JWT:
            return _by_jwt(key, protocol)
        case AuthenticatedBy.LAMBDA:
            return _by_function(key, protocol)
        case _:
            assert_never(authenticated_by)


def _claim(key: str, always: frozenset[str]) -> Existence:
    if not key.startswith("claims."):
        return Existence.EMPTY
    return Existence.VERIFIED if key.removeprefix("claims.") in always else Existence.MAY_BE_EMPTY


def _by_jwt(key: str, protocol: Protocol) -> Existence:
    """Return what a JWT authorizer gives. No page speaks of `scopes`, nor of `jwt.claims` on REST APIs: not settled."""
    if key == "scopes" or (protocol is Protocol.REST and key.startswith("jwt.")):
        return Existence.UNKNOWN
    claim = key.removeprefix("claims.")
    if protocol is Protocol.REST and claim != key and "." in claim and "/" not in claim:
        return Existence.EMPTY  # documented: claims of the first level alone
    return _claim(key, JWT_CLAIMS)


def _by_function(key: str, protocol: Protocol) -> Existence:
    """Return what a Lambda authorizer gives: whatever it likes. A simple answer on HTTP APIs names no principal."""
    if key == "principalId":
        return Existence.MAY_BE_EMPTY if protocol is Protocol.HTTP else Existence.VERIFIED
    if key.startswith("claims."):
        return Existence.EMPTY
    return Existence.MAY_BE_EMPTY if near_miss(f"authorizer.{key}") is None else Existence.NO_VARIABLE
