"""What an account has once: its root user and its account-wide IAM settings."""

from typing import ClassVar, Literal

from auditor.model.base import Frozen
from auditor.model.fact import Fact
from auditor.model.resource import Resource


class PasswordPolicy(Frozen):
    """iam:GetAccountPasswordPolicy: what IAM demands of users' passwords."""

    minimum_length: int
    require_symbols: bool
    require_numbers: bool
    require_uppercase: bool
    require_lowercase: bool
    allow_users_to_change: bool
    expire: bool
    max_age_days: int | None
    """None: passwords do not expire."""
    reuse_prevention: int | None
    """None: an old password may be used again."""
    hard_expiry: bool | None


class AccountSettings(Resource):
    """iam:GetAccountPasswordPolicy and ListOrganizationsFeatures. ARN `arn:aws:iam::ACCOUNT:account`."""

    cloudformation: ClassVar[str] = "AWS::IAM::Account"
    is_global: ClassVar[bool] = True
    kind: Literal["AccountSettings"] = "AccountSettings"
    password_policy: Fact[PasswordPolicy]
    """Absent where the account has none: then IAM's own default holds."""
    organization_id: Fact[str]
    """As ListOrganizationsFeatures tells it; NotApplicable where this account may not ask."""
    root_features: Fact[tuple[str, ...]]
    """RootCredentialsManagement, RootSessions: what the organization turned on for its member accounts. Absent where there is no
    organization or nothing is turned on; NotApplicable where only another account is answered (documented, never tried live)."""


class RootUser(Resource):
    """The root user by iam:GetAccountSummary; its last use stands beside it, from its row of the credential report."""

    cloudformation: ClassVar[str] = "AWS::IAM::User"
    whole_list: ClassVar[str] = "arn:{partition}:iam::{account}:root"
    is_global: ClassVar[bool] = True
    kind: Literal["RootUser"] = "RootUser"
    password_present: Fact[bool]
    mfa_enabled: Fact[bool]
    access_keys: Fact[int]
    signing_certificates: Fact[int]
    last_used_read: Fact[bool]
    """Whether the dates beside it were read; see AccessKey."""
