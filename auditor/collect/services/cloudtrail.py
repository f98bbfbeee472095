"""Trails, as every region sees them; whether one logs, and what, is asked in its home region alone."""

from auditor.collect.interface import Caller, Collector, Operation, Reach

TRAILS = Operation(
    service="cloudtrail",
    name="DescribeTrails",
    action="cloudtrail:DescribeTrails",
    resource="*",
    required=("trailList",),
    records=(("trailList", "TrailARN"), ("trailList", "HomeRegion")),
)
STATUS = Operation(
    service="cloudtrail",
    name="GetTrailStatus",
    action="cloudtrail:GetTrailStatus",
    resource="{Name}",
    required=("IsLogging",),
    per=("Trail",),
)
SELECTORS = Operation(
    service="cloudtrail",
    name="GetEventSelectors",
    action="cloudtrail:GetEventSelectors",
    resource="{TrailName}",
    required=("TrailARN",),
    per=("Trail",),
)
TRAIL_LOGS = "trail-logs"
"""Topic of the log groups, by ARN, that trails deliver to."""


def _collect(call: Caller) -> None:
    for trail in call(TRAILS, includeShadowTrails=True).items("trailList"):
        if trail.get("HomeRegion") != call.region:
            continue
        # By ARN, because an organization's trail is known under its bare name in its own account alone.
        arn = str(trail["TrailARN"])
        call(STATUS, arn, Name=arn)
        call(SELECTORS, arn, TrailName=arn)
        if isinstance(trail.get("CloudWatchLogsLogGroupArn"), str):
            call.remember(TRAIL_LOGS, trail["CloudWatchLogsLogGroupArn"])


COLLECTOR = Collector(
    service="cloudtrail", reach=Reach.REGIONAL, operations=(TRAILS, STATUS, SELECTORS), collect=_collect
)
