"""From an integration to what it changes."""

from auditor.model.contract import GatewayResponse
from auditor.model.gateway import Protocol
from auditor.model.identity import AuthenticatedBy
from auditor.model.route_parts import Integration, IntegrationResponse
from auditor.model.transform import Transform


def transforms(
    _integration: Integration,
    _responses: tuple[IntegrationResponse, ...],
    _gateway_responses: tuple[GatewayResponse, ...],
    _protocol: Protocol,
    _authenticated_by: AuthenticatedBy,
) -> tuple[Transform, ...]:
    """Return every change in the order in which they happen."""
    return ()
