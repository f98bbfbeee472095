"""events:ListRules and ListTargetsByRule to EventRule."""

from typing import Any

from auditor.model.fact import Fact, NotApplicable
from auditor.model.platform import EventRule, RuleTarget
from auditor.normalize.facts import Members, text
from auditor.normalize.interface import ListCall, Normalizer
from auditor.normalize.reading import Found, Reading

_RULES = "events:ListRules"
_TARGETS = "events:ListTargetsByRule"
_NOT_ASKED = NotApplicable(why="the rule's pattern concerns no change that is watched")


def normalize(read: Reading) -> None:
    """Add every rule of the default event bus."""
    for found in read.records(_RULES, "Rules"):
        _rule(read, found)


def _rule(read: Reading, found: Found) -> None:
    arn, name = str(found.record["Arn"]), str(found.record["Name"])
    about = Members(read, _RULES, arn, found.record)
    rule = EventRule(
        arn=arn,
        account=read.key.account,
        region=read.key.region,
        name=name,
        tags=NotApplicable(why="tags of event rules are not read"),
        pattern=about.text("EventPattern"),
        state=about.text("State"),
        targets=_targets(read, arn, name),
    )
    read.add(rule, [*found.pages, *read.pages_of(_TARGETS, Rule=name)])


def _targets(read: Reading, arn: str, name: str) -> Fact[tuple[RuleTarget, ...]]:
    if read.gap(_TARGETS, arn) is None and not read.reads(_TARGETS, Rule=name):
        return _NOT_ASKED
    return Members.over_pages(read, _TARGETS, arn, "Targets", Rule=name).take("Targets", _listed)


def _listed(value: Any) -> tuple[RuleTarget, ...]:
    targets = (RuleTarget(id=text(each["Id"]), arn=text(each["Arn"])) for each in value)
    return tuple(sorted(targets, key=lambda each: each.id))


NORMALIZER = Normalizer(
    "events",
    normalize,
    lists=(
        ListCall(_RULES, "EventRule", "Rules"),
        ListCall(_TARGETS, "RuleTarget", "Targets", "arn:{partition}:events:{region}:{account}:rule/{Rule}"),
    ),
)
