"""How a stage treats its methods and routes: methodSettings of REST stages, RouteSettings of HTTP and WebSocket stages."""

from collections.abc import Iterable, Mapping
from typing import Any

from auditor.model.route_parts import RouteSetting
from auditor.normalize.facts import decimal, flag, number, optional, text, text_map
from auditor.normalize.gateway.integrations import mapping

_ALL = "*"
_DIGEST = "redacted:"
"""What stands in the place of a value that was not kept, or of a part of it."""


def rest_settings(value: Any) -> tuple[RouteSetting, ...]:
    """Return methodSettings of apigateway:GetStages, its keys taken apart: `*/*`, `~1orders~1{id}/GET`, `orders/GET`."""
    return _ordered(_rest(*_method_key(key), mapping(each)) for key, each in mapping(value).items())


def http_settings(record: Mapping[str, Any]) -> tuple[RouteSetting, ...]:
    """Return DefaultRouteSettings and RouteSettings of apigatewayv2:GetStages."""
    default = record.get("defaultRouteSettings")
    found = [] if default is None else [_http(_ALL, _ALL, mapping(default))]
    for key, each in mapping(record.get("routeSettings")).items():
        method, _, path = text(key).partition(" ")
        found.append(_http(path or method, method, mapping(each)))
    return _ordered(found)


def kept_variables(value: Any) -> dict[str, str]:
    """Return the stage variables whose values were kept."""
    return {name: each for name, each in text_map(value).items() if _DIGEST not in each}


def hidden_variables(value: Any) -> dict[str, str]:
    """Return the digests of the stage variables whose values were not kept."""
    return {name: each for name, each in text_map(value).items() if _DIGEST in each}


def _method_key(key: str) -> tuple[str, str]:
    """Return path and method of a key. AWS encodes slashes of the path, and leaves the first one out in some answers."""
    path, _, method = key.replace("~1", "/").replace("~0", "~").rpartition("/")
    if not method:
        raise ValueError("no method")
    return (path if path == _ALL else f"/{path.lstrip('/')}"), method


def _rest(path: str, method: str, given: Mapping[str, Any]) -> RouteSetting:
    return RouteSetting(
        path=path,
        method=method,
        throttle_rate=optional(decimal, given.get("throttlingRateLimit")),
        throttle_burst=optional(number, given.get("throttlingBurstLimit")),
        logging_level=optional(text, given.get("loggingLevel")),
        data_trace=optional(flag, given.get("dataTraceEnabled")),
        metrics=optional(flag, given.get("metricsEnabled")),
        caching=optional(flag, given.get("cachingEnabled")),
        cache_ttl_seconds=optional(number, given.get("cacheTtlInSeconds")),
        cache_encrypted=optional(flag, given.get("cacheDataEncrypted")),
        cache_control_needs_authorization=optional(flag, given.get("requireAuthorizationForCacheControl")),
        unauthorized_cache_control=optional(text, given.get("unauthorizedCacheControlHeaderStrategy")),
    )


def _http(path: str, method: str, given: Mapping[str, Any]) -> RouteSetting:
    return RouteSetting(
        path=path,
        method=method,
        throttle_rate=optional(decimal, given.get("throttlingRateLimit")),
        throttle_burst=optional(number, given.get("throttlingBurstLimit")),
        logging_level=optional(text, given.get("loggingLevel")),
        data_trace=optional(flag, given.get("dataTraceEnabled")),
        metrics=optional(flag, given.get("detailedMetricsEnabled")),
    )


def _ordered(found: Iterable[RouteSetting]) -> tuple[RouteSetting, ...]:
    return tuple(sorted(found, key=lambda each: (each.path, each.method)))
