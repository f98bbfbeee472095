"""What moto lacks, operation by operation: answers of our own, or moto's answers with the missing members."""

import base64
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from moto.iam.models import iam_backends

from auditor.demo.deployments import Deployments, Frozen, Key, freeze_http, freeze_rest, http_api, rest_api
from auditor.demo.exports import api_summary, export_http, export_rest
from auditor.demo.wire import Request, answer

Passed = Callable[[], tuple[int, bytes]]
"""Asks moto; returns status and body."""
Answer = tuple[int, bytes] | None


@dataclass
class Supplements:
    """State beside moto's, and the operations that need it."""

    deployments: Deployments = field(default_factory=Deployments)
    mutual_tls: dict[tuple[str, str, str], dict[str, Any]] = field(default_factory=dict)
    rotation_periods: dict[str, int] = field(default_factory=dict)
    rotation_since: dict[str, float] = field(default_factory=dict)
    rotations: dict[str, list[float]] = field(default_factory=dict)
    secret_dates: dict[str, dict[str, Any]] = field(default_factory=dict)
    secret_versions: dict[str, float] = field(default_factory=dict)
    """When the current version was made, by the secret's ARN."""
    counter: int = 0

    def handle(self, request: Request, passed: Passed) -> Answer:
        """Return an answer where moto's own is not enough, else None."""
        handler = _HANDLERS.get(request.id)
        return None if handler is None else handler(self, request, passed)

    def deployment_id(self) -> str:
        """Return a fresh id, the same in every run."""
        self.counter += 1
        return f"d{self.counter:05x}"


def _key(request: Request) -> Key:
    return (request.account, request.region, request.path.get("restapi_id") or request.path["apiId"])


def _amended(passed: Passed, change: Callable[[dict[str, Any]], None]) -> Answer:
    status, body = passed()
    if status >= 300:  # noqa: PLR2004 - moto's error goes out as it is
        return status, body
    document = json.loads(body)
    change(document)
    return status, json.dumps(document).encode()


def _create_deployment(state: Supplements, request: Request, passed: Passed) -> Answer:
    status, body = passed()
    if status < 300:  # noqa: PLR2004 - made
        made = json.loads(body)["id"]
        key = _key(request)
        state.deployments.rest.setdefault(key, {})[made] = freeze_rest(key, made, time.time())
    return status, body


def _get_deployment(state: Supplements, request: Request, passed: Passed) -> Answer:
    frozen = state.deployments.rest.get(_key(request), {}).get(request.path["deployment_id"])

    def change(document: dict[str, Any]) -> None:
        if frozen is not None and request.query.get("embed") == "apisummary":
            document["apiSummary"] = api_summary(frozen)

    return _amended(passed, change)


def _get_export(state: Supplements, request: Request, _passed: Passed) -> Answer:
    key, stage = _key(request), request.path["stage_name"]
    api = rest_api(key)
    frozen = state.deployments.rest[key][str(api.stages[stage].deployment_id)]
    return 200, json.dumps(export_rest(api.name, stage, frozen)).encode()


def _get_rest_apis(_state: Supplements, _request: Request, passed: Passed) -> Answer:
    def change(document: dict[str, Any]) -> None:
        for api in document["item"]:
            if api.get("policy"):
                # API Gateway answers policies escaped, as its documentation shows.
                api["policy"] = json.dumps(api["policy"])[1:-1]

    return _amended(passed, change)


def _create_domain(state: Supplements, request: Request, passed: Passed) -> Answer:
    given = request.members
    if given.get("mutualTlsAuthentication"):
        state.mutual_tls[(request.account, request.region, given["domainName"])] = given["mutualTlsAuthentication"]
    return passed()


def _get_domains(state: Supplements, request: Request, passed: Passed) -> Answer:
    def change(document: dict[str, Any]) -> None:
        for each in document["item"]:
            found = state.mutual_tls.get((request.account, request.region, each["domainName"]))
            if found is not None:
                each["mutualTlsAuthentication"] = found

    return _amended(passed, change)


def _http_authorizers(_state: Supplements, request: Request, _passed: Passed) -> Answer:
    items = [each.to_json() for each in http_api(_key(request)).authorizers.values()]
    kept = [{name: value for name, value in each.items() if value not in (None, "")} for each in items]
    return 200, json.dumps({"items": kept}).encode()


def _http_deploy(state: Supplements, key: Key, *, auto: bool) -> Frozen:
    frozen = freeze_http(key, state.deployment_id(), time.time(), auto=auto)
    state.deployments.http.setdefault(key, []).append(frozen)
    return frozen


def _create_http_deployment(state: Supplements, request: Request, _passed: Passed) -> Answer:
    key = _key(request)
    frozen = _http_deploy(state, key, auto=False)
    stage = request.members.get("stageName")
    if stage:
        state.deployments.served[(key, stage)] = frozen.id
    return 201, answer(request, _told(frozen))


def _told(frozen: Frozen) -> dict[str, Any]:
    return {
        "DeploymentId": frozen.id,
        "CreatedDate": datetime.fromtimestamp(frozen.created, UTC),
        "DeploymentStatus": "DEPLOYED",
        "AutoDeployed": frozen.auto,
    }


