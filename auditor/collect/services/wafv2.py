"""The web ACLs that stages name: their rules, the rule groups of this account that they use, and where they log."""

from collections.abc import Iterator, Mapping
from typing import Any

from auditor.collect.gateway.wire import WEB_ACL
from auditor.collect.interface import Caller, Collector, Operation, Reach

_GONE = ("WAFNonexistentItemException",)

ACL = Operation(
    service="wafv2",
    name="GetWebACL",
    action="wafv2:GetWebACL",
    resource="arn:{partition}:wafv2:{region}:{account}:regional/webacl/{Name}/{Id}",
    required=("WebACL",),
    per=("Stage",),
    tolerated=_GONE,
)
LOGGING = Operation(
    service="wafv2",
    name="GetLoggingConfiguration",
    action="wafv2:GetLoggingConfiguration",
    resource="{ResourceArn}",
    required=("LoggingConfiguration",),
    per=("Stage",),
    # An ACL that does not log answers so.
    tolerated=_GONE,
)
GROUP = Operation(
    service="wafv2",
    name="GetRuleGroup",
    action="wafv2:GetRuleGroup",
    resource="arn:{partition}:wafv2:{region}:{account}:regional/rulegroup/{Name}/{Id}",
    required=("RuleGroup",),
    # An own rule group is read once, however many of the named ACLs use it.
    per=("Stage",),
    tolerated=_GONE,
)
WAF_LOGS = "waf-logs"
"""Topic of the destinations that web ACLs log to."""


def _collect(call: Caller) -> None:
    place = f"arn:{call.partition}:wafv2:{call.region}:{call.account}:regional/"
    groups: set[str] = set()
    for _, arn in call.follow(WEB_ACL):
        if arn.startswith(f"{place}webacl/"):
            groups |= _acl(call, arn)
    for arn in sorted(groups):
        if arn.startswith(f"{place}rulegroup/"):
            call(GROUP, arn, **_named(arn))


def _acl(call: Caller, arn: str) -> set[str]:
    """Read one web ACL, and return the ARNs of the rule groups whose own rules decide what it does."""
    read = call(ACL, arn, **_named(arn))
    if not read.bodies and read.gap is None:
        return set()
    for body in call(LOGGING, arn, ResourceArn=arn).bodies:
        settings = body.get("LoggingConfiguration")
        destinations = settings.get("LogDestinationConfigs") if isinstance(settings, Mapping) else None
        for each in destinations if isinstance(destinations, list) else ():
            call.remember(WAF_LOGS, str(each))
    return {each for body in read.bodies for each in _referenced(body.get("WebACL"))}


def _referenced(value: Any) -> Iterator[str]:
    match value:
        case {"RuleGroupReferenceStatement": {"ARN": str(arn)}}:
            yield arn
        case dict():
            for inner in value.values():
                yield from _referenced(inner)
        case list():
            for inner in value:
                yield from _referenced(inner)


def _named(arn: str) -> dict[str, str]:
    name, _, identity = arn.partition("regional/")[2].partition("/")[2].partition("/")
    return {"Name": name, "Scope": "REGIONAL", "Id": identity}


COLLECTOR = Collector(
    service="wafv2",
    reach=Reach.REGIONAL,
    operations=(ACL, LOGGING, GROUP),
    collect=_collect,
    beside=("apigateway",),
)
