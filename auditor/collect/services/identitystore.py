"""The people of an Identity Center: users, groups and who is in which. Of a person nothing but names, status and outer ids is used."""

from functools import partial

from auditor.collect.interface import Caller, Collector, Operation, Paging, Reach
from auditor.collect.services.sso_admin import STORES

_ANY = "*"
"""Each of these reads names a store, and all users, groups or memberships of it: IAM wants every one of them allowed."""
_TOKEN = {"token_out": "NextToken", "token_in": "NextToken"}

USERS = Operation(
    "identitystore",
    "ListUsers",
    "identitystore:ListUsers",
    _ANY,
    required=("Users",),
    records=(("Users", "UserId"),),
    page=Paging(items="Users", **_TOKEN),
    per=("IdentityCenterInstance",),
)
GROUPS = Operation(
    "identitystore",
    "ListGroups",
    "identitystore:ListGroups",
    _ANY,
    required=("Groups",),
    records=(("Groups", "GroupId"),),
    page=Paging(items="Groups", **_TOKEN),
    per=("IdentityCenterInstance",),
)
MEMBERS = Operation(
    "identitystore",
    "ListGroupMemberships",
    "identitystore:ListGroupMemberships",
    _ANY,
    required=("GroupMemberships",),
    records=(("GroupMemberships", "MembershipId"),),
    page=Paging(items="GroupMemberships", **_TOKEN),
    per=("IdentityCenterGroup",),
)


def _collect(call: Caller) -> None:
    for store in call.recall(STORES):
        call(USERS, IdentityStoreId=store, MaxResults=100)
        groups = call(GROUPS, IdentityStoreId=store, MaxResults=100)
        found = sorted({str(each["GroupId"]) for each in groups.items("Groups")})
        call.gather([partial(_members, call, store, group) for group in found])


def _members(call: Caller, store: str, group: str) -> None:
    about = f"arn:{call.partition}:identitystore:::group/{group}"
    call(MEMBERS, about, IdentityStoreId=store, GroupId=group, MaxResults=100)


COLLECTOR = Collector(
    service="identitystore",
    reach=Reach.REGIONAL,
    operations=(USERS, GROUPS, MEMBERS),
    collect=_collect,
    after=("sso-admin",),
)
