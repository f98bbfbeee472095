"""Questions about trails: which there are, and whether one records a change."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from auditor.checks.chain import Chain, End
from auditor.model.estate import Estate
from auditor.model.fact import need
from auditor.model.platform import Trail
from auditor.watching.event_classes import Change
from auditor.watching.verdicts import Verdict, all_of, any_of


def trails_of(account: str, estate: Estate) -> tuple[Trail, ...]:
    """Return the trails that an account sees, each once, as its home region knows it where that was read.

    Raises NotReadError where a region's list of trails was not read.
    """
    found: dict[str, Trail] = {}
    for region in estate.snapshot.scope.regions:
        estate.whole(Trail, account, region)
    for trail in estate.of(Trail):
        if trail.account == account and (trail.arn not in found or trail.home_region == trail.region):
            found[trail.arn] = trail
    return tuple(found[arn] for arn in sorted(found))


def owner_of(trail: Trail) -> str:
    """Return the account that a trail's ARN names; blank where its ARN is none."""
    return (trail.arn.split(":")[4:5] or [""])[0]


def is_foreign(trail: Trail) -> bool:
    """Return whether a trail belongs to another account: an organization's, seen from a member."""
    return owner_of(trail) != trail.account


def recording(trail: Trail, change: Change) -> Chain:
    """Return whether a trail records a change: where it happens, of its service, and now."""
    also = (trail.arn,)
    if not _covers(trail, change):
        return Chain(End.BROKEN, f"trail {trail.name} does not record {change.of.source} in {change.region}", also)
    if trail.home_region != trail.region:
        return Chain(End.ATTESTED, f"trail {trail.name} is read in {trail.home_region}, which is not in scope", also)
    if need(trail.is_logging) is not True:
        return Chain(End.BROKEN, f"trail {trail.name} is not logging", also)
    selected = _selects(trail, change)
    if selected is None:
        return Chain(End.UNDECIDED, f"what trail {trail.name} selects is not understood", also)
    if not selected:
        return Chain(End.BROKEN, f"trail {trail.name} leaves out what changes {change.of.source}", also)
    return Chain(End.ARRIVES, f"trail {trail.name}", also)


def _covers(trail: Trail, change: Change) -> bool:
    if change.of.source == "iam" and need(trail.includes_global_events) is not True:
        return False
    return trail.home_region == change.region or need(trail.is_multi_region) is True


def _selects(trail: Trail, change: Change) -> Verdict:
    """Return whether a trail's selectors let a management event through that writes."""
    advanced, basic = need(trail.advanced_event_selectors), need(trail.event_selectors)
    if advanced is not None:
        return any_of(_advanced(each, change) for each in json.loads(advanced))
    # Without selectors a trail records all management events (CloudTrail user guide).
    return True if basic is None else any_of(_basic(each, change) for each in json.loads(basic))


def _basic(selector: Any, change: Change) -> Verdict:
    kind, managed = selector.get("ReadWriteType", "All"), selector.get("IncludeManagementEvents", True)
    if kind not in {"All", "WriteOnly", "ReadOnly"} or not isinstance(managed, bool):
        return None
    left_out = selector.get("ExcludeManagementEventSources") or ()
    return managed and kind != "ReadOnly" and f"{change.of.source}.amazonaws.com" not in left_out


def _advanced(selector: Any, change: Change) -> Verdict:
    fields: list[Any] = selector.get("FieldSelectors") or [{}]
    return all_of(_field(each, change) for each in fields)


_VALUES = {"eventCategory": "Management", "readOnly": "false", "eventType": "AwsApiCall"}


def _field(selector: Any, change: Change) -> Verdict:
    known = {**_VALUES, "eventSource": f"{change.of.source}.amazonaws.com", "eventName": change.event}
    value = known.get(selector.get("Field"))
    if value is None:
        return None
    tests: list[Verdict] = []
    for name, wanted in selector.items():
        if name == "Field":
            continue
        holds = _OPERATORS.get(name)
        if holds is None or not isinstance(wanted, list):
            return None
        tests.append(holds(value, wanted))
    return all_of(tests)


_OPERATORS: Mapping[str, Callable[[str, list[Any]], bool]] = {
    "Equals": lambda value, wanted: value in wanted,
    "NotEquals": lambda value, wanted: value not in wanted,
    "StartsWith": lambda value, wanted: any(value.startswith(each) for each in wanted),
    "NotStartsWith": lambda value, wanted: not any(value.startswith(each) for each in wanted),
    "EndsWith": lambda value, wanted: any(value.endswith(each) for each in wanted),
    "NotEndsWith": lambda value, wanted: not any(value.endswith(each) for each in wanted),
}
