"""From a row of a truth table to what the product makes of it."""

from pathlib import Path
from typing import Any

import yaml

from auditor.dataflow.transformation.read import transforms
from auditor.model.contract import GatewayResponse
from auditor.model.gateway import Protocol
from auditor.model.identity import AuthenticatedBy
from auditor.model.route_parts import Integration, IntegrationResponse
from auditor.model.transform import Transform
from tests.estates import resource

HERE = Path(__file__).parent
_INTEGRATION = dict.fromkeys(("uri", "http_method", "connection_type", "connection_id", "credentials"))
_RESPONSE: dict[str, Any] = {
    "status": None,
    "selection_pattern": None,
    "parameters": {},
    "templates": {},
    "content_handling": None,
}
_API = "arn:aws:apigateway:eu-west-1::/restapis/a1"


def rows(name: str) -> list[dict[str, Any]]:
    """Return the cases of a table, each with what the table gives for all of them."""
    table = yaml.safe_load((HERE / f"{name}.yaml").read_text("utf-8"))
    given = table.get("given", {})
    return [{**given, **case, "integration": _joined(given, case)} for case in table["cases"]]


def _joined(given: dict[str, Any], case: dict[str, Any]) -> dict[str, Any]:
    return {**given.get("integration", {}), **case.get("integration", {})}


def integration(given: dict[str, Any]) -> Integration:
    return Integration(**{**_INTEGRATION, **given})


def made(case: dict[str, Any]) -> tuple[Transform, ...]:
    return transforms(
        integration(case["integration"]),
        tuple(IntegrationResponse(**{**_RESPONSE, **each}) for each in case.get("responses", [])),
        tuple(_gateway_response(each) for each in case.get("gateway_responses", [])),
        Protocol(case["protocol"]),
        AuthenticatedBy(case["authenticated_by"]),
    )


def _gateway_response(given: dict[str, Any]) -> GatewayResponse:
    arn = f"{_API}/gatewayresponses/{given['response_type']}"
    found = resource({"kind": "GatewayResponse", "arn": arn, "api_arn": _API, **given})
    assert isinstance(found, GatewayResponse)
    return found
