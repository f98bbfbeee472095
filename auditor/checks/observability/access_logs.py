"""access-logs: every stage writes an access log to a destination that exists.

Claim: destination set, existing, and writable by the account's log role (REST, CloudWatch). Population: every stage.
Deviation: no destination, one that does not exist or is not active, or no log role. Cannot see: whether entries arrive.
"""

from auditor.checks.interface import Check, Outcome, Params, ResourceItem, failed, items, passed, undecided
from auditor.model.estate import Estate
from auditor.model.fact import NotReadError, need
from auditor.model.gateway import GatewayAccount, Protocol, Stage
from auditor.model.logs import DeliveryStream, LogGroup


def _test(item: ResourceItem[Stage], estate: Estate, _params: Params) -> Outcome:
    stage = item.of
    destination = need(stage.access_log_destination)
    if destination is None:
        return failed("no access log: the stage has no destination for one", destination=None)
    destination = destination.removesuffix(":*")
    if not _is_here(destination, stage):
        return undecided(f"the destination stands in another account or region: {destination}", destination=destination)
    if ":firehose:" in destination:
        return _stream(destination, estate)
    return _group(destination, stage, estate)


def _is_here(destination: str, stage: Stage) -> bool:
    parts = destination.split(":")
    return len(parts) > 5 and parts[3] == stage.region and parts[4] == stage.account  # noqa: PLR2004 - an ARN's parts


def _missing(kind: str, what: str, destination: str, estate: Estate) -> Outcome:
    """Return what it means that a destination is not in the snapshot; raise NotReadError where a gap hides it."""
    gap = next((gap for gap in estate.gaps if gap.resource == destination), None)
    if gap is not None:
        raise NotReadError(gap)
    if not any(listing.kind == kind and listing.parent == destination for listing in estate.listings):
        return undecided(
            f"the {what} that the stage names was not asked for in this collection", destination=destination
        )
    return failed(f"the {what} that the stage names does not exist", (f"list:{kind}",), destination=destination)


def _stream(destination: str, estate: Estate) -> Outcome:
    stream = next((each for each in estate.of(DeliveryStream) if each.arn == destination), None)
    if stream is None:
        return _missing("DeliveryStream", "Firehose stream", destination, estate)
    status = need(stream.status)
    if status != "ACTIVE":
        return failed(
            f"the Firehose stream that the stage names is {status}, not ACTIVE", (stream.arn,), destination=destination
        )
    return passed("writes an access log to a Firehose stream that exists", (stream.arn,), destination=destination)


def _group(destination: str, stage: Stage, estate: Estate) -> Outcome:
    group = next((each for each in estate.of(LogGroup) if each.arn == destination), None)
    if group is None:
        return _missing("LogGroup", "log group", destination, estate)
    if stage.protocol is not Protocol.REST:
        return passed("writes an access log to a log group that exists", (group.arn,), destination=destination)
    here = (stage.account, stage.region)
    settings = next((each for each in estate.of(GatewayAccount) if (each.account, each.region) == here), None)
    if settings is None:
        return undecided(
            "the account's API Gateway settings are not in the snapshot", (group.arn,), destination=destination
        )
    role = need(settings.cloudwatch_role_arn)
    also = (group.arn, settings.arn)
    if role is None:
        return failed(
            "the account's API Gateway settings name no role that may write logs",
            also,
            destination=destination,
            role=None,
        )
    return passed("writes an access log to a log group that exists", also, destination=destination, role=role)


CHECK = Check(
    name="access-logs",
    reads=("Stage",),
    params=Params,
    population=lambda estate: items(estate.of(Stage)),
    test=_test,
)
