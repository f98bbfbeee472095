"""manual-key-rotation: a customer key that KMS cannot rotate by itself was rotated by hand within the limit.

Claim: the key's material is no older than the limit: it was rotated on demand (imported material), or the key itself is that young.
Population: every KMS key; those that KMS rotates are KR-06's. Deviation: older material under an alias, for the alias then still
names it; without an alias, a key that the register of secrets does not know, or knows as automatic. A key that has no alias any
more may have been replaced: where the register names it, a person attests when. Cannot see: that an alias moved to a new key
(that takes two snapshots), whether imported material was new, and keys used by their id.
"""

from datetime import datetime

from pydantic import JsonValue

from auditor.checks.age import days_since
from auditor.checks.interface import (
    Check,
    Outcome,
    Params,
    ResourceItem,
    failed,
    items,
    needs_attestation,
    not_applicable,
    passed,
    undecided,
)
from auditor.model.estate import Estate
from auditor.model.fact import need
from auditor.model.keys import KmsKey
from auditor.model.words import counted


class _Params(Params):
    max_age_days: int


_NOT_IN_USE = frozenset({"Disabled", "PendingDeletion", "PendingImport", "PendingReplicaDeletion"})
_IN_USE = frozenset({"Enabled", "Creating", "Updating", "Unavailable"})
"""kms:KeyMetadata.KeyState. A key whose store is out of reach still has its old material."""
_BY_ORIGIN = frozenset({"AWS_CLOUDHSM", "EXTERNAL", "EXTERNAL_KEY_STORE"})
_BY_SPEC = ("RSA_", "ECC_", "HMAC_", "SM2", "ML_DSA_", "ML_KEM_")


def _test(item: ResourceItem[KmsKey], estate: Estate, params: _Params) -> Outcome:
    key = item.of
    apart = _apart(key)
    if apart is not None:
        return apart
    rotations = need(key.rotations) or ()
    since = rotations[-1] if rotations else need(key.created)
    if since is None:
        return undecided("neither a rotation nor the creation of the key has a date")
    seen = _seen(key, since, estate, params.max_age_days)
    age, what = days_since(since, estate), "rotated on demand" if rotations else "made"
    if age <= params.max_age_days:
        return passed(f"{_kind(key)}: {what} {counted(age, 'day')} ago", (), **seen)
    told = f"{_kind(key)}: {what} {counted(age, 'day')} ago, more than {params.max_age_days}"
    aliases = need(key.aliases) or ()
    seen["aliases"] = [*aliases]
    if aliases:
        return failed(f"{told}; {aliases[0]} still names it", (), **seen)
    return _without_alias(key, estate, told, seen)


def _apart(key: KmsKey) -> Outcome | None:
    """Return why a key is not judged here, or that nobody can tell; None for one that must be rotated by hand."""
    manager = need(key.manager)
    if manager == "AWS":
        return not_applicable("the key is AWS's own")
    state, spec, origin = need(key.state), need(key.spec) or "", need(key.origin)
    if state in _NOT_IN_USE:
        return not_applicable(f"the key is not in use ({state})")
    if need(key.multi_region_role) == "REPLICA":
        return not_applicable("a replica follows its primary key")
    if (spec, origin) == ("SYMMETRIC_DEFAULT", "AWS_KMS"):
        return not_applicable("KMS rotates such a key by itself: KR-06 judges it")
    by_hand = origin in _BY_ORIGIN or (origin == "AWS_KMS" and spec.startswith(_BY_SPEC))
    if manager != "CUSTOMER" or state not in _IN_USE or not by_hand:
        return undecided(f"what kind of key this is, is not understood: {manager}, {state}, {spec}, {origin}")
    return None


def _kind(key: KmsKey) -> str:
    spec, origin = need(key.spec), need(key.origin)
    return f"KMS does not rotate {spec} of origin {origin} by itself"


def _without_alias(key: KmsKey, estate: Estate, told: str, seen: dict[str, JsonValue]) -> Outcome:
    entries = estate.registers.secrets
    entry = next((each for each in entries or () if each.secret == key.arn), None)
    if entry is None and entries is None:
        return needs_attestation(
            f"{told}; no alias names it; to declare: {{secret: {key.arn}, owner: …, rotation: manual}}", (), **seen
        )
    if entry is None:
        return failed(f"{told}; no alias names it, and the register of secrets does not", (), **seen)
    if entry.rotation == "automatic":
        return failed(f"{told}; {entry.owner} declared automatic rotation, which such a key has not", (), **seen)
    return needs_attestation(
        f"{told}; {entry.owner} declared rotation by hand and no alias names it: to attest, which key took over and when",
        (),
        **seen,
    )


def _seen(key: KmsKey, since: datetime, estate: Estate, limit: int) -> dict[str, JsonValue]:
    valid_to = need(key.valid_to)
    rotations = need(key.rotations) or ()
    waiting = [each for each in need(key.materials) or () if (each.material_state or "").startswith("PENDING")]
    return {
        "spec": need(key.spec),
        "origin": need(key.origin),
        "rotations": len(rotations),
        "since": since.isoformat(),
        "age_days": days_since(since, estate),
        "limit_days": limit,
        "valid_to": valid_to.isoformat() if valid_to else None,
        "material_waiting": len(waiting),
    }


CHECK = Check(
    name="manual-key-rotation",
    reads=("KmsKey",),
    params=_Params,
    population=lambda estate: items(estate.of(KmsKey)),
    test=_test,
    registers=("secrets",),
)
