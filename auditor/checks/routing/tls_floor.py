"""tls-floor: no client gets in with TLS below the floor.

Claim: the security policy of each custom domain name and of each REST API allows nothing below it. Population: both. HTTP and
WebSocket APIs offer TLS_1_2 alone. Deviation: a policy below the floor; a domain name that leads to a REST API with such a
policy, because the API's policy governs the handshake where the two differ; under `fsbp_strict` also a policy that is not on
the list, and an enhanced one without STRICT access. Cannot see: what a CDN in front negotiates.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, Literal

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
from auditor.dataflow.ways import needed_ways
from auditor.model.estate import Estate
from auditor.model.fact import need
from auditor.model.gateway import Api, DomainName, RestApi

MINIMUM: Mapping[str, str] = {
    "TLS_1_0": "1.0",
    "TLS_1_2": "1.2",
    "SecurityPolicy_TLS12_2018_EDGE": "1.2",
    "SecurityPolicy_TLS12_PFS_2025_EDGE": "1.2",
    "SecurityPolicy_TLS13_1_2_2021_06": "1.2",
    "SecurityPolicy_TLS13_1_2_Ext2_FIPS_PQ_2025_09": "1.2",
    "SecurityPolicy_TLS13_1_2_Ext2_PQ_2025_09": "1.2",
    "SecurityPolicy_TLS13_1_2_FIPS_PFS_PQ_2025_09": "1.2",
    "SecurityPolicy_TLS13_1_2_FIPS_PQ_2025_09": "1.2",
    "SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09": "1.2",
    "SecurityPolicy_TLS13_1_2_PQ_2025_09": "1.2",
    "SecurityPolicy_TLS13_1_3_2025_09": "1.3",
    "SecurityPolicy_TLS13_1_3_FIPS_2025_09": "1.3",
    "SecurityPolicy_TLS13_2025_EDGE": "1.3",
}
"""The lowest TLS version of each policy: API Gateway developer guide, "Supported security policies"; names of botocore 1.44.5."""

_ENHANCED = "SecurityPolicy_"
Entrance = DomainName | RestApi


class _Params(Params):
    min_tls: Literal["1.2", "1.3"]
    profile: Literal["baseline", "fsbp_strict"]
    fsbp_allowed: list[str]


def _test(item: ResourceItem[Entrance], estate: Estate, params: _Params) -> Outcome:
    of = item.of
    if isinstance(of, DomainName) and (owner := need(of.owner_account)) is not None:
        return not_applicable(f"account {owner} owns it, and it is judged there", owner=owner)
    policy = need(of.security_policy)
    apart = _by_version(policy, params, "it")
    if apart is not None:
        return apart
    if isinstance(of, DomainName):
        apart = _by_its_apis(of, estate, params)
        if apart is not None:
            return apart
    if params.profile == "fsbp_strict":
        return _strictly(of, estate, params, str(policy))
    return passed(f"{policy} allows nothing below TLS {MINIMUM[str(policy)]}", security_policy=policy)


def _by_version(policy: str | None, params: _Params, who: str, also: tuple[str, ...] = ()) -> Outcome | None:
    """Return the deviation of a policy, or that nobody can tell; None where it keeps the floor."""
    if policy is None:
        reason = f"AWS tells no security policy for {who}; a Regional or edge-optimised API has TLS_1_0 unless another is set"
        return undecided(reason, also, security_policy=None)
    minimum = MINIMUM.get(policy)
    if minimum is None:
        return undecided(f"security policy {policy} is not understood", also, security_policy=policy)
    if _version(minimum) < _version(params.min_tls):
        reason = f"{policy} lets clients in with TLS {minimum}; the floor is {params.min_tls}"
        return failed(reason, also, security_policy=policy, min_tls=params.min_tls)
    return None


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("."))


def _by_its_apis(domain: DomainName, estate: Estate, params: _Params) -> Outcome | None:
    """Return the deviation of a REST API that the domain leads to: its policy governs where the two differ."""
    for api in _rest_apis(domain, estate):
        policy = need(api.security_policy)
        if policy is None:
            # Nothing says that the two differ; that the API's own policy is not told is said of the API.
            continue
        found = _by_version(policy, params, "it", (api.arn,))
        if found is not None:
            reason = f"it leads to the API {api.name}, whose policy governs the handshake: {found.reason}"
            return Outcome(found.status, reason, found.observed, found.also)
    return None


def _rest_apis(domain: DomainName, estate: Estate) -> Iterator[RestApi]:
    here = (domain.account, domain.region)
    wanted = {way.api_id for way in needed_ways(domain)}
    found = [each for each in estate.of(RestApi) if (each.account, each.region) == here and each.api_id in wanted]
    if wanted - {each.api_id for each in found} - _newer_apis(domain, estate):
        estate.whole(RestApi, *here)
        estate.whole(Api, *here)
    yield from found


def _newer_apis(domain: DomainName, estate: Estate) -> set[str]:
    here = (domain.account, domain.region)
    return {each.api_id for each in estate.of(Api) if (each.account, each.region) == here}


def _strictly(of: Entrance, estate: Estate, params: _Params, policy: str) -> Outcome:
    if isinstance(of, DomainName) and (exempt := _exempt(of, estate)) is not None:
        return not_applicable(f"{policy} keeps the floor; {exempt}", security_policy=policy)
    if policy not in params.fsbp_allowed:
        return failed(f"{policy} is not on the list of profile fsbp_strict", security_policy=policy)
    if not policy.startswith(_ENHANCED):
        return passed(f"{policy} is on the list of profile fsbp_strict", security_policy=policy)
    mode = need(of.endpoint_access_mode)
    seen: dict[str, Any] = {"security_policy": policy, "endpoint_access_mode": mode}
    if mode == "STRICT":
        return passed(f"{policy} with STRICT access", **seen)
    if mode == "BASIC":
        return failed(f"{policy} with BASIC access: calls may come past the policy by another endpoint", **seen)
    return undecided(f"endpoint access mode {mode} is not understood", **seen)


def _exempt(domain: DomainName, estate: Estate) -> str | None:
    """Return why AWS offers this domain name no stricter policy."""
    if need(domain.mutual_tls_truststore) is not None:
        return "a domain name with mutual TLS can have no enhanced policy"
    if {way.api_id for way in needed_ways(domain)} & _newer_apis(domain, estate):
        return "a domain name that leads to an HTTP or WebSocket API can have no enhanced policy"
    return None


def _population(estate: Estate) -> Iterable[ResourceItem[Entrance]]:
    both: Iterator[Entrance] = chain(estate.of(DomainName), estate.of(RestApi))
    return items(both)


CHECK = Check(
    name="tls-floor",
    reads=("DomainName", "RestApi"),
    params=_Params,
    population=_population,
    test=_test,
)
