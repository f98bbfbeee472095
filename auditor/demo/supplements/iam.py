"""IAM: the credential report with its root row, last uses, MFA devices as AWS lists them, and what moto does not answer."""

import re
from datetime import UTC, datetime
from typing import Any

from moto.iam.models import iam_backends

from auditor.demo.supplements.state import Answer, Handlers, Passed, State
from auditor.demo.wire import Request
from auditor.demo.writing import answer

_COLUMNS = (
    "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,"
    "access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,"
    "access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,"
    "access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,"
    "cert_2_last_rotated"
)
_NO_KEY = ["false", "N/A", "N/A", "N/A", "N/A"]
_NO_CERTIFICATES = ["false", "N/A", "false", "N/A"]
_NUMBER = re.compile(r"<key>(\w+)</key>\s*<value>(\d+)</value>")


def _credential_report(state: State, request: Request, _passed: Passed) -> Answer:
    backend = iam_backends[request.account]["aws"]
    rows = [_COLUMNS, _root(state, request.account), *(_user(state, user) for user in backend.users.values())]
    report = {"Content": "\n".join(rows), "ReportFormat": "text/csv", "GeneratedTime": datetime.now(UTC)}
    return 200, answer(request, report)


def _root(state: State, account: str) -> str:
    arn = f"arn:aws:iam::{account}:root"
    used = state.last_uses.get(arn)
    # The root user has a password, but the report does not speak of it (IAM user guide, credential report).
    cells = ["<root_account>", arn, _iso(datetime(2021, 3, 1, tzinfo=UTC)), "not_supported"]
    cells += ["no_information" if used is None else _iso(used), "not_supported", "not_supported", "true"]
    return ",".join([*cells, *_NO_KEY, *_NO_KEY, *_NO_CERTIFICATES])


def _user(state: State, user: Any) -> str:
    cells = [user.name, user.arn, _iso(user.create_date)]
    if user.password:
        used = state.last_uses.get(user.arn)
        cells += ["true", "no_information" if used is None else _iso(used), _iso(user.create_date), "N/A"]
    else:
        cells += ["false", "N/A", "N/A", "N/A"]
    cells.append("true" if user.mfa_devices else "false")
    for index in range(2):
        cells += _key(state, user.access_keys[index]) if index < len(user.access_keys) else _NO_KEY
    return ",".join([*cells, *_NO_CERTIFICATES])


def _key(state: State, key: Any) -> list[str]:
    used = state.last_uses.get(key.access_key_id)
    place = ["N/A", "N/A", "N/A"] if used is None else [_iso(used), "eu-west-1", "s3"]
    return ["true" if key.status == "Active" else "false", _iso(key.create_date), *place]


def _iso(moment: Any) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S+00:00") if isinstance(moment, datetime) else str(moment)


def _summary(_state: State, request: Request, passed: Passed) -> Answer:
    """Return moto's numbers with those of the root user, who has a password and MFA here."""
    status, body = passed()
    numbers = {name: int(value) for name, value in _NUMBER.findall(body.decode())}
    root = {"AccountPasswordPresent": 1, "AccountMFAEnabled": 1}
    return status, answer(request, {"SummaryMap": {**numbers, **root}})


def _last_used(state: State, request: Request, _passed: Passed) -> Answer:
    key_id = str(request.parameters["AccessKeyId"])
    backend = iam_backends[request.account]["aws"]
    owner = next(
        user.name for user in backend.users.values() for key in user.access_keys if key.access_key_id == key_id
    )
    used = state.last_uses.get(key_id)
    told: dict[str, Any] = {"ServiceName": "N/A", "Region": "N/A"}
    if used is not None:
        told = {"LastUsedDate": used, "ServiceName": "s3", "Region": "eu-west-1"}
    return 200, answer(request, {"UserName": owner, "AccessKeyLastUsed": told})


def _virtual_devices(_state: State, request: Request, _passed: Passed) -> Answer:
    """Return the devices without their seeds, which AWS shows once, when a device is made; moto lists them."""
    devices = iam_backends[request.account]["aws"].virtual_mfa_devices.values()
    found = [{"SerialNumber": each.serial_number, **_holder(each)} for each in devices]
    return 200, answer(request, {"VirtualMFADevices": found, "IsTruncated": False})


def _holder(device: Any) -> dict[str, Any]:
    user = device.user
    if user is None:
        return {}
    told = {
        "Path": user.path,
        "UserName": user.name,
        "UserId": user.id,
        "Arn": user.arn,
        "CreateDate": user.create_date,
    }
    return {"User": told, "EnableDate": device.enable_date}


def _service_credentials(_state: State, request: Request, _passed: Passed) -> Answer:
    return 200, answer(request, {"ServiceSpecificCredentials": [], "IsTruncated": False})


def _organizations_features(_state: State, _request: Request, _passed: Passed) -> Answer:
    """Refuse as AWS refuses a member account: both accounts of the company are."""
    code = "AccountNotManagementOrDelegatedAdministrator"
    told = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>not the management account</Message></Error>"
    return 400, f"<ErrorResponse>{told}<RequestId>r</RequestId></ErrorResponse>".encode()


HANDLERS: Handlers = {
    "iam:GetAccessKeyLastUsed": _last_used,
    "iam:GetAccountSummary": _summary,
    "iam:GetCredentialReport": _credential_report,
    "iam:ListOrganizationsFeatures": _organizations_features,
    "iam:ListServiceSpecificCredentials": _service_credentials,
    "iam:ListVirtualMFADevices": _virtual_devices,
}
