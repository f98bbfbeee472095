"""web-application-firewall: a WAF that blocks, and logs, stands before every public stage.

Claim: a web ACL in which something blocks, with logging on; where none can stand, a CDN with a WAF that cannot be gone
around. Population: every stage. Deviation: a REST stage without an ACL, an ACL that only counts, or one that does not log; an
API whose default endpoint leads around the CDN it is declared behind. Cannot see: the CDN's own WAF, what the rules
match, whether the default endpoint's switch was deployed since.
"""

from auditor.checks.back_ends import declared
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
from auditor.checks.waf_questions import Blocking, blocking
from auditor.dataflow.ways import ANY_STAGE, needed_ways
from auditor.model.estate import Estate
from auditor.model.fact import need
from auditor.model.gateway import Api, DeployedRoute, DomainName, Protocol, RestApi, Stage
from auditor.model.platform import WebAcl


def _test(item: ResourceItem[Stage], estate: Estate, _params: Params) -> Outcome:
    stage = item.of
    api = _api(stage, estate)
    if api is None:
        return undecided("the API of the stage is not in the snapshot")
    if isinstance(api, Api):
        return _without_a_place(stage, api, estate)
    if "PRIVATE" in (need(api.endpoint_types) or ()):
        return not_applicable("the API is private: no public stage", (api.arn,))
    arn = need(stage.web_acl_arn)
    return _behind_a_cdn(stage, api, estate) if arn is None else _acl(arn, stage, estate)


def _api(stage: Stage, estate: Estate) -> RestApi | Api | None:
    kind: type[RestApi | Api] = RestApi if stage.protocol is Protocol.REST else Api
    place = (stage.api_arn, stage.account, stage.region)
    return next((each for each in estate.of(kind) if (each.arn, each.account, each.region) == place), None)


def _acl(arn: str, stage: Stage, estate: Estate) -> Outcome:
    acl = next((each for each in estate.of(WebAcl) if (each.arn, each.account) == (arn, stage.account)), None)
    if acl is None:
        return undecided("the web ACL that the stage names is not one that this program reads", web_acl=arn)
    also = (acl.arn,)
    if need(acl.exists) is False:
        return failed("the web ACL that the stage names does not exist", also, web_acl=arn)
    found, why = blocking(acl, estate)
    if found is Blocking.NO:
        return failed(f"the web ACL {acl.name} blocks nothing: {why}", also, web_acl=arn)
    destinations = need(acl.log_destinations)
    if not destinations:
        return failed(f"the web ACL {acl.name} does not log", also, web_acl=arn)
    if found is Blocking.UNKNOWN:
        return undecided(f"whether the web ACL {acl.name} blocks anything is not decided: {why}", also, web_acl=arn)
    return passed(
        f"the web ACL {acl.name} blocks ({why}) and logs", also, web_acl=arn, log_destinations=[*destinations]
    )


def _without_a_place(stage: Stage, api: Api, estate: Estate) -> Outcome:
    """Judge an API before which no web ACL can be put: its back ends or its CDN must have one."""
    kind = "a WebSocket API" if api.protocol is Protocol.WEBSOCKET else "an HTTP API"
    what = f"no web ACL can be put before {kind}"
    if _back_ends_have_one(stage, estate):
        return needs_attestation(
            f"{what}; its back ends are declared to stand behind a WAF, which cannot be read here", (api.arn,)
        )
    if need(api.disable_execute_api_endpoint) is True:
        return _declared(stage, api, estate, what)
    if estate.registers.domains is None:
        return needs_attestation(
            f"{what}, and its default endpoint is on; if a CDN with a WAF stands before it, turn the endpoint off and "
            f"declare the domain: {_entry('…')}; else accept the risk in a waiver",
            (api.arn,),
        )
    return failed(
        f"{what}, and its default endpoint is on: whatever stands before a domain can be gone around", (api.arn,)
    )


def _behind_a_cdn(stage: Stage, api: RestApi, estate: Estate) -> Outcome:
    if need(api.disable_execute_api_endpoint) is not True:
        return failed("no web ACL stands before the stage, and its default endpoint is on", (api.arn,))
    return _declared(stage, api, estate, "no web ACL stands before the stage")


def _declared(stage: Stage, api: RestApi | Api, estate: Estate, what: str) -> Outcome:
    """Judge an API whose domains are its only doors, by what is declared to stand before them."""
    domains = _domains(stage, api, estate)
    also = (api.arn, *(each.arn for each in domains))
    if not domains:
        return not_applicable("no door is public: the default endpoint is off, and no domain leads here", also)
    entries = {each.domain: each for each in estate.registers.domains or ()}
    for domain in domains:
        entry = entries.get(domain.domain)
        if entry is not None and entry.behind_cdn is False:
            return failed(f"{what}, and {domain.domain} is declared to stand behind no CDN", also)
        if entry is None and estate.registers.domains is not None:
            return failed(f"{what}, and the register of domains does not name {domain.domain}", also)
        if entry is None or entry.behind_cdn is None:
            return needs_attestation(
                f"{what}; if a CDN with a WAF stands before {domain.domain}, declare it: {_entry(domain.domain)}", also
            )
    named = ", ".join(each.domain for each in domains)
    return needs_attestation(
        f"{what}; {named} is declared to stand behind a CDN, whose WAF cannot be read here, and the default endpoint is off",
        also,
    )


def _entry(domain: str) -> str:
    return f"{{domain: {domain}, behind_cdn: true}}"


def _domains(stage: Stage, api: RestApi | Api, estate: Estate) -> list[DomainName]:
    """Return the domains that lead to a stage; raises NotReadError where one could be unseen."""
    here = (stage.account, stage.region)
    estate.whole(DomainName, *here)
    return [
        each
        for each in estate.of(DomainName)
        if (each.account, each.region) == here
        and any(way.api_id == api.api_id and way.stage in {stage.stage, ANY_STAGE} for way in needed_ways(each))
    ]


def _back_ends_have_one(stage: Stage, estate: Estate) -> bool:
    """Return whether every back end of a stage is declared to stand behind a WAF."""
    entries = tuple(each for each in estate.registers.backends or () if each.behind_waf)
    if not entries:
        return False
    routes = [
        each for each in estate.of(DeployedRoute) if each.stage_arn == stage.arn and each.account == stage.account
    ]
    estate.whole(DeployedRoute, stage.account, stage.region, stage.arn)
    behind = [need(each.integration) for each in routes]
    return bool(behind) and all(each is not None and declared(each, entries) is not None for each in behind)


CHECK = Check(
    name="web-application-firewall",
    reads=("Stage",),
    params=Params,
    population=lambda estate: items(estate.of(Stage)),
    test=_test,
    registers=("backends", "domains"),
)
