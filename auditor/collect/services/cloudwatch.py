"""Alarms on metrics, and alarms made of alarms (cloudwatch:DescribeAlarms). Alarms on log queries are not asked for."""

from auditor.collect.interface import Caller, Collector, Operation, Paging, Reach

ALARMS = Operation(
    service="cloudwatch",
    name="DescribeAlarms",
    action="cloudwatch:DescribeAlarms",
    resource="arn:{partition}:cloudwatch:{region}:{account}:alarm:*",
    # That both lists stand in every answer is not confirmed on a live account.
    required=("MetricAlarms", "CompositeAlarms"),
    records=(("MetricAlarms", "AlarmArn"), ("CompositeAlarms", "AlarmArn")),
    page=Paging(items="MetricAlarms", token_out="NextToken", token_in="NextToken"),  # noqa: S106 - names of page tokens
)
TOPIC = "topic"
"""Topic of the SNS topics that alarms and event rules name."""


def _collect(call: Caller) -> None:
    alarms = call(ALARMS, AlarmTypes=["MetricAlarm", "CompositeAlarm"], MaxRecords=100)
    for kind in ("MetricAlarms", "CompositeAlarms"):
        for alarm in alarms.items(kind):
            actions = alarm.get("AlarmActions")
            for action in actions if isinstance(actions, list) else ():
                if ":sns:" in str(action):
                    call.remember(TOPIC, str(action))


COLLECTOR = Collector(service="cloudwatch", reach=Reach.REGIONAL, operations=(ALARMS,), collect=_collect)
