"""IAM Identity Center: its instances, permission sets, and who is assigned to which account.

Assignments are asked for by permission set and account, not by principal: an assignment to someone who was deleted can be
found in no other way. Calls: permission sets times the accounts that each is provisioned to.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from auditor.collect.interface import Caller, Collector, Operation, Paging, Reach

_INSTANCE = "{InstanceArn}"
_SET = "{PermissionSetArn}"
_TOKEN = {"token_out": "NextToken", "token_in": "NextToken"}
STORES = "identity-stores"
"""Topic: ids of the identity stores that can be read here."""

INSTANCES = Operation(
    "sso-admin",
    "ListInstances",
    "sso:ListInstances",
    "*",
    required=("Instances",),
    records=(("Instances", "InstanceArn"),),
    page=Paging(items="Instances", **_TOKEN),
)
SETS = Operation(
    "sso-admin",
    "ListPermissionSets",
    "sso:ListPermissionSets",
    _INSTANCE,
    required=("PermissionSets",),
    texts=("PermissionSets",),
    page=Paging(items="PermissionSets", **_TOKEN),
    per=("IdentityCenterInstance",),
)
SET = Operation(
    "sso-admin",
    "DescribePermissionSet",
    "sso:DescribePermissionSet",
    _SET,
    required=("PermissionSet",),
    per=("PermissionSet",),
)
MANAGED = Operation(
    "sso-admin",
    "ListManagedPoliciesInPermissionSet",
    "sso:ListManagedPoliciesInPermissionSet",
    _SET,
    required=("AttachedManagedPolicies",),
    records=(("AttachedManagedPolicies", "Arn"),),
    page=Paging(items="AttachedManagedPolicies", **_TOKEN),
    per=("PermissionSet",),
)
CUSTOMER = Operation(
    "sso-admin",
    "ListCustomerManagedPolicyReferencesInPermissionSet",
    "sso:ListCustomerManagedPolicyReferencesInPermissionSet",
    _SET,
    required=("CustomerManagedPolicyReferences",),
    records=(("CustomerManagedPolicyReferences", "Name"),),
    page=Paging(items="CustomerManagedPolicyReferences", **_TOKEN),
    per=("PermissionSet",),
)
INLINE = Operation(
    "sso-admin",
    "GetInlinePolicyForPermissionSet",
    "sso:GetInlinePolicyForPermissionSet",
    _SET,
    per=("PermissionSet",),
)
BOUNDARY = Operation(
    "sso-admin",
    "GetPermissionsBoundaryForPermissionSet",
    "sso:GetPermissionsBoundaryForPermissionSet",
    _SET,
    required=("PermissionsBoundary",),
    per=("PermissionSet",),
    tolerated=("ResourceNotFoundException",),
)
PROVISIONED = Operation(
    "sso-admin",
    "ListAccountsForProvisionedPermissionSet",
    "sso:ListAccountsForProvisionedPermissionSet",
    _SET,
    required=("AccountIds",),
    texts=("AccountIds",),
    page=Paging(items="AccountIds", **_TOKEN),
    per=("PermissionSet",),
)
ASSIGNMENTS = Operation(
    "sso-admin",
    "ListAccountAssignments",
    "sso:ListAccountAssignments",
    _SET,
    required=("AccountAssignments",),
    records=(("AccountAssignments", "PrincipalId"),),
    page=Paging(items="AccountAssignments", **_TOKEN),
    per=("ProvisionedAccount",),
)


def _collect(call: Caller) -> None:
    for each in call(INSTANCES, MaxResults=100).items("Instances"):
        if is_replica(each, call.region):
            call.declare(f"{each.get('InstanceArn')} is read in its primary region {each.get('PrimaryRegion')}")
        else:
            _instance(call, each)


def is_replica(instance: Mapping[str, Any], region: str) -> bool:
    """Return whether an instance is shown here as a copy of the one in its primary region."""
    primary = instance.get("PrimaryRegion")
    return isinstance(primary, str) and primary not in {"", region}


def _instance(call: Caller, instance: Mapping[str, Any]) -> None:
    arn = str(instance["InstanceArn"])
    is_ours = instance.get("OwnerAccountId") in {None, call.account}
    # A member account sees the organization's instance, and may read it only as delegated administrator.
    listing = SETS if is_ours else replace(SETS, tolerated=("AccessDeniedException",))
    sets = call(listing, arn, InstanceArn=arn, MaxResults=100)
    if not is_ours and sets.complete and not sets.bodies:
        owner = instance.get("OwnerAccountId")
        call.declare(f"{arn} belongs to account {owner}: only that account and delegated administrators read it")
        return
    if isinstance(instance.get("IdentityStoreId"), str):
        call.remember(STORES, str(instance["IdentityStoreId"]))
    call.gather([partial(_set, call, arn, each) for each in sets.texts("PermissionSets")])


def _set(call: Caller, instance: str, arn: str) -> None:
    asked = {"InstanceArn": instance, "PermissionSetArn": arn}
    for operation in (SET, INLINE, BOUNDARY):
        call(operation, arn, **asked)
    for operation in (MANAGED, CUSTOMER):
        call(operation, arn, **asked, MaxResults=100)
    accounts = call(PROVISIONED, arn, **asked, MaxResults=100)
    for account in accounts.texts("AccountIds"):
        call(ASSIGNMENTS, f"{arn}#account/{account}", **asked, AccountId=account, MaxResults=100)


COLLECTOR = Collector(
    service="sso-admin",
    reach=Reach.REGIONAL,
    operations=(INSTANCES, SETS, SET, MANAGED, CUSTOMER, INLINE, BOUNDARY, PROVISIONED, ASSIGNMENTS),
    collect=_collect,
)
