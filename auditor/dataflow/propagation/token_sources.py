"""What routes that share a stage or an API have in common: kept decisions, scopes and identity roots."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from auditor.dataflow.authorizer_cache import Kept, kept
from auditor.dataflow.passage import Passage
from auditor.model.estate import Estate
from auditor.model.fact import Present, Unread
from auditor.model.gateway import DeployedRoute, Protocol
from auditor.model.route_parts import AuthorizerDefinition
from auditor.model.snapshot import Gap

Place = tuple[str, str, str]
"""Account, region, ARN of a stage or an API."""
_BY_FUNCTION = Present[str](value="CUSTOM")


@dataclass(frozen=True)
class TokenSources:
    """The passages of an estate by what decides about them."""

    passages: tuple[Passage, ...]
    estate: Estate

    def kept_decisions(self, passage: Passage, definition: AuthorizerDefinition) -> tuple[Kept, tuple[str, ...]]:
        """Return what is to be said of the decisions that an authorizer's cache keeps on a stage, and the routes there."""
        return self._kept[stage_of(passage), definition]

    def hidden(self, passage: Passage) -> Gap | None:
        """Return a gap behind which another route of the stage may have the same Lambda authorizer; None where all were seen."""
        return self._hidden.get(stage_of(passage))

    @cached_property
    def _hidden(self) -> Mapping[Place, Gap]:
        found: dict[Place, Gap] = {}
        for each in self.passages:
            route, place = each.route, stage_of(each)
            if isinstance(route.authorization_type, Unread):
                found.setdefault(place, route.authorization_type.gap)
            elif isinstance(route.authorizer, Unread) and route.authorization_type == _BY_FUNCTION:
                found.setdefault(place, route.authorizer.gap)
        for listing in self.estate.listings:
            if listing.kind == DeployedRoute.__name__ and listing.parent is not None and not listing.complete:
                found.setdefault((listing.account, listing.region, listing.parent), self.estate.gap_of(listing))
        return found

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
