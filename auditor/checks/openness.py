"""Whom the policy of a key or secret lets in beside its own accounts, and whether a condition keeps strangers out.

A condition on an organization, on the account that calls, or on the service through which a call comes restricts; every other one
that is not met by whoever likes a person must weigh. Never tried on a live account.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import IntEnum

from auditor.access.conditions import are_met_at_will
from auditor.access.iam.caller import deleted
from auditor.access.policy import Condition, Effect, Principal, Statement
from auditor.checks.iam.trust_statements import Tie, is_pattern, tie

_ORGANIZATIONS = frozenset({"aws:principalorgid", "aws:principalorgpaths", "aws:sourceorgid", "aws:sourceorgpaths"})
_ACCOUNTS = frozenset({"kms:calleraccount", "aws:principalaccount", "aws:sourceaccount"})
_ARNS = frozenset({"aws:principalarn", "aws:sourcearn"})
_SERVICE = "kms:viaservice"
_WILD = frozenset("*?")
_ARN_PARTS, _ACCOUNT, _DIGITS = 6, 4, 12


class _Limit(IntEnum):
    """How far a condition keeps strangers out, best first: conditions are joined by AND, so the best one decides."""

    RESTRICTS = 1
    WEIGHED = 2
    NONE = 3


@dataclass(frozen=True)
class Home:
    """The accounts that are no strangers."""

    accounts: frozenset[str]


@dataclass(frozen=True)
class Opened:
    """A stranger who is let in, or somebody of whom nobody can tell."""

    why: str
    is_certain: bool
    is_understood: bool = True


def opened(statements: tuple[Statement, ...], home: Home) -> Iterator[Opened]:
    """Yield whom the Allow statements let in beside the home accounts, unless a condition restricts it."""
    deny = next((each for each in statements if each.effect is Effect.DENY), None)
    for statement in statements:
        if statement.effect is not Effect.ALLOW:
            continue
        limit = min((_limit(each, statement, home) for each in statement.conditions), default=_Limit.NONE)
        keys = ", ".join(sorted({each.key for each in statement.conditions}))
        for who in _strangers(statement, home) if limit is not _Limit.RESTRICTS else ():
            why = f"{statement.label} of its policy lets {who} in"
            if limit is _Limit.WEIGHED:
                yield Opened(f"{why}, if {keys}", is_certain=False)
            elif deny is not None:
                yield Opened(f"{why}, unless {deny.label} denies it", is_certain=False)
            else:
                yield Opened(f"{why}, and no condition on an organization or service restricts it", is_certain=True)
        for odd in _odd(statement):
            yield Opened(f"whom {statement.label} of its policy means by {odd} is not understood", False, False)


def account_named(value: str) -> str | None:
    """Return the account that a principal names, by its number or in its ARN; None where it names none."""
    parts = value.split(":")
    account = value if len(parts) == 1 else parts[_ACCOUNT] if len(parts) >= _ARN_PARTS else ""
    return account if len(account) == _DIGITS and account.isdigit() else None


def _strangers(statement: Statement, home: Home) -> Iterator[str]:
    if statement.not_principals:
        yield "everyone whom it does not name"
    for each in statement.principals:
        if each.value == "*":
            yield "every AWS service" if each.kind == "Service" else "everyone"
        elif each.kind == "AWS":
            account = account_named(each.value)
            if account is not None and account not in home.accounts:
                yield f"account {account}"


def _odd(statement: Statement) -> Iterator[str]:
    return (each.value for each in statement.principals if each.value not in deleted(statement) and _is_odd(each))


def _is_odd(principal: Principal) -> bool:
    if principal.value == "*" or principal.kind == "Service":
        return False
    return principal.kind != "AWS" or account_named(principal.value) is None or bool(_WILD & set(principal.value))


def _limit(condition: Condition, statement: Statement, home: Home) -> _Limit:
    if condition.key not in _ORGANIZATIONS | _ACCOUNTS | _ARNS | {_SERVICE}:
        alone = replace(statement, conditions=(condition,))
        return _Limit.NONE if are_met_at_will(alone) else _Limit.WEIGHED
    match tie(condition):
        case Tie.FREE:
            return _Limit.NONE
        case Tie.LOOSE | Tie.UNKNOWN:
            return _Limit.WEIGHED
        case Tie.EXACT | Tie.LIKE:
            return max((_by_value(condition, each, home) for each in condition.values), default=_Limit.NONE)


def _by_value(condition: Condition, value: str, home: Home) -> _Limit:
    if not set(value) - _WILD and is_pattern(condition, value):
        return _Limit.NONE
    if condition.key == _SERVICE:
        return _Limit.RESTRICTS
    if condition.key in _ORGANIZATIONS:
        return _Limit.WEIGHED if is_pattern(condition, value.partition("/")[0]) else _Limit.RESTRICTS
    account = value if condition.key in _ACCOUNTS else _account_in(value)
    return _Limit.RESTRICTS if account in home.accounts else _Limit.WEIGHED


def _account_in(value: str) -> str:
    """Return the account in an ARN, where no wildcard before it could reach across it."""
    parts = value.split(":", _ARN_PARTS - 1)
    if len(parts) < _ARN_PARTS or _WILD & set("".join(parts[:_ACCOUNT])):
        return ""
    return parts[_ACCOUNT]
