"""Where log entries go: log groups with their subscription filters, and the streams of access logs.

Member names follow botocore 1.44.5 (`logs`, `firehose`), in snake case.
"""

from typing import ClassVar, Literal

from auditor.model.base import Frozen
from auditor.model.fact import Fact
from auditor.model.resource import Resource


class SubscriptionFilter(Frozen):
    """logs:DescribeSubscriptionFilters item: where a log group sends its entries on to."""

    name: str
    pattern: str
    """Empty: every entry."""
    destination: str


class LogGroup(Resource):
    """logs:DescribeLogGroups item that a stage, a function, a web ACL or a trail names (ARN without the trailing `:*`)."""

    cloudformation: ClassVar[str] = "AWS::Logs::LogGroup"
    is_by_reference: ClassVar[bool] = True
    kind: Literal["LogGroup"] = "LogGroup"
    retention_days: Fact[int]
    """Absent: kept for ever, unless `retention_policy` is set."""
    retention_policy: Fact[str]
    """Name of a retention policy (retentionPolicyName)."""
    kms_key: Fact[str]
    log_class: Fact[str]
    """STANDARD, INFREQUENT_ACCESS, DELIVERY, ESSENTIALS."""
    deletion_protection: Fact[bool]
    subscription_filters: Fact[tuple[SubscriptionFilter, ...]]
    """NotApplicable where nobody asked: the group keeps everything, and no trail delivers to it."""


class DeliveryStream(Resource):
    """firehose:DescribeDeliveryStream of a stream that a stage names as access-log destination."""

    cloudformation: ClassVar[str] = "AWS::KinesisFirehose::DeliveryStream"
    is_by_reference: ClassVar[bool] = True
    kind: Literal["DeliveryStream"] = "DeliveryStream"
    status: Fact[str]
