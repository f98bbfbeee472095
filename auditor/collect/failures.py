"""What an error of AWS or of the way to it means: a gap at once, or another try."""

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    HTTPClientError,
    IncompleteReadError,
    NoCredentialsError,
)
from botocore.parsers import ResponseParserError

from auditor.collect.integrity import BrokenAnswerError
from auditor.collect.transport import EndlessBodyError
from auditor.model.snapshot import GapReason

_THROTTLES = frozenset(
    {
        "TooManyRequestsException",
        "ThrottlingException",
        "Throttling",
        "ThrottledException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "LimitExceededException",
        "PriorRequestNotComplete",
    }
)
_EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"})
_DENIED = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "UnauthorizedOperation",
        "NotAuthorized",
        "AuthorizationError",
        "AuthFailure",
        "UnrecognizedClientException",
        "InvalidClientTokenId",
        "SignatureDoesNotMatch",
        "IncompleteSignature",
        "MissingAuthenticationToken",
        "InvalidSignatureException",
        "OptInRequired",
    }
)
_SERVER_ERROR = 500
_TOO_MANY = 429
_FORBIDDEN = 403
_TOO_LARGE = 413

RETRIED = frozenset({GapReason.THROTTLED, GapReason.UNAVAILABLE, GapReason.MALFORMED})
"""Reasons that may pass: worth another try."""

CAUGHT = (ClientError, BotoCoreError, HTTPClientError, ResponseParserError, BrokenAnswerError, EndlessBodyError)
"""What a call may raise that is AWS's or the network's doing, never ours."""


def reason_of(error: Exception) -> tuple[GapReason, str]:
    """Return why a call failed, and the code to print: AWS's error code, or the kind of break."""
    match error:
        case ClientError():
            return _reason_of_answer(error)
        case BrokenAnswerError() | EndlessBodyError():
            return GapReason.MALFORMED, f"broken answer ({error})"
        case ResponseParserError() | IncompleteReadError():
            return GapReason.MALFORMED, "broken answer (body is not of the service's format)"
        case NoCredentialsError():
            return GapReason.EXPIRED, "no credentials"
        case _:
            return GapReason.UNAVAILABLE, type(error).__name__


def is_too_large(error: Exception) -> bool:
    """Return whether AWS refused because the answer would be too large: 413, or a code that says so (no list is published)."""
    if not isinstance(error, ClientError):
        return False
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    return status == _TOO_LARGE or "toolarge" in error_code(error).lower()


def error_code(error: ClientError) -> str:
    """Return AWS's error code."""
    return str(error.response.get("Error", {}).get("Code") or "no code")


def is_untold(error: ClientError) -> bool:
    """Return whether neither code nor status says why AWS refused: botocore puts the status where a code is missing."""
    code = error_code(error)
    return (code in {"no code", "Unknown"} or code.isdigit()) and _reason_of_answer(error)[0] is GapReason.UNSUPPORTED


def _reason_of_answer(error: ClientError) -> tuple[GapReason, str]:
    code = error_code(error)
    status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") or 0)
    if code in _THROTTLES or status == _TOO_MANY:
        return GapReason.THROTTLED, code
    if code in _EXPIRED:
        return GapReason.EXPIRED, code
    if code in _DENIED or status == _FORBIDDEN:
        return GapReason.DENIED, code
    if status >= _SERVER_ERROR:
        return GapReason.UNAVAILABLE, code
    return GapReason.UNSUPPORTED, code
