"""logs:DescribeLogGroups, DescribeSubscriptionFilters and DescribeMetricFilters to LogGroup and MetricFilter."""

from collections.abc import Mapping
from typing import Any

from auditor.model.fact import Fact, NotApplicable
from auditor.model.logs import LogGroup, SubscriptionFilter
from auditor.model.platform import MetricFilter, MetricTransformation
from auditor.normalize.facts import Members, decimal, optional, text
from auditor.normalize.interface import ListCall, Normalizer
from auditor.normalize.reading import Found, Reading

_GROUPS = "logs:DescribeLogGroups"
_SUBSCRIPTIONS = "logs:DescribeSubscriptionFilters"
_METRICS = "logs:DescribeMetricFilters"
_NO_TAGS = NotApplicable(why="tags of log destinations are not read")
_NOT_ASKED = NotApplicable(why="nobody asked: the group keeps everything, and no trail delivers to it")


def normalize(read: Reading) -> None:
    """Add the log groups that were asked for, by name or by the beginning of an API's, and the metric filters of trails' groups."""
    seen: set[str] = set()
    for each in read.reads(_GROUPS):
        asked = str(each.page.parameters.get("logGroupNamePrefix"))
        for record in each.body.get("logGroups") or ():
            name = record.get("logGroupName")
            if name in seen or not isinstance(name, str) or not _is_meant(asked, name):
                continue
            seen.add(name)
            _group(read, name, Found(record, _GROUPS, (each.page.sha256,)))
    for found in read.records(_METRICS, "metricFilters"):
        _metric_filter(read, found)


def _is_meant(asked: str, name: str) -> bool:
    """Return whether a group is one that was asked for: a prefix finds others too, unless it is an API's own."""
    return name.startswith(asked) if asked.endswith("/") else name == asked


def _arn(read: Reading, name: str) -> str:
    return f"arn:{read.partition}:logs:{read.key.region}:{read.key.account}:log-group:{name}"


def _group(read: Reading, name: str, found: Found) -> None:
    arn = _arn(read, name)
    about = Members(read, _GROUPS, arn, found.record)
    group = LogGroup(
        arn=arn,
        account=read.key.account,
        region=read.key.region,
        name=name,
        tags=_NO_TAGS,
        retention_days=about.number("retentionInDays"),
        retention_policy=about.text("retentionPolicyName"),
        kms_key=about.text("kmsKeyId"),
        log_class=about.text("logGroupClass"),
        deletion_protection=about.flag("deletionProtectionEnabled"),
        subscription_filters=_subscriptions(read, arn, name),
    )
    read.add(group, [*found.pages, *read.pages_of(_SUBSCRIPTIONS, logGroupName=name)])


def _subscriptions(read: Reading, arn: str, name: str) -> Fact[tuple[SubscriptionFilter, ...]]:
    if read.gap(_SUBSCRIPTIONS, arn) is None and not read.reads(_SUBSCRIPTIONS, logGroupName=name):
        return _NOT_ASKED
    listed = Members.over_pages(read, _SUBSCRIPTIONS, arn, "subscriptionFilters", logGroupName=name)
    return listed.take("subscriptionFilters", _sent_on)


def _sent_on(value: Any) -> tuple[SubscriptionFilter, ...]:
    found = (
        SubscriptionFilter(
            name=text(each["filterName"]),
            pattern=text(each.get("filterPattern", "")),
            destination=text(each["destinationArn"]),
        )
        for each in value
    )
    return tuple(sorted(found, key=lambda each: each.name))


def _metric_filter(read: Reading, found: Found) -> None:
    record = found.record
    name, group = str(record["filterName"]), _arn(read, str(record.get("logGroupName")))
    arn = f"{group}#metric-filter/{name}"
    about = Members(read, _METRICS, group, record)
    metric_filter = MetricFilter(
        arn=arn,
        account=read.key.account,
        region=read.key.region,
        name=name,
        tags=_NO_TAGS,
        log_group_arn=group,
        pattern=about.text("filterPattern"),
        transformations=about.take("metricTransformations", _transformations),
        on_transformed_logs=about.flag("applyOnTransformedLogs"),
        field_selection=about.text("fieldSelectionCriteria"),
    )
    read.add(metric_filter, found.pages)


def _transformations(value: Any) -> tuple[MetricTransformation, ...]:
    found = (_transformation(each) for each in value)
    return tuple(sorted(found, key=lambda each: (each.namespace, each.name)))


def _transformation(record: Mapping[str, Any]) -> MetricTransformation:
    return MetricTransformation(
        namespace=text(record["metricNamespace"]),
        name=text(record["metricName"]),
        value=text(record["metricValue"]),
        default=optional(decimal, record.get("defaultValue")),
        has_dimensions=bool(record.get("dimensions")),
    )


_GROUP = "arn:{partition}:logs:{region}:{account}:log-group:"

NORMALIZER = Normalizer(
    "logs",
    normalize,
    lists=(
        ListCall(_GROUPS, "LogGroup", "logGroups", _GROUP + "{logGroupNamePrefix}"),
        ListCall(_SUBSCRIPTIONS, "SubscriptionFilter", "subscriptionFilters", _GROUP + "{logGroupName}"),
        ListCall(_METRICS, "MetricFilter", "metricFilters", _GROUP + "{logGroupName}"),
    ),
)
