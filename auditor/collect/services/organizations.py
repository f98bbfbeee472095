"""The organization of an account: its accounts and units, and the policies that stand above every permission.

Any member may describe its organization; the rest is told to the management account and to delegated administrators alone.
A refusal elsewhere is how Organizations works, and is declared; in the management account it is a gap.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from auditor.collect.interface import Answer, Caller, Collector, Operation, Paging, Reach

_TOKEN = {"token_out": "NextToken", "token_in": "NextToken"}
POLICY_TYPES = ("RESOURCE_CONTROL_POLICY", "SERVICE_CONTROL_POLICY")

ORGANIZATION = Operation(
    "organizations",
    "DescribeOrganization",
    "organizations:DescribeOrganization",
    "*",
    required=("Organization",),
    tolerated=("AWSOrganizationsNotInUseException",),
)
ACCOUNTS = Operation(
    "organizations",
    "ListAccounts",
    "organizations:ListAccounts",
    "*",
    required=("Accounts",),
    records=(("Accounts", "Id"),),
    page=Paging(items="Accounts", **_TOKEN),
)
ROOTS = Operation(
    "organizations",
    "ListRoots",
    "organizations:ListRoots",
    "*",
    required=("Roots",),
    records=(("Roots", "Id"),),
    page=Paging(items="Roots", **_TOKEN),
)
UNITS = Operation(
    "organizations",
    "ListOrganizationalUnitsForParent",
    "organizations:ListOrganizationalUnitsForParent",
    "*",
    required=("OrganizationalUnits",),
    records=(("OrganizationalUnits", "Id"),),
    page=Paging(items="OrganizationalUnits", **_TOKEN),
    per=("OrganizationRoot", "OrganizationalUnit"),
)
PLACED = Operation(
    "organizations",
    "ListAccountsForParent",
    "organizations:ListAccountsForParent",
    "*",
    required=("Accounts",),
    records=(("Accounts", "Id"),),
    page=Paging(items="Accounts", **_TOKEN),
    per=("OrganizationRoot", "OrganizationalUnit"),
)
POLICIES = Operation(
    "organizations",
    "ListPolicies",
    "organizations:ListPolicies",
    "*",
    required=("Policies",),
    records=(("Policies", "Id"),),
    page=Paging(items="Policies", **_TOKEN),
    # One call for each of the two types.
    per=("OrganizationRoot", "OrganizationRoot"),
)
POLICY = Operation(
    "organizations",
    "DescribePolicy",
    "organizations:DescribePolicy",
    "*",
    required=("Policy",),
    per=("OrganizationPolicy",),
)
TARGETS = Operation(
    "organizations",
    "ListTargetsForPolicy",
    "organizations:ListTargetsForPolicy",
    "*",
    required=("Targets",),
    records=(("Targets", "TargetId"),),
    page=Paging(items="Targets", **_TOKEN),
    per=("OrganizationPolicy",),
)
DELEGATES = Operation(
    "organizations",
    "ListDelegatedAdministrators",
    "organizations:ListDelegatedAdministrators",
    "*",
    required=("DelegatedAdministrators",),
    records=(("DelegatedAdministrators", "Id"),),
    page=Paging(items="DelegatedAdministrators", **_TOKEN),
)
Ask = Callable[..., Answer]


def _collect(call: Caller) -> None:
    described = call(ORGANIZATION)
    organization = described.bodies[0].get("Organization") if described.bodies else None
    if not isinstance(organization, Mapping):
        return
    is_management = organization.get("MasterAccountId") == call.account
    ask: Ask = call if is_management else partial(_as_member, call)
    accounts = ask(ACCOUNTS, None)
    if accounts.complete and not accounts.bodies:
        management = organization.get("MasterAccountId")
        call.declare(
            f"the organization is told to its management account {management} and delegated administrators alone"
        )
        return
    ask(DELEGATES, None)
    here = f"arn:{call.partition}:organizations::{call.account}:organization"
    for root in ask(ROOTS, None).items("Roots"):
        _below(ask, here, str(root["Id"]))
    for kind in POLICY_TYPES:
        for policy in ask(POLICIES, f"{here}#policies/{kind}", Filter=kind).items("Policies"):
            about = f"{here}#policy/{policy['Id']}"
            ask(POLICY, about, PolicyId=policy["Id"])
            ask(TARGETS, about, PolicyId=policy["Id"])


def _as_member(call: Caller, operation: Operation, about: str | None, **parameters: Any) -> Answer:
    """Ask as an account that Organizations may refuse by nature."""
    return call(replace(operation, tolerated=("AccessDeniedException",)), about, **parameters)


def _below(ask: Ask, here: str, root: str) -> None:
    """Read the accounts and units below a root; each unit once, so that no answer makes the walk endless."""
    waiting, seen = [root], {root}
    while waiting:
        parent = waiting.pop()
        about = f"{here}#parent/{parent}"
        ask(PLACED, about, ParentId=parent)
        found = {str(unit["Id"]) for unit in ask(UNITS, about, ParentId=parent).items("OrganizationalUnits")} - seen
        seen |= found
        waiting += sorted(found)


COLLECTOR = Collector(
    service="organizations",
    reach=Reach.GLOBAL,
    operations=(ORGANIZATION, ACCOUNTS, DELEGATES, ROOTS, UNITS, PLACED, POLICIES, POLICY, TARGETS),
    collect=_collect,
)
