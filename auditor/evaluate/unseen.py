"""What nobody saw of a population: lists that ended in a gap become `not_evaluated`, never an empty population."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from auditor.checks.interface import Check
from auditor.model.estate import Estate
from auditor.model.resource import Listing
from auditor.model.snapshot import Gap, GapReason
from auditor.normalize.scope import EVERY_REGION

RESTS_ON: dict[str, tuple[str, ...]] = {
    "AccessKey": ("User", "AccessKey"),
    "ApiKey": ("ApiKey",),
    "DeployedRoute": ("RestApi", "Api", "Stage", "DeployedRoute"),
    "KmsKey": ("KmsKey",),
    "Secret": ("Secret",),
    "Stage": ("RestApi", "Api", "Stage"),
}
"""Kind of a population to the kinds of lists that must be whole for it to be whole, ancestors included."""

_WHOLE_LISTS = {
    "Api": "arn:{partition}:apigateway:{region}::/apis",
    "ApiKey": "arn:{partition}:apigateway:{region}::/apikeys",
    "KmsKey": "arn:{partition}:kms:{region}:{account}:key",
    "RestApi": "arn:{partition}:apigateway:{region}::/restapis",
    "Secret": "arn:{partition}:secretsmanager:{region}:{account}:secret",
    "User": "arn:{partition}:iam::{account}:user",
}
"""How a finding names a region-wide list that could not be read."""


@dataclass(frozen=True)
class Unseen:
    """A part of a population that nobody saw."""

    resource: str
    kind: str
    listing: Listing
    gap: Gap


def relevant(check: Check[Any, Any], estate: Estate) -> Iterator[Listing]:
    """Yield the lists that a check's population rests on."""
    kinds = {rests for read in check.reads for rests in RESTS_ON[read]}
    return (each for each in estate.listings if each.kind in kinds and check.concerns(each, estate))


def unseen(check: Check[Any, Any], estate: Estate) -> Iterator[Unseen]:
    """Yield each part of a check's population that a gap hides, once."""
    for listing in relevant(check, estate):
        if not listing.complete:
            yield Unseen(_resource(listing, estate), check.reads[0], listing, _gap(listing, estate))


def _resource(listing: Listing, estate: Estate) -> str:
    if listing.parent is not None:
        return listing.parent
    place = {"partition": estate.snapshot.scope.partition, "region": listing.region, "account": listing.account}
    return _WHOLE_LISTS[listing.kind].format_map(place)


def _gap(listing: Listing, estate: Estate) -> Gap:
    """Return the gap that cut a list short; for a stage's routes it is that of a call about its deployment or export."""
    regions = {listing.region, gap_region} if (gap_region := _told_from(listing, estate)) else {listing.region}
    here = [gap for gap in estate.gaps if gap.account == listing.account and gap.region in regions]
    exact = [gap for gap in here if gap.operation == listing.operation and gap.resource == listing.parent]
    near = [gap for gap in here if gap.operation == listing.operation and _is_below(gap, listing)]
    around = [gap for gap in here if _is_below(gap, listing)]
    return next(iter(exact or near or around or here), None) or _untold(listing)


def _untold(listing: Listing) -> Gap:
    """Return a gap for a list that ended early and no call says why: it is still not read."""
    return Gap(
        operation=listing.operation,
        account=listing.account,
        region=listing.region,
        resource=listing.parent,
        reason=GapReason.MALFORMED,
        action=listing.operation,
        detail="*; the list ended early",
    )


def _told_from(listing: Listing, estate: Estate) -> str | None:
    """Return the region that was asked which regions there are, for a list of regions that nobody could name."""
    if listing.region != EVERY_REGION:
        return None
    return next(
        (gap.region for gap in estate.gaps if (gap.account, gap.operation) == (listing.account, listing.operation)),
        None,
    )


def _is_below(gap: Gap, listing: Listing) -> bool:
    if gap.resource is None or listing.parent is None:
        return False
    api = listing.parent.partition("/stages/")[0]
    return gap.resource == listing.parent or gap.resource.startswith(f"{api}/") or gap.resource == api
