"""log-retention: the gateway's logs outlive the period under audit, and no longer than the policy allows.

Claim: retention within the bounds, and a key of the organisation where one is required. Population: every log group that
was read, those of trails apart; one that no stage, authorizer or web ACL feeds is not applicable. What feeds a group that
could not be told is a member too.
Deviation: too short, too long, or no such key. Cannot see: what an archive keeps that a group is sent on to, and entries
deleted by hand.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from auditor.checks.interface import (
    Check,
    Item,
    Outcome,
    Params,
    failed,
    items,
    needs_attestation,
    not_applicable,
    passed,
    undecided,
)
from auditor.model.estate import Estate
from auditor.model.fact import Fact, Present, Unread, need
from auditor.model.gateway import Api, Authorizer, DeployedRoute, RestApi, Stage
from auditor.model.logs import LogGroup
from auditor.model.platform import Function, Trail, WebAcl
from auditor.model.resource import Resource
from auditor.model.words import counted


class _Params(Params):
    min_days: int
    max_days: int
    require_cmk: bool


_BY_NAME = {
    "API-Gateway-Execution-Logs_": "API Gateway's execution logs",
    "/aws/apigateway/": "API Gateway's execution logs",
    "aws-waf-logs-": "a web ACL",
}
"""Names that AWS gives, or asks for."""


@dataclass(frozen=True)
class _Log(Item):
    """A log group; or what writes to one, where which one that is was not read."""

    of: LogGroup | None
    hidden: Fact[Any] | None = None


def _test(item: _Log, estate: Estate, params: _Params) -> Outcome:
    return _unseen(item) if item.of is None else _judged(item.of, estate, params)


def _judged(group: LogGroup, estate: Estate, params: _Params) -> Outcome:
    feeder = _feeder(group, estate)
    if feeder is None:
        return not_applicable("fed by no stage, authorizer or web ACL: no log of the gateway's")
    days, key = need(group.retention_days), need(group.kms_key)
    seen: dict[str, Any] = {
        "fed_by": feeder,
        "retention_days": days,
        "min_days": params.min_days,
        "max_days": params.max_days,
        "kms_key": key,
    }
    if params.require_cmk and key is None:
        return failed(f"the log of {feeder} is not encrypted under a key of the organisation", **seen)
    if days is None:
        return _endless(group, feeder, seen)
    if days < params.min_days:
        return _short(group, feeder, days, seen)
    if days > params.max_days:
        return failed(f"the log of {feeder} is kept {counted(days, 'day')}, more than {params.max_days}", **seen)
    return passed(f"the log of {feeder} is kept {counted(days, 'day')}", **seen)


def _unseen(item: _Log) -> Outcome:
    """Say that a log was not read; raises NotReadError where a gap tells why."""
    if item.hidden is not None:
        need(item.hidden)
    return undecided("the authorizer's function is not one that this program reads, and neither is its log")


def _endless(group: LogGroup, feeder: str, seen: dict[str, Any]) -> Outcome:
    policy = need(group.retention_policy)
    if policy is not None:
        return undecided(f"the retention policy {policy} decides how long the log is kept; it is not read", **seen)
    note = "kept for ever: longer than any limit, where the entries hold personal data"
    return passed(f"the log of {feeder} never expires", **seen, note=note)


def _short(group: LogGroup, feeder: str, days: int, seen: dict[str, Any]) -> Outcome:
    sent_on = need(group.subscription_filters) or ()
    whole = [each.destination for each in sent_on if not each.pattern.strip()]
    told = f"the log of {feeder} is kept {counted(days, 'day')}, less than {seen['min_days']}"
    seen = {**seen, "sent_on_to": [each.destination for each in sent_on]}
    if whole:
        return needs_attestation(
            f"{told}, but every entry is sent on to {whole[0]}: how long it is kept there must be said by a person",
            **seen,
        )
    return failed(f"{told}; only a part of it is sent on" if sent_on else told, **seen)


def _feeder(group: LogGroup, estate: Estate) -> str | None:
    """Return what feeds a group; None where nothing of the gateway does. Raises NotReadError where a part is unseen."""
    here = (group.account, group.region)
    for stage in estate.of(Stage):
        if (stage.account, stage.region) == here and _is_it(need(stage.access_log_destination), group):
            return f"stage {stage.name} of {stage.api_arn.rpartition('/')[2]}"
    for beginning, what in _BY_NAME.items():
        if group.name.startswith(beginning):
            return what
    authorizer = next((each.name for each in _authorizers(group, estate)), None)
    if authorizer is not None:
        return f"authorizer function {authorizer}"
    for kind in (RestApi, Api, Stage, Authorizer):
        estate.whole(kind, *here)
    return None


def _is_it(destination: str | None, group: LogGroup) -> bool:
    return destination is not None and destination.removesuffix(":*") == group.arn


def _authorizers(group: LogGroup, estate: Estate) -> list[Function]:
    """Return the functions that write to a group and that an authorizer names, as configured or on a stage."""
    here = (group.account, group.region)
    writers = [
        each
        for each in estate.of(Function)
        if (each.account, each.region) == here and _may_be(each.log_group, group.name)
    ]
    uris = [uri for place, _, uri in _uris(estate) if place == here]
    found = [each for each in writers if _is_named(each, uris) and need(each.log_group) == group.name]
    if writers and not found:
        _no_authorizer_hides(here, estate)
    return found


def _may_be(fact: Fact[str], name: str) -> bool:
    return isinstance(fact, Unread) or fact == Present[str](value=name)


def _is_named(function: Function, uris: Iterable[str]) -> bool:
    return any(f"{function.function_arn}/" in uri or f"{function.function_arn}:" in uri for uri in uris)


def _no_authorizer_hides(here: tuple[str, str], estate: Estate) -> None:
    """Raise NotReadError where an authorizer is unread: it may name any function."""
    for authorizer in estate.of(Authorizer):
        if (authorizer.account, authorizer.region) == here:
            need(authorizer.definition)
    for route in estate.of(DeployedRoute):
        if (route.account, route.region) == here:
            need(route.authorizer)


def _uris(estate: Estate) -> Iterator[tuple[tuple[str, str], str, str]]:
    """Yield place, ARN and function of each authorizer that was read, in the working copy and on stages."""
    for authorizer in estate.of(Authorizer):
        if isinstance(authorizer.definition, Present) and authorizer.definition.value.function_uri:
            yield (
                (authorizer.account, authorizer.region),
                authorizer.arn,
                authorizer.definition.value.function_uri,
            )
    for route in estate.of(DeployedRoute):
        if isinstance(route.authorizer, Present) and route.authorizer.value.function_uri:
            arn = f"{route.api_arn}#authorizer/{route.authorizer.value.name}"
            yield (route.account, route.region), arn, route.authorizer.value.function_uri


def _population(estate: Estate) -> Iterator[_Log]:
    """Yield the log groups that were read, and what writes to one that nobody knows."""
    for each in items(group for group in estate.of(LogGroup) if not _is_a_trails_alone(group, estate)):
        yield _Log(each.resource, each.resource_type, each.account, each.region, each.of)
    hidden = dict(_without_destination(estate)) | dict(_hidden_authorizers(estate)) | dict(_hidden_functions(estate))
    for (account, region, arn), fact in sorted(hidden.items(), key=lambda each: each[0]):
        yield _Log(f"{arn}#log", LogGroup.cloudformation, account, region, None, fact)


def _is_a_trails_alone(group: LogGroup, estate: Estate) -> bool:
    """Return whether a group was read only because a trail delivers to it: no log of the gateway's."""
    here = (group.account, group.region)
    stages = [each for each in estate.of(Stage) if (each.account, each.region) == here]
    is_a_stages = any(_is_it(_told(each.access_log_destination), group) for each in stages)
    by_name = any(group.name.startswith(beginning) for beginning in _BY_NAME)
    trails = [each for each in estate.of(Trail) if each.account == group.account]
    return not (is_a_stages or by_name) and any(_told(each.log_group) == group.arn for each in trails)


