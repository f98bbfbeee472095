"""What is hidden where nobody could even ask: an account whose role was refused, or regions that were not told."""

from auditor.model.resource import Listing
from auditor.normalize.reading import Reading

EVERY_REGION = "*"
_HIDES = {
    "ec2:DescribeRegions": ("RestApi", "Api", "ApiKey", "DomainName", "KmsKey", "Secret"),
    "sts:AssumeRole": (
        "RestApi",
        "Api",
        "ApiKey",
        "DomainName",
        "KmsKey",
        "Secret",
        "User",
        "Role",
        "Group",
        "ManagedPolicy",
    ),
}
"""Operation to the lists that a gap in it hides: the roots of every population."""


def normalize(read: Reading) -> None:
    """Add a list that was not read for each that the shard's gaps hide."""
    for gap in read.gaps:
        for kind in _HIDES.get(gap.operation, ()):
            read.listings.append(
                Listing(
                    kind=kind,
                    account=read.key.account,
                    region=EVERY_REGION,
                    parent=None,
                    operation=gap.operation,
                    count=0,
                    complete=False,
                    pages=(),
                )
            )
