"""VPC links of both API versions: the ways from the gateway into private networks."""

from auditor.collect.gateway.wire import named_targets, v1_list, v2_list
from auditor.collect.interface import Caller

LINKS = v1_list("GetVpcLinks", "/vpclinks")
LINKS_V2 = v2_list("GetVpcLinks", "/vpclinks", "vpcLinkId")

OPERATIONS = (LINKS, LINKS_V2)


def collect(call: Caller) -> None:
    """Read every VPC link of the region."""
    named_targets(call, call(LINKS, limit=500))
    call(LINKS_V2, MaxResults="500")
