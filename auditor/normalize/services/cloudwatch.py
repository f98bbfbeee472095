"""cloudwatch:DescribeAlarms to Alarm."""

from decimal import Decimal
from typing import Any

from auditor.model.fact import Absent, Fact, NotApplicable
from auditor.model.platform import Alarm
from auditor.normalize.facts import Members, text
from auditor.normalize.interface import ListCall, Normalizer
from auditor.normalize.reading import Found, Reading

_ALARMS = "cloudwatch:DescribeAlarms"
_ON_A_METRIC = NotApplicable(why="the alarm is on a metric")
_OF_ALARMS = NotApplicable(why="the alarm is made of others")
_VOLATILE = ("StateValue", "StateUpdatedTimestamp")


def normalize(read: Reading) -> None:
    """Add every alarm."""
    for found in read.records(_ALARMS, "MetricAlarms"):
        about = _about(read, found)
        _add(read, found, about, {**_metric(about), "rule": _ON_A_METRIC, "suppressor": _ON_A_METRIC})
    for found in read.records(_ALARMS, "CompositeAlarms"):
        about = _about(read, found)
        metric: dict[str, Any] = dict.fromkeys(_metric(about), _OF_ALARMS)
        _add(
            read,
            found,
            about,
            {**metric, "rule": about.text("AlarmRule"), "suppressor": about.text("ActionsSuppressor")},
        )


def _about(read: Reading, found: Found) -> Members:
    return Members(read, _ALARMS, str(found.record["AlarmArn"]), found.record)


def _add(read: Reading, found: Found, about: Members, facts: dict[str, Any]) -> None:
    alarm = Alarm(
        arn=about.resource,
        account=read.key.account,
        region=read.key.region,
        name=str(found.record.get("AlarmName", about.resource)),
        tags=NotApplicable(why="tags of alarms are not read"),
        actions_enabled=about.flag("ActionsEnabled"),
        actions=about.texts("AlarmActions"),
        **facts,
    )
    volatile = {name: found.record.get(name) for name in _VOLATILE}
    read.add(
        alarm, found.pages, {name: int(each) if isinstance(each, float) else each for name, each in volatile.items()}
    )


def _metric(about: Members) -> dict[str, Any]:
    needed = about.number("DatapointsToAlarm")
    return {
        "namespace": about.text("Namespace"),
        "metric": about.text("MetricName"),
        "computed_from": about.take("Metrics", _computed),
        "has_dimensions": about.take("Dimensions", _any),
        "statistic": about.text("Statistic"),
        "comparison": about.text("ComparisonOperator"),
        "threshold": about.take("Threshold", _decimal),
        "datapoints_to_alarm": _else(needed, about.number("EvaluationPeriods")),
    }


def _else(fact: Fact[int], other: Fact[int]) -> Fact[int]:
    return other if isinstance(fact, Absent) else fact


def _computed(value: Any) -> tuple[str, ...]:
    stats = [each["MetricStat"]["Metric"] for each in value if each.get("MetricStat")]
    return tuple(sorted(f"{text(each['Namespace'])}/{text(each['MetricName'])}" for each in stats))


def _any(value: Any) -> bool:
    if not isinstance(value, list):
        raise TypeError("no list")
    return bool(value)


def _decimal(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("no number")
    return format(Decimal(str(value)).normalize(), "f")


NORMALIZER = Normalizer(
    "cloudwatch",
    normalize,
    lists=(ListCall(_ALARMS, "Alarm", "MetricAlarms"), ListCall(_ALARMS, "Alarm", "CompositeAlarms")),
)
