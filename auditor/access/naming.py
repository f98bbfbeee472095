"""What a principal is called where an ARN is too long to read."""

import re
from typing import assert_never

from auditor.access.iam.caller import Caller, Kind, caller

ANYONE = "*"
_PERMISSION_SET = re.compile(r"AWSReservedSSO_(.+)_[0-9a-f]{16}")


def named(principal: str, account: str = "") -> str:
    """Return a principal in words; `account`: where it need not be said that it belongs to."""
    if principal == ANYONE:
        return "anyone"
    try:
        who = caller(principal)
    except ValueError:
        return principal
    away = f" of {who.account}" if who.account and who.account != account else ""
    return _plain(who) + (away if who.name else "")


def _plain(who: Caller) -> str:
    match who.kind:
        case Kind.ROOT:
            return f"account {who.account}"
        case Kind.SERVICE:
            return f"service {who.arn}"
        case Kind.USER | Kind.FEDERATED_USER:
            return f"user {who.name}"
        case Kind.ROLE:
            permissions = _PERMISSION_SET.fullmatch(who.name)
            return f"permission set {permissions[1]}" if permissions else f"role {who.name}"
        case Kind.ANONYMOUS:
            return "anyone"
        case _:
            assert_never(who.kind)
