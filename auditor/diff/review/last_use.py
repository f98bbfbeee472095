"""When an identity was last used: the latest of what AWS keeps of it, or that this is not known."""

from collections.abc import Iterator

from auditor.checks.observed import LastUse as Observed
from auditor.checks.observed import last_use
from auditor.model.estate import Estate
from auditor.model.fact import is_unread
from auditor.model.iam import AccessKey, Role, User
from auditor.model.review import LastUse

UNKNOWN = LastUse(state="unknown")


def last_used(identity: User | Role, estate: Estate) -> LastUse:
    """Return the day of the last use; unknown where one of the answers that it rests on was not read."""
    found = list(_uses(identity, estate))
    if any(each is None or not each.is_known for each in found):
        return UNKNOWN
    days = [each.at.date() for each in found if each is not None and each.at is not None]
    return LastUse(state="used", day=max(days)) if days else LastUse(state="never")


def _uses(identity: User | Role, estate: Estate) -> Iterator[Observed | None]:
    """Yield each use; None for one that was not read."""
    if isinstance(identity, Role):
        yield (
            None
            if is_unread(identity.last_used_read)
            else last_use(identity, identity.last_used_read, estate, "RoleLastUsed")
        )
        return
    is_read = identity.password_last_used_read
    yield None if is_unread(is_read) else last_use(identity, is_read, estate, "password_last_used")
    for key in estate.of(AccessKey):
        if key.user_arn == identity.arn:
            is_told = key.last_used_read
            yield None if is_unread(is_told) else last_use(key, is_told, estate, "LastUsedDate")
