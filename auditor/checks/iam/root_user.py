"""root-user: the root user has no access keys, has MFA, and was not used in the period.

Claim: no keys, MFA on, no use. Population: the root user of every account. Deviation: an access key; a use within `period_days`
before the snapshot, by password or key, which is to be explained; no MFA. MFA does not apply to a member account whose root user
has no credentials at all, where its organization manages root access centrally (an account of the same organization says so
in this snapshot); the management account's own root user is not managed so. Known from AWS's documentation, never tried on a live
account. Cannot see: privileged root sessions of the management account (they are no use of these credentials), and who holds the
MFA device.
"""

from collections.abc import Iterator
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
    passed,
    undecided,
)
from auditor.checks.observed import last_use
from auditor.model.account import AccountSettings, RootUser
from auditor.model.estate import Estate
from auditor.model.fact import Fact, NotApplicable, Present, is_unread, need
from auditor.model.organization import Organization
from auditor.model.words import counted

_USES = ("password_last_used", "access_key_1_last_used_date", "access_key_2_last_used_date")
_CENTRAL = "RootCredentialsManagement"


class _Params(Params):
    period_days: int


def _test(item: ResourceItem[RootUser], estate: Estate, params: _Params) -> Outcome:
    root = item.of
    # What is certainly wrong decides, whatever else was not read.
    wrong = [*_keys(root), *_recent(root, estate, params.period_days)]
    if wrong:
        return failed("; ".join(wrong), (), **_seen(root, estate))
    keys, use = need(root.access_keys), last_use(root, root.last_used_read, estate, *_USES)
    if keys is None or not use.is_known:
        return undecided("whether the root user has keys, or when it was last used, is not told")
    if need(root.mfa_enabled):
        return passed(f"no access keys, MFA on, {_quiet(use.at, estate)}", (), **_seen(root, estate))
    return _without_mfa(root, estate)


def _keys(root: RootUser) -> Iterator[str]:
    keys = None if is_unread(root.access_keys) else need(root.access_keys)
    if keys:
        yield f"the root user has {counted(keys, 'access key')}"


def _recent(root: RootUser, estate: Estate, period: int) -> Iterator[str]:
    if is_unread(root.last_used_read):
        return
    at = last_use(root, root.last_used_read, estate, *_USES).at
    if at is not None and days_since(at, estate) < period:
        ago = counted(days_since(at, estate), "day")
        yield f"it was used {ago} ago, within the period of {period} days: a use to explain"


def _quiet(at: datetime | None, estate: Estate) -> str:
    return "never used" if at is None else f"last used {counted(days_since(at, estate), 'day')} ago"


def _without_mfa(root: RootUser, estate: Estate) -> Outcome:
    seen = _seen(root, estate)
    if need(root.password_present) is not False or need(root.signing_certificates) != 0:
        return failed("the root user has no MFA", (), **seen)
    settings = tuple(estate.of(AccountSettings))
    own = next((each for each in estate.of(Organization) if each.account == root.account), None)
    if own is not None and need(own.management_account) == root.account:
        return failed(
            "the root user has no MFA, and a management account's own is not managed centrally", (own.arn,), **seen
        )
    central = next((each for each in settings if _is_central(each, own)), None)
    if central is not None and own is not None:
        return passed(
            f"the root user has no credentials, and account {central.account} says that the organization manages root access "
            "centrally: MFA does not apply",
            (central.arn, own.arn),
            **seen,
        )
    # An account that could not be asked may be the one that would have said so.
    told = {each.account: (need(each.root_features), each.root_features) for each in settings}
    if root.account in told and not isinstance(told[root.account][1], NotApplicable):
        return failed("the root user has no MFA, and root access is not managed centrally", (), **seen)
    return needs_attestation(
        "the root user has no credentials and no MFA; whether the organization manages root access centrally is told only to "
        "its management account, and no account of the same organization in the snapshot says so",
        (),
        **seen,
    )


def _is_central(settings: AccountSettings, own: Organization | None) -> bool:
    """Return whether an account says so of the organization that the root user's account belongs to: another's says nothing."""
    if own is None or is_unread(settings.root_features) or _CENTRAL not in (need(settings.root_features) or ()):
        return False
    organization = need(own.organization_id)
    return organization is not None and need(settings.organization_id) == organization


def _seen(root: RootUser, estate: Estate) -> dict[str, JsonValue]:
    beside = estate.observations.get((root.account, root.region, root.arn))
    facts = {name: value for name, value in (beside.facts if beside else {}).items() if isinstance(value, str)}
    known: dict[str, JsonValue] = {
        "access_keys": _if_read(root.access_keys),
        "signing_certificates": _if_read(root.signing_certificates),
        "password_present": _if_read(root.password_present),
        "mfa_enabled": _if_read(root.mfa_enabled),
    }
    return {**known, **facts}


def _if_read(fact: Fact[int] | Fact[bool]) -> JsonValue:
    return fact.value if isinstance(fact, Present) else None


CHECK = Check(
    name="root-user",
    reads=("RootUser",),
    params=_Params,
    population=lambda estate: items(estate.of(RootUser)),
    test=_test,
)
