"""What of an access sheet nobody saw: lists of identities or routes that were not read to their end."""

from collections.abc import Iterator

from auditor.diff.side import Side
from auditor.model.fact import NotReadError
from auditor.model.gateway import Api, DeployedRoute, RestApi, Stage
from auditor.model.iam import Group, Role, User
from auditor.model.snapshot import GLOBAL_REGION

_ROUTES = frozenset(each.__name__ for each in (RestApi, Api, Stage, DeployedRoute))
_IDENTITIES = (("users", User), ("roles", Role), ("groups", Group))


def unread(side: Side) -> tuple[str, ...]:
    """Return in words what may stand in no line because it was not read, sorted."""
    return tuple(sorted({*_identities(side), *_routes(side)}))


def _identities(side: Side) -> Iterator[str]:
    for account in side.accounts:
        for words, kind in _IDENTITIES:
            try:
                side.estate.whole(kind, account, GLOBAL_REGION)
            except NotReadError as not_read:
                yield f"{words} of account {account} ({not_read.gap.operation}: {not_read.gap.reason.value})"


def _routes(side: Side) -> Iterator[str]:
    for (account, region, kind, _), is_whole in side.lists.items():
        if kind in _ROUTES and not is_whole:
            yield f"routes of account {account} in {region}"
