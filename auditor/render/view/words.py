"""The words and symbols of reports: one mark for each status, severity and conclusion, never colour alone."""

from dataclasses import dataclass

from auditor.model.control import Coverage, Severity
from auditor.model.finding import Conclusion, WaiverState
from auditor.model.status import Status

DASH = "\u2013"


@dataclass(frozen=True)
class Mark:
    """A symbol with its word; `tone` names a colour of the style sheet."""

    tone: str
    symbol: str
    word: str


STATUS = {
    Status.FAIL: Mark("fail", "✗", "Fail"),
    Status.WAIVED: Mark("waived", "◆", "Waived"),
    Status.NOT_EVALUATED: Mark("unseen", "?", "Not evaluated"),
    Status.NEEDS_ATTESTATION: Mark("attest", "□", "Needs attestation"),
    Status.PASS: Mark("pass", "✓", "Pass"),
    Status.NOT_APPLICABLE: Mark("na", DASH, "Not applicable"),
}

MEANING = {
    Status.FAIL: "the statement is false for the item: a deviation",
    Status.WAIVED: "a deviation that management accepted, with an end date",
    Status.NOT_EVALUATED: "evidence is missing; never a pass",
    Status.NEEDS_ATTESTATION: "a named person must attest what no answer of AWS can show",
    Status.PASS: "the statement is true for the item",
    Status.NOT_APPLICABLE: "the statement cannot apply to the item",
}

CONCLUSION = {
    Conclusion.DEVIATIONS: Mark("fail", "✗", "Deviations"),
    Conclusion.INCOMPLETE: Mark("unseen", "?", "Evidence incomplete"),
    Conclusion.ATTESTATION: Mark("attest", "□", "Attestation needed"),
    Conclusion.NO_DEVIATIONS: Mark("pass", "✓", "No deviation found"),
    Conclusion.EMPTY: Mark("na", DASH, "Nothing to test"),
}

SEVERITY = {
    Severity.CRITICAL: "Critical",
    Severity.HIGH: "High",
    Severity.MEDIUM: "Medium",
    Severity.LOW: "Low",
}

COVERAGE = {
    Coverage.FULLY: Mark("pass", "●", "Fully"),
    Coverage.PARTLY: Mark("attest", "½", "Partly"),
    Coverage.NOT: Mark("na", DASH, "Not"),
}

WAIVER = {
    WaiverState.APPLIED: Mark("waived", "◆", "Applied"),
    WaiverState.EXPIRED: Mark("fail", "✗", "Expired"),
    WaiverState.NOT_STARTED: Mark("unseen", "?", "Not started"),
    WaiverState.STALE: Mark("na", DASH, "Stale"),
    WaiverState.UNSUPPORTED: Mark("fail", "✗", "Unsupported"),
}
