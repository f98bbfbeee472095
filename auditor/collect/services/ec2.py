"""VPC endpoints of API Gateway: the doors through which private APIs are called."""

from auditor.collect.interface import Caller, Collector, Operation, Paging, Reach

ENDPOINTS = Operation(
    "ec2",
    "DescribeVpcEndpoints",
    "ec2:DescribeVpcEndpoints",
    "*",
    required=("vpcEndpointSet",),
    records=(("vpcEndpointSet", "vpcEndpointId"),),
    page=Paging(items="vpcEndpointSet", token_out="nextToken", token_in="NextToken"),  # noqa: S106 - names of page tokens
)

_PREFIXES = ("com.amazonaws", "cn.com.amazonaws")
"""How names of AWS's endpoint services begin; the second in China."""


def _collect(call: Caller) -> None:
    names = [f"{prefix}.{call.region}.execute-api" for prefix in _PREFIXES]
    call(ENDPOINTS, Filters=[{"Name": "service-name", "Values": names}], MaxResults=1000)


COLLECTOR = Collector(service="ec2", reach=Reach.REGIONAL, operations=(ENDPOINTS,), collect=_collect)
