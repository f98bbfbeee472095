"""waiver-approval: waivers are approved by another, bounded, and end.

Claim: each waiver was approved by somebody other than its requester, lasts no longer than the limit, has not expired while what it
accepts still fails, and the compensating control that it claims passes itself. Population: the waivers of the configured file.
Deviation: any of these false. A waiver with nothing left to accept is put to a person; one that ended, or has not begun, accepts
nothing and is not applicable. Dates are UTC days and are held against the day of the snapshot. That a waiver names one exact resource,
with all its members, is asked when the file is loaded. Cannot see: whether the approver had the authority.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date

from auditor.checks.interface import (
    Check,
    Item,
    Outcome,
    Params,
    failed,
    needs_attestation,
    not_applicable,
    passed,
    undecided,
)
from auditor.model.control import Severity, Waiver
from auditor.model.estate import Acceptance, Estate
from auditor.model.snapshot import EVERY_REGION, GLOBAL_REGION
from auditor.model.status import Status
from auditor.model.words import counted


class WaiverParams(Params):
    """How long an acceptance may last, in days from its first to its last."""

    max_days: int
    max_days_critical: int


@dataclass(frozen=True)
class _Waiver(Item):
    accepted: Acceptance


def _population(estate: Estate) -> Iterable[_Waiver]:
    for each in estate.acceptances:
        account, region = each.place or _place(each.waiver.resource, estate)
        yield _Waiver(f"auditor:waiver/{each.waiver.id}", "auditor::Waiver", account, region, each)


def _place(resource: str, estate: Estate) -> tuple[str, str]:
    """Return the account and region of what a waiver names, as far as its ARN tells."""
    _, _, service, region, account, *_ = [*resource.split(":"), *[""] * 5]
    accounts = estate.snapshot.scope.accounts
    alone = accounts[0] if len(accounts) == 1 else EVERY_REGION
    return account or alone, region or (GLOBAL_REGION if service == "iam" else EVERY_REGION)


def _test(item: _Waiver, estate: Estate, params: WaiverParams) -> Outcome:
    waiver, met = item.accepted.waiver, item.accepted
    today = estate.as_of.astimezone(UTC).date()
    if today < waiver.approved_on:
        return not_applicable(f"approved on {waiver.approved_on}, after this snapshot")
    if today > waiver.expires_on:
        return _ended(met)
    wrong = _wrong(met, params)
    if wrong:
        return failed("; ".join(wrong), control=waiver.control, accepts=waiver.resource)
    return _carried(met, today)


def _ended(met: Acceptance) -> Outcome:
    waiver = met.waiver
    if met.fails:
        return failed(
            f"expired on {waiver.expires_on}, and {waiver.control} still fails on {waiver.resource}",
            control=waiver.control,
            accepts=waiver.resource,
        )
    if met.unknown:
        return undecided(f"expired on {waiver.expires_on}; whether {waiver.control} still fails is not known")
    return not_applicable(f"ended on {waiver.expires_on}, and nothing is left of what it accepted")


def _wrong(met: Acceptance, params: WaiverParams) -> list[str]:
    waiver = met.waiver
    limit = params.max_days_critical if met.severity is Severity.CRITICAL else params.max_days
    days = _days(waiver)
    found = [f"approved by {waiver.approver}, who asked for it"] if _is_same(waiver) else []
    if days > limit:
        severity = f" for a {met.severity.value} control" if met.severity is Severity.CRITICAL else ""
        found.append(f"lasts {counted(days, 'day')}, beyond {limit}{severity}")
    if waiver.compensating_control is not None and met.fails:
        if Status.FAIL.value in met.support:
            found.append(f"its compensating control {waiver.compensating_control} fails here itself")
        elif not met.support:
            found.append(f"its compensating control {waiver.compensating_control} is not tested on this resource")
    return found


def _is_same(waiver: Waiver) -> bool:
    return waiver.approver.strip().casefold() == waiver.requested_by.strip().casefold()


def _days(waiver: Waiver) -> int:
    return (waiver.expires_on - (waiver.starts_on or waiver.approved_on)).days


def _carried(met: Acceptance, today: date) -> Outcome:
    """Return what becomes of a waiver whose approval and dates are in order."""
    waiver = met.waiver
    until = f"approved by {waiver.approver} on {waiver.approved_on}, valid through {waiver.expires_on}"
    if waiver.starts_on is not None and today < waiver.starts_on:
        return passed(f"{until}, from {waiver.starts_on}")
    if met.unknown:
        return undecided(f"{until}; whether {waiver.control} fails on {waiver.resource} is not known")
    if not met.fails:
        return needs_attestation(
            f"stale: {waiver.control} does not fail on {waiver.resource}; take the waiver out, or name the resource as it is now"
        )
    if waiver.compensating_control is None or set(met.support) == {Status.PASS.value}:
        return passed(until, days=_days(waiver))
    return undecided(
        f"whether its compensating control {waiver.compensating_control} passes here is not known: {', '.join(met.support)}"
    )


CHECK = Check(
    name="waiver-approval",
    reads=(),
    params=WaiverParams,
    population=_population,
    test=_test,
    follows_waivers=True,
)
