"""Whom a role's trust policy names, in words for a person."""

import re
from collections.abc import Iterator

from auditor.access.policy import Effect, Principal, Statement, parse

_ROOT = re.compile(r"(?:arn:[^:]+:iam::)?([0-9]{12})(?::root)?")
_NOT_UNDERSTOOD = "whom its trust policy names, which is not understood"
SERVICE = "service "
"""How the name of an AWS service begins here."""


def trusted(document: str) -> tuple[str, ...]:
    """Return whom the Allow statements of a trust policy name, sorted; a malformed one names somebody all the same."""
    try:
        statements = parse(document)
    except ValueError:
        return (_NOT_UNDERSTOOD,)
    return tuple(sorted({each for statement in statements for each in _named(statement)}))


def _named(statement: Statement) -> Iterator[str]:
    if statement.effect is not Effect.ALLOW:
        return
    condition = ", ".join(sorted({each.key for each in statement.conditions}))
    under = f" (if {condition})" if condition else ""
    for each in statement.principals:
        yield _word(each) + under
    if statement.not_principals:
        yield "everyone but " + ", ".join(_word(each) for each in statement.not_principals) + under


def _word(principal: Principal) -> str:
    if principal.value == "*":
        return "anyone"
    if principal.kind == "Service":
        return f"{SERVICE}{principal.value}"
    if principal.kind == "Federated":
        return f"users of {principal.value}"
    root = _ROOT.fullmatch(principal.value)
    return f"account {root[1]}" if root else principal.value
