"""iam:GetAccountAuthorizationDetails with the credential report and iam:ListMFADevices to users, groups, roles and policies."""

from collections.abc import Mapping
from typing import Any

from auditor.model.fact import Fact, NotApplicable, Present, Unread
from auditor.model.iam import Group, InlinePolicy, ManagedPolicy, Role, User
from auditor.normalize.facts import Members, flag, moment, number, policy, text
from auditor.normalize.interface import ListCall, Normalizer
from auditor.normalize.reading import Found, Reading
from auditor.normalize.services.credential_report import (
    CredentialReport,
    are_dates,
    credential_report,
    date_of,
    row_of,
)
from auditor.normalize.services.iam_account import summary

_DETAILS = "iam:GetAccountAuthorizationDetails"
_SUMMARY = "iam:GetAccountSummary"
_DEVICES = "iam:ListMFADevices"
_WITHOUT_PASSWORD = NotApplicable(why="asked only for users with a console password")
_NO_TAGS = NotApplicable(why="carries no tags")
_VOLATILE = ("password_last_used", "access_key_1_last_used_date", "access_key_2_last_used_date")
_COUNTED = {"User": "Users", "Role": "Roles", "Group": "Groups", "ManagedPolicy": "Policies"}
"""Lists with a second count in the account summary, by its name there. `Policies` counts the account's own."""


def normalize(read: Reading) -> None:
    """Add the identities and policies of the account."""
    report = credential_report(read)
    for found in read.records(_DETAILS, "UserDetailList"):
        _user(read, found, report)
    for found in read.records(_DETAILS, "RoleDetailList"):
        _role(read, found)
    for found in read.records(_DETAILS, "GroupDetailList"):
        _group(read, found)
    for found in read.records(_DETAILS, "Policies"):
        _managed(read, found)
    _second_counts(read, summary(read))


def _place(read: Reading, found: Found, name: str) -> dict[str, Any]:
    return {
        "account": read.key.account,
        "region": read.key.region,
        "arn": str(found.record.get("Arn", "")),
        "name": str(found.record.get(name, "")),
    }


def _about(read: Reading, found: Found) -> Members:
    return Members(read, _DETAILS, str(found.record.get("Arn", "")), found.record)


def _attached(value: Any) -> tuple[str, ...]:
    return () if value == "" else tuple(sorted(text(each["PolicyArn"]) for each in value))


def _inline(value: Any) -> tuple[InlinePolicy, ...]:
    if value == "":
        return ()
    found = (InlinePolicy(name=text(each["PolicyName"]), document=policy(each["PolicyDocument"])) for each in value)
    return tuple(sorted(found, key=lambda each: each.name))


def _boundary(value: Any) -> str:
    return text(value["PermissionsBoundaryArn"])


def _user(read: Reading, found: Found, report: CredentialReport) -> None:
    about = _about(read, found)
    row = row_of(read, report, about.resource)
    user = User(
        **_place(read, found, "UserName"),
        tags=about.tags("Tags"),
        path=about.text("Path"),
        created=about.moment("CreateDate"),
        attached_policy_arns=about.take("AttachedManagedPolicies", _attached),
        inline_policies=about.take("UserPolicyList", _inline),
        groups=about.texts("GroupList"),
        permissions_boundary=about.take("PermissionsBoundary", _boundary),
        password_enabled=row.flag("password_enabled"),
        password_last_changed=date_of(row, "password_last_changed"),
        password_last_used_read=are_dates(row, "password_last_used"),
        mfa_active=row.flag("mfa_active"),
        mfa_devices=_devices(read, about.resource, str(found.record.get("UserName", ""))),
        active_signing_certificates=_certificates(row),
    )
    told = row.record or {}
    volatile = {name: told.get(name) for name in _VOLATILE} | {"report_generated": report.generated}
    devices = read.pages_of(_DEVICES, UserName=user.name)
    read.add(user, [*found.pages, *report.pages, *devices], volatile)


