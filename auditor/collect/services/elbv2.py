"""The load balancers that VPC links and integrations name (elasticloadbalancing:DescribeLoadBalancers)."""

from auditor.collect.gateway.wire import LOAD_BALANCER
from auditor.collect.interface import Caller, Collector, Operation, Paging, Reach

BALANCERS = Operation(
    service="elbv2",
    name="DescribeLoadBalancers",
    action="elasticloadbalancing:DescribeLoadBalancers",
    resource="*",
    required=("LoadBalancers",),
    records=(("LoadBalancers", "LoadBalancerArn"),),
    page=Paging(items="LoadBalancers", token_out="NextMarker", token_in="Marker"),  # noqa: S106 - names of page tokens
    # Together, and where one of them does not exist each by itself.
    per=("VpcLink", "Method", "Integration", "Stage"),
    times=2,
    # That a load balancer does not exist is an answer: whatever names it leads nowhere.
    tolerated=("LoadBalancerNotFound",),
)

_TOGETHER = 20
"""Load balancers that one call takes (botocore's model)."""


def _collect(call: Caller) -> None:
    here = f"arn:{call.partition}:elasticloadbalancing:{call.region}:{call.account}:"
    named = [each for each in call.recall(LOAD_BALANCER) if each.startswith(here)]
    for together in (named[start : start + _TOGETHER] for start in range(0, len(named), _TOGETHER)):
        answer = call(BALANCERS, LoadBalancerArns=together)
        # One that does not exist fails the call for all of them.
        if answer.refusal and len(together) > 1:
            for each in together:
                call(BALANCERS, LoadBalancerArns=[each])


COLLECTOR = Collector(
    service="elbv2", reach=Reach.REGIONAL, operations=(BALANCERS,), collect=_collect, after=("apigateway",)
)
