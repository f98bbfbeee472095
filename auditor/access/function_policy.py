"""Whom the resource policy of a Lambda function lets in beside the API: any API, anyone, a foreign account. Pure.

API Gateway calls with `aws:SourceArn`, the execute-api ARN of the call (access.md section 4.4); a policy names it under an operator
of ARNs or of texts. Recognised forms only: what is not recognised is UNKNOWN. Never tried on a live account.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from auditor.access.patterns import REST, Relation, glob, literal, relation
from auditor.access.policy import Condition, Effect, Principal, Statement, parse

_GATEWAY = "apigateway.amazonaws.com"
_SOURCE_ARN = "aws:sourcearn"
_ARN_OPERATORS = frozenset({"arnlike", "arnequals"})
"""Both take wildcards, which stay within one part of the ARN (IAM user guide, condition operators)."""
_TEXT_OPERATORS = frozenset({"stringlike", "stringequals", "stringequalsignorecase"})
_CALLS = literal("arn:") + REST + literal(":execute-api:") + REST
"""The family of all ARNs with which API Gateway calls."""
_ONLY_URLS = frozenset({"lambda:functionurlauthtype", "lambda:invokedviafunctionurl"})
"""Keys that say by which door a call comes, and nothing of who calls."""
_ONE_API = re.compile(r"(?P<before>arn:[^:]+:execute-api:[^:]+):(?P<account>[0-9]{12}):[A-Za-z0-9]+(/.*)?", re.DOTALL)
_ACCOUNT = re.compile(r"(?:arn:[^:]+:(?:iam|sts)::)?(?P<account>[0-9]{12})(?::.+)?")


class Extent(StrEnum):
    """How wide a statement opens a function, worst first."""

    WIDE = "wide"
    UNKNOWN = "unknown"
    NARROW = "narrow"


@dataclass(frozen=True)
class Opening:
    """What one statement lets in."""

    extent: Extent
    why: str
    """A clause that begins with the statement's label; of NARROW: whom it lets in, in a word."""


@dataclass(frozen=True)
class _Home:
    account: str
    trusted: frozenset[str]

    def knows(self, account: str) -> bool:
        return account == self.account or account in self.trusted


def openings(policy: str, account: str, trusted: frozenset[str]) -> tuple[Opening, ...]:
    """Return what each Allow statement lets in, by principal; raise ValueError where it is no well-formed policy.

    `account`: the function's own. A Deny may take back what an Allow gives: then nothing wide is certain.
    """
    statements, home = parse(policy), _Home(account, trusted)
    found = tuple(each for one in statements if one.effect is Effect.ALLOW for each in _of(one, home))
    deny = next((each for each in statements if each.effect is Effect.DENY), None)
    return found if deny is None else tuple(_doubted(each, deny) for each in found)


def _doubted(opening: Opening, deny: Statement) -> Opening:
    if opening.extent is not Extent.WIDE:
        return opening
    return Opening(Extent.UNKNOWN, f"{opening.why}, which {deny.label} may take back")


def _of(statement: Statement, home: _Home) -> Iterator[Opening]:
    if statement.not_principals:
        yield Opening(Extent.WIDE, f"{statement.label} lets everyone in whom it does not name")
    elif not statement.principals:
        yield Opening(Extent.UNKNOWN, f"{statement.label} names no principal")
    for each in statement.principals:
        yield _by(each, statement, home)


def _by(principal: Principal, statement: Statement, home: _Home) -> Opening:
    if principal.is_everyone:
        return _anyone(statement, home)
    if principal.kind == "Service":
        return _service(principal.value.lower(), statement, home)
    found = _ACCOUNT.fullmatch(principal.value) if principal.kind == "AWS" else None
    if found is None:
        return Opening(Extent.UNKNOWN, f"whom {statement.label} means by {principal.value} is not understood")
    if home.knows(found["account"]):
        return Opening(Extent.NARROW, principal.value)
    return Opening(Extent.WIDE, f"{statement.label} lets account {found['account']} in, which is not trusted")


def _service(name: str, statement: Statement, home: _Home) -> Opening:
    if name == "*":
        return Opening(Extent.WIDE, f"{statement.label} lets every AWS service in")
    if name != _GATEWAY:
        return Opening(Extent.NARROW, name)
    unlimited = Opening(Extent.WIDE, f"{statement.label} names no SourceArn, so that more than one API may call")
    return _sources(statement.conditions, statement.label, home) or unlimited


def _anyone(statement: Statement, home: _Home) -> Opening:
    """Return what a statement for everyone comes to: a SourceArn limits it, other conditions that name callers may."""
    strict = tuple(each for each in statement.conditions if not each.operator.endswith("ifexists"))
    found = _sources(strict, statement.label, home)
    if found is not None and found.extent is Extent.NARROW:
        return found
    others = sorted({each.key for each in statement.conditions} - _ONLY_URLS)
    if not statement.conditions:
        return Opening(Extent.WIDE, f"{statement.label} lets anyone in")
    if not others:
        return Opening(Extent.WIDE, f"{statement.label} lets anyone in through a URL of the function")
    if others == [_SOURCE_ARN] and found is not None:
        return found
    return Opening(
        Extent.UNKNOWN, f"{statement.label} lets anyone in under {', '.join(others)}, which is not recognised"
    )


def _sources(conditions: tuple[Condition, ...], label: str, home: _Home) -> Opening | None:
    """Return what the conditions on SourceArn leave, joined by AND; None where there is none."""
    found = [_source(each, label, home) for each in conditions if each.key == _SOURCE_ARN]
    order = (Extent.NARROW, Extent.UNKNOWN, Extent.WIDE)
    return min(found, key=lambda each: order.index(each.extent), default=None)


def _source(condition: Condition, label: str, home: _Home) -> Opening:
    operator = condition.operator.removesuffix("ifexists")
    if operator not in _ARN_OPERATORS | _TEXT_OPERATORS or any("${" in each for each in condition.values):
        return Opening(Extent.UNKNOWN, f"which APIs {label} means by {condition.operator} is not understood")
    found = [_value(each, label, home, operator) for each in condition.values]
    worst = next((each for each in found if each.extent is Extent.WIDE), None)
    return worst or Opening(Extent.NARROW, ", ".join(condition.values))


def _value(value: str, label: str, home: _Home, operator: str) -> Opening:
    """Return what one SourceArn matches; what matches no call of API Gateway's lets none in."""
    found = _ONE_API.fullmatch(value)
    # StringEquals takes a wildcard as a character, and no call's ARN has one before its path.
    if found is None and (operator.startswith("stringequals") or relation(glob(value), _CALLS) is Relation.DISJOINT):
        return Opening(Extent.NARROW, value)
    # A `*` of StringLike reaches over the parts that follow.
    if found is None or (operator == "stringlike" and set(found["before"]) & set("*?")):
        return Opening(Extent.WIDE, f"{label} names {value} as its SourceArn, which is not limited to one API")
    if not home.knows(found["account"]):
        return Opening(Extent.WIDE, f"{label} lets an API of account {found['account']} in, which is not trusted")
    return Opening(Extent.NARROW, value)