def _devices(read: Reading, arn: str, name: str) -> Fact[tuple[str, ...]]:
    gap = read.gap(_DEVICES, arn)
    if gap is not None:
        return Unread(gap=gap)
    if not read.reads(_DEVICES, UserName=name):
        return _WITHOUT_PASSWORD
    serials = (str(each.record.get("SerialNumber", "")) for each in read.records(_DEVICES, "MFADevices", UserName=name))
    return Present(value=tuple(sorted(serials)))


def _certificates(row: Members) -> Fact[int]:
    """Return how many X.509 certificates of a user are active, of the two that it can have."""
    count = 0
    for column in ("cert_1_active", "cert_2_active"):
        fact = row.flag(column)
        if not isinstance(fact, Present):
            return fact
        count += fact.value
    return Present(value=count)


def _role(read: Reading, found: Found) -> None:
    about = _about(read, found)
    role = Role(
        **_place(read, found, "RoleName"),
        tags=about.tags("Tags"),
        path=about.text("Path"),
        created=about.moment("CreateDate"),
        trust_policy=about.policy("AssumeRolePolicyDocument"),
        attached_policy_arns=about.take("AttachedManagedPolicies", _attached),
        inline_policies=about.take("RolePolicyList", _inline),
        permissions_boundary=about.take("PermissionsBoundary", _boundary),
        instance_profiles=about.take("InstanceProfileList", _profiles),
        last_used_read=about.take("RoleLastUsed", _is_last_use),
    )
    last_used = found.record.get("RoleLastUsed")
    told = last_used if isinstance(last_used, Mapping) else {}
    read.add(role, found.pages, {"RoleLastUsed": told.get("LastUsedDate"), "Region": told.get("Region")})


def _profiles(value: Any) -> tuple[str, ...]:
    return () if value == "" else tuple(sorted(text(each["Arn"]) for each in value))


def _is_last_use(value: Any) -> bool:
    """Return true for a role's last use, also where it was never used; raise for what is neither."""
    if value != "" and value.get("LastUsedDate") is not None:
        moment(value["LastUsedDate"])
    return True


def _group(read: Reading, found: Found) -> None:
    about = _about(read, found)
    group = Group(
        **_place(read, found, "GroupName"),
        tags=_NO_TAGS,
        attached_policy_arns=about.take("AttachedManagedPolicies", _attached),
        inline_policies=about.take("GroupPolicyList", _inline),
    )
    read.add(group, found.pages)


def _managed(read: Reading, found: Found) -> None:
    about = _about(read, found)
    managed = ManagedPolicy(
        **_place(read, found, "PolicyName"),
        tags=_NO_TAGS,
        document=about.take("PolicyVersionList", _default_document),
        default_version=about.text("DefaultVersionId"),
    )
    read.add(managed, found.pages, {"AttachmentCount": found.record.get("AttachmentCount")})


def _default_document(value: Any) -> str:
    return next(policy(each["Document"]) for each in value if flag(each.get("IsDefaultVersion", False)))


def _second_counts(read: Reading, counts: Mapping[str, str]) -> None:
    """Put the account summary's counts beside the lists that they count too."""
    for index, listing in enumerate(read.listings):
        name = _COUNTED.get(listing.kind)
        if listing.operation == _DETAILS and name is not None and name in counts:
            own = sum(_is_own(read, each) for each in read.records(_DETAILS, "Policies"))
            counted = {"count": own} if listing.kind == "ManagedPolicy" else {}
            read.listings[index] = listing.model_copy(
                update={**counted, "second_count": number(counts[name]), "second_source": f"{_SUMMARY} {name}"}
            )


def _is_own(read: Reading, found: Found) -> bool:
    return str(found.record.get("Arn", "")).startswith(f"arn:{read.partition}:iam::{read.key.account}:")


NORMALIZER = Normalizer(
    "iam",
    normalize,
    lists=(
        ListCall(_DETAILS, "User", "UserDetailList"),
        ListCall(_DETAILS, "Role", "RoleDetailList"),
        ListCall(_DETAILS, "Group", "GroupDetailList"),
        ListCall(_DETAILS, "ManagedPolicy", "Policies"),
    ),
)
