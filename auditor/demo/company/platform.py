"""What stands around the company's APIs: functions, web ACLs, a trail with its alarms, and how long logs are kept."""

import io
import json
import zipfile
from typing import Any

from auditor.demo.company import AMERICA, EUROPE, PRODUCTION
from auditor.demo.company.clients import FUNCTION
from auditor.demo.company.estate import Estate
from auditor.demo.company.secrets import FUNCTION_SETTING
from auditor.demo.supplements import Supplements


def _trust(service: str) -> str:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


_SERVICE_ROLES = {
    "gateway-queues": ("sqs:SendMessage", f"arn:aws:sqs:{EUROPE}:{PRODUCTION}:postings"),
    "gateway-workflows": ("states:StartExecution", f"arn:aws:states:{EUROPE}:{PRODUCTION}:stateMachine:*"),
}
"""Roles with which the gateway calls services by itself: one action on what it is for."""
_NOT_TRACED = frozenset({"orders-refund", "tracking-status", "webhooks-receive", "customers-erase"})
"""Functions that were made by hand, outside of the pipeline that turns tracing on."""
_IAM_AND_TRAILS = (
    "{ ($.eventSource = iam.amazonaws.com) && (($.eventName = Put*Policy) || ($.eventName = Attach*Policy) || "
    "($.eventName = CreatePolicyVersion)) || ($.eventSource = cloudtrail.amazonaws.com) && ($.readOnly IS FALSE) }"
)
_GATEWAY = (
    '{ ($.eventSource = "apigateway.amazonaws.com") && (($.eventName = *Authorizer) || ($.eventName = *Method) || '
    "($.eventName = *Route) || ($.eventName = UpdateRestApi)) }"
)
_WATCHED = {
    "iam-and-trail": (_IAM_AND_TRAILS, "security"),
    # Its subscription waits for somebody to confirm it, until the third quarter.
    "gateway": (_GATEWAY, "gateway-changes"),
}
"""Metric filters of the trail's log group, by name: the pattern, and the topic that the alarm tells."""
_NOT_CONFIRMED = "gateway-team@halvorsen.example"


