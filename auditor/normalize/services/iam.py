"""iam:GetAccountAuthorizationDetails, ListAccessKeys, GetAccountSummary and the credential report to identities."""

from collections.abc import Mapping
from typing import Any

from auditor.model.fact import Fact, NotApplicable, Present
from auditor.model.iam import AccessKey, AccountSettings, Group, InlinePolicy, ManagedPolicy, Role, User
from auditor.model.resource import Listing
from auditor.model.snapshot import Gap
from auditor.normalize.facts import Members, number, policy, text
from auditor.normalize.interface import ListCall, Normalizer
from auditor.normalize.reading import Found, Reading
from auditor.normalize.services.credential_report import CredentialReport, credential_report

_DETAILS = "iam:GetAccountAuthorizationDetails"
_SUMMARY = "iam:GetAccountSummary"
_KEYS = "iam:ListAccessKeys"
_REPORT = "iam:GetCredentialReport"
_NO_TAGS = NotApplicable(why="carries no tags")
_COUNTED = {"User": "Users", "Role": "Roles", "Group": "Groups", "ManagedPolicy": "Policies"}
"""Lists with a second count in the account summary, by its name there. `Policies` counts the account's own."""


def normalize(read: Reading) -> None:
    """Add the identities, policies and keys of the account."""
    report = credential_report(read)
    users = list(read.records(_DETAILS, "UserDetailList"))
    for found in users:
        _user(read, found, report)
    for found in read.records(_DETAILS, "RoleDetailList"):
        _role(read, found)
    for found in read.records(_DETAILS, "GroupDetailList"):
        _group(read, found)
    for found in read.records(_DETAILS, "Policies"):
        _managed(read, found)
    keys = sum(_access_keys(read, found, report) for found in users)
    summary = _summary(read)
    _settings(read, report, summary)
    _second_counts(read, summary)
    _key_count(read, report, keys)


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
    row = _row(read, found, report)
    user = User(
        **_place(read, found, "UserName"),
        tags=about.tags("Tags"),
        attached_policy_arns=about.take("AttachedManagedPolicies", _attached),
        inline_policies=about.take("UserPolicyList", _inline),
        groups=about.texts("GroupList"),
        permissions_boundary=about.take("PermissionsBoundary", _boundary),
        password_enabled=row.flag("password_enabled"),
        mfa_active=row.flag("mfa_active"),
    )
    told = row.record or {}
    volatile = {
        name: told.get(name)
        for name in ("password_last_used", "access_key_1_last_used_date", "access_key_2_last_used_date")
    }
    read.add(user, [*found.pages, *report.pages], volatile)


def _row(read: Reading, found: Found, report: CredentialReport) -> Members:
    """Return a user's row; a user made after the cached report has none, and that is not known, not false."""
    arn = str(found.record.get("Arn", ""))
    row = report.rows.get(arn)
    gap = report.gap
    if gap is None and row is None:
        gap = read.broken(_REPORT, arn, "the report has no row of this user (it may be older than the user)")
    return Members(read, _REPORT, arn, row, gap)


def _role(read: Reading, found: Found) -> None:
    about = _about(read, found)
    role = Role(
        **_place(read, found, "RoleName"),
        tags=about.tags("Tags"),
        trust_policy=about.policy("AssumeRolePolicyDocument"),
        attached_policy_arns=about.take("AttachedManagedPolicies", _attached),
        inline_policies=about.take("RolePolicyList", _inline),
        permissions_boundary=about.take("PermissionsBoundary", _boundary),
    )
    last_used = found.record.get("RoleLastUsed")
    read.add(
        role, found.pages, {"RoleLastUsed": last_used.get("LastUsedDate") if isinstance(last_used, Mapping) else None}
    )


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
    return next(policy(each["Document"]) for each in value if str(each.get("IsDefaultVersion")).lower() == "true")


