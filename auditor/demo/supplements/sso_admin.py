"""Identity Center: one instance where the company has one, permission boundaries, and where sets are provisioned."""

from typing import Any

from moto.ssoadmin.models import ssoadmin_backends

from auditor.demo.supplements.state import Answer, Handlers, Passed, State, amended
from auditor.demo.wire import Request
from auditor.demo.writing import answer


def _instances(state: State, request: Request, passed: Passed) -> Answer:
    # moto has an instance in every account and region.
    if (request.account, request.region) != state.identity_center:
        return 200, answer(request, {"Instances": []})

    def change(document: dict[str, Any]) -> None:
        for each in document["Instances"]:
            each["PrimaryRegion"] = request.region

    return amended(passed, change)


def _provisioned(_state: State, request: Request, _passed: Passed) -> Answer:
    backend = ssoadmin_backends[request.account][request.region]
    wanted = request.members["PermissionSetArn"]
    accounts = {each.target_id for each in backend.account_assignments if each.permission_set_arn == wanted}
    return 200, answer(request, {"AccountIds": sorted(accounts)})


def _no_boundary(_state: State, _request: Request, _passed: Passed) -> Answer:
    return 400, b'{"__type": "ResourceNotFoundException", "message": "There is no permissions boundary."}'


HANDLERS: Handlers = {
    "sso-admin:GetPermissionsBoundaryForPermissionSet": _no_boundary,
    "sso-admin:ListAccountsForProvisionedPermissionSet": _provisioned,
    "sso-admin:ListInstances": _instances,
}
