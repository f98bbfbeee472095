"""The variables of `$context` that AWS documents, by kind of API and use, with the page that lists each.

From documentation alone: nothing here was tried on a live account. AWS adds names now and then, so that a name which
is not listed is no proof that it is empty.
"""

from enum import StrEnum
from functools import lru_cache

from auditor.dataflow.context.use import Use
from auditor.model.gateway import Protocol


class Page(StrEnum):
    """A page of the developer guide, below https://docs.aws.amazon.com/apigateway/latest/developerguide/."""

    REST_MAPPING = "api-gateway-mapping-template-reference"
    REST_LOG = "api-gateway-variables-for-access-logging"
    REST_ROUTING = "rest-api-routing-rules-troubleshoot"
    REST_STREAMING = "response-streaming-troubleshoot"
    REST_TLS = "apigateway-security-policies"
    HTTP = "http-api-logging-variables"
    """Of parameter mappings too: http-api-parameter-mapping refers to it."""
    WEBSOCKET_MAPPING = "apigateway-websocket-api-mapping-template-reference"
    WEBSOCKET_LOG = "websocket-api-logging"


_REST_BOTH = """
accountId apiId awsEndpointRequestId deploymentId domainName domainPrefix error.message error.messageString
error.responseType error.validationErrorString extendedRequestId httpMethod identity.accountId identity.apiKey
identity.apiKeyId identity.caller identity.clientCert.clientCertPem identity.clientCert.issuerDN
identity.clientCert.serialNumber identity.clientCert.subjectDN identity.clientCert.validity.notAfter
identity.clientCert.validity.notBefore identity.cognitoAuthenticationProvider identity.cognitoAuthenticationType
identity.cognitoIdentityId identity.cognitoIdentityPoolId identity.principalOrgId identity.sourceIp identity.user
identity.userAgent identity.userArn identity.vpcId identity.vpceId isCanaryRequest path protocol requestId requestTime
requestTimeEpoch resourceId resourcePath responseOverride.status stage wafResponseCode webaclArn xrayTraceId
authorizer.principalId
"""
_PHASES = """
authenticate.error authenticate.latency authenticate.status authorize.error authorize.latency authorize.status
authorizer.error authorizer.integrationLatency authorizer.integrationStatus authorizer.latency authorizer.requestId
authorizer.status integration.error integration.integrationStatus integration.latency integration.requestId
integration.status integrationLatency integrationStatus waf.error waf.latency waf.status
"""
_REST_LOG = """
customDomain.basePathMatched endpointType integrationErrorMessage responseLatency responseLength status
"""
_HTTP = """
accountId apiId authorizer.error authorizer.latency authorizer.principalId authorizer.status awsEndpointRequestId
awsEndpointRequestId2
customDomain.basePathMatched dataProcessed domainName domainPrefix error.message error.messageString error.responseType
extendedRequestId httpMethod identity.accountId identity.caller identity.clientCert.clientCertPem
identity.clientCert.issuerDN identity.clientCert.serialNumber identity.clientCert.subjectDN
identity.clientCert.validity.notAfter identity.clientCert.validity.notBefore identity.cognitoAuthenticationProvider
identity.cognitoAuthenticationType identity.cognitoIdentityId identity.cognitoIdentityPoolId identity.principalOrgId
identity.sourceIp identity.user identity.userAgent identity.userArn integration.error integration.integrationStatus
integration.latency integration.requestId integration.status integrationErrorMessage integrationLatency
integrationStatus path protocol requestId requestTime requestTimeEpoch responseLatency responseLength routeKey stage
status
"""
_WEBSOCKET_BOTH = """
apiId authorizer.principalId connectedAt connectionId domainName error.message error.messageString error.responseType
error.validationErrorString eventType extendedRequestId identity.accountId identity.apiKey identity.apiKeyId
identity.caller identity.cognitoAuthenticationProvider identity.cognitoAuthenticationType identity.cognitoIdentityId
identity.cognitoIdentityPoolId identity.principalOrgId identity.sourceIp identity.user identity.userAgent
identity.userArn messageId requestId requestTime requestTimeEpoch routeKey stage status
"""
_SOURCES: dict[tuple[Protocol, Use], tuple[tuple[Page, str], ...]] = {
    (Protocol.REST, Use.MAPPING): ((Page.REST_MAPPING, _REST_BOTH),),
    (Protocol.REST, Use.LOG): (
        (Page.REST_LOG, _REST_BOTH + _PHASES + _REST_LOG),
        (Page.REST_ROUTING, "customDomain.routingRuleIdMatched"),
        (
            Page.REST_STREAMING,
            "integration.responseTransferMode integration.timeToAllHeaders integration.timeToFirstContent",
        ),
        (Page.REST_TLS, "tlsVersion cipherSuite"),
    ),
    (Protocol.HTTP, Use.MAPPING): ((Page.HTTP, _HTTP),),
    (Protocol.HTTP, Use.LOG): ((Page.HTTP, _HTTP),),
    (Protocol.WEBSOCKET, Use.MAPPING): ((Page.WEBSOCKET_MAPPING, _WEBSOCKET_BOTH),),
    (Protocol.WEBSOCKET, Use.LOG): ((Page.WEBSOCKET_LOG, _WEBSOCKET_BOTH + _PHASES),),
}

OVERRIDES = ("requestOverride.", "responseOverride.")
"""What a body template of a REST API sets itself; any name may follow."""


@lru_cache(maxsize=len(_SOURCES))
def documented(protocol: Protocol, use: Use) -> dict[str, Page]:
    """Return every fixed name that may stand behind `$context.`, and the page that lists it."""
    return {name: page for page, names in _SOURCES[protocol, use] for name in names.split()}
