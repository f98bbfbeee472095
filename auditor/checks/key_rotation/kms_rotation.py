"""kms-rotation: every customer key that KMS can rotate does rotate, within the limit, and did so in time.

Claim: rotation on, period within the limit, last rotation within one period. Population: every KMS key. Deviation: off, too
long a period, or overdue. Cannot see: rotation by hand with a new key and an alias.
"""

from datetime import UTC, datetime
from typing import Any

from auditor.checks.age import counted, days_since
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


class _Params(Params):
    max_rotation_period_days: int


_TOLERANCE_DAYS = 2
"""KMS rotates on the day or soon after; a whole day late is not yet a miss."""
_DEFAULT_PERIOD_DAYS = 365
"""What KMS applies where no period is stated (KMS developer guide)."""


def _test(item: ResourceItem[KmsKey], estate: Estate, params: _Params) -> Outcome:
    key = item.of
    exempt = _not_eligible(key)
    if exempt is not None:
        return not_applicable(exempt)
    if need(key.rotation_enabled) is not True:
        return failed("rotation is off", rotation_enabled=False)
    period = need(key.rotation_period_days) or _DEFAULT_PERIOD_DAYS
    limit = params.max_rotation_period_days
    if period > limit:
        return failed(
            f"rotation is on, but only every {counted(period, 'day')}, more than {limit}",
            period_days=period,
            limit_days=limit,
        )
    return _in_time(key, estate, period)


def _not_eligible(key: KmsKey) -> str | None:
    """Return why a key is not in the population that must rotate."""
    if need(key.manager) == "AWS":
        return "the key is AWS's own"
    state = need(key.state)
    if state != "Enabled":
        return f"the key is not enabled ({state})"
    spec, origin = need(key.spec), need(key.origin)
    if spec != "SYMMETRIC_DEFAULT":
        return f"KMS does not rotate keys of type {spec}"
    if origin != "AWS_KMS":
        return f"KMS does not rotate key material of origin {origin}"
    if need(key.multi_region_role) == "REPLICA":
        return "a replica follows its primary key"
    return None


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
