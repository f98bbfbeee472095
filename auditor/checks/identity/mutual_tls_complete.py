"""mutual-tls-complete: where client certificates are required, a named trust store decides, and there is no way round it.

Claim: a domain of the list has a trust store of a fixed version, AWS has no warnings about it, and the default endpoint of
every API behind it is off, in effect. Population: every custom domain name. Deviation: no trust store, no version, a warning,
or an API that also answers at its default endpoint. Cannot see: whose certificates the trust store takes, and revocation,
which API Gateway does not look at.
"""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from pydantic import JsonValue

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
from auditor.dataflow.ways import is_known, needed_ways
from auditor.model.doors import StageExport
from auditor.model.estate import Estate
from auditor.model.fact import need
from auditor.model.gateway import Api, DomainName, RestApi, Stage

_WARNINGS = "mutualTlsAuthenticationWarnings"


class _Params(Params):
    mtls_required_domains: list[str]
    """Domain names; `*` stands for any text."""


def _test(item: ResourceItem[DomainName], estate: Estate, params: _Params) -> Outcome:
    domain = item.of
    truststore = need(domain.mutual_tls_truststore)
    if not any(fnmatchcase(domain.domain.lower(), each.lower()) for each in params.mtls_required_domains):
        words = "it asks for client certificates all the same" if truststore else "it asks for none"
        return not_applicable(f"not in the list of domains that require client certificates; {words}")
    if truststore is None:
        return failed("client certificates are required here, and the domain asks for none")
    version = need(domain.mutual_tls_truststore_version)
    seen: dict[str, JsonValue] = {"truststore": truststore, "version": version}
    if not version:
        return failed("the trust store has no fixed version: whoever writes the object decides who may call", **seen)
    beside = estate.observations.get((domain.account, domain.region, domain.arn))
    warnings = beside.facts.get(_WARNINGS) if beside is not None else None
    if warnings:
        first = warnings[0] if isinstance(warnings, list) else warnings
        return failed(f"AWS warns about the trust store: {first}", **seen, warnings=warnings)
    return _behind(domain, estate, seen)


def _behind(domain: DomainName, estate: Estate, seen: dict[str, JsonValue]) -> Outcome:
    """Judge the APIs that the domain leads to: the worst first, so that nothing unread hides a door that is open."""
    if not is_known(domain.routing_mode):
        return undecided("the routing mode of the domain is not understood", **seen)
    ways = sorted({way.api_id for way in needed_ways(domain)})
    seen = {**seen, "apis": [*ways]}
    doors = {api_id: _api(api_id, domain, estate) for api_id in ways}
    also = tuple(api.arn for api in doors.values() if api is not None)
    for api in doors.values():
        if api is not None and (why := _open(api, estate)) is not None:
            return failed(why, also, **seen)
    for api_id, api in doors.items():
        if api is None:
            estate.whole(RestApi, domain.account, domain.region)
            estate.whole(Api, domain.account, domain.region)
            return undecided(f"the domain leads to {api_id}, which is not in the snapshot", also, **seen)
        if not _is_shut(api, estate):
            why = f"the default endpoint of {api.name} is off in the working copy; nothing tells whether that is deployed"
            return undecided(why, also, **seen)
    return passed("a fixed trust store without warnings, and no other door to what is behind it", also, **seen)


def _api(api_id: str, domain: DomainName, estate: Estate) -> RestApi | Api | None:
    both: Iterator[RestApi | Api] = (*estate.of(RestApi), *estate.of(Api)).__iter__()
    here = (domain.account, domain.region, api_id)
    return next((each for each in both if (each.account, each.region, each.api_id) == here), None)
