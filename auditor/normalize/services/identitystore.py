"""identitystore:ListUsers, ListGroups and ListGroupMemberships to people and groups."""

from typing import Any

from auditor.model.fact import NotApplicable, Present
from auditor.model.people import GroupMembership, IdentityCenterGroup, IdentityCenterUser, OuterId
from auditor.normalize.facts import Members, text
from auditor.normalize.interface import ListCall, Normalizer
from auditor.normalize.reading import Found, Reading

_USERS = "identitystore:ListUsers"
_GROUPS = "identitystore:ListGroups"
_MEMBERS = "identitystore:ListGroupMemberships"
_GROUP = "arn:{partition}:identitystore:::group/{GroupId}"
_NO_TAGS = NotApplicable(why="carries no tags")


def normalize(read: Reading) -> None:
    """Add users, groups and memberships."""
    for found in read.records(_USERS, "Users"):
        _user(read, found)
    for found in read.records(_GROUPS, "Groups"):
        _group(read, found)
    for each in read.reads(_MEMBERS):
        group = _arn(read, "group", str(each.page.parameters["GroupId"]))
        for record in each.body.get("GroupMemberships") or ():
            _membership(read, Found(record, _MEMBERS, (each.page.sha256,)), group)


def _arn(read: Reading, kind: str, identity: str) -> str:
    """Return the ARN that AWS gives users, groups and memberships (Service Authorization Reference)."""
    return f"arn:{read.partition}:identitystore:::{kind}/{identity}"


def _place(read: Reading, arn: str, name: str) -> dict[str, Any]:
    return {"account": read.key.account, "region": read.key.region, "arn": arn, "name": name, "tags": _NO_TAGS}


def _outer(value: Any) -> tuple[OuterId, ...]:
    found = {(text(each["Issuer"]), text(each["Id"])) for each in value if each is not None}
    return tuple(OuterId(issuer=issuer, id=identity) for issuer, identity in sorted(found))


def _user(read: Reading, found: Found) -> None:
    user_id = str(found.record["UserId"])
    arn = _arn(read, "user", user_id)
    about = Members(read, _USERS, arn, found.record)
    name = about.text("UserName")
    user = IdentityCenterUser(
        **_place(read, arn, name.value if isinstance(name, Present) else user_id),
        user_id=user_id,
        user_name=name,
        display_name=about.text("DisplayName"),
        status=about.text("UserStatus"),
        outer_ids=about.take("ExternalIds", _outer),
    )
    read.add(user, found.pages)


def _group(read: Reading, found: Found) -> None:
    group_id = str(found.record["GroupId"])
    arn = _arn(read, "group", group_id)
    about = Members(read, _GROUPS, arn, found.record)
    name = about.text("DisplayName")
    group = IdentityCenterGroup(
        **_place(read, arn, name.value if isinstance(name, Present) else group_id),
        group_id=group_id,
        display_name=name,
        outer_ids=about.take("ExternalIds", _outer),
    )
    read.add(group, [*found.pages, *read.pages_of(_MEMBERS, GroupId=group_id)])


def _membership(read: Reading, found: Found, group: str) -> None:
    arn = _arn(read, "membership", str(found.record["MembershipId"]))
    about = Members(read, _MEMBERS, arn, found.record)
    membership = GroupMembership(
        **_place(read, arn, arn.rpartition("/")[2]), group_arn=group, member=about.take("MemberId", _member)
    )
    read.add(membership, found.pages)


def _member(value: Any) -> str:
    return text(value["UserId"])


NORMALIZER = Normalizer(
    "identitystore",
    normalize,
    lists=(
        ListCall(_USERS, "IdentityCenterUser", "Users"),
        ListCall(_GROUPS, "IdentityCenterGroup", "Groups"),
        ListCall(_MEMBERS, "GroupMembership", "GroupMemberships", _GROUP),
    ),
)
