"""What routes that share a stage or an API have in common: kept decisions, scopes and identity roots."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from auditor.dataflow.authorizer_cache import Kept, kept
from auditor.dataflow.passage import Passage
from auditor.model.fact import Present
from auditor.model.gateway import DeployedRoute, Protocol
from auditor.model.route_parts import AuthorizerDefinition

Place = tuple[str, str, str]
"""Account, region, ARN of a stage or an API."""


@dataclass(frozen=True)
class TokenSources:
    """The passages of an estate by what decides about them."""

    passages: tuple[Passage, ...]

    def kept_decisions(self, passage: Passage, definition: AuthorizerDefinition) -> tuple[Kept, tuple[str, ...]]:
        """Return what is to be said of the decisions that an authorizer's cache keeps on a stage, and the routes there."""
        return self._kept[stage_of(passage), definition]

    @cached_property
    def _kept(self) -> Mapping[tuple[Place, AuthorizerDefinition], tuple[Kept, tuple[str, ...]]]:
        found: dict[tuple[Place, AuthorizerDefinition], list[DeployedRoute]] = defaultdict(list)
        for each in self.passages:
            if isinstance(each.authorizer, Present) and each.asked is each.route:
                found[stage_of(each), each.authorizer.value].append(each.route)
        return {
            key: (kept(key[1], routes, is_rest=routes[0].protocol is Protocol.REST), tuple(one.arn for one in routes))
            for key, routes in found.items()
        }


def stage_of(passage: Passage) -> Place:
    """Return the place of a route's stage."""
    return passage.route.account, passage.route.region, passage.route.stage_arn
