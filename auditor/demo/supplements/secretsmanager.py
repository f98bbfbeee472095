"""Secrets: the dates of rotations and versions."""

from typing import Any

from auditor.demo.supplements.state import Answer, Handlers, Passed, State, amended
from auditor.demo.wire import Request


def _list_secrets(state: State, _request: Request, passed: Passed) -> Answer:
    def change(document: dict[str, Any]) -> None:
        for each in document["SecretList"]:
            # What moto writes itself is the time of its own last touch, not of a rotation.
            each.pop("LastRotatedDate", None)
            each.pop("NextRotationDate", None)
            each.update(state.secret_dates.get(each["Name"], {}))

    return amended(passed, change)


def _secret_versions(state: State, request: Request, passed: Passed) -> Answer:
    made = state.secret_versions.get(request.members["SecretId"])

    def change(document: dict[str, Any]) -> None:
        for each in document["Versions"]:
            if made is not None and "AWSCURRENT" in each.get("VersionStages", ()):
                each["CreatedDate"] = made

    return amended(passed, change)


HANDLERS: Handlers = {
    "secretsmanager:ListSecretVersionIds": _secret_versions,
    "secretsmanager:ListSecrets": _list_secrets,
}
