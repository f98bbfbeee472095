"""People and how they reach accounts: IAM Identity Center (sso-admin) and its identity store."""

from datetime import datetime
from typing import ClassVar, Literal

from auditor.model.base import Frozen
from auditor.model.fact import Fact
from auditor.model.resource import Resource


class OuterId(Frozen):
    """The name that an identity has where it comes from."""

    issuer: str
    id: str


class IdentityCenterInstance(Resource):
    """sso-admin:ListInstances item, where its primary region shows it, or where only a copy of it is shown."""

    cloudformation: ClassVar[str] = "AWS::SSO::Instance"
    whole_list: ClassVar[str] = "arn:{partition}:sso:::instance"
    kind: Literal["IdentityCenterInstance"] = "IdentityCenterInstance"
    identity_store: Fact[str]
    owner_account: Fact[str]
    status: Fact[str]
    """CREATE_IN_PROGRESS, CREATE_FAILED, DELETE_IN_PROGRESS, ACTIVE."""
    primary_region: Fact[str]
    """Absent where AWS does not say: then it is the region that was asked."""
    created: Fact[datetime]
    permission_sets: Fact[tuple[str, ...]]
    """ARNs. NotApplicable for a copy outside its primary region; Unread where the account may not list them."""


class PermissionSet(Resource):
    """sso-admin:DescribePermissionSet with its policies and the accounts that it is provisioned to."""

    cloudformation: ClassVar[str] = "AWS::SSO::PermissionSet"
    rests_on: ClassVar[tuple[str, ...]] = ("IdentityCenterInstance", "PermissionSet")
    kind: Literal["PermissionSet"] = "PermissionSet"
    instance_arn: str
    set_name: Fact[str]
    session_duration: Fact[str]
    """ISO 8601, e.g. PT8H."""
    attached_policy_arns: Fact[tuple[str, ...]]
    customer_policies: Fact[tuple[str, ...]]
    """Path and name of policies that each account must have itself."""
    policy: Fact[str]
    """Canonical JSON text."""
    permissions_boundary: Fact[str]
    """ARN, or path and name of a policy of the account."""
    accounts: Fact[tuple[str, ...]]

    @property
    def parents(self) -> tuple[str, ...]:
        """What it stands below."""
        return (self.instance_arn,)


class AccountAssignment(Resource):
    """sso-admin:ListAccountAssignments item. ARN `PERMISSION-SET-ARN#assignment/ACCOUNT/TYPE/PRINCIPAL-ID`."""

    cloudformation: ClassVar[str] = "AWS::SSO::Assignment"
    rests_on: ClassVar[tuple[str, ...]] = (
        "IdentityCenterInstance",
        "PermissionSet",
        "ProvisionedAccount",
        "AccountAssignment",
    )
    kind: Literal["AccountAssignment"] = "AccountAssignment"
    permission_set_arn: str
    target_account: str
    principal_type: Fact[str]
    """USER or GROUP."""
    principal_id: str

    @property
    def parents(self) -> tuple[str, ...]:
        """What it stands below, nearest first."""
        return (f"{self.permission_set_arn}#account/{self.target_account}", self.permission_set_arn)


class IdentityCenterUser(Resource):
    """identitystore:ListUsers item: the names that an auditor asks for, and no more of a person."""

    cloudformation: ClassVar[str] = "AWS::IdentityStore::User"
    whole_list: ClassVar[str] = "arn:{partition}:identitystore::{account}:identitystore#users"
    kind: Literal["IdentityCenterUser"] = "IdentityCenterUser"
    user_id: str
    user_name: Fact[str]
    display_name: Fact[str]
    status: Fact[str]
    """ENABLED or DISABLED."""
    outer_ids: Fact[tuple[OuterId, ...]]


class IdentityCenterGroup(Resource):
    """identitystore:ListGroups item."""

    cloudformation: ClassVar[str] = "AWS::IdentityStore::Group"
    whole_list: ClassVar[str] = "arn:{partition}:identitystore::{account}:identitystore#groups"
    kind: Literal["IdentityCenterGroup"] = "IdentityCenterGroup"
    group_id: str
    display_name: Fact[str]
    outer_ids: Fact[tuple[OuterId, ...]]


class GroupMembership(Resource):
    """identitystore:ListGroupMemberships item."""

    cloudformation: ClassVar[str] = "AWS::IdentityStore::GroupMembership"
    rests_on: ClassVar[tuple[str, ...]] = ("IdentityCenterGroup", "GroupMembership")
    kind: Literal["GroupMembership"] = "GroupMembership"
    group_arn: str
    member: Fact[str]
    """The id of a user."""

    @property
    def parents(self) -> tuple[str, ...]:
        """What it stands below."""
        return (self.group_arn,)
