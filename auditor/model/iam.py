"""Identities and their policies: iam:GetAccountAuthorizationDetails, ListAccessKeys, the credential report."""

from datetime import datetime
from typing import ClassVar, Literal

from auditor.model.base import Frozen
from auditor.model.fact import Fact
from auditor.model.resource import Resource

_SERVICE_LINKED, _RESERVED = ":role/aws-service-role/", ":role/aws-reserved/"


def is_service_linked(arn: str) -> bool:
    """Return whether an ARN is a service-linked role's: the service alone takes it, and nobody can edit it."""
    return _SERVICE_LINKED in arn


def is_made_by_aws(arn: str) -> bool:
    """Return whether AWS alone makes roles in an ARN's path, and changes them: service-linked ones, those of Identity Center."""
    return is_service_linked(arn) or _RESERVED in arn


class InlinePolicy(Frozen):
    """A policy that lives inside one identity."""

    name: str
    document: str
    """Canonical JSON text, URL-decoded."""


class Role(Resource):
    """RoleDetail."""

    cloudformation: ClassVar[str] = "AWS::IAM::Role"
    whole_list: ClassVar[str] = "arn:{partition}:iam::{account}:role"
    is_global: ClassVar[bool] = True
    kind: Literal["Role"] = "Role"
    path: Fact[str]
    """`/aws-service-role/…` for service-linked roles, `/aws-reserved/…` for Identity Center's."""
    created: Fact[datetime]
    trust_policy: Fact[str]
    """Canonical JSON text, URL-decoded."""
    attached_policy_arns: Fact[tuple[str, ...]]
    inline_policies: Fact[tuple[InlinePolicy, ...]]
    permissions_boundary: Fact[str]
    instance_profiles: Fact[tuple[str, ...]]
    """ARNs."""
    last_used_read: Fact[bool]
    """Whether the RoleLastUsed beside it was read; see AccessKey."""


class User(Resource):
    """UserDetail with the facts of its row in the credential report."""

    cloudformation: ClassVar[str] = "AWS::IAM::User"
    whole_list: ClassVar[str] = "arn:{partition}:iam::{account}:user"
    is_global: ClassVar[bool] = True
    kind: Literal["User"] = "User"
    path: Fact[str]
    created: Fact[datetime]
    attached_policy_arns: Fact[tuple[str, ...]]
    inline_policies: Fact[tuple[InlinePolicy, ...]]
    groups: Fact[tuple[str, ...]]
    permissions_boundary: Fact[str]
    password_enabled: Fact[bool]
    password_last_changed: Fact[datetime]
    """When the password was set, the first time or again; the report does not tell when the user first got one."""
    password_last_used_read: Fact[bool]
    """Whether the password_last_used beside it was read; see AccessKey."""
    mfa_active: Fact[bool]
    """As the credential report says it, which may be four hours old."""
    mfa_devices: Fact[tuple[str, ...]]
    """iam:ListMFADevices at the moment of collection: serial numbers, passkeys too; NotApplicable without a console password."""
    active_signing_certificates: Fact[int]


class Group(Resource):
    """GroupDetail."""

    cloudformation: ClassVar[str] = "AWS::IAM::Group"
    whole_list: ClassVar[str] = "arn:{partition}:iam::{account}:group"
    is_global: ClassVar[bool] = True
    kind: Literal["Group"] = "Group"
    attached_policy_arns: Fact[tuple[str, ...]]
    inline_policies: Fact[tuple[InlinePolicy, ...]]


class ManagedPolicy(Resource):
    """ManagedPolicyDetail: the account's own, and AWS's where something is attached to it."""

    cloudformation: ClassVar[str] = "AWS::IAM::ManagedPolicy"
    whole_list: ClassVar[str] = "arn:{partition}:iam::{account}:policy"
    is_global: ClassVar[bool] = True
    kind: Literal["ManagedPolicy"] = "ManagedPolicy"
    document: Fact[str]
    """Default version, canonical JSON text, URL-decoded."""
    default_version: Fact[str]


class AccessKey(Resource):
    """iam:ListAccessKeys item. ARN `arn:aws:iam::ACCOUNT:user/NAME#KEYID`.

    When it was last used moves by itself, so LastUsedDate (iam:GetAccessKeyLastUsed) stands in the observation beside the key, and
    a quiet quarter has an equal root. An observation cannot say "not read": it only has the date or not, and no date means "never
    used". So the key says by `last_used_read` whether anybody may look: Present(true) where AWS answered and the date, if any, was
    understood; Unread where it was not; NotApplicable for a key that is not active, which is not asked about. A check needs this
    fact first and reads the observation after.
    """

    cloudformation: ClassVar[str] = "AWS::IAM::AccessKey"
    rests_on: ClassVar[tuple[str, ...]] = ("User", "AccessKey")
    is_global: ClassVar[bool] = True
    kind: Literal["AccessKey"] = "AccessKey"
    key_id: str
    user_arn: str
    status: Fact[str]
    """Active, Inactive or Expired."""
    created: Fact[datetime]
    last_used_read: Fact[bool]

    @property
    def parents(self) -> tuple[str, ...]:
        """What it stands below."""
        return (self.user_arn,)
