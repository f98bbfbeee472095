"""What is meant to be renewed: KMS keys and secrets."""

from datetime import datetime
from typing import ClassVar, Literal

from auditor.model.fact import Fact
from auditor.model.resource import Resource


class KmsKey(Resource):
    """kms:DescribeKey with kms:GetKeyRotationStatus and kms:ListKeyRotations."""

    cloudformation: ClassVar[str] = "AWS::KMS::Key"
    whole_list: ClassVar[str] = "arn:{partition}:kms:{region}:{account}:key"
    kind: Literal["KmsKey"] = "KmsKey"
    key_id: str
    aliases: Fact[tuple[str, ...]]
    manager: Fact[str]
    """CUSTOMER or AWS."""
    spec: Fact[str]
    """SYMMETRIC_DEFAULT, RSA_2048, …"""
    origin: Fact[str]
    """AWS_KMS, EXTERNAL, AWS_CLOUDHSM, EXTERNAL_KEY_STORE."""
    state: Fact[str]
    """Enabled, Disabled, PendingDeletion, …"""
    usage: Fact[str]
    multi_region_role: Fact[str]
    """PRIMARY or REPLICA; Absent for a single-region key."""
    created: Fact[datetime]
    policy: Fact[str]
    """Canonical JSON text."""
    rotation_enabled: Fact[bool]
    """NotApplicable where KMS cannot rotate the key."""
    rotation_period_days: Fact[int]
    rotations: Fact[tuple[datetime, ...]]
    """Dates of past rotations, oldest first; NotApplicable where rotation is off."""


class Secret(Resource):
    """secretsmanager:ListSecrets item, with the date of AWSCURRENT by ListSecretVersionIds where rotation is off."""

    cloudformation: ClassVar[str] = "AWS::SecretsManager::Secret"
    whole_list: ClassVar[str] = "arn:{partition}:secretsmanager:{region}:{account}:secret"
    kind: Literal["Secret"] = "Secret"
    created: Fact[datetime]
    rotation_enabled: Fact[bool]
    rotation_days: Fact[int]
    """RotationRules.AutomaticallyAfterDays, or the days of a rate() schedule; Absent for a cron() schedule."""
    rotation_schedule: Fact[str]
    """RotationRules.ScheduleExpression as written."""
    last_rotated: Fact[datetime]
    current_version_created: Fact[datetime]
    """NotApplicable where rotation is on."""
    owning_service: Fact[str]
    kms_key: Fact[str]
