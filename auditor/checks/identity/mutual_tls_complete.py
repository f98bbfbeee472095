"""mutual-tls-complete: where client certificates are required, a named trust store decides, and there is no way round it.

Claim: a domain of the list has a trust store of a fixed version, AWS has no warnings about it, and the default endpoint of
every API behind it is off, in effect. Population: every custom domain name. Deviation: no trust store, no version, a warning,
or an API that also answers at its default endpoint. Without a list, a domain
that asks for certificates is proposed for it. Cannot see: whose certificates the trust store takes, and revocation,
which API Gateway does not look at.
"""

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from itertools import chain

from pydantic import JsonValue

from auditor.checks.interface import (
    Check,
    Outcome,
    Params,
    ResourceItem,
    failed,
    items,
    needs_attestation,
    not_applicable,
    passed,
    undecided,
)
from auditor.dataflow.ways import is_known, needed_ways
from auditor.model.doors import StageExport
from auditor.model.estate import Estate
from auditor.model.fact import Absent, Present, need
from auditor.model.gateway import Api, DomainName, RestApi, Stage

_WARNINGS = "mutualTlsAuthenticationWarnings"


class _Params(Params):
    mtls_required_domains: list[str]
    """Domain names; `*` stands for any text."""


def _test(item: ResourceItem[DomainName], estate: Estate, params: _Params) -> Outcome:
    domain = item.of
    truststore = need(domain.mutual_tls_truststore)
    if not any(fnmatchcase(domain.domain.lower(), each.lower()) for each in params.mtls_required_domains):
        return _not_listed(domain, truststore, params)
    if truststore is None:
        return failed("client certificates are required here, and the domain asks for none")
    version = need(domain.mutual_tls_truststore_version)
    seen: dict[str, JsonValue] = {"truststore": truststore, "version": version}
    if not version:
        return failed(
            "the trust store has no fixed version: whoever writes the object decides who may call", (), **seen
        )
    beside = estate.observations.get((domain.account, domain.region, domain.arn))
    warnings = beside.facts.get(_WARNINGS) if beside is not None else None
    if warnings:
        first = warnings[0] if isinstance(warnings, list) else warnings
        return failed(f"AWS warns about the trust store: {first}", (), **seen, warnings=warnings)
    return _behind(domain, estate, seen)


def _not_listed(domain: DomainName, truststore: str | None, params: _Params) -> Outcome:
    if truststore is None:
        return not_applicable("not in the list of domains that require client certificates, and it asks for none")
    if params.mtls_required_domains:
        return not_applicable(
            "it asks for client certificates, and the list of domains that require them leaves it out"
        )
    entry = f'mtls_required_domains = ["{domain.domain}"]'
    return needs_attestation(
        f"it asks for client certificates, and no list says which domains require them; to name: {entry}"
    )


def _behind(domain: DomainName, estate: Estate, seen: dict[str, JsonValue]) -> Outcome:
    """Judge the APIs that the domain leads to: the worst first, so that nothing unread hides a door that is open."""
    if not is_known(domain.routing_mode):
        return undecided("the routing mode of the domain is not understood", (), **seen)
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
            why = (
                f"the default endpoint of {api.name} is off in the working copy; nothing tells whether that is deployed"
            )
            return undecided(why, also, **seen)
    return passed("a fixed trust store without warnings, and no other door to what is behind it", also, **seen)


def _api(api_id: str, domain: DomainName, estate: Estate) -> RestApi | Api | None:
    both: Iterator[RestApi | Api] = chain(estate.of(RestApi), estate.of(Api))
    here = (domain.account, domain.region, api_id)
    return next((each for each in both if (each.account, each.region, each.api_id) == here), None)


def _stages(api: RestApi | Api, estate: Estate) -> Iterator[tuple[Stage, StageExport | None]]:
    exports = {each.stage_arn: each for each in estate.of(StageExport) if each.account == api.account}
    for stage in estate.of(Stage):
        if (stage.account, stage.region, stage.api_arn) == (api.account, api.region, api.arn):
            yield stage, exports.get(stage.arn)


def _open(api: RestApi | Api, estate: Estate) -> str | None:
    """Return why the default endpoint certainly answers: by its flag, or by what a stage's export says is deployed."""
    if isinstance(api.disable_execute_api_endpoint, Present) and not api.disable_execute_api_endpoint.value:
        return f"{api.name} answers at its default endpoint as well, where nobody asks for a certificate"
    if isinstance(api.disable_execute_api_endpoint, Absent):
        return f"{api.name} answers at its default endpoint as well, which nothing turns off"
    for stage, export in _stages(api, estate):
        if export is not None and export.disable_execute_api_endpoint == Present[bool](value=False):
            return (
                f"stage {stage.stage} of {api.name} still serves its default endpoint: that it is off was not deployed"
            )
    return None


def _is_shut(api: RestApi | Api, estate: Estate) -> bool:
    """Return whether the default endpoint is off in effect on every stage; raise NotReadError where that was not read."""
    need(api.disable_execute_api_endpoint)
    estate.whole(Stage, api.account, api.region, api.arn)
    return all(_is_in_effect(api, stage, export) for stage, export in _stages(api, estate))


def _is_in_effect(api: RestApi | Api, stage: Stage, export: StageExport | None) -> bool:
    """Return whether a stage follows the working copy by itself, or its export says so."""
    if isinstance(api, Api) and need(stage.auto_deploy) is True and need(stage.deploy_error) is None:
        return True
    return export is not None and need(export.disable_execute_api_endpoint) is True


def _population(estate: Estate) -> Iterable[ResourceItem[DomainName]]:
    return items(estate.of(DomainName))


CHECK = Check(
    name="mutual-tls-complete",
    reads=("DomainName",),
    params=_Params,
    population=_population,
    test=_test,
)
