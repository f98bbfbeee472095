"""deployed-as-configured: what a production stage serves is what its API's working copy says.

Claim: nothing waits in the working copy to go live with the next, unrelated deployment. Population: every stage; judged where it
is production. Deviation: a route whose deployed side differs from the working copy in a member that decides who may call, where the
call goes or what is checked and changed on the way; a route that stands on one side alone; a resource policy that was edited and
not deployed. A difference in what becomes of answers is observed and passes. While a
canary takes calls, a person says whether a difference is what it tries out, for of its deployment no more than who may call is told;
where that shows that the canary does not carry the difference, it is a deviation. How long a canary may last, CH-02 watches. Cannot see:
the deployed side of a WebSocket API without automatic deployments; whether a resource policy is deployed where the stage's export
carries none, as no export was ever tried on a live account.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from pydantic import JsonValue

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
from auditor.checks.listed import holds
from auditor.checks.stage_questions import environment
from auditor.dataflow.deployed import COMPARED
from auditor.dataflow.surroundings import Working, working_key
from auditor.model.contract import GatewayResponse
from auditor.model.doors import StageExport
from auditor.model.estate import Estate
from auditor.model.fact import Present, need
from auditor.model.flow import Drift, DriftField, Flow
from auditor.model.gateway import Api, Authorizer, DeployedRoute, Method, Protocol, RestApi, Route, Stage, View
from auditor.model.words import counted

_ANSWERS_ALONE = frozenset({"response mapping", "content handling", "gateway responses"})
"""What a difference in these does, it does to answers: named, and no deviation."""
_IN_SUMMARY = {"authorization type": "authorization_type", "API key required": "api_key_required"}
"""What the summary of any deployment tells, a canary's too (apigateway:GetDeployment)."""
_CANARY = "#canary/"
_LONGEST = 60
"""Characters of a value that a sentence can hold."""
_SHOWN = 20
"""Routes whose differences are kept with the finding."""


@dataclass(frozen=True)
class _Sides:
    """A stage's flows and its API's working copy."""

    stage: Stage
    estate: Estate

    @cached_property
    def api(self) -> RestApi | Api | None:
        kind: type[RestApi | Api] = RestApi if self.stage.protocol is Protocol.REST else Api
        return self.estate.one(kind, self.stage.account, self.stage.api_arn)

    @cached_property
    def served(self) -> tuple[Flow, ...]:
        return tuple(each for each in self.estate.flows_of_stage(self.stage) if _CANARY not in each.route)

    @cached_property
    def working(self) -> Mapping[str, Working]:
        if self.api is None:
            return {}
        kind: type[Method | Route] = Method if self.stage.protocol is Protocol.REST else Route
        return {working_key(each): each for each in self.estate.below(kind, self.api)}


def _test(item: ResourceItem[Stage], estate: Estate, _params: Params) -> Outcome:
    stage = item.of
    where = environment(stage, estate)
    if where is not None:
        return not_applicable(f"belongs to environment {where}, not to production")
    sides = _Sides(stage, estate)
    grave = {each.route_key: found for each in sides.served if (found := _grave(each.drift_fields))}
    if grave:
        return _different(sides, grave)
    estate.whole(DeployedRoute, stage.account, stage.region, stage.arn)
    if not sides.served:
        return not_applicable("serves no route")
    if sides.api is None:
        return undecided("its API is not in the snapshot, so what is configured is not known")
    return _whole(sides)


def _grave(fields: Iterable[DriftField]) -> tuple[DriftField, ...]:
    return tuple(each for each in fields if each.field not in _ANSWERS_ALONE)


def _different(sides: _Sides, grave: Mapping[str, tuple[DriftField, ...]]) -> Outcome:
    first, fields = min(grave.items(), key=_gravest)
    more = f", and {len(grave) - 1} more of its routes differ" if len(grave) > 1 else ""
    reason = f"{first} waits for a deployment: {_words(fields[0])}{more}"
    return _deviation(sides, reason, grave)


def _deviation(sides: _Sides, reason: str, differing: Mapping[str, tuple[DriftField, ...]]) -> Outcome:
    """Return a failure; while a canary is tried out, a person has to say whether it carries the difference."""
    also, observed = _also(sides, differing), _observed(sides, differing)
    canary = need(sides.stage.canary_deployment_id)
    if canary is None or any(_is_left_out(sides, canary, *each) for each in differing.items()):
        return failed(reason, also, **observed)
    return needs_attestation(
        f"{reason}; say whether that is what canary {canary} tries out", also, canary=canary, **observed
    )


def _words(field: DriftField) -> str:
    if field.field == "route":
        return "it was removed from the working copy and is still served"
    if field.field == "resource policy":
        return "the resource policy was edited, and another one is deployed"
    if max(len(field.configured), len(field.deployed)) > _LONGEST:
        return f"its {field.field} is deployed as another one"
    return f"{field.field} is configured as {field.configured} and deployed as {field.deployed}"


def _gravest(route: tuple[str, tuple[DriftField, ...]]) -> tuple[bool, str]:
    """Put first what decides who may call."""
    key, fields = route
    return fields[0].field not in _IN_SUMMARY, key