class Platform:
    """What both accounts have around their APIs."""

    def __init__(self, estate: Estate, supplements: Supplements) -> None:
        """Take the accounts; nothing is made."""
        self._estate = estate
        self._account = estate.production
        self._beside = supplements

    def build(self) -> None:
        """Make what stands at the end of the second quarter."""
        self._roles()
        self._functions()
        self._web_acls()
        self._logs()
        self._trail()
        self._key_rule()

    def third_quarter(self) -> None:
        """Do what the third quarter brought: new functions, and somebody confirmed the gateway team's subscription."""
        self._functions()
        self._beside.unconfirmed.discard(_NOT_CONFIRMED)

    def _roles(self) -> None:
        for account in (self._estate.production, self._estate.partners):
            account.client("iam", EUROPE).create_role(
                RoleName="functions", AssumeRolePolicyDocument=_trust("lambda.amazonaws.com")
            )
        iam = self._account.client("iam", EUROPE)
        for name, (action, resource) in _SERVICE_ROLES.items():
            iam.create_role(RoleName=name, AssumeRolePolicyDocument=_trust("apigateway.amazonaws.com"))
            may = {"Effect": "Allow", "Action": action, "Resource": resource}
            document = json.dumps({"Version": "2012-10-17", "Statement": [may]})
            iam.put_role_policy(RoleName=name, PolicyName="one-action", PolicyDocument=document)

    def _functions(self) -> None:
        """Make the functions that routes and authorizers call, each open to its API alone."""
        for api in self._estate.apis:
            client = api.account.client("lambda", api.region)
            known = {each["FunctionName"] for each in client.list_functions()["Functions"]}
            for name in sorted(api.functions - known):
                client.create_function(
                    FunctionName=name,
                    Runtime="python3.13",
                    Role=f"arn:aws:iam::{api.account.number}:role/functions",
                    Handler="main.handle",
                    Code={"ZipFile": _code(name)},
                    Environment={"Variables": {"DATABASE": FUNCTION_SETTING}},
                    TracingConfig={"Mode": "PassThrough" if name in _NOT_TRACED else "Active"},
                )
                self._estate.names[f"{FUNCTION}{name}"] = (
                    f"arn:aws:lambda:{api.region}:{api.account.number}:function:{name}"
                )
                client.add_permission(
                    FunctionName=name,
                    StatementId="gateway",
                    Action="lambda:InvokeFunction",
                    Principal="apigateway.amazonaws.com",
                    SourceArn=f"arn:aws:execute-api:{api.region}:{api.account.number}:{api.id}/*",
                )

    def _web_acls(self) -> None:
        waf = self._account.client("wafv2", EUROPE)
        for name, override, stage in (
            ("shop", "None", self._estate.orders),
            # Put there to look at the traffic first, and forgotten: it only counts.
            ("carriers", "Count", self._estate.tracking),
        ):
            acl = waf.create_web_acl(
                Name=name,
                Scope="REGIONAL",
                DefaultAction={"Allow": {}},
                VisibilityConfig=_seen(name),
                Rules=[
                    {
                        "Name": "common",
                        "Priority": 0,
                        "Statement": {
                            "ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": "AWSManagedRulesCommonRuleSet"}
                        },
                        "OverrideAction": {override: {}},
                        "VisibilityConfig": _seen("common"),
                    }
                ],
            )["Summary"]["ARN"]
            log = self._group(f"aws-waf-logs-{name}", 400)
            waf.put_logging_configuration(LoggingConfiguration={"ResourceArn": acl, "LogDestinationConfigs": [log]})
            waf.associate_web_acl(WebACLArn=acl, ResourceArn=f"{stage.arn}/stages/prod")

    def _group(self, name: str, days: int | None, key: str | None = None) -> str:
        logs = self._account.client("logs", EUROPE)
        own = {"kmsKeyId": key} if key else {}
        logs.create_log_group(logGroupName=name, **own)
        if days is not None:
            logs.put_retention_policy(logGroupName=name, retentionInDays=days)
        return f"arn:aws:logs:{EUROPE}:{PRODUCTION}:log-group:{name}"

    def _logs(self) -> None:
        logs = self._account.client("logs", EUROPE)
        logs.put_retention_policy(logGroupName="/aws/apigateway/orders", retentionInDays=400)
        logs.put_retention_policy(logGroupName="/aws/apigateway/customers", retentionInDays=30)
        # Encrypted under the key that waits for its deletion.
        self._group("/aws/lambda/authorize-partner", 731, self._estate.names["kms-retired"])

    def _trail(self) -> None:
        self._account.client("s3", AMERICA).create_bucket(Bucket="halvorsen-trail")
        group = self._group("organisation-trail", 731)
        trails = self._account.client("cloudtrail", EUROPE)
        trails.create_trail(
            Name="organisation",
            S3BucketName="halvorsen-trail",
            IsMultiRegionTrail=True,
            IncludeGlobalServiceEvents=True,
            EnableLogFileValidation=True,
            CloudWatchLogsLogGroupArn=f"{group}:*",
            CloudWatchLogsRoleArn=f"arn:aws:iam::{PRODUCTION}:role/trail-logs",
        )
        trails.start_logging(Name="organisation")
        for name, (pattern, topic) in _WATCHED.items():
            self._alarm(name, pattern, self._topic(topic))

    def _topic(self, name: str) -> str:
        topics = self._account.client("sns", EUROPE)
        arn: str = topics.create_topic(Name=name)["TopicArn"]
        address = "security@halvorsen.example" if name == "security" else _NOT_CONFIRMED
        topics.subscribe(TopicArn=arn, Protocol="email", Endpoint=address)
        if address == _NOT_CONFIRMED:
            self._beside.unconfirmed.add(address)
        return arn

    def _alarm(self, name: str, pattern: str, topic: str) -> None:
        self._account.client("logs", EUROPE).put_metric_filter(
            logGroupName="organisation-trail",
            filterName=name,
            filterPattern=pattern,
            metricTransformations=[{"metricName": name, "metricNamespace": "Halvorsen/Changes", "metricValue": "1"}],
        )
        self._account.client("cloudwatch", EUROPE).put_metric_alarm(
            AlarmName=f"{name}-changed",
            Namespace="Halvorsen/Changes",
            MetricName=name,
            Statistic="Sum",
            Period=300,
            EvaluationPeriods=1,
            Threshold=1,
            ComparisonOperator="GreaterThanOrEqualToThreshold",
            ActionsEnabled=True,
            AlarmActions=[topic],
        )

    def _key_rule(self) -> None:
        """Watch keys in Europe; nobody thought of the key in America."""
        events = self._account.client("events", EUROPE)
        pattern = {
            "source": ["aws.kms"],
            "detail-type": ["AWS API Call via CloudTrail"],
            "detail": {"eventName": ["DisableKey", {"prefix": "ScheduleKeyDeletion"}]},
        }
        events.put_rule(Name="key-changes", EventPattern=json.dumps(pattern))
        topic = f"arn:aws:sns:{EUROPE}:{PRODUCTION}:security"
        events.put_targets(Rule="key-changes", Targets=[{"Id": "security", "Arn": topic}])


def _seen(name: str) -> dict[str, Any]:
    return {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": name}


def _code(name: str) -> bytes:
    """Return a package that is the same in every run."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(zipfile.ZipInfo("main.py"), f"# {name}\n")
    return packed.getvalue()
