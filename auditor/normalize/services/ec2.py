"""ec2:DescribeVpcEndpoints to VpcEndpoint."""

from typing import Any

from auditor.model.doors import VpcEndpoint
from auditor.model.fact import Present
from auditor.normalize.facts import Members, text
from auditor.normalize.interface import ListCall, Normalizer
from auditor.normalize.reading import Found, Reading

_ENDPOINTS = "ec2:DescribeVpcEndpoints"


def normalize(read: Reading) -> None:
    """Add every VPC endpoint of API Gateway."""
    for found in read.records(_ENDPOINTS, "vpcEndpointSet"):
        _endpoint(read, found)


def _endpoint(read: Reading, found: Found) -> None:
    endpoint_id = str(found.record.get("vpcEndpointId", ""))
    arn = f"arn:{read.partition}:ec2:{read.key.region}:{read.key.account}:vpc-endpoint/{endpoint_id}"
    about = Members(read, _ENDPOINTS, arn, found.record)
    tags = about.tags("tagSet")
    endpoint = VpcEndpoint(
        account=read.key.account,
        region=read.key.region,
        arn=arn,
        name=tags.value.get("Name", endpoint_id) if isinstance(tags, Present) else endpoint_id,
        tags=tags,
        endpoint_id=endpoint_id,
        service=about.text("serviceName"),
        endpoint_type=about.text("vpcEndpointType"),
        vpc=about.text("vpcId"),
        state=about.text("state"),
        policy=about.policy("policyDocument"),
        private_dns_enabled=about.flag("privateDnsEnabled"),
        security_groups=about.take("groupSet", _groups),
        subnets=about.texts("subnetIdSet"),
        ip_address_type=about.text("ipAddressType"),
        owner_account=about.text("ownerId"),
    )
    read.add(endpoint, found.pages)


def _groups(value: Any) -> tuple[str, ...]:
    return tuple(sorted(text(each["groupId"]) for each in value))


NORMALIZER = Normalizer("ec2", normalize, lists=(ListCall(_ENDPOINTS, "VpcEndpoint", "vpcEndpointSet"),))
