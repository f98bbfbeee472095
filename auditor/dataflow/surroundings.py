"""What stands around a route, indexed once: its API, stage, siblings, working copy, domain names and lists."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from auditor.dataflow.gateway_answers import deployed_answers
from auditor.model.contract import GatewayResponse
from auditor.model.doors import StageExport
from auditor.model.estate import Estate
from auditor.model.fact import Absent, Fact, NotApplicable, Present, Unread
from auditor.model.gateway import Api, Authorizer, DeployedRoute, DomainName, Method, Protocol, RestApi, Route, Stage
from auditor.model.keys_and_plans import UsagePlan
from auditor.model.resource import Resource
from auditor.model.route_parts import AuthorizerDefinition, RouteSetting

Place = tuple[str, str, str]
"""Account, region, ARN: API Gateway's management ARNs name no account."""
Working = Method | Route
R = TypeVar("R", bound=Resource)
_NO_EXPORT = Absent()


def place(resource: Resource, arn: str) -> Place:
    """Return where another resource of the same account and region stands."""
    return (resource.account, resource.region, arn)


def working_key(working: Working) -> str:
    """Return the route key that a deployed route of the working copy's method would carry."""
    return working.route_key if isinstance(working, Route) else f"{working.http_method} {working.path}"


def working_copy(estate: Estate) -> tuple[Working, ...]:
    """Return every method and route as configured."""
    return (*estate.of(Method), *estate.of(Route))


