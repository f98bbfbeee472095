"""One side's routes with what decides about their paths, looked up once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date
from functools import cached_property

from auditor.dataflow.policies import effective_policy
from auditor.dataflow.surroundings import Surroundings, place
from auditor.diff.paths.interface import Seen
from auditor.diff.side import Key, Side
from auditor.model.fact import Fact, NotApplicable, Present, Unread
from auditor.model.flow import Flow
from auditor.model.gateway import DeployedRoute, Deployment, RestApi, Stage

CANARY = "#canary/"
_NO_POLICY = NotApplicable(why="HTTP and WebSocket APIs have no resource policy")
StageKey = tuple[str, str, str, str]
"""Account, region, API's ARN, stage."""


@dataclass(frozen=True)
class Sight:
    """A side of the comparison, by its flows."""

    side: Side

    @cached_property
    def around(self) -> Surroundings:
        """Return what stands around the routes."""
        return Surroundings(self.side.estate)

    @cached_property
    def flows(self) -> Mapping[Key, Flow]:
        """Return the flows that stages serve by themselves, by (account, region, ARN)."""
        return {key_of_flow(each): each for each in self.side.estate.flows if CANARY not in each.route}

    @cached_property
    def canaries(self) -> Mapping[StageKey, Mapping[str, tuple[Flow, ...]]]:
        """Return the flows of canaries by stage, then by the canary's deployment."""
        found: dict[StageKey, dict[str, tuple[Flow, ...]]] = {}
        for each in self.side.estate.flows:
            deployment = each.route.partition(CANARY)[2]
            if deployment:
                of_stage = found.setdefault(stage_of(each), {})
                of_stage[deployment] = (*of_stage.get(deployment, ()), each)
        return found

    @cached_property
    def _created(self) -> Mapping[tuple[str, str, str, str], date]:
        return {
            (each.account, each.region, each.api_arn, each.deployment_id): each.created.value.astimezone(UTC).date()
            for each in self.side.estate.of(Deployment)
            if isinstance(each.created, Present)
        }

    def created(self, flow: Flow, deployment: Fact[str]) -> date | None:
        """Return the UTC day on which a deployment of a flow's API was made; None where not known."""
        if not isinstance(deployment, Present):
            return None
        return self._created.get((flow.account, flow.region, flow.api_arn, deployment.value))

    def stage(self, flow: Flow) -> Stage | None:
        """Return the stage that serves a flow, as this side has it; it may be a flow of the other side."""
        return self.stages.get(stage_of(flow))

    @cached_property
    def stages(self) -> Mapping[StageKey, Stage]:
        """Return the stages by what identifies them."""
        return {(each.account, each.region, each.api_arn, each.stage): each for each in self.side.estate.of(Stage)}

    def route(self, flow: Flow) -> DeployedRoute:
        """Return the deployed route of a flow of this side."""
        found = self.side.resources[key_of_flow(flow)]
        if not isinstance(found, DeployedRoute):
            raise TypeError(f"{flow.route} is no deployed route")
        return found

    def seen(self, flow: Flow) -> Seen:
        """Return a flow of this side with what decides about its path."""
        route = self.route(flow)
        export = self.around.exports.get(place(route, route.stage_arn))
        api = self.around.apis.get(place(route, route.api_arn))
        is_told = export is not None and isinstance(export.policy, Present | Unread) and CANARY not in route.arn
        return Seen(
            flow=flow,
            route=route,
            policy=effective_policy(route, api, export) if isinstance(api, RestApi) else _NO_POLICY,
            is_policy_told=is_told,
            answers_read=self.around.gateway_responses(route) is not None,
            as_of=self.around.estate.as_of,
            created=self.created(flow, route.deployment_id),
        )


def key_of_flow(flow: Flow) -> Key:
    """Return what identifies a flow, and the deployed route of the same."""
    return (flow.account, flow.region, flow.route)


def stage_of(flow: Flow) -> StageKey:
    """Return what identifies the stage that serves a flow."""
    return (flow.account, flow.region, flow.api_arn, flow.stage)
