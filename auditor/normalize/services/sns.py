"""sns:GetTopicAttributes and ListSubscriptionsByTopic to Topic."""

from collections.abc import Mapping
from typing import Any

from auditor.model.fact import Fact, NotApplicable, Present, Unread
from auditor.model.platform import Subscription, Topic
from auditor.normalize.facts import Members, text
from auditor.normalize.interface import ListCall, Normalizer
from auditor.normalize.reading import Reading

_ATTRIBUTES = "sns:GetTopicAttributes"
_SUBSCRIPTIONS = "sns:ListSubscriptionsByTopic"
_GONE = NotApplicable(why="the topic does not exist")


def normalize(read: Reading) -> None:
    """Add every topic that was asked about."""
    asked = {str(each.page.parameters["TopicArn"]) for each in read.reads(_ATTRIBUTES)}
    asked |= {str(page.parameters["TopicArn"]) for page in read.refusals}
    asked |= {str(gap.resource) for gap in read.gaps}
    for arn in sorted(asked):
        _topic(read, arn)


def _topic(read: Reading, arn: str) -> None:
    bodies, gap = read.reads(_ATTRIBUTES, TopicArn=arn), read.gap(_ATTRIBUTES, arn)
    is_gone = not bodies and gap is None
    about = Members(read, _ATTRIBUTES, arn, _entries(bodies[0].body.get("Attributes")) if bodies else None, gap)
    topic = Topic(
        arn=arn,
        account=read.key.account,
        region=read.key.region,
        name=arn.rpartition(":")[2],
        tags=NotApplicable(why="tags of topics are not read"),
        exists=Unread(gap=gap) if gap is not None else Present(value=not is_gone),
        policy=_GONE if is_gone else about.policy("Policy"),
        kms_key=_GONE if is_gone else about.text("KmsMasterKeyId"),
        subscriptions=_GONE if is_gone else _subscriptions(read, arn),
    )
    refused = [page.sha256 for page in read.refusals if page.parameters.get("TopicArn") == arn]
    pages = [*read.pages_of(_ATTRIBUTES, TopicArn=arn), *read.pages_of(_SUBSCRIPTIONS, TopicArn=arn), *refused]
    read.add(topic, pages)


def _entries(value: Any) -> Any:
    """Return a map of the wire, `entry` by `entry`, as a mapping; anything else as it is."""
    if not isinstance(value, list):
        return {} if value == "" else None
    return {each.get("key"): each.get("value") for each in value if isinstance(each, Mapping)}


def _subscriptions(read: Reading, arn: str) -> Fact[tuple[Subscription, ...]]:
    listed = Members.over_pages(read, _SUBSCRIPTIONS, arn, "Subscriptions", TopicArn=arn)
    return listed.take("Subscriptions", _listed)


def _listed(value: Any) -> tuple[Subscription, ...]:
    found = (
        Subscription(
            protocol=text(each["Protocol"]),
            endpoint=text(each.get("Endpoint", "")),
            # `PendingConfirmation`, `Deleted`: whatever is no ARN receives nothing.
            is_confirmed=text(each["SubscriptionArn"]).startswith("arn:"),
        )
        for each in value
    )
    return tuple(sorted(found, key=lambda each: (each.protocol, each.endpoint, each.is_confirmed)))


NORMALIZER = Normalizer(
    "sns", normalize, lists=(ListCall(_SUBSCRIPTIONS, "Subscription", "Subscriptions", "{TopicArn}"),)
)
