"""What callers are told apart and limited by: ApiKey, UsagePlan, ClientCertificate, GatewayAccount."""

from collections.abc import Iterator
from typing import Any

from auditor.model.doors import ClientCertificate
from auditor.model.fact import NotApplicable
from auditor.model.gateway import GatewayAccount
from auditor.model.keys_and_plans import ApiKey, MethodThrottle, UsagePlan, UsagePlanStage
from auditor.normalize.facts import Members, decimal, number, text, texts
from auditor.normalize.gateway.usage import Usage
from auditor.normalize.interface import ListCall, Normalizer
from auditor.normalize.reading import Found, Reading

_KEYS = "apigateway:GetApiKeys"
_PLANS = "apigateway:GetUsagePlans"
_PLAN_KEYS = "apigateway:GetUsagePlanKeys"
_CERTIFICATES = "apigateway:GetClientCertificates"
_ACCOUNT = "apigateway:GetAccount"


def normalize(read: Reading) -> None:
    """Add every key, plan and client certificate of the shard, and the account's settings."""
    usage = Usage(read)
    for each in read.records(_KEYS, "item"):
        _key(read, each, usage)
    for each in read.records(_PLANS, "item"):
        _plan(read, each)
    for each in read.records(_CERTIFICATES, "item"):
        _certificate(read, each)
    _account(read)


def _key(read: Reading, found: Found, usage: Usage) -> None:
    key_id = str(found.record.get("id", ""))
    arn = read.arn(f"/apikeys/{key_id}")
    about = Members(read, _KEYS, arn, found.record)
    is_read, used = usage.of(key_id, arn)
    key = ApiKey(
        account=read.key.account,
        region=read.key.region,
        arn=arn,
        name=str(found.record.get("name") or key_id),
        tags=about.tags(),
        key_id=key_id,
        enabled=about.flag("enabled"),
        created=about.moment("createdDate"),
        customer_id=about.text("customerId"),
        stage_keys=about.texts("stageKeys"),
        usage_read=is_read,
    )
    volatile = {"lastUpdatedDate": found.record.get("lastUpdatedDate"), "usage": used or None}
    read.add(key, [*found.pages, *usage.pages(key_id)], volatile)


def _plan(read: Reading, found: Found) -> None:
    plan_id = str(found.record.get("id", ""))
    arn = read.arn(f"/usageplans/{plan_id}")
    about = Members(read, _PLANS, arn, found.record)
    throttle, quota = about.inner("throttle"), about.inner("quota")
    gap = read.gap(_PLAN_KEYS, arn)
    ids = [each.record.get("id") for each in read.records(_PLAN_KEYS, "item", usagePlanId=plan_id)]
    plan = UsagePlan(
        account=read.key.account,
        region=read.key.region,
        arn=arn,
        name=str(found.record.get("name") or plan_id),
        tags=about.tags(),
        api_stages=about.take("apiStages", _stages),
        key_ids=Members(read, _PLAN_KEYS, arn, {"ids": ids}, gap).take("ids", texts),
        throttle_rate=throttle.take("rateLimit", decimal),
        throttle_burst=throttle.number("burstLimit"),
        quota_limit=quota.number("limit"),
        quota_period=quota.text("period"),
        quota_offset=quota.number("offset"),
        method_throttles=about.take("apiStages", _method_throttles),
    )
    read.add(plan, [*found.pages, *read.pages_of(_PLAN_KEYS, usagePlanId=plan_id)])


def _stages(value: Any) -> tuple[UsagePlanStage, ...]:
    found = (UsagePlanStage(api_id=text(each.get("apiId")), stage=text(each.get("stage"))) for each in value)
    return tuple(sorted(found, key=lambda each: (each.api_id, each.stage)))


def _method_throttles(value: Any) -> tuple[MethodThrottle, ...]:
    found = [throttle for each in value for throttle in _throttles_of(each)]
    return tuple(sorted(found, key=lambda each: (each.api_id, each.stage, each.method)))


def _throttles_of(stage: Any) -> Iterator[MethodThrottle]:
    for method, given in (stage.get("throttle") or {}).items():
        rate, burst = given.get("rateLimit"), given.get("burstLimit")
        yield MethodThrottle(
            api_id=text(stage.get("apiId")),
            stage=text(stage.get("stage")),
            method=text(method),
            rate=None if rate is None else decimal(rate),
            burst=None if burst is None else number(burst),
        )


def _certificate(read: Reading, found: Found) -> None:
    certificate_id = str(found.record.get("clientCertificateId", ""))
    arn = read.arn(f"/clientcertificates/{certificate_id}")
    about = Members(read, _CERTIFICATES, arn, found.record)
    certificate = ClientCertificate(
        account=read.key.account,
        region=read.key.region,
        arn=arn,
        name=str(found.record.get("description") or certificate_id),
        tags=about.tags(),
        certificate_id=certificate_id,
        created=about.moment("createdDate"),
        expiration=about.moment("expirationDate"),
    )
    read.add(certificate, found.pages)


def _account(read: Reading) -> None:
    """Add the account's settings, also where they could not be read: controls ask for them by name."""
    arn = read.arn("/account")
    gap = read.gap(_ACCOUNT, None)
    answers = read.reads(_ACCOUNT)
    if gap is None and not answers:
        return
    about = Members(read, _ACCOUNT, arn, answers[0].body if answers else None, gap)
    account = GatewayAccount(
        account=read.key.account,
        region=read.key.region,
        arn=arn,
        name=f"API Gateway settings of {read.key.account} in {read.key.region}",
        tags=NotApplicable(why="settings carry no tags"),
        cloudwatch_role_arn=about.text("cloudwatchRoleArn"),
        throttle_rate=about.inner("throttleSettings").take("rateLimit", decimal),
        throttle_burst=about.inner("throttleSettings").number("burstLimit"),
        api_key_version=about.text("apiKeyVersion"),
        features=about.texts("features"),
    )
    read.add(account, read.pages_of(_ACCOUNT))


NORMALIZER = Normalizer(
    "apigateway",
    normalize,
    lists=(
        ListCall(_KEYS, "ApiKey", "item"),
        ListCall(_PLANS, "UsagePlan", "item"),
        ListCall(_PLAN_KEYS, "UsagePlanKey", "item", "arn:{partition}:apigateway:{region}::/usageplans/{usagePlanId}"),
        ListCall(_CERTIFICATES, "ClientCertificate", "item"),
    ),
)
