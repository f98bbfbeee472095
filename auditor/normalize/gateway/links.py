"""VPC links of both API versions to VpcLink."""

from auditor.model.doors import VpcLink
from auditor.model.fact import NotApplicable
from auditor.normalize.facts import Members
from auditor.normalize.interface import ListCall, Normalizer
from auditor.normalize.reading import Found, Reading

_LINKS = "apigateway:GetVpcLinks"
_LINKS_V2 = "apigatewayv2:GetVpcLinks"
_NO_TARGET = NotApplicable(why="what it leads to stands in the integrations that use it")
_NO_SUBNETS = NotApplicable(why="it leads to a load balancer, not into subnets")


def normalize(read: Reading) -> None:
    """Add every VPC link of the shard."""
    for each in read.records(_LINKS, "item"):
        _older(read, each)
    for each in read.records(_LINKS_V2, "items"):
        _newer(read, each)


def _older(read: Reading, found: Found) -> None:
    link_id = str(found.record.get("id", ""))
    about = Members(read, _LINKS, read.arn(f"/vpclinks/{link_id}"), found.record)
    link = VpcLink(
        account=read.key.account,
        region=read.key.region,
        arn=about.resource,
        name=str(found.record.get("name") or link_id),
        tags=about.tags(),
        link_id=link_id,
        version="V1",
        status=about.text("status"),
        target_arns=about.texts("targetArns"),
        security_groups=_NO_SUBNETS,
        subnets=_NO_SUBNETS,
    )
    read.add(link, found.pages, {"statusMessage": found.record.get("statusMessage")})


def _newer(read: Reading, found: Found) -> None:
    link_id = str(found.record.get("vpcLinkId", ""))
    about = Members(read, _LINKS_V2, read.arn(f"/vpclinks/{link_id}"), found.record)
    link = VpcLink(
        account=read.key.account,
        region=read.key.region,
        arn=about.resource,
        name=str(found.record.get("name") or link_id),
        tags=about.tags(),
        link_id=link_id,
        version="V2",
        status=about.text("vpcLinkStatus"),
        target_arns=_NO_TARGET,
        security_groups=about.texts("securityGroupIds"),
        subnets=about.texts("subnetIds"),
    )
    read.add(link, found.pages, {"vpcLinkStatusMessage": found.record.get("vpcLinkStatusMessage")})


NORMALIZER = Normalizer(
    "apigateway", normalize, lists=(ListCall(_LINKS, "VpcLink", "item"), ListCall(_LINKS_V2, "VpcLink", "items"))
)
