"""Log groups that something in scope names: stages, API Gateway itself, functions, web ACLs and trails.

One call a name; the groups of an API's execution logs share the beginning of their names. Subscription filters are asked
for where a group forgets and where a trail delivers to it, metric filters only of the groups that trails deliver to.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from auditor.collect.gateway.wire import EXECUTION_LOGS, LOG_DESTINATION
from auditor.collect.interface import Caller, Collector, Operation, Paging, Reach
from auditor.collect.services.cloudtrail import TRAIL_LOGS
from auditor.collect.services.lambda_functions import FUNCTION_LOGS
from auditor.collect.services.wafv2 import WAF_LOGS

_TOKEN = {"token_out": "nextToken", "token_in": "nextToken"}
_GROUP = "arn:{partition}:logs:{region}:{account}:log-group:"

GROUPS = Operation(
    service="logs",
    name="DescribeLogGroups",
    action="logs:DescribeLogGroups",
    resource=f"{_GROUP}*",
    required=("logGroups",),
    per=("RestApi", "Api", "Stage", "Method", "Route", "Integration", "Authorizer", "Trail"),
    records=(("logGroups", "logGroupName"),),
    page=Paging(items="logGroups", **_TOKEN),
)
METRIC_FILTERS = Operation(
    service="logs",
    name="DescribeMetricFilters",
    action="logs:DescribeMetricFilters",
    resource=f"{_GROUP}{{logGroupName}}",
    required=("metricFilters",),
    per=("Trail",),
    records=(("metricFilters", "filterName"),),
    limit="logs:DescribeMetricFilters",
    page=Paging(items="metricFilters", **_TOKEN),
    # That a trail's log group does not exist is an answer: the trail delivers to nothing.
    tolerated=("ResourceNotFoundException",),
)
SUBSCRIPTIONS = Operation(
    service="logs",
    name="DescribeSubscriptionFilters",
    action="logs:DescribeSubscriptionFilters",
    resource=f"{_GROUP}{{logGroupName}}",
    required=("subscriptionFilters",),
    per=("LogGroup",),
    records=(("subscriptionFilters", "filterName"),),
    limit="logs:DescribeSubscriptionFilters",
    page=Paging(items="subscriptionFilters", **_TOKEN),
)


def _collect(call: Caller) -> None:
    call.gather(_work(call, f"arn:{call.partition}:logs:{call.region}:{call.account}:log-group:"))


def _work(call: Caller, here: str) -> Iterator[Callable[[], object]]:
    """Yield what is to be read: for the groups of trails, then for each other group as soon as something names it."""
    trails = {name for arn in call.recall(TRAIL_LOGS) if (name := _name(here, arn))}
    for name in sorted(trails):
        yield partial(_named, call, f"{here}{name}", name, is_trail=True)
        yield partial(call, METRIC_FILTERS, f"{here}{name}", logGroupName=name)
    asked = set(trails)
    for topic, noted in call.follow(LOG_DESTINATION, WAF_LOGS, FUNCTION_LOGS, EXECUTION_LOGS):
        if topic == EXECUTION_LOGS:
            yield partial(_execution_logs, call, f"{here}{noted}", noted)
            continue
        name = noted if topic == FUNCTION_LOGS else _name(here, noted)
        if name and name not in asked:
            asked.add(name)
            yield partial(_named, call, f"{here}{name}", name, is_trail=False)


def _name(here: str, arn: str) -> str:
    """Return the name of the log group that an ARN names here; empty where it names anything else."""
    return arn.removeprefix(here).removesuffix(":*") if arn.startswith(here) else ""


def _named(call: Caller, arn: str, name: str, *, is_trail: bool) -> None:
    """Read the group of a name; the call gives others too whose names begin so."""
    for group in call(GROUPS, arn, logGroupNamePrefix=name).items("logGroups"):
        if group.get("logGroupName") == name and (is_trail or forgets(group)):
            call(SUBSCRIPTIONS, arn, logGroupName=name)


def _execution_logs(call: Caller, about: str, prefix: str) -> None:
    """Read the groups of an API's stages."""
    for group in call(GROUPS, about, logGroupNamePrefix=prefix).items("logGroups"):
        name = str(group.get("logGroupName"))
        if name.startswith(prefix) and forgets(group):
            arn = f"arn:{call.partition}:logs:{call.region}:{call.account}:log-group:{name}"
            call(SUBSCRIPTIONS, arn, logGroupName=name)


def forgets(group: Mapping[str, Any]) -> bool:
    """Return whether a log group deletes entries at some time: then it matters whether they are sent on."""
    return group.get("retentionInDays") is not None


COLLECTOR = Collector(
    service="logs",
    reach=Reach.REGIONAL,
    operations=(GROUPS, METRIC_FILTERS, SUBSCRIPTIONS),
    collect=_collect,
    after=("cloudtrail",),
    beside=("apigateway", "lambda", "wafv2"),
)
