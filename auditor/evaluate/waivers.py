"""Approved acceptances: exact, dated, and only as good as their compensating control. A waived finding stays a deviation."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date
from itertools import chain

from auditor.model.control import Waiver
from auditor.model.estate import Estate
from auditor.model.finding import Finding, Status, WaiverResult, WaiverState
from auditor.model.gateway import DeployedRoute, Stage

Key = tuple[str, str, str, str]
"""(control, resource, account, region): the ARN of a list below API Gateway is the same in every account."""


def apply_waivers(
    findings: Mapping[Key, Finding], waivers: tuple[Waiver, ...], estate: Estate
) -> tuple[dict[Key, Finding], tuple[WaiverResult, ...]]:
    """Return the findings with valid waivers applied, and what became of each waiver."""
    today = estate.as_of.astimezone(UTC).date()
    by_name: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings.values():
        by_name.setdefault((finding.control, finding.resource), []).append(finding)
    waived = dict(findings)
    results: list[WaiverResult] = []
    for waiver in waivers:
        state, why = _judge(waiver, by_name, today, estate)
        results.append(WaiverResult(waiver=waiver, state=state, why=why))
        if state is WaiverState.APPLIED:
            for finding in by_name[(waiver.control, waiver.resource)]:
                waived[key_of(finding)] = _waived(finding, waiver)
    return waived, tuple(results)


def key_of(finding: Finding) -> Key:
    """Return what identifies a finding."""
    return (finding.control, finding.resource, finding.account, finding.region)


def _waived(finding: Finding, waiver: Waiver) -> Finding:
    if finding.status is not Status.FAIL:
        return finding
    reason = f"{finding.reason} (waived until {waiver.expires_on}: {waiver.reason})"
    return finding.model_copy(update={"status": Status.WAIVED, "waiver": waiver.id, "reason": reason})


Named = Mapping[tuple[str, str], list[Finding]]


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
    places = (waiver.resource, _api_of(waiver.resource, estate))
    if any(place and _passes(findings.get((control, place))) for place in places):
        return WaiverState.APPLIED, f"valid through {waiver.expires_on}; {control} passes"
    return WaiverState.UNSUPPORTED, f"its compensating control {control} does not pass here"


def _passes(found: list[Finding] | None) -> bool:
    return bool(found) and all(each.status is Status.PASS for each in found or ())


def _api_of(resource: str, estate: Estate) -> str | None:
    """Return the API that a route or a stage belongs to."""
    below: Iterator[DeployedRoute | Stage] = chain(estate.of(DeployedRoute), estate.of(Stage))
    return next((each.api_arn for each in below if each.arn == resource), None)
