"""What stages write of a call: one good format for each way of knowing the caller, and the others as they came to be.

Good ones name the actor by the variable that the way of knowing fills, and hold what joins a call to the rest of its trace.
The others: `SHORT` and `COMMON` name nobody (P16), `MISSPELT` names a variable that nothing ever fills (P2), `SECRET` writes the
API key itself, and `BROKEN` is no JSON.
"""

import json

_REST = {
    "requestId": "$context.requestId",
    "extendedRequestId": "$context.extendedRequestId",
    "time": "$context.requestTime",
    "method": "$context.httpMethod",
    "resource": "$context.resourcePath",
    "status": "$context.status",
    "refusedBy": "$context.error.responseType",
    "authorize": "$context.authorize.status",
    "integration": "$context.integration.status",
    "sourceIp": "$context.identity.sourceIp",
    "tls": "$context.tlsVersion",
}
_HTTP = {
    "requestId": "$context.requestId",
    "extendedRequestId": "$context.extendedRequestId",
    "time": "$context.requestTime",
    "method": "$context.httpMethod",
    "route": "$context.routeKey",
    "status": "$context.status",
    "refusedBy": "$context.error.responseType",
    "authorizerError": "$context.authorizer.error",
    "integration": "$context.integration.status",
    "sourceIp": "$context.identity.sourceIp",
}
_WEBSOCKET = {
    "requestId": "$context.requestId",
    "extendedRequestId": "$context.extendedRequestId",
    "time": "$context.requestTime",
    "route": "$context.routeKey",
    "event": "$context.eventType",
    "connection": "$context.connectionId",
    "status": "$context.status",
    "authorizerError": "$context.authorizer.error",
    "integration": "$context.integrationStatus",
    "sourceIp": "$context.identity.sourceIp",
}


def _format(base: dict[str, str], **actor: str) -> str:
    return json.dumps({**base, **{name: f"$context.{variable}" for name, variable in actor.items()}})


COGNITO = _format(_REST, actor="authorizer.claims.sub", client="authorizer.claims.client_id")
SIGNED = _format(_REST, actor="identity.userArn", account="identity.accountId")
REST_JWT = _format(_REST, actor="authorizer.claims.sub", issuer="authorizer.claims.iss")
KEYED = _format(_REST, key="identity.apiKeyId", actor="identity.userArn")
JWT = _format(
    _HTTP,
    actor="authorizer.claims.sub",
    client="authorizer.claims.client_id",
    issuer="authorizer.claims.iss",
    caller="identity.userArn",
)
FUNCTION = _format(_HTTP, actor="authorizer.principalId", certificate="identity.clientCert.subjectDN")
ANYBODY = _format(_WEBSOCKET)
"""Of an API that asks nobody: there is no name to write (P16)."""
DRIVER = _format(_WEBSOCKET, actor="authorizer.principalId")

MISSPELT = _format(_REST, actor="authorizer.princialId")
"""As it stands in a template that half the internet copied."""
SECRET = _format(_REST, actor="identity.userArn", key="identity.apiKey")
BROKEN = '{ "requestId": "$context.requestId", "ip": "$context.identity.sourceIp" "status": $context.status, }'
COMMON = (
    '$context.identity.sourceIp - - [$context.requestTime] "$context.httpMethod $context.resourcePath $context.protocol" '
    "$context.status $context.responseLength $context.requestId"
)
SHORT = "$context.requestId $context.status"
