"""What stands around and behind the APIs: functions, web ACLs, trails, and the chain from a change to somebody who hears of it.

Member names follow botocore 1.44.5, in snake case.
"""

from datetime import datetime
from typing import ClassVar, Literal

from auditor.model.base import Frozen
from auditor.model.fact import Fact
from auditor.model.resource import Resource


class FunctionUrl(Frozen):
    """lambda:ListFunctionUrlConfigs item: a front door of its own."""

    function_arn: str
    """With the alias that it hangs on, where it hangs on one."""
    url: str
    auth_type: str
    """NONE or AWS_IAM."""
    invoke_mode: str | None
    cors: str | None
    """Canonical JSON text; None where the URL has no CORS settings."""


class Function(Resource):
    """lambda:GetFunctionConfiguration, GetPolicy and ListFunctionUrlConfigs of what an integration or authorizer names.

    ARN as named: with its alias or version where it has one. The function without a qualifier is always read too, and so
    is every alias that has a URL. Names with stage variables in them, and functions of other accounts and regions, are not.
    """

    cloudformation: ClassVar[str] = "AWS::Lambda::Function"
    is_by_reference: ClassVar[bool] = True
    kind: Literal["Function"] = "Function"
    function_arn: str
    """Without alias or version."""
    exists: Fact[bool]
    version: Fact[str]
    """What the qualifier leads to: `$LATEST`, or a number."""
    code_sha256: Fact[str]
    config_sha256: Fact[str]
    """Changes with settings too: the code's digest does not."""
    last_modified: Fact[datetime]
    runtime: Fact[str]
    role: Fact[str]
    kms_key: Fact[str]
    """KMSKeyArn of the environment; Absent: Lambda's own key."""
    environment: Fact[dict[str, str]]
    """Variables, each value the keyed digest in its place."""
    layers: Fact[tuple[str, ...]]
    """ARNs, in the order in which they apply."""
    signing_profile_version: Fact[str]
    tracing_mode: Fact[str]
    """Active or PassThrough."""
    vpc_id: Fact[str]
    log_group: Fact[str]
    """Name of the log group that it writes to; its own, where none is set."""
    policy: Fact[str]
    """Canonical JSON text of the resource policy of this very qualifier; Absent: nobody but the account itself may invoke."""
    urls: Fact[tuple[FunctionUrl, ...]]
    """Every URL of the function, on whatever alias, by ARN."""


class WafRule(Frozen):
    """One rule of a web ACL or a rule group, or a rule group of Firewall Manager."""

    name: str
    priority: int
    kind: str
    """`managed VENDOR/NAME`, `group ARN`, or the type of its statement, e.g. `RateBasedStatement`."""
    action: str
    """Block, Allow, Count, Captcha, Challenge, …; for a group `None` (its own actions hold) or `Count`."""
    overridden: dict[str, str]
    """Rules of a group that act otherwise here, by name."""


class WebAcl(Resource):
    """wafv2:GetWebACL with GetLoggingConfiguration, of an ACL that a stage names."""

    cloudformation: ClassVar[str] = "AWS::WAFv2::WebACL"
    is_by_reference: ClassVar[bool] = True
    kind: Literal["WebAcl"] = "WebAcl"
    exists: Fact[bool]
    default_action: Fact[str]
    """Allow or Block."""
    rules: Fact[tuple[WafRule, ...]]
    """By priority; those of Firewall Manager first and last."""
    log_destinations: Fact[tuple[str, ...]]
    """ARNs; Absent: the ACL does not log."""
    logging_filter: Fact[str]
    """Canonical JSON text: which requests are logged."""


class WafRuleGroup(Resource):
    """wafv2:GetRuleGroup of a rule group of this account that a web ACL uses."""

    cloudformation: ClassVar[str] = "AWS::WAFv2::RuleGroup"
    is_by_reference: ClassVar[bool] = True
    kind: Literal["WafRuleGroup"] = "WafRuleGroup"
    rules: Fact[tuple[WafRule, ...]]


