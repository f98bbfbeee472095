"""access-key-age: every active access key is no older than the limit.

Claim: age of iam:ListAccessKeys CreateDate within the limit. Population: the access keys of every IAM user. Deviation: an
active key older than the limit; exactly the limit passes. Cannot see: the root user's keys, and whether a key is in use.
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
from auditor.model.iam import AccessKey
from auditor.model.words import counted


class _Params(Params):
    max_key_age_days: int


def _test(item: ResourceItem[AccessKey], estate: Estate, params: _Params) -> Outcome:
    key = item.of
    status = need(key.status)
    if status in {"Inactive", "Expired"}:
        return not_applicable(f"the key is {status.lower()}", status=status)
    created = need(key.created)
    if created is None:
        return undecided("the key has no creation date", status=status)
    age = days_since(created, estate)
    seen: dict[str, Any] = {
        "age_days": age,
        "limit_days": params.max_key_age_days,
        "created": created.isoformat(),
        "status": status,
    }
    if age > params.max_key_age_days:
        return failed(f"the key is {counted(age, 'day')} old, more than {params.max_key_age_days}", **seen)
    return passed(f"the key is {counted(age, 'day')} old", **seen)


CHECK = Check(
    name="access-key-age",
    reads=("AccessKey",),
    params=_Params,
    population=lambda estate: items(estate.of(AccessKey)),
    test=_test,
)
