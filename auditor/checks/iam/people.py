"""What is known of the people behind an Identity Center, indexed for one snapshot, and how they are printed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from auditor.model.estate import Estate
from auditor.model.fact import need
from auditor.model.iam import Role
from auditor.model.people import (
    AccountAssignment,
    GroupMembership,
    IdentityCenterGroup,
    IdentityCenterUser,
    PermissionSet,
)
from auditor.model.resource import Resource
from auditor.model.words import several

Place = tuple[str, str, str]
"""Account and region where it was read, and the id or ARN."""
R = TypeVar("R", bound=Resource)
DISABLED, ENABLED = "DISABLED", "ENABLED"
_RESERVED_PATH = "role/aws-reserved/sso.amazonaws.com/"
_RESERVED_NAME = "AWSReservedSSO_"


@dataclass(frozen=True)
class People:
    """Users, groups, memberships and permission sets by where they were read."""

    users: Mapping[Place, IdentityCenterUser]
    groups: Mapping[Place, IdentityCenterGroup]
    members: Mapping[Place, tuple[GroupMembership, ...]]
    """By the group's ARN."""
    sets: Mapping[Place, PermissionSet]
    reserved: Mapping[str, tuple[Role, ...]]
    """Roles that an Identity Center made, by account."""
    assigned: Mapping[str, tuple[AccountAssignment, ...]]
    """By the account that they lead to."""

    def permission_set(self, assignment: AccountAssignment) -> str:
        """Return the name of what is assigned; its ARN where AWS gives no name."""
        found = self.sets.get((assignment.account, assignment.region, assignment.permission_set_arn))
        return (need(found.set_name) if found is not None else None) or assignment.permission_set_arn


def people(estate: Estate) -> People:
    """Return the index of a snapshot."""
    members: dict[Place, list[GroupMembership]] = {}
    for each in estate.of(GroupMembership):
        members.setdefault((each.account, each.region, each.group_arn), []).append(each)
    reserved: dict[str, list[Role]] = {}
    for role in estate.of(Role):
        if _RESERVED_PATH in role.arn and role.name.startswith(_RESERVED_NAME):
            reserved.setdefault(role.account, []).append(role)
    assigned: dict[str, list[AccountAssignment]] = {}
    for assignment in estate.of(AccountAssignment):
        assigned.setdefault(assignment.target_account, []).append(assignment)
    return People(
        users={(each.account, each.region, each.user_id): each for each in estate.of(IdentityCenterUser)},
        groups={(each.account, each.region, each.group_id): each for each in estate.of(IdentityCenterGroup)},
        members={place: tuple(found) for place, found in members.items()},
        sets={(each.account, each.region, each.arn): each for each in estate.of(PermissionSet)},
        reserved={account: tuple(found) for account, found in reserved.items()},
        assigned={account: tuple(found) for account, found in assigned.items()},
    )


def named(user: IdentityCenterUser) -> str:
    """Return a person as an auditor reads them: name, user name, and whether they are disabled."""
    name, login, status = need(user.display_name), need(user.user_name), need(user.status)
    shown = f"{name} ({login})" if name and login and name != login else name or login or user.user_id
    return shown if status == ENABLED else f"{shown}, {(status or 'status not told').lower()}"


def set_name_of(role: Role) -> str:
    """Return the permission set that a reserved role was made for: AWSReservedSSO_NAME_0123456789abcdef."""
    return role.name.removeprefix(_RESERVED_NAME).rpartition("_")[0]


def in_words(names: Iterable[str], most: int = 3) -> str:
    """Return some names and how many more there are."""
    return several(sorted(names), most)
