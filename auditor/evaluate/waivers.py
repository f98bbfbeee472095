"""Approved acceptances: exact, dated, and only as good as their compensating control. A waived finding stays a deviation."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date
from itertools import chain

from auditor.model.control import Catalog, Severity, Waiver
from auditor.model.estate import Acceptance, Estate
from auditor.model.finding import Finding, WaiverResult, WaiverState
from auditor.model.gateway import DeployedRoute, Stage
from auditor.model.status import Status

Named = Mapping[tuple[str, str], list[Finding]]
Key = tuple[str, str, str, str]
"""(control, resource, account, region): the ARN of a list below API Gateway is the same in every account."""


def apply_waivers(
    findings: Mapping[Key, Finding], waivers: tuple[Waiver, ...], estate: Estate, never: frozenset[str] = frozenset()
) -> tuple[dict[Key, Finding], tuple[WaiverResult, ...]]:
    """Return the findings with valid waivers applied, and what became of each waiver.

    `never`: controls on the waivers themselves, which no waiver can accept.
    """
    today = estate.as_of.astimezone(UTC).date()
    by_name = _by_name(findings)
    waived = dict(findings)
    results: list[WaiverResult] = []
    for waiver in waivers:
        state, why = _judge(waiver, by_name, today, estate)
        if waiver.control in never:
            state, why = WaiverState.STALE, f"no waiver can accept what {waiver.control} says of waivers"
        results.append(WaiverResult(waiver=waiver, state=state, why=why))
        if state is WaiverState.APPLIED:
            for finding in by_name[(waiver.control, waiver.resource)]:
                waived[key_of(finding)] = _waived(finding, waiver)
    return waived, tuple(results)


def acceptances(findings: Mapping[Key, Finding], catalog: Catalog, estate: Estate) -> tuple[Acceptance, ...]:
    """Return what each waiver met, by id: for the checks on the waivers themselves."""
    by_name = _by_name(findings)
    severities = {each.id: each.severity for each in catalog.controls}
    return tuple(_met(each, severities.get(each.control), by_name, estate) for each in catalog.waivers)


def _met(waiver: Waiver, severity: Severity | None, findings: Named, estate: Estate) -> Acceptance:
    found = findings.get((waiver.control, waiver.resource), [])
    places = {(each.account, each.region) for each in found}
    statuses = {each.status for each in found}
    return Acceptance(
        waiver=waiver,
        severity=severity,
        place=next(iter(places)) if len(places) == 1 else None,
        fails=Status.FAIL in statuses,
        unknown=Status.NOT_EVALUATED in statuses,
        support=_support(waiver, findings, estate),
    )


def _support(waiver: Waiver, findings: Named, estate: Estate) -> tuple[str, ...]:
    """Return the statuses of the compensating control on the resource and on its API; where it passes on one, `pass` alone."""
    if waiver.compensating_control is None:
        return ()
    places = (waiver.resource, _api_of(waiver.resource, estate))
    found = [findings.get((waiver.compensating_control, place), []) for place in places if place is not None]
    if any(each and all(one.status is Status.PASS for one in each) for each in found):
        return (Status.PASS.value,)
    return tuple(sorted({one.status.value for each in found for one in each}))


def _by_name(findings: Mapping[Key, Finding]) -> dict[tuple[str, str], list[Finding]]:
    found: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings.values():
        found.setdefault((finding.control, finding.resource), []).append(finding)
    return found


def key_of(finding: Finding) -> Key:
    """Return what identifies a finding."""
    return (finding.control, finding.resource, finding.account, finding.region)


def _waived(finding: Finding, waiver: Waiver) -> Finding:
    if finding.status is not Status.FAIL:
        return finding
    reason = f"{finding.reason} (waived until {waiver.expires_on}: {waiver.reason})"
    return finding.model_copy(update={"status": Status.WAIVED, "waiver": waiver.id, "reason": reason})


def _judge(waiver: Waiver, findings: Named, today: date, estate: Estate) -> tuple[WaiverState, str]:
    starts = waiver.starts_on or waiver.approved_on
    if today > waiver.expires_on:
        return WaiverState.EXPIRED, f"expired on {waiver.expires_on}"
    if today < starts or today < waiver.approved_on:
        return WaiverState.NOT_STARTED, f"starts on {max(starts, waiver.approved_on)}"
    found = findings.get((waiver.control, waiver.resource))
    if found is None:
        return WaiverState.STALE, "there is no such finding"
    if all(each.status is not Status.FAIL for each in found):
        return WaiverState.STALE, f"the finding does not fail: {found[0].status.value}"
    return _supported(waiver, findings, estate)


def _supported(waiver: Waiver, findings: Named, estate: Estate) -> tuple[WaiverState, str]:
    control = waiver.compensating_control
    if control is None:
        return WaiverState.APPLIED, f"valid through {waiver.expires_on}"
    if _support(waiver, findings, estate) == (Status.PASS.value,):
        return WaiverState.APPLIED, f"valid through {waiver.expires_on}; {control} passes"
    return WaiverState.UNSUPPORTED, f"its compensating control {control} does not pass here"


def _api_of(resource: str, estate: Estate) -> str | None:
    """Return the API that a route or a stage belongs to."""
    below: Iterator[DeployedRoute | Stage] = chain(estate.of(DeployedRoute), estate.of(Stage))
    return next((each.api_arn for each in below if each.arn == resource), None)
