"""write-routes-validate: what changes data is checked before the back end sees it.

Claim: POST, PUT, PATCH and ANY methods of REST APIs validate the body against a real model, and parameters where some are
required; or the back end is declared to validate. Population: every deployed route. Deviation: no validator, one that leaves
the body or required parameters aside, no model, or one that accepts everything, as the built-in Empty does. Cannot see: how
much a model asks for, and the model that was deployed: the configured one is read.
"""

import json
from typing import Any

from auditor.checks.back_ends import declared
from auditor.checks.interface import (
    Check,
    Outcome,
    Params,
    ResourceItem,
    failed,
    needs_attestation,
    not_applicable,
    passed,
    undecided,
)
from auditor.checks.route_flows import deployed_routes
from auditor.model.contract import RequestModel
from auditor.model.estate import Estate
from auditor.model.fact import need
from auditor.model.gateway import DeployedRoute, Protocol
from auditor.model.route_parts import RequestValidation

_WRITES = frozenset({"POST", "PUT", "PATCH", "ANY"})
_EMPTY = "Empty"
_HOLLOW = frozenset({"$schema", "$id", "id", "title", "description", "$comment", "definitions"})
"""Members of a schema that ask for nothing."""


def _test(item: ResourceItem[DeployedRoute], estate: Estate, _params: Params) -> Outcome:
    route = item.of
    if route.protocol is not Protocol.REST:
        return not_applicable("only REST APIs validate requests by method")
    if route.method not in _WRITES:
        return not_applicable("the method changes nothing")
    validation, models = need(route.request_validation), need(route.request_models) or {}
    seen: dict[str, Any] = {"validator": validation.validator if validation else None, "models": models}
    why = _loose(route, validation, models) or _hollow(route, models, estate)
    if why is None:
        unknown = _unknown_model(route, models, estate)
        return undecided(unknown, **seen) if unknown else passed("body and parameters are validated", **seen)
    return _by_declaration(route, estate, seen) or failed(
        f"{why}, and the back end is not declared to validate", **seen
    )


def _loose(route: DeployedRoute, validation: RequestValidation | None, models: dict[str, str]) -> str | None:
    if validation is None:
        return "no validator looks at the request"
    if not validation.body:
        return "the validator does not look at the body"
    if not models:
        return "no model says what the body must be"
    required = sorted(name for name, is_needed in (need(route.request_parameters) or {}).items() if is_needed)
    if required and not validation.parameters:
        return f"the validator does not look at parameters, although {required[0].rpartition('.')[2]} is required"
    return None


def _hollow(route: DeployedRoute, models: dict[str, str], estate: Estate) -> str | None:
    for content_type, name in sorted(models.items()):
        if name == _EMPTY:
            return f"the model of {content_type} is Empty, which accepts everything"
        found = _model(route, name, estate)
        if found is not None and _asks_nothing(need(found.model_schema)):
            return f"the model {name} of {content_type} asks for nothing"
    return None


def _unknown_model(route: DeployedRoute, models: dict[str, str], estate: Estate) -> str | None:
    """Return why a model cannot be judged; raise NotReadError where the list of models was not read to its end."""
    for content_type, name in sorted(models.items()):
        if not name:
            return f"the model of {content_type} has no name, so what it asks for is not known"
        if _model(route, name, estate) is None:
            estate.whole(RequestModel, route.account, route.region, route.api_arn)
            return f"the model {name} of {content_type} is not among the API's models any more"
    return None


def _model(route: DeployedRoute, name: str, estate: Estate) -> RequestModel | None:
    return estate.one(RequestModel, route.account, f"{route.api_arn}/models/{name}")


def _asks_nothing(schema: str | None) -> bool:
    """Return whether a schema surely accepts everything; one that is no plain JSON may ask for something."""
    try:
        found = json.loads(schema or "{}")
    except ValueError:
        return False
    return isinstance(found, dict) and set(found) <= _HOLLOW


def _by_declaration(route: DeployedRoute, estate: Estate, seen: dict[str, Any]) -> Outcome | None:
    entries = estate.registers.backends
    if entries is None:
        return needs_attestation(
            "no validator of the gateway checks this write, and which back ends validate is not declared; to register: "
            "{target: …, owner: …, internal: …, validates: true}",
            **seen,
        )
    integration = need(route.integration) if entries else None
    entry = declared(integration, entries) if integration is not None else None
    if entry is None or not entry.validates:
        return None
    return passed("the back end is declared to validate", declared=entry.target, **seen)


CHECK = Check(
    name="write-routes-validate",
    reads=("DeployedRoute",),
    params=Params,
    population=deployed_routes,
    test=_test,
    registers=("backends",),
)
