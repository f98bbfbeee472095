"""unmapped-content-types-refused: a body that no template is for does not get round the templates.

Claim: where an integration has body templates, bodies of other types are refused. Population: every deployed route of REST
APIs. Deviation: WHEN_NO_MATCH, set or by default, beside templates. Cannot see: whether the back end refuses what it does not
expect, and what the templates are there for.
"""

from collections.abc import Iterator
from typing import Any

from auditor.checks.interface import (
    Check,
    Outcome,
    Params,
    ResourceItem,
    failed,
    items,
    needs_attestation,
    not_applicable,
    passed,
    undecided,
)
from auditor.dataflow.transformation.passthrough import DEFAULT, PROXIES, TEMPLATED, Fate, others
from auditor.model.estate import Estate
from auditor.model.fact import need
from auditor.model.gateway import DeployedRoute, Protocol
from auditor.model.route_parts import Integration

_DEFAULT_BEHAVIOUR = "WHEN_NO_MATCH"


class _Params(Params):
    accepted_behaviours: list[str]


def _test(item: ResourceItem[DeployedRoute], _estate: Estate, params: _Params) -> Outcome:
    integration = need(item.of.integration)
    if integration is None:
        return not_applicable("the route has no integration")
    if integration.type in PROXIES:
        return not_applicable("a proxy passes bodies as they are; no template can be gone round", type=integration.type)
    if integration.type == "MOCK":
        return not_applicable("the gateway answers by itself; no body reaches a back end", type=integration.type)
    if integration.type not in TEMPLATED:
        return undecided(f"what integration type {integration.type} does with bodies is not known to this version")
    if not integration.request_templates:
        return not_applicable("there is no body template to go round", type=integration.type)
    return _beside_templates(integration, params)


def _beside_templates(integration: Integration, params: _Params) -> Outcome:
    behaviour = integration.passthrough or _DEFAULT_BEHAVIOUR
    templates = sorted(integration.request_templates)
    seen: dict[str, Any] = {"behaviour": integration.passthrough, "templates": list(templates)}
    if DEFAULT in templates and behaviour != "NEVER":
        why = "the template $default may take bodies of every other type: AWS documents that for WebSocket APIs alone"
        return undecided(f"{why}; set NEVER", **seen)
    match others(integration):
        case Fate.UNCHANGED:
            how = "" if integration.passthrough else " by default"
            types = " and ".join(templates)
            return failed(f"bodies of other types than {types} reach the back end untouched ({behaviour}{how})", **seen)
        case Fate.UNKNOWN:
            return undecided(f"what {behaviour} does is not known to this version", **seen)
        case _:
            return _refused(behaviour, params, seen)


def _refused(behaviour: str, params: _Params, seen: dict[str, Any]) -> Outcome:
    if behaviour in params.accepted_behaviours:
        return passed(f"bodies of other types are refused with 415 ({behaviour})", **seen)
    why = f"bodies of other types are refused now, but would pass once the last template is gone ({behaviour})"
    return needs_attestation(f"{why}: set NEVER, or accept {behaviour} in the control's parameters", **seen)


def _population(estate: Estate) -> Iterator[ResourceItem[DeployedRoute]]:
    yield from items(each for each in estate.of(DeployedRoute) if each.protocol is Protocol.REST)


CHECK = Check(
    name="unmapped-content-types-refused",
    reads=("DeployedRoute",),
    params=_Params,
    population=_population,
    test=_test,
)
