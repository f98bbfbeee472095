"""Approved acceptances: exact, dated, and only as good as their compensating control. A waived finding stays a deviation."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date
from itertools import chain

from auditor.model.control import Waiver
from auditor.model.estate import Estate
from auditor.model.finding import Finding, Status, WaiverResult, WaiverState
from auditor.model.gateway import DeployedRoute, Stage

Key = tuple[str, str]
"""(control, resource)."""


def apply_waivers(
    findings: Mapping[Key, Finding], waivers: tuple[Waiver, ...], estate: Estate
) -> tuple[dict[Key, Finding], tuple[WaiverResult, ...]]:
    """Return the findings with valid waivers applied, and what became of each waiver."""
    today = estate.as_of.astimezone(UTC).date()
    waived = dict(findings)
    results: list[WaiverResult] = []
    for waiver in waivers:
        key = (waiver.control, waiver.resource)
        state, why = _judge(waiver, findings, today, estate)
        results.append(WaiverResult(waiver=waiver, state=state, why=why))
        if state is WaiverState.APPLIED:
            reason = f"{findings[key].reason} (waived until {waiver.expires_on}: {waiver.reason})"
            waived[key] = findings[key].model_copy(
                update={"status": Status.WAIVED, "waiver": waiver.id, "reason": reason}
            )
    return waived, tuple(results)


def _judge(waiver: Waiver, findings: Mapping[Key, Finding], today: date, estate: Estate) -> tuple[WaiverState, str]:
    starts = waiver.starts_on or waiver.approved_on
    if today > waiver.expires_on:
        return WaiverState.EXPIRED, f"expired on {waiver.expires_on}"
    if today < starts or today < waiver.approved_on:
        return WaiverState.NOT_STARTED, f"starts on {max(starts, waiver.approved_on)}"
    finding = findings.get((waiver.control, waiver.resource))
    if finding is None:
        return WaiverState.STALE, "there is no such finding"
    if finding.status is not Status.FAIL:
        return WaiverState.STALE, f"the finding does not fail: {finding.status.value}"
    return _supported(waiver, findings, estate)


def _supported(waiver: Waiver, findings: Mapping[Key, Finding], estate: Estate) -> tuple[WaiverState, str]:
    control = waiver.compensating_control
    if control is None:
        return WaiverState.APPLIED, f"valid through {waiver.expires_on}"
    places = (waiver.resource, _api_of(waiver.resource, estate))
    if any(place and (found := findings.get((control, place))) and found.status is Status.PASS for place in places):
        return WaiverState.APPLIED, f"valid through {waiver.expires_on}; {control} passes"
    return WaiverState.UNSUPPORTED, f"its compensating control {control} does not pass here"


def _api_of(resource: str, estate: Estate) -> str | None:
    """Return the API that a route or a stage belongs to."""
    below: Iterator[DeployedRoute | Stage] = chain(estate.of(DeployedRoute), estate.of(Stage))
    return next((each.api_arn for each in below if each.arn == resource), None)