@dataclass(frozen=True)
class Surroundings:
    """An estate, indexed for routes."""

    estate: Estate

    @cached_property
    def apis(self) -> Mapping[Place, RestApi | Api]:
        """Return the APIs of both versions by place."""
        both: tuple[RestApi | Api, ...] = (*self.estate.of(RestApi), *self.estate.of(Api))
        return {place(each, each.arn): each for each in both}

    @cached_property
    def stages(self) -> Mapping[Place, Stage]:
        """Return the stages by place."""
        return {place(each, each.arn): each for each in self.estate.of(Stage)}

    @cached_property
    def domains(self) -> Mapping[tuple[str, str], tuple[DomainName, ...]]:
        """Return the domain names by account and region."""
        found: dict[tuple[str, str], tuple[DomainName, ...]] = defaultdict(tuple)
        for each in self.estate.of(DomainName):
            found[each.account, each.region] += (each,)
        return found

    @cached_property
    def exports(self) -> Mapping[Place, StageExport]:
        """Return what stages' exports say of their whole API, by the stage's place."""
        return {place(each, each.stage_arn): each for each in self.estate.of(StageExport)}

    @cached_property
    def connects(self) -> Mapping[Place, DeployedRoute]:
        """Return the `$connect` routes of WebSocket stages, by the stage's place."""
        routes = self.estate.of(DeployedRoute)
        return {place(each, each.stage_arn): each for each in routes if each.route_key == "$connect"}

    @cached_property
    def working(self) -> Mapping[Place, Mapping[str, Working]]:
        """Return the working copies by the API's place, each by route key."""
        found: dict[Place, dict[str, Working]] = defaultdict(dict)
        for each in working_copy(self.estate):
            found[place(each, each.api_arn)][working_key(each)] = each
        return found

    @cached_property
    def authorizers(self) -> Mapping[tuple[Place, str], Fact[AuthorizerDefinition]]:
        """Return what the configured authorizers are, by the API's place and the authorizer's id."""
        return {(place(each, each.api_arn), each.authorizer_id): each.definition for each in self.estate.of(Authorizer)}

    @cached_property
    def settings(self) -> Mapping[Place, Mapping[tuple[str, str], RouteSetting]]:
        """Return how stages treat their routes, by the stage's place, each by path and method; stages that were read alone."""
        return {
            where: {(each.path, each.method): each for each in stage.settings.value}
            for where, stage in self.stages.items()
            if isinstance(stage.settings, Present)
        }

    @cached_property
    def _presents(self) -> dict[int, tuple[RouteSetting, Present[RouteSetting]]]:
        return {}

    def present(self, setting: RouteSetting) -> Present[RouteSetting]:
        """Return a setting as a fact, one value for all routes that it is about: an estate has many of them."""
        found = self._presents.get(id(setting))
        if found is None:
            found = self._presents[id(setting)] = (setting, Present(value=setting))
        return found[1]

    @cached_property
    def _gateway_responses(self) -> Mapping[Place, tuple[GatewayResponse, ...]]:
        found: dict[Place, tuple[GatewayResponse, ...]] = defaultdict(tuple)
        for each in self.estate.of(GatewayResponse):
            if each.is_default != Present[bool](value=True):
                found[place(each, each.api_arn)] += (each,)
        return found

    @cached_property
    def _deployed_answers(self) -> Mapping[Place, Fact[tuple[GatewayResponse, ...]]]:
        """Return what the exports say, by the stage's place: one value for all routes of a stage."""
        return {where: deployed_answers(export) for where, export in self.exports.items()}

    def gateway_responses(self, route: DeployedRoute) -> tuple[GatewayResponse, ...] | None:
        """Return the answers of the gateway's own that somebody customised, of a REST API; None where they were not read.

        The deployed ones where the stage's export carries them. Where it carries none, that says nothing, for this was never tried
        on a live account: then the working copy's stand in. A canary has no export.
        """
        match self.deployed_gateway_responses(route):
            case Present(value=found):
                return found
            case Unread():
                return None
            case Absent() | NotApplicable():
                return self.configured_gateway_responses(route)

    def deployed_gateway_responses(self, route: DeployedRoute) -> Fact[tuple[GatewayResponse, ...]]:
        """Return the customised answers that a route's export tells; Absent where there is no export."""
        if "#canary/" in route.arn:
            return _NO_EXPORT
        return self._deployed_answers.get(place(route, route.stage_arn), _NO_EXPORT)

    def configured_gateway_responses(self, route: DeployedRoute) -> tuple[GatewayResponse, ...] | None:
        """Return what somebody customised in the working copy of a route's API; None where it was not read."""
        if route.protocol is Protocol.REST and self.was_listed(GatewayResponse, route, route.api_arn) is not True:
            return None
        return self._gateway_responses.get(place(route, route.api_arn), ())

    @cached_property
    def _plans(self) -> Mapping[tuple[str, str, str, str], tuple[UsagePlan, ...]]:
        found: dict[tuple[str, str, str, str], tuple[UsagePlan, ...]] = defaultdict(tuple)
        for plan in self.estate.of(UsagePlan):
            for each in plan.api_stages.value if isinstance(plan.api_stages, Present) else ():
                found[plan.account, plan.region, each.api_id, each.stage] += (plan,)
        return found

    @cached_property
    def _unread_plans(self) -> frozenset[tuple[str, str]]:
        plans = self.estate.of(UsagePlan)
        return frozenset((each.account, each.region) for each in plans if isinstance(each.api_stages, Unread))

    def plans(self, route: DeployedRoute) -> tuple[tuple[UsagePlan, ...], bool]:
        """Return the usage plans that cover a route's stage, and whether these are certainly all."""
        api_id = route.api_arn.rpartition("/")[2]
        found = self._plans.get((route.account, route.region, api_id, route.stage), ())
        whole = self.was_listed(UsagePlan, route) is True and (route.account, route.region) not in self._unread_plans
        return found, whole

    @cached_property
    def _lists(self) -> Mapping[tuple[str, str, str], Mapping[str | None, bool]]:
        found: dict[tuple[str, str, str], dict[str | None, bool]] = defaultdict(dict)
        for each in self.estate.listings:
            lists = found[each.account, each.region, each.kind]
            lists[each.parent] = each.complete and lists.get(each.parent, True)
        return found

    def was_listed(self, kind: type[Resource], near: Resource, parent: str | None = None) -> bool | None:
        """Return whether a list was read to its end; None where no such list was recorded."""
        return self._lists.get((near.account, near.region, kind.__name__), {}).get(parent)
