"""CORS configurations of HTTP APIs: apigatewayv2 `corsConfiguration`, and `x-amazon-apigateway-cors` of exports, member for member."""

from typing import Any

from auditor.model.route_parts import Cors
from auditor.normalize.facts import flag, number, optional, texts
from auditor.normalize.gateway.integrations import mapping


def cors(value: Any) -> Cors:
    """Return the configuration; ValueError or TypeError where it makes no sense."""
    given = mapping(value)
    return Cors(
        allow_origins=texts(given.get("allowOrigins") or []),
        allow_methods=texts(given.get("allowMethods") or []),
        allow_headers=texts(given.get("allowHeaders") or []),
        expose_headers=texts(given.get("exposeHeaders") or []),
        allow_credentials=optional(flag, given.get("allowCredentials")),
        max_age_seconds=optional(number, given.get("maxAge")),
    )
