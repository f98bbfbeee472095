"""default-endpoint-off: an API behind a custom domain answers there alone, and that is what is deployed.

Claim: where a domain name leads to an API, its execute-api endpoint is off, in effect. Population: every API. Deviation:
reachable by both, or off in the working copy and still on in what is deployed. Cannot see: when the flag was set. An API
carries no such date, so without a word of the export nobody can tell whether a stage was deployed or updated since.
"""

from collections.abc import Iterable, Iterator

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
from auditor.dataflow.ways import is_known, needed_ways, ways
from auditor.model.doors import StageExport
from auditor.model.estate import Estate
from auditor.model.fact import Present, need
from auditor.model.gateway import Api, DomainName, RestApi, Stage

_DOMAINS = "list:DomainName"


def _test(item: ResourceItem[RestApi | Api], estate: Estate, _params: Params) -> Outcome:
    api = item.of
    is_off = need(api.disable_execute_api_endpoint)
    leading = [each for each in _domains(api, estate) if any(way.api_id == api.api_id for way in ways(each))]
    if not leading:
        _none_hides(api, estate)
        return not_applicable("no custom domain leads to it", (_DOMAINS,))
    names: list[JsonValue] = [*sorted({each.domain for each in leading})]
    also = tuple(each.arn for each in leading)
    if is_off is None:
        return undecided("whether the default endpoint is off is not told", also, domains=names)
    if is_off:
        return _in_effect(api, estate, also, names)
    if not any(is_known(each.routing_mode) for each in leading):
        return undecided("the routing mode of the domain that may lead to it is not understood", also, domains=names)
    reason = f"{names[0]} leads to it, and the default endpoint answers as well, without what the domain asks for"
    return failed(reason, also, domains=names, default_endpoint="on")


def _domains(api: RestApi | Api, estate: Estate) -> Iterator[DomainName]:
    here = (api.account, api.region)
    return (each for each in estate.of(DomainName) if (each.account, each.region) == here)


def _none_hides(api: RestApi | Api, estate: Estate) -> None:
    """Raise NotReadError where a domain name, a mapping or a rule may hide."""
    estate.whole(DomainName, api.account, api.region)
    for each in _domains(api, estate):
        needed_ways(each)


def _in_effect(api: RestApi | Api, estate: Estate, also: tuple[str, ...], names: list[JsonValue]) -> Outcome:
    """Judge what is deployed: the flag alone is that of the working copy."""
    estate.whole(Stage, api.account, api.region, api.arn)
    stages = [each for each in estate.of(Stage) if (each.account, each.api_arn) == (api.account, api.arn)]
    if not stages:
        return not_applicable("no stage of it serves anything", also, domains=names)
    exports = {each.stage_arn: each for each in estate.of(StageExport) if each.account == api.account}
    waiting = [each for each in stages if not _follows(api, each)]
    told = [exports[each.arn] for each in waiting if each.arn in exports]
    also = (*also, *(each.arn for each in (*stages, *told)))
    contrary = [each for each in told if each.disable_execute_api_endpoint == Present[bool](value=False)]
    if contrary:
        reason = (
            f"the default endpoint is off in the working copy, but still on in what stage {_stage(contrary[0])} serves"
        )
        return failed(reason, also, domains=names, default_endpoint="off, not deployed")
    if not waiting:
        return passed(
            f"{names[0]} is the only door: automatic deployments put the change into effect", also, domains=names
        )
    if len(told) == len(waiting) and all(need(each.disable_execute_api_endpoint) is True for each in told):
        return passed(
            f"{names[0]} is the only door: the default endpoint is off in what is deployed", also, domains=names
        )
    return _untold(waiting, estate, also, names)


def _untold(stages: Iterable[Stage], estate: Estate, also: tuple[str, ...], names: list[JsonValue]) -> Outcome:
    dates: dict[str, JsonValue] = {each.stage: _updated(each, estate) for each in stages}
    reason = (
        "the default endpoint is off in the working copy, but nothing tells whether a stage was deployed or updated since: "
        "hold the date of the change in CloudTrail against the stages' last updates, or deploy again"
    )
    return undecided(reason, also, domains=names, stages_last_updated=dates)


def _follows(api: RestApi | Api, stage: Stage) -> bool:
    """Return whether a change takes effect by itself (HTTP and WebSocket APIs with AutoDeploy)."""
    return isinstance(api, Api) and need(stage.auto_deploy) is True and need(stage.deploy_error) is None


def _updated(stage: Stage, estate: Estate) -> JsonValue:
    beside = estate.observations.get((stage.account, stage.region, stage.arn))
    return beside.facts.get("lastUpdatedDate") if beside else None


def _stage(export: StageExport) -> str:
    return export.stage_arn.rpartition("/")[2]


def _population(estate: Estate) -> Iterable[ResourceItem[RestApi | Api]]:
    return items(both(estate))


CHECK = Check(
    name="default-endpoint-off",
    reads=("RestApi", "Api", "DomainName", "Stage"),
    params=Params,
    population=_population,
    test=_test,
    concerns=holds(RestApi, Api),
)
