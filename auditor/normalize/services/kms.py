"""kms:DescribeKey, GetKeyRotationStatus, ListKeyRotations, GetKeyPolicy, ListGrants, ListAliases to KmsKey."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from auditor.model.fact import Absent, Fact, NotApplicable, Present, Unread
from auditor.model.keys import KeyGrant, KeyMaterial, KmsKey
from auditor.normalize.facts import Members, moment, text, texts
from auditor.normalize.interface import ListCall, Normalizer
from auditor.normalize.reading import Found, Reading

_NO_ROTATION = "KMS does not rotate this key by itself"
_OFF = "rotation is off"
_AWS_OWN = NotApplicable(why="the key is AWS's own")
_BELOW = "arn:{partition}:kms:{region}:{account}:key/{KeyId}"
_ROTATIONS, _GRANTS = "kms:ListKeyRotations", "kms:ListGrants"
_CALLS = ("kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", _ROTATIONS, _GRANTS)


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
    materials = _materials(read, arn, key_id, rotation)
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
        policy=_AWS_OWN if is_aws else _policy(read, arn, key_id),
        rotation_enabled=rotation.flag("KeyRotationEnabled") if rotation else NotApplicable(why=_NO_ROTATION),
        rotation_period_days=rotation.number("RotationPeriodInDays") if rotation else NotApplicable(why=_NO_ROTATION),
        rotations=_past(materials),
        materials=materials,
        deletion_date=about.moment("DeletionDate"),
        valid_to=about.moment("ValidTo"),
        expiration_model=about.text("ExpirationModel"),
        key_store=about.text("CustomKeyStoreId"),
        grants=_AWS_OWN if is_aws else _grants(read, arn, key_id),
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


def _materials(read: Reading, arn: str, key_id: str, rotation: Members | None) -> Fact[tuple[KeyMaterial, ...]]:
    """Return what kms:ListKeyRotations tells; NotApplicable where nobody asked because there can be no rotation."""
    gap = read.gap(_ROTATIONS, arn) or (rotation.gap if rotation else None)
    if gap is not None:
        return Unread(gap=gap)
    if not read.reads(_ROTATIONS, KeyId=key_id):
        return NotApplicable(why=_NO_ROTATION if rotation is None else _OFF)
    found: list[KeyMaterial] = []
    for each in read.records(_ROTATIONS, "Rotations", KeyId=key_id):
        try:
            found.append(_material(each.record))
        except (ValueError, TypeError, OverflowError, OSError):
            return Unread(gap=read.broken(_ROTATIONS, arn, "Rotations are not understood"))
    return Present(value=tuple(sorted(found, key=_by_date))) if found else Absent()


def _material(record: Mapping[str, Any]) -> KeyMaterial:
    kind = _if_told(record, "RotationType")
    rotated = record.get("RotationDate")
    if kind is not None and rotated is None:
        raise ValueError("a rotation without a date")
    valid_to = record.get("ValidTo")
    return KeyMaterial(
        rotation_type=kind,
        rotated=None if rotated is None else moment(rotated),
        import_state=_if_told(record, "ImportState"),
        material_state=_if_told(record, "KeyMaterialState"),
        valid_to=None if valid_to is None else moment(valid_to),
    )


def _if_told(record: Mapping[str, Any], name: str) -> str | None:
    return None if record.get(name) is None else text(record[name])


def _by_date(material: KeyMaterial) -> tuple[str, str]:
    """Order material by its rotation: the first without a date before all, one that waits for its rotation after."""
    waits = material.rotated is None and (material.material_state or "").startswith("PENDING")
    return ("~" if waits else material.rotated.isoformat() if material.rotated else "", material.model_dump_json())


def _past(materials: Fact[tuple[KeyMaterial, ...]]) -> Fact[tuple[datetime, ...]]:
    """Return the dates of completed rotations, whatever their kind."""
    if not isinstance(materials, Present):
        return materials
    dates = tuple(sorted(each.rotated for each in materials.value if each.rotated is not None))
    return Present(value=dates) if dates else Absent()


def _grants(read: Reading, arn: str, key_id: str) -> Fact[tuple[KeyGrant, ...]]:
    gap = read.gap(_GRANTS, arn) or read.gap("kms:DescribeKey", arn)
    if gap is not None:
        return Unread(gap=gap)
    if not read.reads(_GRANTS, KeyId=key_id):
        return Unread(gap=read.broken(_GRANTS, arn, "the answer is not there"))
    found: dict[str, KeyGrant] = {}
    for each in read.records(_GRANTS, "Grants", KeyId=key_id):
        try:
            grant = _grant(each.record)
        except (ValueError, TypeError):
            return Unread(gap=read.broken(_GRANTS, arn, "Grants are not understood"))
        found[grant.model_dump_json()] = grant
    return Present(value=tuple(found[each] for each in sorted(found)))


def _grant(record: Mapping[str, Any]) -> KeyGrant:
    constraints = record.get("Constraints")
    if constraints is not None and not isinstance(constraints, Mapping):
        raise TypeError("no constraints")
    return KeyGrant(
        grantee=text(record.get("GranteePrincipal") or record.get("GranteeServicePrincipal")),
        retiring=_if_told(record, "RetiringPrincipal") or _if_told(record, "RetiringServicePrincipal"),
        issuing_account=_if_told(record, "IssuingAccount"),
        operations=texts(record.get("Operations")),
        is_constrained=bool(constraints),
    )


NORMALIZER = Normalizer(
    "kms",
    normalize,
    lists=(
        ListCall("kms:ListKeys", "KmsKey", "Keys"),
        ListCall("kms:ListAliases", "Alias", "Aliases"),
        ListCall(_ROTATIONS, "Rotation", "Rotations", _BELOW),
        ListCall(_GRANTS, "Grant", "Grants", _BELOW),
    ),
)
