"""What goes on to a back end by itself, as data: integration class x protocol (dataflow.md section 3.2).

Stands on AWS's developer guide; none of it was tried on a live account.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from auditor.dataflow.propagation.integration_class import IntegrationClass
from auditor.model.gateway import Protocol


class Goes(StrEnum):
    """Whether something reaches the back end."""

    ALWAYS = "always"
    UNLESS_REPLACED = "unless replaced"
    """As the client sent it, where no mapping writes or removes it."""
    IF_MAPPED = "if mapped"
    NEVER = "never"
    UNKNOWN = "unknown"
    """The documentation does not settle it."""


@dataclass(frozen=True, slots=True)
class Forwarding:
    """What of a call goes on without being told to."""

    identity: Goes
    """What the authorizer verified."""
    client_headers: Goes
    token: Goes
    """The header that the authorizer looked at. A SigV4 signature never goes on."""
    source: str


_EVENT = "developer guide, set-up-lambda-proxy-integrations"
_CUSTOM = "developer guide, api-gateway-mapping-template-reference: only what is mapped is sent"
_SIMPLE = "developer guide, api-gateway-set-up-simple-proxy: passes the entire request"
_MAPPING = (
    "developer guide, http-api-parameter-mapping: Authorization is reserved, append keeps the client's value first"
)
_ACTIONS = "developer guide, http-api-develop-integrations-aws-services"
_MESSAGES = "developer guide, apigateway-websocket-api-requests: a message has a body and no headers"
_MOCKED = "developer guide, how-to-mock-integration"

_WHOLE_EVENT = Forwarding(Goes.ALWAYS, Goes.ALWAYS, Goes.ALWAYS, _EVENT)
_ONLY_MAPPED = Forwarding(Goes.IF_MAPPED, Goes.IF_MAPPED, Goes.IF_MAPPED, _CUSTOM)
_REST_PROXY = Forwarding(Goes.IF_MAPPED, Goes.UNLESS_REPLACED, Goes.UNLESS_REPLACED, _SIMPLE)
_HTTP_API_PROXY = Forwarding(Goes.IF_MAPPED, Goes.UNLESS_REPLACED, Goes.ALWAYS, _MAPPING)
_MESSAGE_PROXY = Forwarding(Goes.IF_MAPPED, Goes.UNKNOWN, Goes.UNKNOWN, _MESSAGES)
_ACTION = Forwarding(Goes.IF_MAPPED, Goes.IF_MAPPED, Goes.NEVER, _ACTIONS)
_NOTHING = Forwarding(Goes.NEVER, Goes.NEVER, Goes.NEVER, _MOCKED)
_UNTOLD = Forwarding(Goes.UNKNOWN, Goes.UNKNOWN, Goes.UNKNOWN, "not read, or not known to this version")

_ROWS: Mapping[IntegrationClass, tuple[Forwarding, Forwarding, Forwarding]] = {
    #                                REST          HTTP             WEBSOCKET
    IntegrationClass.LAMBDA_PROXY: (_WHOLE_EVENT, _WHOLE_EVENT, _WHOLE_EVENT),
    IntegrationClass.LAMBDA: (_ONLY_MAPPED, _UNTOLD, _ONLY_MAPPED),
    IntegrationClass.HTTP_PROXY: (_REST_PROXY, _HTTP_API_PROXY, _MESSAGE_PROXY),
    IntegrationClass.HTTP: (_ONLY_MAPPED, _UNTOLD, _ONLY_MAPPED),
    IntegrationClass.PRIVATE_PROXY: (_REST_PROXY, _HTTP_API_PROXY, _MESSAGE_PROXY),
    IntegrationClass.PRIVATE: (_ONLY_MAPPED, _UNTOLD, _ONLY_MAPPED),
    IntegrationClass.AWS_SERVICE: (_ONLY_MAPPED, _UNTOLD, _ONLY_MAPPED),
    IntegrationClass.AWS_SUBTYPE: (_UNTOLD, _ACTION, _UNTOLD),
    IntegrationClass.MOCK: (_NOTHING, _NOTHING, _NOTHING),
    IntegrationClass.NONE: (_NOTHING, _NOTHING, _NOTHING),
    IntegrationClass.UNKNOWN: (_UNTOLD, _UNTOLD, _UNTOLD),
}
_COLUMN = {Protocol.REST: 0, Protocol.HTTP: 1, Protocol.WEBSOCKET: 2}


def forwarding(kind: IntegrationClass, protocol: Protocol) -> Forwarding:
    """Return what goes on by itself to a back end of a class."""
    return _ROWS[kind][_COLUMN[protocol]]
