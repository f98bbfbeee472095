"""What stands between the gateway and private back ends: load balancers."""

from typing import ClassVar, Literal

from auditor.model.fact import Fact
from auditor.model.resource import Resource


class LoadBalancer(Resource):
    """elasticloadbalancing:DescribeLoadBalancers item that a VPC link or an integration of the same account and region names.

    There is one listing of them an account and region, without a parent: one that is named, and is not here although that
    listing is whole, does not exist.
    """

    cloudformation: ClassVar[str] = "AWS::ElasticLoadBalancingV2::LoadBalancer"
    is_by_reference: ClassVar[bool] = True
    kind: Literal["LoadBalancer"] = "LoadBalancer"
    scheme: Fact[str]
    """internet-facing or internal."""
    type: Fact[str]
    """application, network, gateway."""
    state: Fact[str]
    """active, provisioning, active_impaired, failed."""
    dns_name: Fact[str]
    vpc: Fact[str]
    security_groups: Fact[tuple[str, ...]]
    """Empty or Absent: a network load balancer that lets everybody in."""
    private_link_rules: Fact[str]
    """Whether the security groups also hold for what comes by PrivateLink, as from a VPC link of REST APIs: on or off."""
    ip_address_type: Fact[str]
    """ipv4, dualstack, dualstack-without-public-ipv4."""
