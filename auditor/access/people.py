"""Who is behind a role of IAM Identity Center: the users and groups that are assigned its permission set in the account."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from auditor.model.estate import Estate
from auditor.model.fact import Fact, Present
from auditor.model.people import (
    AccountAssignment,
    GroupMembership,
    IdentityCenterGroup,
    IdentityCenterUser,
    PermissionSet,
)

_ROLE = re.compile(
    r"arn:[^:]+:iam::(?P<account>\d{12}):role/aws-reserved/sso\.amazonaws\.com/(?:[^/]+/)?"
    r"AWSReservedSSO_(?P<set>.+)_[0-9a-f]{16}"
)


@dataclass(frozen=True, slots=True)
class Way:
    """How a person comes to a role."""

    person: str
    """User name; the user's or group's id where no name was read."""
    path: str
    """`group Platform, permission set Administrator`."""
    is_known: bool
    """Whether this is a person; else it says who is not known."""


@dataclass(frozen=True)
class People:
    """The people of a snapshot, as far as Identity Center was read."""

    estate: Estate

    def behind(self, arn: str) -> tuple[str, ...]:
        """Return who may assume a role, in words, sorted; empty for any other role, and where nothing is known."""
        found = _ROLE.fullmatch(arn)
        if found is None:
            return ()
        sets = self._sets(found["set"])
        if not sets:
            return ("people of Identity Center, whose assignments were not read",)
        named = {name for each in sets for name in self._assigned(each, found["account"])}
        return tuple(sorted(named)) or ("nobody that the snapshot knows",)

    def ways(self, arn: str) -> tuple[Way, ...]:
        """Return the people who may assume a role of Identity Center, one a way, sorted; where nobody is known one that says so."""
        found = _ROLE.fullmatch(arn)
        if found is None:
            return ()
        sets = self._sets(found["set"])
        tail = f"permission set {found['set']}"
        ways = {
            way
            for each in sets
            for assignment in self._assignments[each, found["account"]]
            for way in self._ways(assignment, tail)
        }
        if not ways:
            return (Way(self.behind(arn)[0], tail, is_known=False),)
        return tuple(sorted(ways, key=lambda each: (each.person, each.path)))

    def _sets(self, name: str) -> list[str]:
        """Return the ARNs of the permission sets of a name."""
        return [each.arn for each in self.estate.of(PermissionSet) if each.set_name == Present[str](value=name)]

    def _ways(self, assignment: AccountAssignment, tail: str) -> Iterator[Way]:
        identity = assignment.principal_id
        group = self._groups.get(identity)
        if assignment.principal_type == Present[str](value="USER"):
            yield Way(self._user(identity), f"assigned directly, {tail}", is_known=True)
        elif group is None or not self._members[group.arn]:
            yield Way(self._assigned_one(assignment), tail, is_known=False)
        else:
            name = _name(group.display_name, identity)
            for each in self._members[group.arn]:
                yield Way(self._user(each), f"group {name}, {tail}", is_known=True)

    def _assigned(self, permission_set: str, account: str) -> Iterator[str]:
        for each in self._assignments[permission_set, account]:
            yield self._assigned_one(each)

    def _assigned_one(self, assignment: AccountAssignment) -> str:
        match assignment.principal_type:
            case Present(value="USER"):
                return self._user(assignment.principal_id)
            case Present(value="GROUP"):
                return self._group(assignment.principal_id)
            case _:
                return f"{assignment.principal_id}, of a type that was not read"

    def _user(self, identity: str) -> str:
        return self._users.get(identity, f"user {identity}")

    def _group(self, identity: str) -> str:
        group = self._groups.get(identity)
        if group is None:
            return f"group {identity}, whose members were not read"
        members = sorted(self._user(each) for each in self._members[group.arn])
        return f"group {_name(group.display_name, identity)}: {', '.join(members) or 'no members read'}"

    @cached_property
    def _users(self) -> Mapping[str, str]:
        return {each.user_id: _name(each.user_name, each.user_id) for each in self.estate.of(IdentityCenterUser)}

    @cached_property
    def _groups(self) -> Mapping[str, IdentityCenterGroup]:
        return {each.group_id: each for each in self.estate.of(IdentityCenterGroup)}

    @cached_property
    def _members(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for each in self.estate.of(GroupMembership):
            if isinstance(each.member, Present):
                found[each.group_arn].append(each.member.value)
        return found

    @cached_property
    def _assignments(self) -> Mapping[tuple[str, str], list[AccountAssignment]]:
        found: dict[tuple[str, str], list[AccountAssignment]] = defaultdict(list)
        for each in self.estate.of(AccountAssignment):
            found[each.permission_set_arn, each.target_account].append(each)
        return found


def _name(told: Fact[str], otherwise: str) -> str:
    return told.value if isinstance(told, Present) else otherwise
