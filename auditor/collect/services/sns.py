"""The topics that alarms and event rules name: their settings, and who is subscribed."""

from functools import partial

from auditor.collect.interface import Caller, Collector, Operation, Paging, Reach
from auditor.collect.services.cloudwatch import TOPIC

_NAMED_BY = ("Alarm", "RuleTarget")
_GONE = ("NotFound", "NotFoundException")

ATTRIBUTES = Operation(
    service="sns",
    name="GetTopicAttributes",
    action="sns:GetTopicAttributes",
    resource="{TopicArn}",
    required=("Attributes",),
    records=(("Attributes", "key"),),
    per=_NAMED_BY,
    # That a topic does not exist is an answer: whatever names it reaches nobody.
    tolerated=_GONE,
)
SUBSCRIPTIONS = Operation(
    service="sns",
    name="ListSubscriptionsByTopic",
    action="sns:ListSubscriptionsByTopic",
    resource="{TopicArn}",
    required=("Subscriptions",),
    per=_NAMED_BY,
    records=(("Subscriptions", "SubscriptionArn"),),
    page=Paging(items="Subscriptions", token_out="NextToken", token_in="NextToken"),  # noqa: S106 - names of page tokens
    tolerated=_GONE,
)


def _collect(call: Caller) -> None:
    here = f"arn:{call.partition}:sns:{call.region}:{call.account}:"
    call.gather([partial(_topic, call, arn) for arn in call.recall(TOPIC) if arn.startswith(here)])


def _topic(call: Caller, arn: str) -> None:
    read = call(ATTRIBUTES, arn, TopicArn=arn)
    if read.bodies or read.gap is not None:
        call(SUBSCRIPTIONS, arn, TopicArn=arn)


COLLECTOR = Collector(
    service="sns",
    reach=Reach.REGIONAL,
    operations=(ATTRIBUTES, SUBSCRIPTIONS),
    collect=_collect,
    after=("cloudwatch", "events"),
)
