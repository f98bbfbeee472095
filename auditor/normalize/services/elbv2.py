"""elasticloadbalancing:DescribeLoadBalancers to LoadBalancer."""

from auditor.model.fact import NotApplicable
from auditor.model.load_balancers import LoadBalancer
from auditor.model.resource import Listing
from auditor.normalize.facts import Members
from auditor.normalize.interface import Normalizer
from auditor.normalize.reading import Found, Reading

_CALL = "elbv2:DescribeLoadBalancers"
_NO_TAGS = NotApplicable(why="tags of load balancers are not read")


def normalize(read: Reading) -> None:
    """Add every load balancer that exists, and the listing of those that were asked about."""
    found = list(read.records(_CALL, "LoadBalancers"))
    for each in found:
        _balancer(read, each)
    gap = read.gap(_CALL, None)
    refused = tuple(page.sha256 for page in read.refusals if page.operation == _CALL)
    pages = (*read.pages_of(_CALL), *refused)
    if pages or gap is not None:
        read.listings.append(_listing(read, len(found), pages, complete=gap is None))


def _balancer(read: Reading, found: Found) -> None:
    arn = str(found.record.get("LoadBalancerArn", ""))
    about = Members(read, _CALL, arn, found.record)
    balancer = LoadBalancer(
        account=read.key.account,
        region=read.key.region,
        arn=arn,
        name=str(found.record.get("LoadBalancerName") or arn.rpartition("loadbalancer/")[2]),
        tags=_NO_TAGS,
        scheme=about.text("Scheme"),
        type=about.text("Type"),
        state=about.inner("State").text("Code"),
        dns_name=about.text("DNSName"),
        vpc=about.text("VpcId"),
        security_groups=about.texts("SecurityGroups"),
        private_link_rules=about.text("EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic"),
        ip_address_type=about.text("IpAddressType"),
    )
    read.add(balancer, found.pages, _reason(found))


def _reason(found: Found) -> dict[str, object]:
    state = found.record.get("State")
    return {"State.Reason": state.get("Reason")} if isinstance(state, dict) else {}


def _listing(read: Reading, count: int, pages: tuple[str, ...], *, complete: bool) -> Listing:
    return Listing(
        kind="LoadBalancer",
        account=read.key.account,
        region=read.key.region,
        parent=None,
        operation=_CALL,
        count=count,
        complete=complete,
        pages=pages,
    )


NORMALIZER = Normalizer("elbv2", normalize)
