"""one-claim-one-name: across the routes of an API the same claim stands in the same header, and each header holds one claim.

Claim: pairs of claim and header, folded, are one to one. Population: every API. Deviation: a claim that is forwarded under two
headers, or a header that holds two claims, on any deployed routes of any stage. Cannot see: names inside bodies and events.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pydantic import JsonValue

from auditor.checks.api_questions import both
from auditor.checks.interface import (
    Check,
    Outcome,
    Params,
    ResourceItem,
    failed,
    items,
    not_applicable,
    passed,
    undecided,
)
from auditor.checks.listed import holds
from auditor.checks.route_flows import HEADER, header_writes
from auditor.model.estate import Estate
from auditor.model.fact import need
from auditor.model.gateway import Api, DeployedRoute, RestApi, Stage
from auditor.model.identity import Origin
from auditor.model.transform import Space, Transform, TransformKind

_CHECKED = frozenset({Origin.VERIFIED, Origin.MIXED})
_PREFIXES = ("authorizer.", "claims.")


@dataclass
class _Pairs:
    """Which claim stands in which header, and on which route first."""

    headers: dict[str, dict[str, str]] = field(default_factory=dict)
    """By claim: header to route."""
    claims: dict[str, dict[str, str]] = field(default_factory=dict)
    """By header: claim to route."""

    def add(self, header: str, claim: str, route: str) -> None:
        self.headers.setdefault(claim, {}).setdefault(header, route)
        self.claims.setdefault(header, {}).setdefault(claim, route)


def _test(item: ResourceItem[RestApi | Api], estate: Estate, _params: Params) -> Outcome:
    pairs, doubtful = _Pairs(), False
    routes = tuple(_routes(item.of, estate))
    for route in routes:
        for write in header_writes(estate.flow_of(route)):
            for claim in _claims(write):
                if write.origin in _CHECKED:
                    pairs.add(write.target.removeprefix(HEADER), claim, route.arn)
                doubtful = doubtful or write.origin is Origin.UNKNOWN
    found = _two(pairs.claims, "header {0} holds {1} on one route and {2} on another") or _two(
        pairs.headers, "{0} is forwarded as header {1} on one route and as header {2} on another"
    )
    if found is not None:
        return found
    _all_is_read(item.of, routes, estate)
    if doubtful:
        return undecided("whether a header holds a claim is not known to this version")
    if not pairs.headers:
        return not_applicable("no header of its routes holds a claim")
    matrix: dict[str, JsonValue] = {claim: next(iter(names)) for claim, names in sorted(pairs.headers.items())}
    return passed("each claim has one header, and each header one claim", matrix=matrix)


def _claims(write: Transform) -> Iterator[str]:
    """Yield the claims, or members of a context, that go into a header; each by its bare name."""
    if write.kind is TransformKind.REMOVE:
        return
    for each in write.sources:
        if each.space is Space.IDENTITY:
            name = each.path
            for prefix in _PREFIXES:
                name = name.removeprefix(prefix)
            yield name


def _two(pairs: Mapping[str, Mapping[str, str]], words: str) -> Outcome | None:
    for name, others in sorted(pairs.items()):
        if len(others) > 1:
            first, second = sorted(others)[:2]
            also = tuple(sorted({others[first], others[second]}))
            return failed(words.format(name, first, second), also, routes=list(also))
    return None


def _routes(api: RestApi | Api, estate: Estate) -> Iterator[DeployedRoute]:
    here = (api.account, api.region, api.arn)
    return (each for each in estate.of(DeployedRoute) if (each.account, each.region, each.api_arn) == here)


def _all_is_read(api: RestApi | Api, routes: tuple[DeployedRoute, ...], estate: Estate) -> None:
    """Raise NotReadError where a mapping, or who decides on it, may hide."""
    estate.whole(Stage, api.account, api.region, api.arn)
    for stage in estate.of(Stage):
        if (stage.account, stage.region, stage.api_arn) == (api.account, api.region, api.arn):
            estate.whole(DeployedRoute, api.account, api.region, stage.arn)
    for route in routes:
        need(route.integration)
        need(route.integration_responses)
        need(route.authorization_type)


def _population(estate: Estate) -> Iterable[ResourceItem[RestApi | Api]]:
    return items(both(estate))


CHECK = Check(
    name="one-claim-one-name",
    reads=("RestApi", "Api", "DeployedRoute"),
    params=Params,
    population=_population,
    test=_test,
    concerns=holds(RestApi, Api),
)
