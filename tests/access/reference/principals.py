"""Who calls, what that tells the request, and how a Principal element names the caller.

IAM user guide: principal element, not-principal element, global condition keys, policy variables (principal key values).
"""

import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from tests.access.reference.operators import as_list

Case = dict[str, Any]
Policy = dict[str, Any]


class Named(Enum):
    """How a statement names the caller: what it grants depends on it."""

    NOT = auto()
    ACCOUNT = auto()  # only the account: delegates to the account's own policies
    ROLE = auto()  # the role of the session: bounded by boundary and session policy
    DIRECTLY = auto()  # the user, the session, the service, the root user, or everyone


@dataclass(frozen=True)
class Caller:
    """arn is empty for anonymous calls and for services."""

    arn: str = ""
    service: str = ""
    has_boundary: bool = False

    @property
    def account(self) -> str:
        return self.arn.split(":")[4] if self.arn else ""

    @property
    def is_root(self) -> bool:
        return self.arn.endswith(":root")

    @property
    def is_user(self) -> bool:
        return ":user/" in self.arn

    @property
    def is_federated(self) -> bool:
        return ":federated-user/" in self.arn

    @property
    def role_arn(self) -> str:
        """The role of a role session. A session's ARN leaves out the role's path: roles here have none."""
        if ":role/" in self.arn:
            return self.arn
        session = re.fullmatch(r"arn:(\w[\w-]*):sts::(\d+):assumed-role/([^/]+)/.+", self.arn)
        return f"arn:{session[1]}:iam::{session[2]}:role/{session[3]}" if session else ""


def caller_of(case: Case) -> Caller:
    principal = case.get("principal", {})
    return Caller(principal.get("arn", ""), principal.get("service", ""), "boundary" in principal)


def request_context(case: Case) -> dict[str, str | list[str]]:
    """Keys told, and those that follow from who calls what; anything else is not in the request."""
    keys = {
        "aws:ResourceAccount": case["resource_account"],
        **_principal_keys(caller_of(case)),
        **case.get("context", {}),
    }
    return {key.lower(): value for key, value in keys.items() if key not in case.get("absent", [])}


def _principal_keys(caller: Caller) -> dict[str, str]:
    if caller.service:
        return {"aws:PrincipalIsAWSService": "true", "aws:PrincipalServiceName": caller.service}
    if not caller.arn:
        return {}
    keys = {
        "aws:PrincipalArn": caller.role_arn or caller.arn,
        "aws:PrincipalAccount": caller.account,
        "aws:PrincipalIsAWSService": "false",
        "aws:PrincipalType": _principal_type(caller),
    }
    if caller.is_user:
        keys["aws:username"] = caller.arn.rsplit("/", 1)[1]
    return keys


def _principal_type(caller: Caller) -> str:
    if caller.is_root:
        return "Account"
    if caller.is_user:
        return "User"
    return "FederatedUser" if caller.is_federated else "AssumedRole"


def how_named(statement: Policy, caller: Caller) -> Named:
    """By the Principal or NotPrincipal of a statement. An Allow to all but some is an Allow to everyone else."""
    if "NotPrincipal" not in statement:
        return _listed(statement["Principal"], caller)
    if statement["Effect"] == "Deny" and caller.has_boundary:
        return Named.DIRECTLY  # "will always deny any IAM principal that has a permissions boundary", whoever is listed
    return Named.DIRECTLY if _listed(statement["NotPrincipal"], caller) is Named.NOT else Named.NOT


def _listed(element: Any, caller: Caller) -> Named:
    if element == "*":
        return Named.DIRECTLY
    if caller.service and caller.service in as_list(element.get("Service", [])):
        return Named.DIRECTLY
    return _among(as_list(element.get("AWS", [])), caller)


def _among(listed: list[str], caller: Caller) -> Named:
    if "*" in listed:
        return Named.DIRECTLY
    if not caller.arn:
        return Named.NOT
    account = {caller.account, f"arn:{caller.arn.split(':')[1]}:iam::{caller.account}:root"}
    if caller.arn in listed and caller.arn != caller.role_arn:
        return Named.DIRECTLY
    if caller.role_arn in listed:
        return Named.ROLE
    if not account.isdisjoint(listed):
        return Named.ACCOUNT
    return Named.NOT
