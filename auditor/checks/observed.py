"""What stands beside a resource because it moves by itself: when it was last used."""

from dataclasses import dataclass
from datetime import UTC, datetime

from auditor.model.estate import Estate
from auditor.model.fact import Fact, need
from auditor.model.resource import Resource

_NEVER = frozenset({"N/A", "no_information", "not_supported", ""})


@dataclass(frozen=True)
class LastUse:
    """When something was last used."""

    is_known: bool
    """False: nobody was to be asked, or the answer has no place for it."""
    at: datetime | None
    """None where it was never used, as far back as AWS keeps it."""


def last_use(resource: Resource, is_read: Fact[bool], estate: Estate, *members: str) -> LastUse:
    """Return the latest date under these members of a resource's observation.

    An observation holds a date or not; only `is_read`, a fact of the resource, tells no use from not read. So it is asked first,
    and raises NotReadError where it is unread.
    """
    if need(is_read) is not True:
        return LastUse(is_known=False, at=None)
    beside = estate.observations.get((resource.account, resource.region, resource.arn))
    told = [beside.facts.get(name) for name in members] if beside else []
    dates = [_moment(each) for each in told if isinstance(each, str) and each not in _NEVER]
    return LastUse(is_known=True, at=max(dates, default=None))


def _moment(told: str) -> datetime:
    found = datetime.fromisoformat(told)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
