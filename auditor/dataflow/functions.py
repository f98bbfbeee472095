"""Lambda functions as API Gateway writes them: invocation URIs, versions, aliases and stage variables."""

import re

_INVOCATION = re.compile(
    r"arn:[^:]+:apigateway:[^:]*:lambda:path/[0-9-]+/functions/(?P<arn>.+)/(response-streaming-)?invocations"
)
_PARTS = 7
"""Parts of a function's ARN before its version or alias."""
_FUNCTION = re.compile(r"arn:[^:]+:lambda:[^:]*:[^:]*:function:(?P<name>.+)")


def function_arn(uri: str) -> str | None:
    """Return the function's ARN as written, from an invocation URI or a bare ARN; None where it is neither."""
    found = _INVOCATION.fullmatch(uri)
    if found is not None:
        return found["arn"]
    return uri if _FUNCTION.fullmatch(uri) else None


def unqualified(arn: str) -> str:
    """Return a function's ARN without its version or alias."""
    return ":".join(arn.split(":")[:_PARTS])


def function_name(arn: str) -> str:
    """Return `orders-api`, `orders-api:live` with its alias or version; the text as it is where it is no ARN."""
    found = _FUNCTION.fullmatch(arn)
    return found["name"] if found else arn
