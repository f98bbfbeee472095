"""kms-rotation: every customer key that KMS can rotate does rotate, within the limit, and did so in time.

Claim: rotation on, period within the limit, last rotation within one period. Population: every KMS key. Deviation: off, too
long a period, or overdue. Cannot see: rotation by hand with a new key and an alias.
"""

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


class _Params(Params):
    max_rotation_period_days: int


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
            f"rotation is on, but only every {period} days, more than {limit}", period_days=period, limit_days=limit
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
    last = rotations[-1] if rotations else need(key.created)
    if last is None:
        return undecided("neither a rotation nor the creation of the key has a date")
    age = days_since(last, estate)
    what = "last rotation" if rotations else "creation, without a rotation since,"
    seen: dict[str, Any] = {
        "period_days": period,
        "last": last.isoformat(),
        "age_days": age,
        "rotations": len(rotations),
    }
    # KMS rotates within a day of the date; one day is allowed for it.
    if age > period + 1:
        return failed(f"the {what} was {age} days ago, more than the period of {period}", **seen)
    return passed(f"rotates every {period} days; the {what} was {age} days ago", **seen)


CHECK = Check(
    name="kms-rotation",
    reads=("KmsKey",),
    params=_Params,
    population=lambda estate: items(estate.of(KmsKey)),
    test=_test,
)
