"""KMS keys: what they are, who may use them by policy and by grant, and whether and when they rotated."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from auditor.collect.interface import Caller, Collector, Operation, Paging, Reach

_KEY = "arn:{partition}:kms:{region}:{account}:key/{KeyId}"
_MARKER = {"token_out": "NextMarker", "token_in": "Marker", "more": "Truncated"}

KEYS = Operation(
    "kms",
    "ListKeys",
    "kms:ListKeys",
    "*",
    required=("Keys",),
    records=(("Keys", "KeyId"),),
    page=Paging(items="Keys", **_MARKER),
)
ALIASES = Operation(
    "kms",
    "ListAliases",
    "kms:ListAliases",
    "*",
    required=("Aliases",),
    records=(("Aliases", "AliasName"),),
    page=Paging(items="Aliases", **_MARKER),
)
KEY = Operation("kms", "DescribeKey", "kms:DescribeKey", _KEY, required=("KeyMetadata",), per=("KmsKey",))
POLICY = Operation("kms", "GetKeyPolicy", "kms:GetKeyPolicy", _KEY, required=("Policy",), per=("KmsKey",))
ROTATION = Operation(
    "kms", "GetKeyRotationStatus", "kms:GetKeyRotationStatus", _KEY, required=("KeyRotationEnabled",), per=("KmsKey",)
)
ROTATIONS = Operation(
    "kms",
    "ListKeyRotations",
    "kms:ListKeyRotations",
    _KEY,
    required=("Rotations",),
    per=("KmsKey",),
    page=Paging(items="Rotations", **_MARKER),
    # That a key cannot rotate on demand either is an answer: it has no rotations.
    tolerated=("UnsupportedOperationException",),
)
GRANTS = Operation(
    "kms",
    "ListGrants",
    "kms:ListGrants",
    _KEY,
    required=("Grants",),
    per=("KmsKey",),
    records=(("Grants", "GrantId"),),
    page=Paging(items="Grants", **_MARKER),
)

_ROTATABLE_STATES = frozenset({"Enabled", "Disabled"})


def _collect(call: Caller) -> None:
    call(ALIASES, Limit=100)
    keys = call(KEYS, Limit=1000)
    call.gather([partial(_key, call, str(each["KeyId"])) for each in keys.items("Keys") if "KeyId" in each])


def _key(call: Caller, key_id: str) -> None:
    arn = f"arn:{call.partition}:kms:{call.region}:{call.account}:key/{key_id}"
    answer = call(KEY, arn, KeyId=key_id)
    metadata = answer.bodies[0].get("KeyMetadata") if answer.bodies else None
    if not isinstance(metadata, Mapping) or metadata.get("KeyManager") == "AWS":
        return
    call(POLICY, arn, KeyId=key_id, PolicyName="default")
    call(GRANTS, arn, KeyId=key_id, Limit=100)
    if can_rotate_on_demand(metadata):
        call(ROTATIONS, arn, KeyId=key_id, IncludeKeyMaterial="ALL_KEY_MATERIAL", Limit=1000)
    if not can_rotate(metadata):
        return
    status = call(ROTATION, arn, KeyId=key_id)
    if status.bodies and status.bodies[0].get("KeyRotationEnabled") is True:
        call(ROTATIONS, arn, KeyId=key_id, Limit=1000)


def can_rotate(metadata: Mapping[str, Any]) -> bool:
    """Return whether KMS rotates such a key by itself (KMS developer guide, "Rotate AWS KMS keys")."""
    return (
        metadata.get("KeySpec") == "SYMMETRIC_DEFAULT"
        and metadata.get("Origin") == "AWS_KMS"
        and metadata.get("KeyState") in _ROTATABLE_STATES
    )


def can_rotate_on_demand(metadata: Mapping[str, Any]) -> bool:
    """Return whether a key rotates on demand alone: symmetric, with imported material (API reference, RotateKeyOnDemand)."""
    return (
        metadata.get("KeySpec") == "SYMMETRIC_DEFAULT"
        and metadata.get("Origin") == "EXTERNAL"
        and metadata.get("KeyState") in _ROTATABLE_STATES
    )


COLLECTOR = Collector(
    service="kms",
    reach=Reach.REGIONAL,
    operations=(KEYS, ALIASES, KEY, POLICY, ROTATION, ROTATIONS, GRANTS),
    collect=_collect,
)
