"""Which accounts and regions a collection covers: what was asked for, or every region that is enabled."""

from dataclasses import dataclass

from auditor.collect.interface import Caller, Operation
from auditor.model.snapshot import Declared

DESCRIBE_REGIONS = Operation(
    service="ec2", name="DescribeRegions", action="ec2:DescribeRegions", resource="*", required=("regionInfo",)
)


@dataclass(frozen=True)
class Regions:
    """The regions of one account."""

    enabled: tuple[str, ...]
    declared: tuple[Declared, ...]


def enabled_regions(caller: Caller, fallback: str) -> Regions:
    """Return the enabled regions by ec2:DescribeRegions(AllRegions); those not opted in are declared.

    Where it cannot be read, the home region alone is read: the gap stays in the snapshot and says so.
    """
    answer = caller(DESCRIBE_REGIONS, AllRegions=True)
    if not answer.complete:
        return Regions((fallback,), ())
    listed = {str(each["regionName"]): str(each.get("optInStatus", "")) for each in answer.items("regionInfo")}
    enabled = sorted(name for name, status in listed.items() if status != "not-opted-in")
    closed = sorted(set(listed) - set(enabled))
    return Regions(
        tuple(enabled),
        tuple(Declared(account=caller.account, region=name, why="region is not enabled") for name in closed),
    )
