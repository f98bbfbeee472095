"""KMS keys: rotation periods, next rotations and past ones."""

import time
from typing import Any

from auditor.demo.supplements.state import Answer, Handlers, Passed, State, amended
from auditor.demo.wire import Request
from auditor.demo.writing import answer

_DAY = 86400


def _enable_rotation(state: State, request: Request, passed: Passed) -> Answer:
    given = request.members
    state.rotation_periods[_bare(given["KeyId"])] = int(given.get("RotationPeriodInDays", 365))
    state.rotation_since[_bare(given["KeyId"])] = time.time()
    return passed()


def _rotation_status(state: State, request: Request, passed: Passed) -> Answer:
    key_id = _bare(request.members["KeyId"])

    def change(document: dict[str, Any]) -> None:
        document["KeyId"] = key_id
        if document.get("KeyRotationEnabled") and key_id in state.rotation_periods:
            period = state.rotation_periods[key_id]
            since = max([state.rotation_since[key_id], *state.rotations.get(key_id, [])])
            document["RotationPeriodInDays"] = period
            document["NextRotationDate"] = since + period * _DAY

    return amended(passed, change)


def _key_rotations(state: State, request: Request, _passed: Passed) -> Answer:
    key_id = _bare(request.members["KeyId"])
    dates = state.rotations.get(key_id, [])
    found = [{"KeyId": key_id, "RotationDate": each, "RotationType": "AUTOMATIC"} for each in dates]
    return 200, answer(request, {"Rotations": found, "Truncated": False})


def _bare(key: str) -> str:
    return key.rpartition("/")[2]


HANDLERS: Handlers = {
    "kms:EnableKeyRotation": _enable_rotation,
    "kms:GetKeyRotationStatus": _rotation_status,
    "kms:ListKeyRotations": _key_rotations,
}