def _http_deployments(state: Supplements, request: Request, _passed: Passed) -> Answer:
    return 200, answer(request, {"Items": [_told(each) for each in state.deployments.http.get(_key(request), ())]})


def _http_stages(state: Supplements, request: Request, passed: Passed) -> Answer:
    key = _key(request)

    def change(document: dict[str, Any]) -> None:
        for stage in document["items"]:
            if stage.get("autoDeploy"):
                _follow(state, key, stage["stageName"])
            served = state.deployments.served.get((key, stage["stageName"]))
            if served is not None:
                stage["deploymentId"] = served

    return _amended(passed, change)


def _follow(state: Supplements, key: Key, stage: str) -> Frozen:
    """Deploy the working copy where it differs from what an auto-deploy stage serves."""
    current = freeze_http(key, "", 0.0, auto=True)
    last = next((each for each in reversed(state.deployments.http.get(key, [])) if each.auto), None)
    if last is None or (last.routes, last.authorizers) != (current.routes, current.authorizers):
        last = _http_deploy(state, key, auto=True)
    state.deployments.served[(key, stage)] = last.id
    return last


def _export_http(state: Supplements, request: Request, _passed: Passed) -> Answer:
    key, stage = _key(request), request.query["stageName"]
    api = http_api(key)
    served = state.deployments.served.get((key, stage))
    if api.stages[stage].auto_deploy:
        frozen = _follow(state, key, stage)
    else:
        frozen = next(each for each in state.deployments.http[key] if each.id == served)
    return 200, json.dumps(export_http(api.name, stage, frozen)).encode()


def _enable_rotation(state: Supplements, request: Request, passed: Passed) -> Answer:
    given = request.members
    state.rotation_periods[_bare(given["KeyId"])] = int(given.get("RotationPeriodInDays", 365))
    state.rotation_since[_bare(given["KeyId"])] = time.time()
    return passed()


def _rotation_status(state: Supplements, request: Request, passed: Passed) -> Answer:
    key_id = _bare(request.members["KeyId"])

    def change(document: dict[str, Any]) -> None:
        document["KeyId"] = key_id
        if document.get("KeyRotationEnabled") and key_id in state.rotation_periods:
            period = state.rotation_periods[key_id]
            since = max([state.rotation_since[key_id], *state.rotations.get(key_id, [])])
            document["RotationPeriodInDays"] = period
            document["NextRotationDate"] = since + period * _DAY

    return _amended(passed, change)


def _key_rotations(state: Supplements, request: Request, _passed: Passed) -> Answer:
    key_id = _bare(request.members["KeyId"])
    dates = state.rotations.get(key_id, [])
    found = [{"KeyId": key_id, "RotationDate": each, "RotationType": "AUTOMATIC"} for each in dates]
    return 200, answer(request, {"Rotations": found, "Truncated": False})


_DAY = 86400


def _bare(key: str) -> str:
    return key.rpartition("/")[2]


def _list_secrets(state: Supplements, _request: Request, passed: Passed) -> Answer:
    def change(document: dict[str, Any]) -> None:
        for each in document["SecretList"]:
            # What moto writes itself is the time of its own last touch, not of a rotation.
            each.pop("LastRotatedDate", None)
            each.pop("NextRotationDate", None)
            each.update(state.secret_dates.get(each["Name"], {}))

    return _amended(passed, change)


def _secret_versions(state: Supplements, request: Request, passed: Passed) -> Answer:
    made = state.secret_versions.get(request.members["SecretId"])

    def change(document: dict[str, Any]) -> None:
        for each in document["Versions"]:
            if made is not None and "AWSCURRENT" in each.get("VersionStages", ()):
                each["CreatedDate"] = made

    return _amended(passed, change)


_COLUMNS = (
    "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,"
    "access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,"
    "access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,"
    "access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,"
    "cert_2_last_rotated"
)


def _credential_report(_state: Supplements, request: Request, _passed: Passed) -> Answer:
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


_HANDLERS: Mapping[str, Callable[[Supplements, Request, Passed], Answer]] = {
    "apigateway:CreateDeployment": _create_deployment,
    "apigateway:CreateDomainName": _create_domain,
    "apigateway:GetDeployment": _get_deployment,
    "apigateway:GetDomainNames": _get_domains,
    "apigateway:GetExport": _get_export,
    "apigateway:GetRestApis": _get_rest_apis,
    "apigatewayv2:CreateDeployment": _create_http_deployment,
    "apigatewayv2:ExportApi": _export_http,
    "apigatewayv2:GetAuthorizers": _http_authorizers,
    "apigatewayv2:GetDeployments": _http_deployments,
    "apigatewayv2:GetStages": _http_stages,
    "iam:GetCredentialReport": _credential_report,
    "kms:EnableKeyRotation": _enable_rotation,
    "kms:GetKeyRotationStatus": _rotation_status,
    "kms:ListKeyRotations": _key_rotations,
    "secretsmanager:ListSecretVersionIds": _secret_versions,
    "secretsmanager:ListSecrets": _list_secrets,
}
