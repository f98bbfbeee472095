"""Identities and their policies: iam:GetAccountAuthorizationDetails, ListAccessKeys, the credential report."""

from datetime import datetime
from typing import ClassVar, Literal

from auditor.model.base import Frozen
from auditor.model.fact import Fact
from auditor.model.resource import Resource


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
    trust_policy: Fact[str]
    """Canonical JSON text, URL-decoded."""
    attached_policy_arns: Fact[tuple[str, ...]]
    inline_policies: Fact[tuple[InlinePolicy, ...]]
    permissions_boundary: Fact[str]


class User(Resource):
    """UserDetail with the facts of its row in the credential report."""

    cloudformation: ClassVar[str] = "AWS::IAM::User"
    whole_list: ClassVar[str] = "arn:{partition}:iam::{account}:user"
    is_global: ClassVar[bool] = True
    kind: Literal["User"] = "User"
    attached_policy_arns: Fact[tuple[str, ...]]
    inline_policies: Fact[tuple[InlinePolicy, ...]]
    groups: Fact[tuple[str, ...]]
    permissions_boundary: Fact[str]
    password_enabled: Fact[bool]
    mfa_active: Fact[bool]


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
    """iam:ListAccessKeys item. ARN `arn:aws:iam::ACCOUNT:user/NAME#KEYID`."""

    cloudformation: ClassVar[str] = "AWS::IAM::AccessKey"
    rests_on: ClassVar[tuple[str, ...]] = ("User", "AccessKey")
    is_global: ClassVar[bool] = True
    kind: Literal["AccessKey"] = "AccessKey"
    key_id: str
    user_arn: str
    status: Fact[str]
    """Active, Inactive or Expired."""
    created: Fact[datetime]

    @property
    def parents(self) -> tuple[str, ...]:
        """What it stands below."""
        return (self.user_arn,)


class AccountSettings(Resource):
    """iam:GetAccountSummary and the credential report's root row. ARN `arn:aws:iam::ACCOUNT:account`."""

    cloudformation: ClassVar[str] = "AWS::IAM::Account"
    is_global: ClassVar[bool] = True
    kind: Literal["AccountSettings"] = "AccountSettings"
    root_access_keys: Fact[int]
    root_mfa_enabled: Fact[bool]
