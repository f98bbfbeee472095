"""cloudtrail:DescribeTrails, GetTrailStatus and GetEventSelectors to Trail."""

from typing import Any

from auditor.model.fact import Absent, Fact, NotApplicable, Present
from auditor.model.platform import Trail
from auditor.normalize.facts import Members, canonical, texts
from auditor.normalize.interface import ListCall, Normalizer
from auditor.normalize.reading import Found, Reading

_TRAILS = "cloudtrail:DescribeTrails"
_STATUS = "cloudtrail:GetTrailStatus"
_SELECTORS = "cloudtrail:GetEventSelectors"
_ELSEWHERE = NotApplicable(why="it is read in the trail's home region")
_VOLATILE = (
    "LatestDeliveryError",
    "LatestDeliveryTime",
    "LatestCloudWatchLogsDeliveryError",
    "LatestDigestDeliveryError",
)


def normalize(read: Reading) -> None:
    """Add every trail that the region sees."""
    for found in read.records(_TRAILS, "trailList"):
        _trail(read, found)


def _trail(read: Reading, found: Found) -> None:
    record = found.record
    arn, home = str(record["TrailARN"]), str(record["HomeRegion"])
    about = Members(read, _TRAILS, arn, record)
    statuses = read.reads(_STATUS, Name=arn)
    is_home = home == read.key.region
    status = Members(read, _STATUS, arn, statuses[0].body if statuses else None, read.gap(_STATUS, arn))
    group = about.text("CloudWatchLogsLogGroupArn")
    trail = Trail(
        arn=arn,
        account=read.key.account,
        region=read.key.region,
        name=str(record.get("Name", arn)),
        tags=NotApplicable(why="tags of trails are not read"),
        home_region=home,
        is_multi_region=about.flag("IsMultiRegionTrail"),
        is_organization_trail=about.flag("IsOrganizationTrail"),
        includes_global_events=about.flag("IncludeGlobalServiceEvents"),
        validates_log_files=about.flag("LogFileValidationEnabled"),
        bucket=about.text("S3BucketName"),
        kms_key=about.text("KmsKeyId"),
        log_group=Present(value=group.value.removesuffix(":*")) if isinstance(group, Present) else group,
        is_logging=status.flag("IsLogging") if is_home else _ELSEWHERE,
        event_selectors=_selectors(read, arn, "EventSelectors") if is_home else _ELSEWHERE,
        advanced_event_selectors=_selectors(read, arn, "AdvancedEventSelectors") if is_home else _ELSEWHERE,
    )
    pages = [*found.pages, *read.pages_of(_STATUS, Name=arn), *read.pages_of(_SELECTORS, TrailName=arn)]
    told: dict[str, Any] = dict(statuses[0].body) if statuses else {}
    volatile = {
        name: int(told[name]) if isinstance(told[name], float) else told[name] for name in _VOLATILE if name in told
    }
    read.add(trail, pages, volatile)


def _selectors(read: Reading, arn: str, name: str) -> Fact[str]:
    bodies = read.reads(_SELECTORS, TrailName=arn)
    about = Members(read, _SELECTORS, arn, bodies[0].body if bodies else None, read.gap(_SELECTORS, arn))
    found = about.take(name, _listed)
    return Absent() if isinstance(found, Present) and found.value == "[]" else found


def _objects(value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise TypeError("no list of objects")
    return value


def _listed(value: Any) -> str:
    for each in _objects(value):
        _objects(each.get("FieldSelectors") or [])
        texts(each.get("ExcludeManagementEventSources") or [])
    return canonical(value)


NORMALIZER = Normalizer("cloudtrail", normalize, lists=(ListCall(_TRAILS, "Trail", "trailList"),))
