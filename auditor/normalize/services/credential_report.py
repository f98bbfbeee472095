"""iam:GetCredentialReport: a table of users as base64 CSV, cached by IAM for up to four hours."""

import base64
import binascii
import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from auditor.model.fact import Absent, Fact, Present
from auditor.model.snapshot import Gap
from auditor.normalize.facts import Members, moment
from auditor.normalize.reading import Reading

_REPORT = "iam:GetCredentialReport"
ROOT = "<root_account>"
_NEEDED = frozenset({"user", "arn", "password_enabled", "mfa_active", "access_key_1_active", "access_key_2_active"})
_NO_DATE = frozenset({"N/A", "no_information", "not_supported"})
"""What stands in the place of a date: there is no such credential, it was never used, or root has no such thing."""


@dataclass(frozen=True)
class CredentialReport:
    """The report's rows by user ARN, or the gap in its place."""

    rows: Mapping[str, Mapping[str, str]]
    generated: str | None
    pages: tuple[str, ...]
    gap: Gap | None

    @property
    def root(self) -> Mapping[str, str] | None:
        """The root user's row."""
        return next((row for row in self.rows.values() if row["user"] == ROOT), None)

    @property
    def active_keys(self) -> int | None:
        """Active access keys of users, root's left out: the second count of iam:ListAccessKeys."""
        if self.gap is not None:
            return None
        flags = ("access_key_1_active", "access_key_2_active")
        return sum(row[flag] == "true" for row in self.rows.values() if row["user"] != ROOT for flag in flags)


def credential_report(read: Reading) -> CredentialReport:
    """Return the account's credential report."""
    gap = read.gap(_REPORT, None)
    answers = read.reads(_REPORT)
    if gap is not None or not answers:
        gap = gap or read.broken(
            _REPORT, f"arn:{read.partition}:iam::{read.key.account}:account", "the answer is not there"
        )
        return CredentialReport({}, None, (), gap)
    body = answers[0].body
    found = rows(body.get("Content"))
    if not found:
        broken = read.broken(
            _REPORT, f"arn:{read.partition}:iam::{read.key.account}:account", "Content is not understood"
        )
        return CredentialReport({}, None, (), broken)
    return CredentialReport(
        {row["arn"]: row for row in found}, str(body.get("GeneratedTime", "")) or None, (answers[0].page.sha256,), None
    )


def rows(content: Any) -> list[Mapping[str, str]]:
    """Return the rows of a report's Content; none where it is no such table (every report has the root user's row)."""
    try:
        table = base64.b64decode(str(content or ""), validate=True).decode()
        found: list[Mapping[str, str]] = list(csv.DictReader(io.StringIO(table)))
    except (binascii.Error, UnicodeDecodeError, csv.Error):
        return []
    if not found or not found[0].keys() >= _NEEDED or any(None in row.values() for row in found):
        return []
    return found


def row_of(read: Reading, report: CredentialReport, arn: str) -> Members:
    """Return a user's row; a user made after the cached report has none, and that is not known, not false."""
    row = report.rows.get(arn)
    gap = report.gap
    if gap is None and row is None:
        gap = read.broken(_REPORT, arn, "the report has no row of this user (it may be older than the user)")
    return Members(read, _REPORT, arn, row, gap)


def date_of(row: Members, column: str) -> Fact[datetime]:
    """Return a date of a row; Absent where the report says that there is none."""
    fact = row.take(column, _date)
    return Absent() if isinstance(fact, Present) and fact.value is None else fact  # type: ignore[return-value] # no None left


def are_dates(row: Members, *columns: str) -> Fact[bool]:
    """Return that all of these columns hold a date or say that there is none: then what stands beside may be believed."""
    for column in columns:
        fact = row.take(column, _date)
        if not isinstance(fact, Present):
            return fact
    return Present(value=True)


def _date(value: Any) -> datetime | None:
    return None if value in _NO_DATE else moment(value)
