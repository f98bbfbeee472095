"""one-active-key: a user has one active access key at most, but for the days in which a new one takes over.

Claim: no second active key beyond the overlap. Population: every IAM user. Deviation: two active keys of which the newer is older
than the overlap; exactly the overlap passes. Cannot see: whether the older key is still in use (KR-02).
"""

from pydantic import JsonValue

from auditor.checks.age import days_since
from auditor.checks.interface import Check, Outcome, Params, failed, not_applicable, passed, undecided
from auditor.checks.user_keys import KNOWN_STATUSES, UserItem, users_with_keys
from auditor.model.estate import Estate
from auditor.model.fact import need
from auditor.model.iam import AccessKey
from auditor.model.words import counted


class _Params(Params):
    overlap_days: int


def _test(item: UserItem, estate: Estate, params: _Params) -> Outcome:
    estate.whole(AccessKey, item.account, item.region, item.of.arn)
    also = tuple(key.arn for key in item.keys)
    if not item.keys:
        return not_applicable("has no access key")
    odd = sorted({str(need(key.status)) for key in item.keys} - KNOWN_STATUSES)
    if odd:
        return undecided(f"an access key has a status that is not understood: {', '.join(odd)}", also)
    active = [key for key in item.keys if need(key.status) == "Active"]
    if len(active) <= 1:
        return passed(f"{len(active)} of its {counted(len(item.keys), 'access key')} active", also)
    return _overlap(active, estate, params.overlap_days, also)


def _overlap(active: list[AccessKey], estate: Estate, overlap: int, also: tuple[str, ...]) -> Outcome:
    dates = {key.key_id: need(key.created) for key in active}
    known = [date for date in dates.values() if date is not None]
    if len(known) < len(dates):
        return undecided("two keys are active, and one has no creation date", also)
    age = days_since(max(known), estate)
    seen: dict[str, JsonValue] = {"active_keys": [*sorted(dates)], "newer_key_days": age, "overlap_days": overlap}
    if age > overlap:
        return failed(
            f"{len(active)} keys are active, the newer one for {counted(age, 'day')}; a rotation may take {overlap}",
            also,
            **seen,
        )
    return passed(
        f"a rotation is under way: the newer of {len(active)} keys is {counted(age, 'day')} old", also, **seen
    )


CHECK = Check(
    name="one-active-key",
    reads=("User", "AccessKey"),
    params=_Params,
    population=users_with_keys,
    test=_test,
)
