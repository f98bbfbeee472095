"""What stands before the APIs: DomainName with mappings of both API versions, ApiKey, UsagePlan, GatewayAccount."""

from typing import Any

from auditor.model.fact import Fact, NotApplicable, Present, Unread
from auditor.model.gateway import (
    ApiKey,
    ApiMapping,
    DomainName,
    GatewayAccount,
    UsagePlan,
    UsagePlanStage,
)
from auditor.normalize.facts import Members, decimal, text, texts
from auditor.normalize.interface import ListCall, Normalizer
from auditor.normalize.reading import Found, Reading

_DOMAINS = "apigateway:GetDomainNames"
_DOMAINS_V2 = "apigatewayv2:GetDomainNames"
_BASE_PATHS = "apigateway:GetBasePathMappings"
_MAPPINGS = "apigatewayv2:GetApiMappings"
_KEYS = "apigateway:GetApiKeys"
_PLANS = "apigateway:GetUsagePlans"
_PLAN_KEYS = "apigateway:GetUsagePlanKeys"
_ACCOUNT = "apigateway:GetAccount"
_ROOT_PATH = "(none)"
"""How REST API management writes the empty base path."""


def normalize(read: Reading) -> None:
    """Add every door of the shard."""
    older = {_named(each): each for each in read.records(_DOMAINS, "item")}
    newer = {_named(each): each for each in read.records(_DOMAINS_V2, "items")}
    for name in sorted({*older, *newer}):
        _domain(read, name, older.get(name), newer.get(name))
    for each in read.records(_KEYS, "item"):
        _key(read, each)
    for each in read.records(_PLANS, "item"):
        _plan(read, each)
    _account(read)


def _named(found: Found) -> str:
    """Return a domain name, with its id where it is private: several private domains may share a name."""
    name, private_id = found.record.get("domainName"), found.record.get("domainNameId")
    return f"{name}+{private_id}" if private_id else str(name)


def _domain(read: Reading, name: str, older: Found | None, newer: Found | None) -> None:
    """Add a domain name. The REST side tells more (mutual TLS, endpoint types); edge-optimised domains stand only there."""
    arn = read.arn(f"/domainnames/{name}")
    domain_name, _, private_id = name.partition("+")
    asked = {"domainName": domain_name, **({"domainNameId": private_id} if private_id else {})}
    found = older or newer
    if found is None:
        return
    record = found.record if older else _first_configuration(found.record)
    about = Members(read, found.operation, arn, record)
    endpoint = about.inner("endpointConfiguration")
    domain = DomainName(
        account=read.key.account,
        region=read.key.region,
        arn=arn,
        name=name,
        tags=about.tags(),
        domain=domain_name,
        endpoint_types=endpoint.texts("types"),
        security_policy=about.text("securityPolicy"),
        mutual_tls_truststore=about.inner("mutualTlsAuthentication").text("truststoreUri"),
        mappings=_mappings(read, asked, arn),
    )
    pages = [*found.pages, *read.pages_of(_BASE_PATHS, **asked), *read.pages_of(_MAPPINGS, DomainName=domain_name)]
    read.add(domain, pages, {"mutualTlsAuthenticationWarnings": _warnings(record)})


def _first_configuration(record: Any) -> dict[str, Any]:
    """Return a v2 domain name in the shape of a v1 one."""
    configurations = record.get("domainNameConfigurations")
    listed = configurations if isinstance(configurations, list) else []
    first = next((each for each in listed if isinstance(each, dict)), {})
    return {
        "tags": record.get("tags"),
        "securityPolicy": first.get("securityPolicy"),
        "endpointConfiguration": {"types": [first["endpointType"]]} if "endpointType" in first else {},
        "mutualTlsAuthentication": record.get("mutualTlsAuthentication"),
    }


def _warnings(record: Any) -> Any:
    given = record.get("mutualTlsAuthentication")
    return given.get("truststoreWarnings") if isinstance(given, dict) else None


def _mappings(read: Reading, asked: dict[str, str], arn: str) -> Fact[tuple[ApiMapping, ...]]:
    """Return where the domain leads: both lists together; either's gap hides the answer."""
    gap = (
        read.gap(_BASE_PATHS, arn)
        or read.gap(_MAPPINGS, arn)
        or read.gap(_DOMAINS, None)
        or read.gap(_DOMAINS_V2, None)
    )
    if gap is not None:
        return Unread(gap=gap)
    found: set[tuple[str, str, str]] = set()
    for each in read.records(_BASE_PATHS, "item", **asked):
        path = str(each.record.get("basePath", ""))
        api, stage = each.record.get("restApiId"), each.record.get("stage")
        found.add(("" if path == _ROOT_PATH else path, str(api or ""), str(stage or "")))
    for each in read.records(_MAPPINGS, "items", DomainName=asked["domainName"]):
        path = str(each.record.get("apiMappingKey") or "")
        found.add(
            (
                "" if path == _ROOT_PATH else path,
                str(each.record.get("apiId") or ""),
                str(each.record.get("stage") or ""),
            )
        )
    return Present(value=tuple(ApiMapping(path=path, api_id=api, stage=stage) for path, api, stage in sorted(found)))


def _key(read: Reading, found: Found) -> None:
    key_id = str(found.record.get("id", ""))
    arn = read.arn(f"/apikeys/{key_id}")
    about = Members(read, _KEYS, arn, found.record)
    key = ApiKey(
        account=read.key.account,
        region=read.key.region,
        arn=arn,
        name=str(found.record.get("name") or key_id),
        tags=about.tags(),
        key_id=key_id,
        enabled=about.flag("enabled"),
        created=about.moment("createdDate"),
    )
    read.add(key, found.pages, {"lastUpdatedDate": found.record.get("lastUpdatedDate")})


def _plan(read: Reading, found: Found) -> None:
    plan_id = str(found.record.get("id", ""))
    arn = read.arn(f"/usageplans/{plan_id}")
    about = Members(read, _PLANS, arn, found.record)
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
    )
    read.add(plan, [*found.pages, *read.pages_of(_PLAN_KEYS, usagePlanId=plan_id)])


def _stages(value: Any) -> tuple[UsagePlanStage, ...]:
    found = (UsagePlanStage(api_id=text(each.get("apiId")), stage=text(each.get("stage"))) for each in value)
    return tuple(sorted(found, key=lambda each: (each.api_id, each.stage)))


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
    )
    read.add(account, read.pages_of(_ACCOUNT))


_GATEWAY = "arn:{partition}:apigateway:{region}::"

NORMALIZER = Normalizer(
    "apigateway",
    normalize,
    lists=(
        ListCall(_DOMAINS, "DomainName", "item"),
        ListCall(_DOMAINS_V2, "DomainName", "items"),
        ListCall(_BASE_PATHS, "ApiMapping", "item", _GATEWAY + "/domainnames/{domainName}"),
        ListCall(_MAPPINGS, "ApiMapping", "items", _GATEWAY + "/domainnames/{DomainName}"),
        ListCall(_KEYS, "ApiKey", "item"),
        ListCall(_PLANS, "UsagePlan", "item"),
        ListCall(_PLAN_KEYS, "UsagePlanKey", "item", _GATEWAY + "/usageplans/{usagePlanId}"),
    ),
)