def _told(fact: Fact[str]) -> str | None:
    return fact.value if isinstance(fact, Present) else None


_Hidden = tuple[tuple[str, str, str], Fact[Any] | None]
"""Account, region and ARN of what writes to a log, and the fact behind whose gap it hides."""


def _without_destination(estate: Estate) -> Iterator[_Hidden]:
    for stage in estate.of(Stage):
        yield from _if_unread(stage, stage.arn, stage.access_log_destination)
    for acl in estate.of(WebAcl):
        yield from _if_unread(acl, acl.arn, acl.log_destinations)


def _hidden_authorizers(estate: Estate) -> Iterator[_Hidden]:
    for authorizer in estate.of(Authorizer):
        yield from _if_unread(authorizer, authorizer.arn, authorizer.definition)
    for route in estate.of(DeployedRoute):
        if isinstance(route.authorization_type, Unread) or route.authorization_type == Present[str](value="CUSTOM"):
            yield from _if_unread(route, f"{route.api_arn}#authorizers", route.authorizer)


def _hidden_functions(estate: Estate) -> Iterator[_Hidden]:
    """Yield the authorizers' functions whose log was not read, and the authorizers whose function was not."""
    functions = list(estate.of(Function))
    for here, arn, uri in _uris(estate):
        named = [each for each in functions if (each.account, each.region) == here and _is_named(each, [uri])]
        for function in named:
            yield from _if_unread(function, function.arn, function.log_group)
        if not named:
            yield (*here, arn), None


def _if_unread(of: Resource, arn: str, fact: Fact[Any]) -> Iterator[_Hidden]:
    if isinstance(fact, Unread):
        yield (of.account, of.region, arn), fact


CHECK = Check(
    name="log-retention",
    reads=("LogGroup", "Stage", "Authorizer"),
    params=_Params,
    population=_population,
    test=_test,
)
