"""What is meant to be renewed: KMS keys and secrets."""

from datetime import datetime
from typing import ClassVar, Literal

from auditor.model.base import Frozen
from auditor.model.fact import Fact
from auditor.model.resource import Resource


class KeyGrant(Frozen):
    """kms:ListGrants item, without its id and date: grants that say the same are one."""

    grantee: str
    """ARN of a principal, or the name of an AWS service."""
    retiring: str | None
    issuing_account: str | None
    operations: tuple[str, ...]
    is_constrained: bool
    """Whether it holds under constraints only (an encryption context, a source ARN)."""


class KeyMaterial(Frozen):
    """kms:ListKeyRotations item: what is or was the key's material, and how it came."""

    rotation_type: str | None
    """AUTOMATIC or ON_DEMAND; None for the first material and for one that waits for its rotation."""
    rotated: datetime | None
    import_state: str | None
    """IMPORTED or PENDING_IMPORT; of imported material alone."""
    material_state: str | None
    """CURRENT, NON_CURRENT, PENDING_ROTATION, …"""
    valid_to: datetime | None


class KmsKey(Resource):
    """kms:DescribeKey with the key's policy, grants, rotation status and rotations."""

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
    """Dates of past rotations, oldest first; NotApplicable where rotation is off and for keys that cannot rotate at all."""
    materials: Fact[tuple[KeyMaterial, ...]]
    """What those rotations were; of imported keys all material, also that which waits for its rotation."""
    deletion_date: Fact[datetime]
    valid_to: Fact[datetime]
    """When imported material expires."""
    expiration_model: Fact[str]
    """KEY_MATERIAL_EXPIRES or KEY_MATERIAL_DOES_NOT_EXPIRE; of imported material alone."""
    key_store: Fact[str]
    """Id of the custom key store."""
    grants: Fact[tuple[KeyGrant, ...]]


class Secret(Resource):
    """secretsmanager:ListSecrets item, with its resource policy, and the date of AWSCURRENT where rotation is off."""

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
    policy: Fact[str]
    """The resource policy as canonical JSON text; Absent where there is none, NotApplicable while it waits for its deletion."""
    deleted: Fact[datetime]
    """When it was marked for deletion."""
    primary_region: Fact[str]
    """Of a replicated secret; another region than its own makes it a replica."""
    rotation_function: Fact[str]
