"""Who asked, and what is hidden where nobody could: an account whose role was refused, or regions that were not told."""

from auditor.model.kinds import KINDS
from auditor.model.resource import Listing, Observation
from auditor.model.snapshot import EVERY_REGION, caller_name
from auditor.normalize.interface import Normalizer
from auditor.normalize.reading import Reading

_HIDES_ALL = {"sts:AssumeRole": True, "ec2:DescribeRegions": False}
"""Operation to whether a gap in it hides global services too."""


def normalize(read: Reading) -> None:
    """Add who asked, and a list that was not read for each that the shard's gaps hide: the roots of every population."""
    for asked in read.reads("sts:GetCallerIdentity"):
        told = {name: str(asked.body.get(name, "")) for name in ("Account", "Arn", "UserId")}
        name = caller_name(read.key.account)
        read.observations.append(Observation(arn=name, kind="Caller", facts=told, pages=(asked.page.sha256,)))
    for gap in read.gaps:
        if gap.operation not in _HIDES_ALL:
            continue
        for name, kind in KINDS.items():
            if kind.whole_list and (_HIDES_ALL[gap.operation] or not kind.is_global):
                read.listings.append(
                    Listing(
                        kind=name,
                        account=read.key.account,
                        region=EVERY_REGION,
                        parent=None,
                        operation=gap.operation,
                        count=0,
                        complete=False,
                        pages=(),
                    )
                )


NORMALIZER = Normalizer("scope", normalize)
