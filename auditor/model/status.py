"""The six states of a finding."""

from enum import StrEnum


class Status(StrEnum):
    """The six states of a finding, in the order reports print them."""

    FAIL = "fail"
    WAIVED = "waived"
    NOT_EVALUATED = "not_evaluated"
    NEEDS_ATTESTATION = "needs_attestation"
    PASS = "pass"  # noqa: S105 - a status, no password
    NOT_APPLICABLE = "not_applicable"
