"""iam:GetCredentialReport: a table of users as base64 CSV, cached by IAM for up to four hours."""

import base64
import binascii
import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass

from auditor.model.snapshot import Gap
from auditor.normalize.reading import Reading

_REPORT = "iam:GetCredentialReport"
ROOT = "<root_account>"
_NEEDED = frozenset({"user", "arn", "password_enabled", "mfa_active", "access_key_1_active", "access_key_2_active"})


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
    try:
        table = base64.b64decode(str(body.get("Content", "")), validate=True).decode()
        rows = list(csv.DictReader(io.StringIO(table)))
    except (binascii.Error, UnicodeDecodeError, csv.Error):
        rows = []
    if not rows or not rows[0].keys() >= _NEEDED or any(None in row.values() for row in rows):
        broken = read.broken(
            _REPORT, f"arn:{read.partition}:iam::{read.key.account}:account", "Content is not understood"
        )
        return CredentialReport({}, None, (), broken)
    return CredentialReport(
        {row["arn"]: row for row in rows}, str(body.get("GeneratedTime", "")) or None, (answers[0].page.sha256,), None
    )
