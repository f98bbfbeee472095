"""change-alarms: somebody hears of every change that decides who may call, and of every change to what would tell.

Claim: for each class of changes a rule or a metric filter notices it, an alarm goes off, and a confirmed subscriber gets
it, wherever in the account such a change can happen. Population: each class of changes, once an account. Deviation: a link
that is missing or disabled. Cannot see: whether a message was read, subscriptions' own filters, topics' policies,
alarms on log queries and on computed metrics, and what watches trails' buckets.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from auditor.checks.alarm_chains import heard
from auditor.checks.chain import Chain, End
from auditor.checks.interface import (
    Check,
    Item,
    Outcome,
    Params,
    failed,
    needs_attestation,
    not_applicable,
    passed,
    undecided,
)
from auditor.checks.trail_questions import is_foreign, trails_of
from auditor.model.estate import Estate
from auditor.model.fact import Present, need
from auditor.model.gateway import Api, DomainName, RestApi
from auditor.model.iam import Role, User, is_service_linked
from auditor.model.keys import KmsKey
from auditor.model.platform import Trail
from auditor.model.resource import Resource
from auditor.model.snapshot import GLOBAL_REGION
from auditor.watching.event_classes import CLASSES, Change, EventClass, Where, global_region

_LISTS = ("list:Trail", "list:EventRule", "list:MetricFilter", "list:Alarm")


@dataclass(frozen=True)
class _Watch(Item):
    """A class of changes in one account."""

    of: EventClass


def _population(estate: Estate) -> Iterable[_Watch]:
    partition = estate.snapshot.scope.partition
    for account in sorted(estate.snapshot.scope.accounts):
        for each in CLASSES:
            name = f"arn:{partition}:iam::{account}:account#changes/{each.name}"
            yield _Watch(name, "AWS::CloudWatch::Alarm", account, GLOBAL_REGION, each)


def _test(item: _Watch, estate: Estate, _params: Params) -> Outcome:
    if _holds_nothing(item.account, estate):
        return not_applicable(
            "the account holds no API, identity, key or trail whose changes anybody could hear of", _LISTS
        )
    changes = tuple(_changes(item, estate))
    if not changes:
        return _nothing(item, estate)
    ways = [(each, heard(each, estate)) for each in changes]
    worst = max(ways, key=lambda each: each[1].end)
    also = (*_LISTS, *dict.fromkeys(arn for _, way in ways for arn in way.also))
    return _outcome(*worst, also, _seen(ways))


def _seen(ways: list[tuple[Change, Chain]]) -> dict[str, JsonValue]:
    """Return what became of each call, said once for all calls that end alike: verdict to sentences."""
    alike: dict[tuple[End, str], list[Change]] = {}
    for change, way in ways:
        alike.setdefault((way.end, way.why), []).append(change)
    seen: dict[str, list[JsonValue]] = {}
    for (end, why), changes in alike.items():
        events = ", ".join(dict.fromkeys(each.event for each in changes))
        regions = ", ".join(dict.fromkeys(each.region for each in changes))
        seen.setdefault(_SAID[end], []).append(f"{events} in {regions}: {why}")
    return {verdict: list(told) for verdict, told in seen.items()}


_SAID = {
    End.ARRIVES: "arrives",
    End.ATTESTED: "out of sight",
    End.UNDECIDED: "not decided",
    End.BROKEN: "broken",
    End.MISSING: "missing",
}


def _outcome(change: Change, way: Chain, also: tuple[str, ...], seen: dict[str, JsonValue]) -> Outcome:
    title, where = change.of.title, f"{change.event} in {change.region}"
    match way.end:
        case End.ARRIVES:
            return passed(f"{title} reach a confirmed subscriber: {way.why}", also, **seen)
        case End.ATTESTED:
            return needs_attestation(
                f"who hears of {title} must be said by a person ({where}): {way.why}", also, **seen
            )
        case End.UNDECIDED:
            return undecided(f"whether anybody hears of {title} is not decided ({where}): {way.why}", also, **seen)
        case _:
            return failed(f"nobody hears of {title} ({where}): {way.why}", also, **seen)


def _holds_nothing(account: str, estate: Estate) -> bool:
    """Return whether an account was read whole and is empty; raises NotReadError where something may hide."""
    kinds = (RestApi, Api, DomainName, User, Role, KmsKey, Trail)
    own = (each for kind in kinds for each in estate.of(kind) if each.account == account)
    if any(not _is_aws_own(each) for each in own):
        return False
    for kind in kinds:
        for region in estate.snapshot.scope.regions:
            estate.whole(kind, account, region)
    return True


def _is_aws_own(resource: Resource) -> bool:
    """Return whether AWS put something into every account by itself."""
    if isinstance(resource, Role):
        return is_service_linked(resource.arn)
    return isinstance(resource, KmsKey) and resource.manager == Present[str](value="AWS")


def _nothing(item: _Watch, estate: Estate) -> Outcome:
    """Judge a class of which no change can happen here."""
    if item.of.source == "iam":
        return undecided("where this partition's IAM records its events is not known to this version")
    if item.of.source == "cloudtrail":
        if any(is_foreign(each) for each in trails_of(item.account, estate)):
            return needs_attestation(
                "the only trail belongs to another account; who hears of its changes is to be said there"
            )
        return failed("there is no trail, so that no change at all is recorded", ("list:Trail",))
    return not_applicable(f"there is nothing here that {item.of.title} could be about", _LISTS)


def _changes(item: _Watch, estate: Estate) -> Iterator[Change]:
    """Yield each call of a class in each region where it can be made; raises NotReadError where that is unseen."""
    for event, about in item.of.events:
        for region in _regions(about, item.account, estate):
            yield Change(item.of, event, item.account, region)


_ABOUT: Mapping[Where, tuple[type[Resource], ...]] = {
    Where.REST_API: (RestApi,),
    Where.API: (Api,),
    Where.ANY_API: (RestApi, Api),
    Where.DOMAIN: (DomainName,),
    Where.KEY: (KmsKey,),
}


def _regions(about: Where, account: str, estate: Estate) -> tuple[str, ...]:
    if about is Where.IAM:
        region = global_region(estate.snapshot.scope.partition)
        return () if region is None else (region,)
    if about is Where.TRAIL:
        own = (each for each in trails_of(account, estate) if not is_foreign(each))
        return tuple(sorted({each.home_region for each in own}))
    return _with(_ABOUT[about], account, estate)


def _with(kinds: tuple[type[Resource], ...], account: str, estate: Estate) -> tuple[str, ...]:
    """Return the regions that hold something of a kind; those that may hold something unseen are not read."""
    return tuple(region for region in estate.snapshot.scope.regions if _has(kinds, account, region, estate))


def _has(kinds: tuple[type[Resource], ...], account: str, region: str, estate: Estate) -> bool:
    here = (each for kind in kinds for each in estate.of(kind) if (each.account, each.region) == (account, region))
    if any(not isinstance(each, KmsKey) or need(each.manager) != "AWS" for each in here):
        return True
    for kind in kinds:
        estate.whole(kind, account, region)
    return False


CHECK = Check(
    name="change-alarms",
    reads=("Alarm", "Api", "DomainName", "EventRule", "KmsKey", "RestApi", "Role", "Trail", "User"),
    params=Params,
    population=_population,
    test=_test,
    # An unread list is told by each class that needed it: the population itself rests on none.
    concerns=lambda listing, _estate: listing.complete,
)
