"""IAM: the credential report with its root row."""

import base64
from datetime import UTC, datetime
from typing import Any

from moto.iam.models import iam_backends

from auditor.demo.supplements.state import Answer, Handlers, Passed, State
from auditor.demo.wire import Request

_COLUMNS = (
    "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,"
    "access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,"
    "access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,"
    "access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,"
    "cert_2_last_rotated"
)


def _credential_report(_state: State, request: Request, _passed: Passed) -> Answer:
    backend = iam_backends[request.account]["aws"]
    rows = [
        _COLUMNS,
        _row("<root_account>", f"arn:aws:iam::{request.account}:root", datetime(2021, 3, 1, tzinfo=UTC), [], mfa=True),
    ]
    rows += [
        _row(user.name, user.arn, user.create_date, user.access_keys, mfa=bool(user.mfa_devices))
        for user in backend.users.values()
    ]
    content = base64.b64encode("\n".join(rows).encode()).decode()
    moment = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    body = (
        '<GetCredentialReportResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><GetCredentialReportResult>'
        f"<Content>{content}</Content><GeneratedTime>{moment}</GeneratedTime><ReportFormat>text/csv</ReportFormat>"
        "</GetCredentialReportResult></GetCredentialReportResponse>"
    )
    return 200, body.encode()


def _row(name: str, arn: str, created: datetime, keys: list[Any], *, mfa: bool) -> str:
    cells = [
        name,
        arn,
        _iso(created),
        "not_supported" if name.startswith("<") else "false",
        "no_information",
        "N/A",
        "N/A",
    ]
    cells.append("true" if mfa else "false")
    for index in range(2):
        key = keys[index] if index < len(keys) else None
        active = "true" if key is not None and key.status == "Active" else "false"
        cells += [active, "N/A" if key is None else _iso(key.create_date), "N/A", "N/A", "N/A"]
    return ",".join([*cells, "false", "N/A", "false", "N/A"])


def _iso(moment: Any) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S+00:00") if isinstance(moment, datetime) else str(moment)


HANDLERS: Handlers = {
    "iam:GetCredentialReport": _credential_report,
}
