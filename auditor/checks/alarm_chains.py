"""The ways on which somebody hears of a change: an event rule, or a metric filter on a trail's log group with its alarm.

Every link is followed as far as it can be read: rule → target, filter → alarm → action, topic → confirmed subscription.
"""

import re
from collections.abc import Iterator
from decimal import Decimal

from auditor.checks.chain import Chain, End, best, weakest
from auditor.checks.trail_questions import is_foreign, owner_of, recording, trails_of
from auditor.model.estate import Estate
from auditor.model.fact import need
from auditor.model.logs import LogGroup
from auditor.model.platform import Alarm, EventRule, MetricFilter, MetricTransformation, Topic, Trail
from auditor.watching.event_classes import Change, rule_notices
from auditor.watching.filter_patterns import notices
from auditor.watching.verdicts import Verdict

_ENABLED = frozenset({"ENABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"})
_OF_AWS = frozenset({"alias/aws/sns"})
"""Topics under AWS's own key take nothing from CloudWatch or EventBridge (SNS developer guide, "Key management")."""
_ANY_OF_ALARMS = re.compile(
    r"""\s*\(*\s*ALARM\(\s*["']?[^"'()]+["']?\s*\)(\s+OR\s+ALARM\(\s*["']?[^"'()]+["']?\s*\))*\s*\)*\s*"""
)
_STATISTICS = frozenset({"Sum", "Maximum", "SampleCount", "Average"})
_ALARM_NAME = re.compile(r"""ALARM\(\s*["']?([^"'()]+?)["']?\s*\)""")


def heard(change: Change, estate: Estate) -> Chain:
    """Return the way of a change that leads furthest; raises NotReadError where a link is unread."""
    trails = trails_of(change.account, estate)
    recorded = best((recording(each, change) for each in trails), "no trail records it")
    if recorded.end in {End.BROKEN, End.MISSING}:
        return recorded
    return best(_ways(change, trails, recorded, estate), "no event rule and no metric filter notices it")


def _ways(change: Change, trails: tuple[Trail, ...], recorded: Chain, estate: Estate) -> Iterator[Chain]:
    for trail in trails:
        yield from (weakest(recording(trail, change), each) for each in _through_logs(change, trail, estate))
    if change.region in estate.snapshot.scope.regions:
        yield from (weakest(recorded, each) for each in _through_rules(change, estate))
    else:
        yield Chain(End.ATTESTED, f"event rules of {change.region} are not in scope")


def _through_rules(change: Change, estate: Estate) -> Iterator[Chain]:
    """Yield the ways through the default event bus of the region in which the change happens."""
    estate.whole(EventRule, change.account, change.region)
    for rule in estate.of(EventRule):
        if (rule.account, rule.region) != (change.account, change.region):
            continue
        noticed = rule_notices(need(rule.pattern), change)
        if noticed is not False:
            yield _rule(rule, noticed, estate)


def _rule(rule: EventRule, noticed: Verdict, estate: Estate) -> Chain:
    what = f"rule {rule.name}"
    state = need(rule.state)
    if state == "DISABLED":
        return Chain(End.BROKEN, f"{what} is disabled", (rule.arn,))
    if state not in _ENABLED or noticed is None:
        return Chain(End.UNDECIDED, f"whether {what} notices it is not understood", (rule.arn,))
    targets = need(rule.targets) or ()
    ends = (_end(each.arn, rule.account, rule.region, estate) for each in targets)
    return (
        best(ends, "it has no target").after(what, rule.arn)
        if targets
        else Chain(End.BROKEN, f"{what} has no target", (rule.arn,))
    )


def _through_logs(change: Change, trail: Trail, estate: Estate) -> Iterator[Chain]:
    """Yield the ways through the log group that a trail delivers to."""
    if is_foreign(trail):
        yield Chain(
            End.ATTESTED,
            f"trail {trail.name} belongs to account {owner_of(trail) or 'that nobody named'}",
            (trail.arn,),
        )
        return
    group_arn = need(trail.log_group)
    if group_arn is None:
        return
    if trail.home_region != trail.region:
        yield Chain(
            End.ATTESTED, f"trail {trail.name} is read in {trail.home_region}, which is not in scope", (trail.arn,)
        )
        return
    place = group_arn.split(":")[3:5]
    if place != [trail.home_region, trail.account]:
        yield Chain(End.ATTESTED, f"trail {trail.name} delivers to {group_arn}, which is not read here", (trail.arn,))
        return
    estate.whole(LogGroup, trail.account, trail.region, group_arn)
    group = next((each for each in estate.of(LogGroup) if (each.arn, each.account) == (group_arn, trail.account)), None)
    if group is None:
        yield Chain(End.BROKEN, f"trail {trail.name} delivers to a log group that does not exist", (trail.arn,))
        return
    yield from _through_filters(change, group, estate)
    yield from _sent_on(change, group)


def _through_filters(change: Change, group: LogGroup, estate: Estate) -> Iterator[Chain]:
    estate.whole(MetricFilter, group.account, group.region, group.arn)
    for each in estate.of(MetricFilter):
        if (each.log_group_arn, each.account) != (group.arn, group.account):
            continue
        # What a transformer makes of an entry before the pattern sees it is not read.
        is_changed = need(each.field_selection) or need(each.on_transformed_logs)
        noticed = None if is_changed else notices(need(each.pattern) or "", change.record)
        if noticed is False:
            continue
        what = f"metric filter {each.name}"
        if noticed is None:
            yield Chain(End.UNDECIDED, f"whether {what} notices it is not understood", (group.arn, each.arn))
            continue
        counted = need(each.transformations) or ()
        ways = (way for one in counted for way in _alarms(one, group, estate))
        yield best(ways, "no alarm is on what it counts").after(what, group.arn, each.arn)


