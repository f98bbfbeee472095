"""Identity stores: whether a user is enabled."""

from typing import Any

from auditor.demo.supplements.state import Answer, Handlers, Passed, State, amended
from auditor.demo.wire import Request


def _users(state: State, _request: Request, passed: Passed) -> Answer:
    def change(document: dict[str, Any]) -> None:
        for each in document["Users"]:
            each["UserStatus"] = "DISABLED" if each["UserId"] in state.disabled_users else "ENABLED"

    return amended(passed, change)


HANDLERS: Handlers = {"identitystore:ListUsers": _users}
