"""Which user pools open deployed routes, and whether a route that one opens may hide."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from auditor.checks.api_questions import both
from auditor.dataflow.identity_roots import issuer_url, roots_of
from auditor.model.estate import Estate
from auditor.model.fact import NotReadError, Present, Unread
from auditor.model.gateway import Api, DeployedRoute, RestApi, Stage
from auditor.model.resource import Resource
from auditor.model.snapshot import Gap

_BY_TOKEN = frozenset({"COGNITO_USER_POOLS", "JWT"})
_List = tuple[type[Resource], str, str, str | None]
"""Kind, account, region and parent of a list."""


@dataclass(frozen=True)
class PoolsInUse:
    """The identity roots of an estate's deployed routes, worked out once; an API may take tokens of another account's pool."""

    estate: Estate

    def opens(self, pool_arn: str) -> str | None:
        """Return the first route that takes tokens of a pool."""
        return self._routes.get(issuer_url(pool_arn))

    def none_hides(self) -> None:
        """Raise NotReadError where a route, or its authorizer, was not read: any pool may open it."""
        if self._hidden is not None:
            raise NotReadError(self._hidden)
        for kind, account, region, parent in self._doubtful:
            self.estate.whole(kind, account, region, parent)

    @cached_property
    def _hidden(self) -> Gap | None:
        """The first gap behind which a pool may stand."""
        routes = self.estate.of(DeployedRoute)
        return next(
            (each.authorizer.gap for each in routes if isinstance(each.authorizer, Unread) and _may_be(each)), None
        )

    @cached_property
    def _routes(self) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for route in self.estate.of(DeployedRoute):
            for each in roots_of(route.authorizer.value) if isinstance(route.authorizer, Present) else ():
                found.setdefault(each, route.arn)
        return found

    @cached_property
    def _doubtful(self) -> tuple[_List, ...]:
        """The lists that are not known to be whole."""
        whole = {(each.kind, each.account, each.region, each.parent) for each in self.estate.listings if each.complete}
        return tuple(each for each in self._lists() if (each[0].__name__, *each[1:]) not in whole)

    def _lists(self) -> Iterator[_List]:
        scope = self.estate.snapshot.scope
        for account in scope.accounts:
            for region in scope.regions:
                yield RestApi, account, region, None
                yield Api, account, region, None
        for api in both(self.estate):
            yield Stage, api.account, api.region, api.arn
        for stage in self.estate.of(Stage):
            yield DeployedRoute, stage.account, stage.region, stage.arn


def _may_be(route: DeployedRoute) -> bool:
    """Return whether the authorizer of a route may take tokens of a pool."""
    told = route.authorization_type
    return not isinstance(told, Present) or told.value in _BY_TOKEN
