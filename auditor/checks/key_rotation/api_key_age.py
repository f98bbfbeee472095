"""api-key-age: every enabled API Gateway API key is no older than the limit.

Claim: age of createdDate within the limit. Population: every API key. Deviation: an enabled key older than the limit.
Cannot see: a new key that was imported with an old value; lastUpdatedDate is ignored, a tag moves it.
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
from auditor.model.keys_and_plans import ApiKey
from auditor.model.words import counted


class _Params(Params):
    max_key_age_days: int


def _test(item: ResourceItem[ApiKey], estate: Estate, params: _Params) -> Outcome:
    key = item.of
    enabled = need(key.enabled)
    if enabled is False:
        return not_applicable("the key is disabled", enabled=False)
    created = need(key.created)
    if created is None:
        return undecided("the key has no creation date", enabled=enabled)
    age = days_since(created, estate)
    seen: dict[str, Any] = {"age_days": age, "limit_days": params.max_key_age_days, "created": created.isoformat()}
    if age > params.max_key_age_days:
        return failed(f"the key is {counted(age, 'day')} old, more than {params.max_key_age_days}", **seen)
    return passed(f"the key is {counted(age, 'day')} old", **seen)


CHECK = Check(
    name="api-key-age",
    reads=("ApiKey",),
    params=_Params,
    population=lambda estate: items(estate.of(ApiKey)),
    test=_test,
)
