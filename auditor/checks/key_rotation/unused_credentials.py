"""unused-credentials: no active access key or console password of a user lies unused for longer than the limit.

Claim: last use within the limit; what was never used counts from its creation, a password from the day it was set. Population:
every IAM user, with its active keys and its console password. Deviation: one of them unused for more than the limit; exactly the
limit passes. A registered break-glass user is unused by design: its last test is attested instead; where no such register is
configured, a password guarded by MFA, and no key, may be one. Cannot see: uses before AWS
kept them (keys: April 2015), and of passwords the last hours, for the credential report is cached.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from pydantic import JsonValue

from auditor.checks.age import days_since
from auditor.checks.interface import (
    Check,
    Outcome,
    Params,
    failed,
    needs_attestation,
    not_applicable,
    passed,
    undecided,
)
from auditor.checks.observed import last_use
from auditor.checks.principals import break_glass, to_declare
from auditor.checks.user_keys import KNOWN_STATUSES, UserItem, users_with_keys
from auditor.model.estate import Estate
from auditor.model.fact import is_unread, need
from auditor.model.iam import AccessKey, User
from auditor.model.words import counted


class _Params(Params):
    max_unused_days: int


_PASSWORD = "console password"  # noqa: S105 - what it is called


@dataclass(frozen=True)
class _Credential:
    """An active credential. `since` None: nobody can tell since when it lies unused."""

    name: str
    since: datetime | None
    was_used: bool

    def days(self, estate: Estate) -> int:
        return -1 if self.since is None else days_since(self.since, estate)


def _test(item: UserItem, estate: Estate, params: _Params) -> Outcome:
    user, limit = item.of, params.max_unused_days
    # One that is certainly unused decides, whatever else was not read.
    stale = [each for each in _credentials(item, estate, known_only=True) if each.days(estate) > limit]
    also = tuple(key.arn for key in item.keys)
    if stale:
        return _stale(user, estate, stale, (limit, also))
    need(user.password_enabled)
    estate.whole(AccessKey, user.account, user.region, user.arn)
    credentials = list(_credentials(item, estate, known_only=False))
    stale = [each for each in credentials if each.days(estate) > limit]
    if stale:
        # What was left out above because something of it is unread may still be old by what was read.
        return _stale(user, estate, stale, (limit, also))
    odd = sorted({str(need(key.status)) for key in item.keys} - KNOWN_STATUSES)
    if odd:
        return undecided(f"an access key has a status that is not understood: {', '.join(odd)}", also)
    lost = [each.name for each in credentials if each.since is None]
    if lost:
        return undecided(f"since when it is unused is not told: {', '.join(lost)}", also)
    if not credentials:
        return not_applicable("has no active access key and no console password", also)
    return passed(
        f"{_listed(credentials, estate)}; the limit is {limit}", also, **_seen(user, credentials, estate, limit)
    )


def _stale(user: User, estate: Estate, stale: list[_Credential], given: tuple[int, tuple[str, ...]]) -> Outcome:
    limit, also = given
    told, seen = _listed(stale, estate), _seen(user, stale, estate, limit)
    entry = break_glass(user.arn, estate)
    if entry is not None:
        return needs_attestation(
            f"break-glass of {entry.owner}, unused by design: {told}; to attest: its last test, on {entry.last_tested}",
            also,
            **seen,
        )
    if estate.registers.break_glass is None and _may_be_break_glass(user, stale):
        return needs_attestation(
            f"{told}, more than {limit}, and a device guards it; if it is break-glass, to declare: {to_declare(user.arn)}",
            also,
            **seen,
        )
    return failed(f"{told}, more than {limit}", also, **seen)


def _may_be_break_glass(user: User, stale: list[_Credential]) -> bool:
    """Return whether it may lie unused by design: a console password alone, guarded by MFA. No key is kept for emergencies."""
    if any(each.name != _PASSWORD for each in stale):
        return False
    devices = need(user.mfa_devices)
    return bool(devices)


def _credentials(item: UserItem, estate: Estate, *, known_only: bool) -> Iterator[_Credential]:
    """Yield the active credentials; raise NotReadError for one that was not read, or leave it out."""
    user = item.of
    if not (known_only and _is_hidden(user)) and need(user.password_enabled):
        use = last_use(user, user.password_last_used_read, estate, "password_last_used")
        since = use.at or need(user.password_last_changed) or need(user.created)
        yield _Credential(_PASSWORD, since if use.is_known else None, use.at is not None)
    for key in item.keys:
        if not (known_only and _is_hidden(key)) and need(key.status) == "Active":
            use = last_use(key, key.last_used_read, estate, "LastUsedDate")
            since = use.at or need(key.created)
            yield _Credential(f"key {key.key_id}", since if use.is_known else None, use.at is not None)


def _is_hidden(of: User | AccessKey) -> bool:
    """Return whether something of a credential that decides was not read."""
    if isinstance(of, AccessKey):
        return is_unread(of.status) or is_unread(of.last_used_read) or is_unread(of.created)
    is_dated = not (is_unread(of.password_last_changed) or is_unread(of.created))
    return is_unread(of.password_enabled) or is_unread(of.password_last_used_read) or not is_dated


def _listed(credentials: list[_Credential], estate: Estate) -> str:
    return "; ".join(
        f"{each.name} {'last used' if each.was_used else 'never used, made'} {counted(each.days(estate), 'day')} ago"
        for each in credentials
    )


def _seen(user: User, credentials: list[_Credential], estate: Estate, limit: int) -> dict[str, JsonValue]:
    unused: dict[str, JsonValue] = {each.name: each.days(estate) for each in credentials}
    beside = estate.observations.get((user.account, user.region, user.arn))
    generated = beside.facts.get("report_generated") if beside else None
    return {"unused_days": unused, "limit_days": limit, "report_generated": generated}


CHECK = Check(
    name="unused-credentials",
    reads=("User", "AccessKey"),
    params=_Params,
    population=users_with_keys,
    test=_test,
    registers=("break_glass",),
)
