"""kms:DescribeKey, GetKeyRotationStatus, ListKeyRotations, GetKeyPolicy, ListAliases to KmsKey."""

from datetime import datetime
from typing import Any

from auditor.model.fact import Absent, Fact, NotApplicable, Present, Unread
from auditor.model.keys import KmsKey
from auditor.normalize.facts import Members, moment, text
from auditor.normalize.interface import ListCall, Normalizer
from auditor.normalize.reading import Found, Reading

_NO_ROTATION = "KMS does not rotate this key by itself"
_OFF = "rotation is off"
_CALLS = ("kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListKeyRotations")


def normalize(read: Reading) -> None:
    """Add every key that kms:ListKeys names, also where nothing more of it could be read."""
    for found in read.records("kms:ListKeys", "Keys"):
        _key(read, found)


def _key(read: Reading, found: Found) -> None:
    key_id = str(found.record.get("KeyId", ""))
    arn = f"arn:{read.partition}:kms:{read.key.region}:{read.key.account}:key/{key_id}"
    described = read.reads("kms:DescribeKey", KeyId=key_id)
    metadata = described[0].body.get("KeyMetadata") if described else None
    about = Members(read, "kms:DescribeKey", arn, metadata, read.gap("kms:DescribeKey", arn))
    is_aws = isinstance(metadata, dict) and metadata.get("KeyManager") == "AWS"
    rotation = _rotation(read, arn, key_id, metadata)
    aliases = _aliases(read, key_id)
    key = KmsKey(
        arn=arn,
        account=read.key.account,
        region=read.key.region,
        name=aliases.value[0] if isinstance(aliases, Present) and aliases.value else key_id,
        tags=NotApplicable(why="tags of keys are not read"),
        key_id=key_id,
        aliases=aliases,
        manager=about.text("KeyManager"),
        spec=about.text("KeySpec"),
        origin=about.text("Origin"),
        state=about.text("KeyState"),
        usage=about.text("KeyUsage"),
        multi_region_role=about.take("MultiRegionConfiguration", _role),
        created=about.moment("CreationDate"),
        policy=NotApplicable(why="the key is AWS's own") if is_aws else _policy(read, arn, key_id),
        rotation_enabled=rotation.flag("KeyRotationEnabled") if rotation else NotApplicable(why=_NO_ROTATION),
        rotation_period_days=rotation.number("RotationPeriodInDays") if rotation else NotApplicable(why=_NO_ROTATION),
        rotations=_rotations(read, arn, key_id, rotation),
    )
    pages = [*found.pages, *(sha for call in _CALLS for sha in read.pages_of(call, KeyId=key_id))]
    volatile = rotation.record.get("NextRotationDate") if rotation and isinstance(rotation.record, dict) else None
    read.add(key, pages, {"NextRotationDate": int(volatile) if isinstance(volatile, float) else volatile})


def _role(value: Any) -> str:
    return text(value["MultiRegionKeyType"])


def _aliases(read: Reading, key_id: str) -> Fact[tuple[str, ...]]:
    gap = read.gap("kms:ListAliases", None)
    if gap is not None:
        return Unread(gap=gap)
    names = (
        each.record.get("AliasName")
        for each in read.records("kms:ListAliases", "Aliases")
        if each.record.get("TargetKeyId") == key_id
    )
    return Present(value=tuple(sorted(name for name in names if isinstance(name, str))))


def _policy(read: Reading, arn: str, key_id: str) -> Fact[str]:
    bodies = read.reads("kms:GetKeyPolicy", KeyId=key_id)
    gap = read.gap("kms:GetKeyPolicy", arn) or read.gap("kms:DescribeKey", arn)
    return Members(read, "kms:GetKeyPolicy", arn, bodies[0].body if bodies else None, gap).policy("Policy")


def _rotation(read: Reading, arn: str, key_id: str, metadata: Any) -> Members | None:
    """Return the rotation status, or None where the key cannot rotate: then nobody asked for it."""
    asked = read.reads("kms:GetKeyRotationStatus", KeyId=key_id)
    gap = read.gap("kms:GetKeyRotationStatus", arn) or read.gap("kms:DescribeKey", arn)
    if not asked and gap is None and isinstance(metadata, dict):
        return None
    return Members(read, "kms:GetKeyRotationStatus", arn, asked[0].body if asked else None, gap)


def _rotations(read: Reading, arn: str, key_id: str, rotation: Members | None) -> Fact[tuple[datetime, ...]]:
    if rotation is None:
        return NotApplicable(why=_NO_ROTATION)
    gap = rotation.gap or read.gap("kms:ListKeyRotations", arn)
    if gap is not None:
        return Unread(gap=gap)
    if not isinstance(rotation.record, dict) or rotation.record.get("KeyRotationEnabled") is not True:
        return NotApplicable(why=_OFF)
    dates: list[datetime] = []
    for each in read.records("kms:ListKeyRotations", "Rotations", KeyId=key_id):
        try:
            dates.append(moment(each.record.get("RotationDate")))
        except (ValueError, TypeError):
            return Unread(gap=read.broken("kms:ListKeyRotations", arn, "RotationDate is not understood"))
    return Present(value=tuple(sorted(dates))) if dates else Absent()


NORMALIZER = Normalizer(
    "kms",
    normalize,
    lists=(
        ListCall("kms:ListKeys", "KmsKey", "Keys"),
        ListCall("kms:ListAliases", "Alias", "Aliases"),
        ListCall("kms:ListKeyRotations", "Rotation", "Rotations", "arn:{partition}:kms:{region}:{account}:key/{KeyId}"),
    ),
)
