"""The log groups that stages name as access-log destination: one call a name (logs:DescribeLogGroups)."""

from auditor.collect.gateway.wire import LOG_DESTINATION
from auditor.collect.interface import Caller, Collector, Operation, Paging, Reach

GROUPS = Operation(
    service="logs",
    name="DescribeLogGroups",
    action="logs:DescribeLogGroups",
    resource="arn:{partition}:logs:{region}:{account}:log-group:*",
    required=("logGroups",),
    per=("Stage",),
    records=(("logGroups", "logGroupName"),),
    page=Paging(items="logGroups", token_out="nextToken", token_in="nextToken"),  # noqa: S106 - names of page tokens
)


def _collect(call: Caller) -> None:
    here = f"arn:{call.partition}:logs:{call.region}:{call.account}:log-group:"
    names = {
        each.removeprefix(here).removesuffix(":*") for each in call.recall(LOG_DESTINATION) if each.startswith(here)
    }
    for name in sorted(names):
        call(GROUPS, f"{here}{name}", logGroupNamePrefix=name)


COLLECTOR = Collector(
    service="logs", reach=Reach.REGIONAL, operations=(GROUPS,), collect=_collect, after=("apigateway",)
)
