"""kms-rotation: every customer key that KMS can rotate does rotate, within the limit, and did so in time.

Claim: rotation on, period within the limit, last rotation within one period. Population: every KMS key. Deviation: off, too
long a period, or overdue. Cannot see: rotation by hand with a new key and an alias.
"""

from datetime import UTC, datetime
from typing import Any

from auditor.checks.age import days_since
from auditor.checks.interface import (
    Check,
    Outcome,
    Params,
    ResourceItem,
    failed,
    items,
    not_applicable,
    passed,
    undecided,
)
from auditor.model.estate import Estate
from auditor.model.fact import need
from auditor.model.keys import KmsKey
from auditor.model.words import counted


class _Params(Params):
    max_rotation_period_days: int


_TOLERANCE_DAYS = 2
"""KMS rotates on the day or soon after; a whole day late is not yet a miss."""
_CANNOT = {
    "state": frozenset(
        {
            "Creating",
            "Disabled",
            "PendingDeletion",
            "PendingImport",
            "PendingReplicaDeletion",
            "Unavailable",
            "Updating",
        }
    ),
    "origin": frozenset({"AWS_CLOUDHSM", "EXTERNAL", "EXTERNAL_KEY_STORE"}),
    "spec": ("RSA_", "ECC_", "HMAC_", "SM2", "ML_DSA_"),
}
"""Values with which KMS does not rotate a key by itself (kms:KeyMetadata). Any other value is not known, and decides nothing."""


def _test(item: ResourceItem[KmsKey], estate: Estate, params: _Params) -> Outcome:
    key = item.of
    apart = _not_eligible(key)
    if apart is not None:
        return apart
    if need(key.rotation_enabled) is not True:
        return failed("rotation is off", rotation_enabled=False)
    period = need(key.rotation_period_days)
    if period is None:
        return undecided("rotation is on, but its period is not told")
    limit = params.max_rotation_period_days
    if period > limit:
        return failed(
            f"rotation is on, but only every {counted(period, 'day')}, more than {limit}",
            period_days=period,
            limit_days=limit,
        )
    return _in_time(key, estate, period)


def _not_eligible(key: KmsKey) -> Outcome | None:
    """Return why a key need not rotate, or that nobody can tell; None for a key that must."""
    manager = need(key.manager)
    if manager == "AWS":
        return not_applicable("the key is AWS's own")
    state, spec, origin = need(key.state), need(key.spec), need(key.origin)
    exempt = {
        f"the key is not enabled ({state})": state in _CANNOT["state"],
        f"KMS does not rotate keys of type {spec}": (spec or "").startswith(tuple(_CANNOT["spec"])),
        f"KMS does not rotate key material of origin {origin}": origin in _CANNOT["origin"],
    }
    for why, applies in exempt.items():
        if applies:
            return not_applicable(why)
    if (manager, state, spec, origin) != ("CUSTOMER", "Enabled", "SYMMETRIC_DEFAULT", "AWS_KMS"):
        return undecided(f"what kind of key this is, is not understood: {manager}, {state}, {spec}, {origin}")
    return not_applicable("a replica follows its primary key") if need(key.multi_region_role) == "REPLICA" else None


def _in_time(key: KmsKey, estate: Estate, period: int) -> Outcome:
    rotations = need(key.rotations) or ()
    due = _next_rotation(key, estate)
    last = rotations[-1] if rotations else None
    seen: dict[str, Any] = {
        "period_days": period,
        "rotations": len(rotations),
        "last_rotation": last.isoformat() if last else None,
        "next_rotation": due.isoformat() if due else None,
    }
    if due is not None:
        late = days_since(due, estate)
        if late >= _TOLERANCE_DAYS:
            return failed(
                f"rotates every {counted(period, 'day')}, but the rotation due {counted(late, 'day')} ago did not happen",
                **seen,
            )
        return passed(f"rotates every {counted(period, 'day')}; next on {due:%Y-%m-%d}", **seen)
    since = last or need(key.created)
    if since is None:
        return undecided("neither a rotation nor the creation of the key has a date", **seen)
    age = days_since(since, estate)
    if age < period + _TOLERANCE_DAYS:
        return passed(f"rotates every {counted(period, 'day')}; {age} days have passed", **seen)
    if last is None:
        return undecided(
            f"rotation is on, but when it began and when it is due is not told; the key is {age} days old", **seen
        )
    return failed(f"the last rotation was {age} days ago, more than the period of {period}", **seen)


def _next_rotation(key: KmsKey, estate: Estate) -> datetime | None:
    """Return NextRotationDate, which moves by itself and so stands beside the key, not in it."""
    beside = estate.observations.get((key.account, key.region, key.arn))
    told = beside.facts.get("NextRotationDate") if beside else None
    if isinstance(told, str):
        return datetime.fromisoformat(told)
    return datetime.fromtimestamp(told, UTC) if isinstance(told, int | float) else None


CHECK = Check(
    name="kms-rotation",
    reads=("KmsKey",),
    params=_Params,
    population=lambda estate: items(estate.of(KmsKey)),
    test=_test,
)