class Trail(Resource):
    """cloudtrail:DescribeTrails item, with GetTrailStatus and GetEventSelectors in its home region.

    A trail of several regions is seen in each of them: there its status is not applicable.
    """

    cloudformation: ClassVar[str] = "AWS::CloudTrail::Trail"
    whole_list: ClassVar[str] = "arn:{partition}:cloudtrail:{region}:{account}:trail"
    kind: Literal["Trail"] = "Trail"
    home_region: str
    is_multi_region: Fact[bool]
    is_organization_trail: Fact[bool]
    includes_global_events: Fact[bool]
    validates_log_files: Fact[bool]
    bucket: Fact[str]
    kms_key: Fact[str]
    log_group: Fact[str]
    """ARN without the trailing `:*`; Absent where the trail delivers to its bucket alone."""
    is_logging: Fact[bool]
    event_selectors: Fact[str]
    """Canonical JSON text of the basic selectors."""
    advanced_event_selectors: Fact[str]
    """Canonical JSON text; Absent where the trail has basic ones."""


class MetricTransformation(Frozen):
    """What a metric filter counts."""

    namespace: str
    name: str
    value: str
    default: str | None
    """As decimal text: what is counted while entries arrive and none matches; None: nothing."""
    has_dimensions: bool


class MetricFilter(Resource):
    """logs:DescribeMetricFilters item of a log group that a trail delivers to. ARN `GROUP#metric-filter/NAME`."""

    cloudformation: ClassVar[str] = "AWS::Logs::MetricFilter"
    kind: Literal["MetricFilter"] = "MetricFilter"
    log_group_arn: str
    pattern: Fact[str]
    """Absent: everything."""
    transformations: Fact[tuple[MetricTransformation, ...]]
    on_transformed_logs: Fact[bool]
    field_selection: Fact[str]

    @property
    def parents(self) -> tuple[str, ...]:
        """What it stands below."""
        return (self.log_group_arn,)


class Alarm(Resource):
    """cloudwatch:DescribeAlarms item: on a metric, or made of other alarms."""

    cloudformation: ClassVar[str] = "AWS::CloudWatch::Alarm"
    whole_list: ClassVar[str] = "arn:{partition}:cloudwatch:{region}:{account}:alarm"
    kind: Literal["Alarm"] = "Alarm"
    rule: Fact[str]
    """AlarmRule of an alarm that is made of others; NotApplicable for one on a metric."""
    actions_enabled: Fact[bool]
    actions: Fact[tuple[str, ...]]
    """ARNs of what happens when it goes off."""
    suppressor: Fact[str]
    """The alarm that keeps one made of others silent."""
    namespace: Fact[str]
    metric: Fact[str]
    """Absent where the alarm is on a computation of metrics."""
    computed_from: Fact[tuple[str, ...]]
    """`NAMESPACE/METRIC` of each metric in a computation."""
    has_dimensions: Fact[bool]
    statistic: Fact[str]
    comparison: Fact[str]
    threshold: Fact[str]
    """As decimal text, so that canonical bytes hold no floats."""
    datapoints_to_alarm: Fact[int]
    """Of how many periods the threshold must be crossed: EvaluationPeriods where nothing else is set."""


class RuleTarget(Frozen):
    """events:ListTargetsByRule item."""

    id: str
    arn: str


class EventRule(Resource):
    """events:ListRules item of the default bus, with its targets where its pattern may match a change that is watched."""

    cloudformation: ClassVar[str] = "AWS::Events::Rule"
    whole_list: ClassVar[str] = "arn:{partition}:events:{region}:{account}:rule"
    kind: Literal["EventRule"] = "EventRule"
    pattern: Fact[str]
    """As written; Absent for a rule on a schedule."""
    state: Fact[str]
    """ENABLED, DISABLED, ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS."""
    targets: Fact[tuple[RuleTarget, ...]]
    """NotApplicable where the pattern concerns no change that is watched: nobody asked."""


class Subscription(Frozen):
    """sns:ListSubscriptionsByTopic item."""

    protocol: str
    endpoint: str
    is_confirmed: bool
    """False while its ARN is `PendingConfirmation`."""


class Topic(Resource):
    """sns:GetTopicAttributes and ListSubscriptionsByTopic of a topic that an alarm or an event rule names."""

    cloudformation: ClassVar[str] = "AWS::SNS::Topic"
    is_by_reference: ClassVar[bool] = True
    kind: Literal["Topic"] = "Topic"
    exists: Fact[bool]
    policy: Fact[str]
    kms_key: Fact[str]
    subscriptions: Fact[tuple[Subscription, ...]]
