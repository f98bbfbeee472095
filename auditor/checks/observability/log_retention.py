"""log-retention: the gateway's logs outlive the period under audit, and no longer than the policy allows.

Claim: retention within the bounds, and a key of the organisation where one is required. Population: every log group that
was read; those that no stage, authorizer or web ACL feeds are not applicable. Deviation: too short, too long, or no such
key. Cannot see: what an archive keeps that a group is sent on to, and entries deleted by hand.
"""

from typing import Any

from auditor.checks.age import counted
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
from auditor.model.estate import Estate
from auditor.model.fact import need
from auditor.model.gateway import Api, Authorizer, LogGroup, RestApi, Stage
from auditor.model.platform import Function


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


def _test(item: ResourceItem[LogGroup], estate: Estate, params: _Params) -> Outcome:
    group = item.of
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
    """Return the functions that write to a group and that an authorizer names."""
    here = (group.account, group.region)
    uris = [
        definition.function_uri
        for each in estate.of(Authorizer)
        if (each.account, each.region) == here and (definition := need(each.definition)) and definition.function_uri
    ]
    return [
        each
        for each in estate.of(Function)
        if (each.account, each.region) == here
        and any(f"{each.function_arn}/" in uri or f"{each.function_arn}:" in uri for uri in uris)
        and need(each.log_group) == group.name
    ]


CHECK = Check(
    name="log-retention",
    reads=("LogGroup",),
    params=_Params,
    population=lambda estate: items(estate.of(LogGroup)),
    test=_test,
)
