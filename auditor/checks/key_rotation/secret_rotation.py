"""secret-rotation: every secret was renewed within the limit, by itself or by hand as declared.

Claim: automatic rotation within the limit and in time, or a young current version declared as renewed by hand. Population:
every secret. Deviation: too long a period, an overdue rotation, an old version. Cannot see: whether the old value was revoked.
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
    needs_attestation,
    not_applicable,
    passed,
    undecided,
)
from auditor.model.estate import Estate
from auditor.model.fact import need
from auditor.model.keys import Secret
from auditor.model.words import counted


class _Params(Params):
    max_rotation_days: int
    grace_days: int


def _test(item: ResourceItem[Secret], estate: Estate, params: _Params) -> Outcome:
    secret = item.of
    deleted = need(secret.deleted)
    if deleted is not None:
        return not_applicable("the secret is marked for deletion, and gives no value", deleted=deleted.isoformat())
    owner = need(secret.owning_service)
    if owner is not None:
        return not_applicable(f"{owner} owns the secret and renews it", owning_service=owner)
    if need(secret.rotation_enabled) is True:
        return _automatic(secret, estate, params)
    return _by_hand(secret, estate, params)


def _automatic(secret: Secret, estate: Estate, params: _Params) -> Outcome:
    period = need(secret.rotation_days)
    schedule = need(secret.rotation_schedule)
    if period is None and schedule is None:
        return undecided("rotation is on, but neither a period nor a schedule is stated")
    if period is not None and period > params.max_rotation_days:
        return failed(
            f"rotates every {counted(period, 'day')}, more than {params.max_rotation_days}", period_days=period
        )
    # A cron schedule has no period: what happened is held against the limit itself.
    due = (params.max_rotation_days if period is None else period) + params.grace_days
    last = need(secret.last_rotated)
    if last is None:
        return failed("rotation is on, but has never happened", period_days=period, last_rotated=None)
    age = days_since(last, estate)
    seen: dict[str, Any] = {
        "period_days": period,
        "schedule": schedule,
        "last_rotated": last.isoformat(),
        "age_days": age,
        "due_days": due,
    }
    if age > due:
        return failed(f"the last rotation was {counted(age, 'day')} ago, due within {due}", **seen)
    return passed(f"rotated {counted(age, 'day')} ago, due within {due}", **seen)


def _by_hand(secret: Secret, estate: Estate, params: _Params) -> Outcome:
    created = need(secret.current_version_created)
    if created is None:
        return undecided("rotation is off, and no current version has a date")
    age = days_since(created, estate)
    also = (secret.arn,)
    seen: dict[str, Any] = {
        "rotation_enabled": False,
        "current_version_created": created.isoformat(),
        "age_days": age,
        "limit_days": params.max_rotation_days,
    }
    if age > params.max_rotation_days:
        return failed(
            f"rotation is off and the current version is {counted(age, 'day')} old, more than {params.max_rotation_days}",
            also,
            **seen,
        )
    entry = next((each for each in estate.registers.secrets or () if each.secret == secret.arn), None)
    if entry is None:
        return needs_attestation(
            f"rotation is off, the current version is {counted(age, 'day')} old; to declare: "
            f"{{secret: {secret.arn}, owner: …, rotation: manual}}",
            also,
            **seen,
        )
    if entry.rotation == "automatic":
        return failed(f"{entry.owner} declared automatic rotation, but it is off", also, owner=entry.owner, **seen)
    return passed(
        f"renewed by hand {counted(age, 'day')} ago, as {entry.owner} declared", also, owner=entry.owner, **seen
    )


CHECK = Check(
    name="secret-rotation",
    reads=("Secret",),
    params=_Params,
    population=lambda estate: items(estate.of(Secret)),
    test=_test,
    registers=("secrets",),
)
