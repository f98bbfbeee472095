"""private-apis-name-endpoints: what is private takes calls from VPC endpoints or VPCs that its policy names.

Claim: the policy limits every way in to ids of VPC endpoints or VPCs. Population: every REST API, and every private custom
domain name of this account. Deviation: a policy without such a condition, or with a wildcard in it. Whoever else the policy asks
for is left aside: another account's endpoint reaches an API that only asks who calls. Cannot see: whether the endpoints that are
named are those in use; those of other accounts are not in the snapshot. The policy is the configured one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from pydantic import JsonValue

from auditor.access.family import Family
from auditor.access.patterns import literal
from auditor.access.strangers.restriction import Restriction, RestrictionKind
from auditor.access.strangers.together import at_endpoints
from auditor.checks.api_questions import ApiItem, all_routes_are_read, apis
from auditor.checks.interface import Check, Item, Outcome, Params, failed, not_applicable, passed, undecided
from auditor.checks.listed import holds
from auditor.checks.route_questions import policy_of
from auditor.model.doors import DomainNameAccessAssociation
from auditor.model.estate import Estate
from auditor.model.fact import Present, Unread, need
from auditor.model.gateway import DomainName, RestApi

_PRIVATE = "PRIVATE"
_LIMITED = frozenset({RestrictionKind.RESTRICTING, RestrictionKind.CLOSED})
_CLOSED = Restriction(RestrictionKind.CLOSED, "A private API without a resource policy refuses every call.")


@dataclass(frozen=True)
class _Domain(Item):
    """A custom domain name that is private, or may be."""

    domain: DomainName


def _test(item: ApiItem | _Domain, estate: Estate, _params: Params) -> Outcome:
    return _domain(item.domain, estate) if isinstance(item, _Domain) else _api(item, estate)


def _api(item: ApiItem, estate: Estate) -> Outcome:
    api = item.api
    types = need(api.endpoint_types) if isinstance(api, RestApi) else None
    if not isinstance(api, RestApi) or _PRIVATE not in (types or ()):
        return not_applicable("it is no private API")
    policies = {route.arn: need(policy_of(route, api, estate)) for route in item.routes}
    if not any(policies.values()) and need(api.policy) is None:
        return not_applicable("a private API without a policy refuses every call")
    for route in item.routes:
        text = policies[route.arn]
        said = _said(text, route.arn, estate.as_of)
        if text is not None and said.kind not in _LIMITED:
            return _loose(said, route.route_key, at_endpoints(text, route.arn, or_address=True))
    all_routes_are_read(item, estate)
    if not item.routes:
        return not_applicable("no route of it is deployed")
    first = _said(policies[item.routes[0].arn], item.routes[0].arn, estate.as_of)
    endpoints: list[JsonValue] = [*(need(api.vpc_endpoint_ids) or ())]
    return passed(first.why, tuple(each.arn for each in item.routes), associated_endpoints=endpoints)


def _domain(domain: DomainName, estate: Estate) -> Outcome:
    if _PRIVATE not in (need(domain.endpoint_types) or ()):
        return not_applicable("it is no private domain name")
    policy = need(domain.policy)
    if policy is None:
        return undecided("the private domain name has no policy, and whether it then takes calls is not documented")
    family = _family(domain, estate.snapshot.scope.partition)
    said = at_endpoints(policy, family, moment=estate.as_of)
    if said.kind not in _LIMITED:
        return _loose(said, domain.domain, at_endpoints(policy, family, or_address=True))
    estate.whole(DomainNameAccessAssociation, domain.account, domain.region)
    using: list[JsonValue] = [
        need(each.source)
        for each in estate.of(DomainNameAccessAssociation)
        if each.account == domain.account and need(each.domain_arn) == domain.arn
    ]
    return passed(said.why, ("list:DomainNameAccessAssociation",), associated_endpoints=using)


def _said(policy: str | None, route: str, moment: datetime) -> Restriction:
    return _CLOSED if policy is None else at_endpoints(policy, route, moment=moment)


def _loose(said: Restriction, where: str, with_addresses: Restriction) -> Outcome:
    if said.kind is RestrictionKind.UNDECIDED:
        return undecided(f"whether the policy names the VPC endpoints of {where} is not decided: {said.why}")
    if with_addresses.kind is not RestrictionKind.OPEN:
        return failed(f"the policy limits {where} by something else than a VPC endpoint or VPC: {with_addresses.why}")
    return failed(f"any VPC endpoint reaches {where}: the policy names none, or by a wildcard alone")


def _family(domain: DomainName, partition: str) -> Family:
    """Return the ARN that a private domain name carries in its policy, as a family (developer guide, private custom domains)."""
    api = f"arn:{partition}:execute-api:{domain.region}:{domain.account}:"
    return Family(api, literal(f"{api}/domainnames/{domain.name}"))


def _population(estate: Estate) -> Iterator[ApiItem | _Domain]:
    """Yield the REST APIs, and the domain names that are private or of which nobody knows; another account's are its own."""
    yield from (each for each in apis(estate) if isinstance(each.api, RestApi))
    for domain in estate.of(DomainName):
        types = domain.endpoint_types
        is_private = isinstance(types, Unread) or (isinstance(types, Present) and _PRIVATE in types.value)
        if is_private and not isinstance(domain.owner_account, Present):
            yield _Domain(domain.arn, DomainName.cloudformation, domain.account, domain.region, domain)


CHECK = Check(
    name="private-apis-name-endpoints",
    reads=("RestApi", "DomainName", "DeployedRoute"),
    params=Params,
    population=_population,
    test=_test,
    concerns=holds(RestApi, DomainName),
)