def _is_left_out(sides: _Sides, canary: str, key: str, fields: Iterable[DriftField]) -> bool:
    """Return whether the canary certainly does not carry a difference: of its deployment the summary tells who may call."""
    working, flow = sides.working.get(key), next((each for each in sides.served if each.route_key == key), None)
    if working is None or flow is None:
        return False
    tried = sides.estate.one(DeployedRoute, flow.account, f"{flow.route}{_CANARY}{canary}")
    for each in fields:
        member = _IN_SUMMARY.get(each.field)
        if member is None or tried is None:
            continue
        one, other = getattr(working, member), getattr(tried, member)
        if isinstance(one, Present) and isinstance(other, Present) and one != other:
            return True
    return False


def _whole(sides: _Sides) -> Outcome:
    """Judge a stage of whose known differences none is grave: what is missing on it, then what was not read."""
    stage, estate = sides.stage, sides.estate
    kind: type[Method | Route] = Method if stage.protocol is Protocol.REST else Route
    keys = {each.route_key for each in sides.served}
    missing = sorted(sides.working.keys() - keys)
    if missing:
        more = f", and so do {len(missing) - 1} more routes" if len(missing) > 1 else ""
        reason = f"{missing[0]} stands in the working copy and waits for a deployment{more}"
        absent = {each: (DriftField("route", "configured", "not served"),) for each in missing}
        return _deviation(sides, reason, absent)
    estate.whole(kind, stage.account, stage.region, stage.api_arn)
    unclear = [each for each in sides.served if each.drift is not Drift.NONE]
    for flow in unclear:
        _needed(flow, sides)
    unknown = next((each for each in unclear if each.drift is Drift.UNKNOWN), None)
    if unknown is not None:
        return undecided(_why(unknown, sides), _also(sides, {unknown.route_key: ()}))
    return _in_order(sides)


def _needed(flow: Flow, sides: _Sides) -> None:
    """Raise NotReadError for what was not read of one route's two sides: a difference may hide there."""
    route = sides.estate.one(DeployedRoute, flow.account, flow.route)
    for each in (route, sides.working.get(flow.route_key)):
        for member in COMPARED if each is not None else ():
            need(getattr(each, member))
    if route is not None:
        need(route.authorizer)
    working = sides.working.get(flow.route_key)
    if working is not None and need(working.authorizer_id) is not None:
        sides.estate.whole(Authorizer, flow.account, flow.region, flow.api_arn)
    export = _export(sides)
    if isinstance(sides.api, RestApi):
        need(sides.api.policy)
        sides.estate.whole(GatewayResponse, flow.account, flow.region, flow.api_arn)
        if export is not None:
            need(export.policy)
            need(export.gateway_responses)


def _why(flow: Flow, sides: _Sides) -> str:
    if flow.view is View.CONFIGURED:
        reason = "what a WebSocket API serves cannot be read back, and it does not deploy by itself"
        return f"{reason}: hold the date of its last deployment against its changes in CloudTrail"
    if isinstance(sides.api, RestApi) and need(sides.api.policy) is not None:
        return "the stage's export carries no resource policy, so nothing tells whether the one that is configured is deployed"
    if isinstance(sides.api, RestApi):
        return "the stage's export carries no gateway responses, so nothing tells whether those that are configured are deployed"
    return f"nothing tells whether {flow.route_key} is deployed as it is configured"


def _in_order(sides: _Sides) -> Outcome:
    light = {each.route_key: each.drift_fields for each in sides.served if each.drift_fields}
    also = _also(sides, light)
    if light:
        first, fields = next(iter(light.items()))
        reason = f"what is deployed is what is configured, but for what becomes of answers: {first}, {fields[0].field}"
        return passed(reason, also, **_observed(sides, light))
    count = len(sides.served)
    return passed(f"what is deployed is what is configured, on all of {counted(count, 'route')}", also, routes=count)


def _export(sides: _Sides) -> StageExport | None:
    return sides.estate.one(StageExport, sides.stage.account, f"{sides.stage.arn}/exports/oas30")


def _also(sides: _Sides, routes: Mapping[str, tuple[DriftField, ...]]) -> tuple[str, ...]:
    export = _export(sides)
    named = [sides.working[each].arn for each in list(routes)[:_SHOWN] if each in sides.working]
    return (*named, *([export.arn] if export else []))


def _observed(sides: _Sides, routes: Mapping[str, tuple[DriftField, ...]]) -> dict[str, JsonValue]:
    shown: list[JsonValue] = [
        f"{route}, {each.field}: configured {each.configured}; deployed {each.deployed}"
        for route, fields in list(routes.items())[:_SHOWN]
        for each in fields
    ]
    return {"routes": len(sides.served), "differing": len(routes), "differences": shown}


def _population(estate: Estate) -> Iterable[ResourceItem[Stage]]:
    return items(estate.of(Stage))


CHECK = Check(
    name="deployed-as-configured",
    reads=("Stage", "DeployedRoute", "Method", "Route", "Authorizer", "GatewayResponse"),
    params=Params,
    population=_population,
    test=_test,
    concerns=holds(Stage),
)
