"""The organization above an account, and the policies that bound every permission below them."""

from typing import ClassVar, Literal

from auditor.model.fact import Fact
from auditor.model.resource import Resource


class Organization(Resource):
    """organizations:DescribeOrganization; what only the management account is told is Unread in any other."""

    cloudformation: ClassVar[str] = "AWS::Organizations::Organization"
    is_global: ClassVar[bool] = True
    kind: Literal["Organization"] = "Organization"
    organization_id: Fact[str]
    management_account: Fact[str]
    feature_set: Fact[str]
    """ALL, or CONSOLIDATED_BILLING: then no policy holds."""
    accounts: Fact[tuple[str, ...]]
    """Ids."""
    delegated_administrators: Fact[tuple[str, ...]]
    """Account ids."""
    enabled_policy_types: Fact[tuple[str, ...]]
    """Types that hold below the root: SERVICE_CONTROL_POLICY, RESOURCE_CONTROL_POLICY, …"""
    service_control_policies: Fact[tuple[str, ...]]
    """ARNs."""
    resource_control_policies: Fact[tuple[str, ...]]
    """ARNs."""


class OrganizationAccount(Resource):
    """organizations:ListAccounts item, with its place by ListAccountsForParent."""

    cloudformation: ClassVar[str] = "AWS::Organizations::Account"
    is_global: ClassVar[bool] = True
    kind: Literal["OrganizationAccount"] = "OrganizationAccount"
    account_id: str
    status: Fact[str]
    """State where AWS says it (ACTIVE, SUSPENDED, CLOSED, …), else the older Status."""
    above: Fact[tuple[str, ...]]
    """Ids of the units and the root above it, nearest first."""


class OrganizationPolicy(Resource):
    """organizations:DescribePolicy with ListTargetsForPolicy: a service or resource control policy and where it is attached."""

    cloudformation: ClassVar[str] = "AWS::Organizations::Policy"
    is_global: ClassVar[bool] = True
    kind: Literal["OrganizationPolicy"] = "OrganizationPolicy"
    policy_id: str
    policy_type: str
    """SERVICE_CONTROL_POLICY or RESOURCE_CONTROL_POLICY."""
    is_aws_managed: Fact[bool]
    document: Fact[str]
    """Canonical JSON text."""
    targets: Fact[tuple[str, ...]]
    """Ids of accounts, units and roots."""
