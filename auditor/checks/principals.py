"""Questions about a user, group or role that more than one check asks."""

from fnmatch import fnmatchcase

from auditor.model.estate import Estate
from auditor.model.iam import Role, is_made_by_aws
from auditor.model.register import BreakGlass

_MADE = (
    "AWSControlTowerExecution",
    "aws-controltower-AdministratorExecutionRole",
    "OrganizationAccountAccessRole",
    "stacksets-exec-*",
    "cdk-*-cfn-exec-role-*",
)
"""Names of roles that a landing zone makes: Control Tower, Organizations, StackSets, the CDK's bootstrap. They prove nothing."""


def break_glass(arn: str, estate: Estate) -> BreakGlass | None:
    """Return the entry that declares a principal an identity for emergencies."""
    return next((each for each in estate.registers.break_glass or () if each.principal == arn), None)


def to_declare(arn: str) -> str:
    """Return the line that would declare a principal break-glass."""
    return f"{{principal: {arn}, owner: …, last_tested: …}}"


def is_made_for_the_account(role: Role) -> bool:
    """Return whether AWS or a landing zone made a role; by path, or by name alone, for its maker is told nowhere."""
    return is_made_by_aws(role.arn) or any(fnmatchcase(role.name, each) for each in _MADE)