def _access_keys(read: Reading, user: Found, report: CredentialReport) -> int:
    """Add the keys of one user and their listing; return how many are active."""
    user_arn, user_name = str(user.record.get("Arn", "")), str(user.record.get("UserName", ""))
    active = 0
    count = 0
    for found in read.records(_KEYS, "AccessKeyMetadata", UserName=user_name):
        key_id = str(found.record.get("AccessKeyId", ""))
        arn = f"{user_arn}#{key_id}"
        about = Members(read, _KEYS, arn, found.record)
        key = AccessKey(
            account=read.key.account,
            region=read.key.region,
            arn=arn,
            name=f"{user_name} {key_id}",
            tags=_NO_TAGS,
            key_id=key_id,
            user_arn=user_arn,
            status=about.text("Status"),
            created=about.moment("CreateDate"),
        )
        count += 1
        active += found.record.get("Status") == "Active"
        read.add(key, [*found.pages, *report.pages])
    gap = read.gap(_KEYS, user_arn)
    listing = _listing(read, "AccessKey", user_arn, count, gap)
    read.listings.append(listing.model_copy(update={"pages": read.pages_of(_KEYS, UserName=user_name)}))
    return active


def _listing(read: Reading, kind: str, parent: str | None, count: int, gap: Gap | None) -> Listing:
    """Return a listing of access keys; its pages are given by the caller."""
    return Listing(
        kind=kind,
        account=read.key.account,
        region=read.key.region,
        parent=parent,
        operation=_KEYS,
        count=count,
        complete=gap is None,
        pages=(),
    )


def _summary(read: Reading) -> Mapping[str, str]:
    answers = read.reads(_SUMMARY)
    entries = answers[0].body.get("SummaryMap") if answers else None
    if not isinstance(entries, list):
        return {}
    return {str(each.get("key")): str(each.get("value")) for each in entries if isinstance(each, Mapping)}


def _settings(read: Reading, report: CredentialReport, summary: Mapping[str, str]) -> None:
    arn = f"arn:{read.partition}:iam::{read.key.account}:account"
    gap = read.gap(_SUMMARY, None)
    about = Members(read, _SUMMARY, arn, summary or None, gap)
    settings = AccountSettings(
        account=read.key.account,
        region=read.key.region,
        arn=arn,
        name=f"account {read.key.account}",
        tags=_NO_TAGS,
        root_access_keys=about.number("AccountAccessKeysPresent"),
        root_mfa_enabled=_as_flag(about.number("AccountMFAEnabled")),
    )
    root = report.root or {}
    read.add(
        settings, [*read.pages_of(_SUMMARY), *report.pages], {"root_password_last_used": root.get("password_last_used")}
    )


def _as_flag(fact: Fact[int]) -> Fact[bool]:
    return Present(value=fact.value > 0) if isinstance(fact, Present) else fact


def _second_counts(read: Reading, summary: Mapping[str, str]) -> None:
    """Put the account summary's counts beside the lists that they count too."""
    for index, listing in enumerate(read.listings):
        name = _COUNTED.get(listing.kind)
        if listing.operation == _DETAILS and name is not None and name in summary:
            own = sum(_is_own(read, each) for each in read.records(_DETAILS, "Policies"))
            counted = {"count": own} if listing.kind == "ManagedPolicy" else {}
            read.listings[index] = listing.model_copy(
                update={**counted, "second_count": number(summary[name]), "second_source": f"{_SUMMARY} {name}"}
            )


def _is_own(read: Reading, found: Found) -> bool:
    return str(found.record.get("Arn", "")).startswith(f"arn:{read.partition}:iam::{read.key.account}:")


def _key_count(read: Reading, report: CredentialReport, active: int) -> None:
    """Add the account's list of active access keys with the credential report as second count."""
    gaps = [gap for gap in read.gaps if gap.operation in {_KEYS, _DETAILS}]
    listing = _listing(read, "ActiveAccessKey", None, active, gaps[0] if gaps else None)
    read.listings.append(
        listing.model_copy(
            update={
                "pages": read.pages_of(_KEYS),
                "second_count": report.active_keys,
                "second_source": _REPORT if report.gap is None else None,
                "second_as_of": report.generated,
            }
        )
    )


NORMALIZER = Normalizer(
    "iam",
    normalize,
    # iam:ListAccessKeys is told by its own function: its parent's ARN has a path that the call does not.
    lists=(
        ListCall(_DETAILS, "User", "UserDetailList"),
        ListCall(_DETAILS, "Role", "RoleDetailList"),
        ListCall(_DETAILS, "Group", "GroupDetailList"),
        ListCall(_DETAILS, "ManagedPolicy", "Policies"),
    ),
)
