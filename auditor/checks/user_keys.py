"""Users with their access keys: the population of what is asked of a user's keys together."""

from collections.abc import Iterable
from dataclasses import dataclass

from auditor.checks.interface import Item
from auditor.model.estate import Estate
from auditor.model.iam import AccessKey, User

KNOWN_STATUSES = frozenset({"Active", "Inactive", "Expired"})
"""iam:AccessKeyMetadata.Status. Any other value is not known, and decides nothing."""


@dataclass(frozen=True)
class UserItem(Item):
    """A user with the access keys that were read."""

    of: User
    keys: tuple[AccessKey, ...]


def users_with_keys(estate: Estate) -> Iterable[UserItem]:
    """Yield every user with its access keys; whether the list of keys is whole is the check's to ask."""
    keys: dict[tuple[str, str], list[AccessKey]] = {}
    for key in estate.of(AccessKey):
        keys.setdefault((key.account, key.user_arn), []).append(key)
    for user in estate.of(User):
        own = keys.get((user.account, user.arn), [])
        yield UserItem(user.arn, User.cloudformation, user.account, user.region, user, tuple(own))
