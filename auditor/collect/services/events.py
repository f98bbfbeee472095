"""The rules of the default event bus, where AWS's own events arrive; targets of those that may concern watched changes."""

from functools import partial

from auditor.collect.interface import Caller, Collector, Operation, Paging, Reach
from auditor.collect.services.cloudwatch import TOPIC
from auditor.watching.event_classes import may_concern

_TOKEN = {"token_out": "NextToken", "token_in": "NextToken"}

RULES = Operation(
    service="events",
    name="ListRules",
    action="events:ListRules",
    resource="arn:{partition}:events:{region}:{account}:rule/*",
    required=("Rules",),
    records=(("Rules", "Arn"), ("Rules", "Name")),
    page=Paging(items="Rules", **_TOKEN),
)
TARGETS = Operation(
    service="events",
    name="ListTargetsByRule",
    action="events:ListTargetsByRule",
    resource="arn:{partition}:events:{region}:{account}:rule/{Rule}",
    required=("Targets",),
    per=("EventRule",),
    records=(("Targets", "Id"), ("Targets", "Arn")),
    page=Paging(items="Targets", **_TOKEN),
)


def _collect(call: Caller) -> None:
    rules = call(RULES, EventBusName="default", Limit=100)
    concerned = [
        (str(each["Arn"]), str(each["Name"]))
        for each in rules.items("Rules")
        if {"Arn", "Name"} <= each.keys() and may_concern(each.get("EventPattern"), call.account, call.region)
    ]
    call.gather([partial(_targets, call, arn, name) for arn, name in concerned])


def _targets(call: Caller, arn: str, name: str) -> None:
    for target in call(TARGETS, arn, Rule=name, EventBusName="default", Limit=100).items("Targets"):
        if ":sns:" in str(target.get("Arn")):
            call.remember(TOPIC, str(target["Arn"]))


COLLECTOR = Collector(service="events", reach=Reach.REGIONAL, operations=(RULES, TARGETS), collect=_collect)