def _sent_on(change: Change, group: LogGroup) -> Iterator[Chain]:
    """Yield the ways out of sight: entries that are sent on to somewhere, where others may watch them."""
    for each in need(group.subscription_filters) or ():
        if notices(each.pattern, change.record) is not False:
            yield Chain(End.ATTESTED, f"the trail's log is sent on to {each.destination}", (group.arn,))


def _alarms(counted: MetricTransformation, group: LogGroup, estate: Estate) -> Iterator[Chain]:
    estate.whole(Alarm, group.account, group.region)
    here = [each for each in estate.of(Alarm) if (each.account, each.region) == (group.account, group.region)]
    metric = f"{counted.namespace}/{counted.name}"
    for alarm in here:
        if metric in (need(alarm.computed_from) or ()):
            yield Chain(End.UNDECIDED, f"alarm {alarm.name} is on a computation with what it counts", (alarm.arn,))
        elif _metric(alarm) == metric and (counted.has_dimensions or not need(alarm.has_dimensions)):
            yield _goes_off(alarm, counted, here, estate)


def _metric(alarm: Alarm) -> str:
    namespace, name = need(alarm.namespace), need(alarm.metric)
    return f"{namespace}/{name}"


def _goes_off(alarm: Alarm, counted: MetricTransformation, here: list[Alarm], estate: Estate) -> Chain:
    what = f"alarm {alarm.name}"
    once = _on_one_change(alarm, counted)
    if once is None:
        return Chain(End.UNDECIDED, f"whether {what} goes off at one change is not understood", (alarm.arn,))
    if not once:
        return Chain(End.BROKEN, f"{what} does not go off at one change", (alarm.arn,))
    ways = (_actions(each, estate) for each in (alarm, *_made_of(alarm, here)))
    return best(ways, "it does nothing").after(what, alarm.arn)


def _on_one_change(alarm: Alarm, counted: MetricTransformation) -> Verdict:
    """Return whether one change within a period is enough."""
    threshold, comparison, statistic = need(alarm.threshold), need(alarm.comparison), need(alarm.statistic)
    if threshold is None or statistic is None or not _is_counted(counted, statistic):
        return None
    needed = need(alarm.datapoints_to_alarm)
    if needed is None:
        return None
    value = Decimal(1) if statistic == "SampleCount" else Decimal(counted.value)
    match comparison:
        case "GreaterThanOrEqualToThreshold":
            return needed == 1 and value >= Decimal(threshold)
        case "GreaterThanThreshold":
            return needed == 1 and value > Decimal(threshold)
        case _:
            return None


def _is_counted(counted: MetricTransformation, statistic: str) -> bool:
    """Return whether one match alone decides the statistic: a default would pull the average of a longer period down."""
    if statistic not in _STATISTICS or (statistic == "Average" and counted.default is not None):
        return False
    return not counted.has_dimensions and counted.value.replace(".", "", 1).isdigit()


def _made_of(alarm: Alarm, here: list[Alarm]) -> Iterator[Alarm]:
    """Yield the alarms that go off whenever this one does."""
    for each in here:
        rule = need(each.rule)
        if rule is None or need(each.suppressor) is not None or not _ANY_OF_ALARMS.fullmatch(rule):
            continue
        if {alarm.name, alarm.arn} & set(_ALARM_NAME.findall(rule)):
            yield each


def _actions(alarm: Alarm, estate: Estate) -> Chain:
    enabled, actions = need(alarm.actions_enabled), need(alarm.actions) or ()
    if enabled is not True:
        return Chain(End.BROKEN, f"the actions of {alarm.name} are disabled", (alarm.arn,))
    if not actions:
        return Chain(End.BROKEN, f"{alarm.name} has no action", (alarm.arn,))
    found = best((_end(each, alarm.account, alarm.region, estate) for each in actions), "no action")
    return Chain(found.end, found.why, (alarm.arn, *found.also))


def _end(target: str, account: str, region: str, estate: Estate) -> Chain:
    """Return what becomes of a change at the end of a rule or an alarm."""
    if target.split(":")[2:5] == ["sns", region, account]:
        return _topic(target, account, estate)
    return Chain(End.ATTESTED, f"{target}: whether anybody hears of it from there cannot be read")


def _topic(arn: str, account: str, estate: Estate) -> Chain:
    topic = next((each for each in estate.of(Topic) if (each.arn, each.account) == (arn, account)), None)
    name = f"topic {arn.rpartition(':')[2]}"
    if topic is None:
        return Chain(End.UNDECIDED, f"{name} is not in the snapshot")
    if need(topic.exists) is False:
        return Chain(End.BROKEN, f"{name} does not exist", (arn,))
    key = need(topic.kms_key)
    if key is not None and key.removeprefix(arn.replace(":sns:", ":kms:").rpartition(":")[0] + ":") in _OF_AWS:
        return Chain(
            End.BROKEN, f"{name} is encrypted under AWS's own key, under which nothing can be published", (arn,)
        )
    subscriptions = need(topic.subscriptions) or ()
    if any(each.is_confirmed for each in subscriptions):
        return Chain(End.ARRIVES, name, (arn,))
    why = "its subscription is not confirmed" if subscriptions else "nobody is subscribed"
    return Chain(End.BROKEN, f"{name}: {why}", (arn,))
