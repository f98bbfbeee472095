"""How a population divides, and what a workpaper concludes from it."""

from collections import Counter
from collections.abc import Iterable

from auditor.model.finding import Conclusion, Finding, Totals
from auditor.model.status import Status


def totals(findings: Iterable[Finding]) -> Totals:
    """Return the population and its six parts, which add up."""
    counted = Counter(finding.status for finding in findings)
    return Totals(
        population=counted.total(),
        fail=counted[Status.FAIL],
        waived=counted[Status.WAIVED],
        not_evaluated=counted[Status.NOT_EVALUATED],
        needs_attestation=counted[Status.NEEDS_ATTESTATION],
        passed=counted[Status.PASS],
        not_applicable=counted[Status.NOT_APPLICABLE],
    )


def conclude(counted: Totals) -> Conclusion:
    """Return the conclusion; a waived deviation is a deviation."""
    if counted.fail or counted.waived:
        return Conclusion.DEVIATIONS
    if counted.not_evaluated:
        return Conclusion.INCOMPLETE
    if counted.needs_attestation:
        return Conclusion.ATTESTATION
    return Conclusion.NO_DEVIATIONS if counted.passed else Conclusion.EMPTY


def is_for_a_gap(finding: Finding) -> bool:
    """Return whether a finding is not evaluated because something was not read, and not because it could not be decided."""
    return finding.status is Status.NOT_EVALUATED and "operation" in finding.observed
