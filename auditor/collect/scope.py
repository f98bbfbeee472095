"""Which accounts and regions a collection covers: what was asked for, or every region that is enabled."""

from collections.abc import Iterable
from dataclasses import dataclass

from auditor.collect.interface import Answer, Caller, Operation
from auditor.errors import UsageError
from auditor.model.snapshot import SCOPE_SERVICE, Declared

DESCRIBE_REGIONS = Operation(
    service="ec2",
    name="DescribeRegions",
    action="ec2:DescribeRegions",
    resource="*",
    required=("regionInfo",),
    records=(("regionInfo", "regionName"),),
)
_CLOSED = "not-opted-in"


@dataclass(frozen=True)
class Regions:
    """The regions of one account to read."""

    enabled: tuple[str, ...]
    declared: tuple[Declared, ...]
    gaps_matter: bool = True
    """Whether what could not be asked here hides regions; not where a person named them."""


def enabled_regions(caller: Caller, fallback: str) -> Regions:
    """Return the enabled regions by ec2:DescribeRegions(AllRegions); those not opted in are declared.

    Where it cannot be read, the home region alone is read: the gap stays in the snapshot and says so.
    """
    answer = caller(DESCRIBE_REGIONS, AllRegions=True)
    if not answer.complete:
        return Regions((fallback,), ())
    listed = _listed(answer)
    closed = sorted(name for name, status in listed.items() if status == _CLOSED)
    return Regions(tuple(sorted(set(listed) - set(closed))), _not_enabled(caller, closed))


def asked_regions(caller: Caller, asked: tuple[str, ...]) -> Regions:
    """Return those of the regions asked for that are enabled; one that is not opted in is declared, with one sentence.

    Where ec2:DescribeRegions cannot be read, all are read: each call then says for itself whether it was let through.
    """
    answer = caller(DESCRIBE_REGIONS, AllRegions=True)
    if answer.gap is not None:
        why = f"ec2:DescribeRegions was {answer.gap.reason.value}: the regions asked for are read without it"
        return Regions(
            asked,
            (Declared(account=caller.account, region=caller.region, why=why, service=SCOPE_SERVICE),),
            gaps_matter=False,
        )
    listed = _listed(answer)
    unknown = sorted(set(asked) - set(listed)) if listed else []
    if unknown:
        raise UsageError(f"AWS knows no region {', '.join(unknown)}", "Correct --region, or [scope] regions.")
    closed = [name for name in asked if listed.get(name) == _CLOSED]
    return Regions(tuple(each for each in asked if each not in closed), _not_enabled(caller, closed))


def _listed(answer: Answer) -> dict[str, str]:
    return {str(each["regionName"]): str(each.get("optInStatus", "")) for each in answer.items("regionInfo")}


def _not_enabled(caller: Caller, closed: Iterable[str]) -> tuple[Declared, ...]:
    return tuple(Declared(account=caller.account, region=name, why="region is not enabled") for name in closed)
