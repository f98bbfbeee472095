"""What routes that share a stage or an API have in common: kept decisions, scopes and identity roots."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from auditor.dataflow.authorizer_cache import Kept, kept
from auditor.dataflow.identity_roots import roots_of
from auditor.dataflow.passage import Passage
from auditor.dataflow.propagation.user_pools import PoolScopes, user_pools
from auditor.model.estate import Estate
from auditor.model.fact import Present, Unread
from auditor.model.gateway import DeployedRoute, Protocol
from auditor.model.identity import AuthenticatedBy
from auditor.model.route_parts import AuthorizerDefinition
from auditor.model.snapshot import Gap

Place = tuple[str, str, str]
"""Account, region, ARN of a stage or an API."""
BY_TOKEN = frozenset({AuthenticatedBy.COGNITO, AuthenticatedBy.JWT})


@dataclass(frozen=True)
class TokenSources:
    """The passages of an estate by what decides about them."""

    passages: tuple[Passage, ...]
    estate: Estate

    def kept_decisions(self, passage: Passage, definition: AuthorizerDefinition) -> tuple[Kept, tuple[str, ...]]:
        """Return what is to be said of the decisions that an authorizer's cache keeps on a stage, and the routes there."""
        return self._kept[stage_of(passage), definition]

    def hidden_function(self, passage: Passage) -> Gap | None:
        """Return a gap behind which another route of the stage may have a Lambda authorizer; None where all were seen."""
        return self._hidden_functions.get(stage_of(passage))

    def hidden_issuer(self, passage: Passage) -> Gap | None:
        """Return a gap behind which another route of the stage may trust another issuer; None where all were seen."""
        return self._hidden_issuers.get(stage_of(passage))

    def issuers(self, passage: Passage) -> frozenset[str]:
        """Return the issuers whose tokens the stage of a route takes, user pools by URL."""
        return self._issuers.get(stage_of(passage), frozenset())

    @cached_property
    def _issuers(self) -> Mapping[Place, frozenset[str]]:
        found: dict[Place, set[str]] = defaultdict(set)
        for each in self.passages:
            if each.authenticated_by in BY_TOKEN:
                found[stage_of(each)].update(issuers_of(each))
        return {place: frozenset(each) for place, each in found.items()}

    @cached_property
    def pools(self) -> Mapping[str, PoolScopes]:
        """Return what the user pools of the snapshot define, by issuer URL."""
        return user_pools(self.estate)

    def scoped(self, passage: Passage) -> DeployedRoute | Gap | None:
        """Return a route of the same stage that demands a scope of a token; a gap where one may; None where none does."""
        return self._scoped.get(stage_of(passage))

    @cached_property
    def _scoped(self) -> Mapping[Place, DeployedRoute | Gap]:
        found: dict[Place, DeployedRoute | Gap] = {}
        for each in self.passages:
            scopes, place = each.route.authorization_scopes, stage_of(each)
            if isinstance(scopes, Unread):
                found.setdefault(place, scopes.gap)
            elif isinstance(scopes, Present) and any(scopes.value) and each.authenticated_by in BY_TOKEN:
                # A route that certainly demands one says more than one that may.
                found[place] = each.route
        return {**self._hidden_issuers, **found}

    @cached_property
    def _hidden_functions(self) -> Mapping[Place, Gap]:
        return self._hidden(frozenset({"CUSTOM"}))

    @cached_property
    def _hidden_issuers(self) -> Mapping[Place, Gap]:
        return self._hidden(frozenset({"COGNITO_USER_POOLS", "JWT"}))

    def _hidden(self, kinds: frozenset[str]) -> Mapping[Place, Gap]:
        """Return, by stage, what hides an authorizer of routes with one of these authorization types."""
        found: dict[Place, Gap] = {}
        for each in self.passages:
            route, kind = each.route, each.route.authorization_type
            if isinstance(kind, Unread):
                found.setdefault(stage_of(each), kind.gap)
            elif isinstance(route.authorizer, Unread) and isinstance(kind, Present) and kind.value in kinds:
                found.setdefault(stage_of(each), route.authorizer.gap)
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


def issuers_of(passage: Passage) -> tuple[str, ...]:
    """Return the issuers that the authorizer of a route trusts; none where it was not read."""
    return roots_of(passage.authorizer.value) if isinstance(passage.authorizer, Present) else ()
