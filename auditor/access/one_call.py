"""What a resource policy says of ONE call whose circumstances are known in part: allow, deny, silence, or nobody can tell.

Operators and missing keys: IAM user guide, "Condition operators" and "Multivalued context keys". Where a key is certainly not
there, a positive operator does not match and a negated one does; where it is not told, the condition is unknown.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from auditor.access.family import Family, names_invoke, resource_relation
from auditor.access.iam.condition import holds as met
from auditor.access.iam.context import Context
from auditor.access.iam.truth import Truth as Known
from auditor.access.iam.variables import VoidError
from auditor.access.patterns import Relation, literal
from auditor.access.policy import Condition, Effect, Principal, Statement, parse

_ROOT = re.compile(r"arn:[^:]+:iam::(?P<account>[0-9]{12}):root")
_SESSION = re.compile(r"(?P<start>arn:[^:]+):sts::(?P<account>[0-9]{12}):assumed-role/(?P<role>[^/]+)/.+")


class Truth(StrEnum):
    """A three-valued answer."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Said(StrEnum):
    """What a policy says of a call."""

    ALLOW = "allow"
    SILENT = "silent"
    DENY = "deny"


@dataclass(frozen=True, slots=True)
class Circumstances:
    """One call, as a policy sees it."""

    arn: str
    """`arn:aws:execute-api:REGION:ACCOUNT:API/STAGE/VERB/path`, with the call's own verb and path."""
    principal: str | None = None
    """ARN of who signed it; None: nobody did, or it is not told."""
    is_signed: bool | None = False
    """None: not told."""
    values: Mapping[str, str] = field(default_factory=dict)
    """Condition keys, lower case, whose value is known."""
    missing: frozenset[str] = frozenset()
    """Condition keys that such a call certainly does not carry."""

    @property
    def family(self) -> Family:
        """Return the family of this one ARN."""
        return Family(self.arn.partition("/")[0], literal(self.arn))


@dataclass(frozen=True, slots=True)
class Judged:
    """What a policy may say of a call: one member where it is certain."""

    possible: frozenset[Said]
    statement: str
    """The statement that decides, or that leaves it open; empty where none speaks of the call."""

    @property
    def certain(self) -> Said | None:
        """Return what it says for certain."""
        return next(iter(self.possible)) if len(self.possible) == 1 else None


def judge(policy: str, call: Circumstances) -> Judged:
    """Return what a policy document says of a call; raise ValueError where it is no well-formed policy."""
    told = [(each, applies(each, call)) for each in parse(policy)]
    denies = [(each, truth) for each, truth in told if each.effect is Effect.DENY and truth is not Truth.NO]
    allows = [(each, truth) for each, truth in told if each.effect is Effect.ALLOW and truth is not Truth.NO]
    denied = next((each for each, truth in denies if truth is Truth.YES), None)
    if denied is not None:
        return Judged(frozenset({Said.DENY}), denied.label)
    allowed = next((each for each, truth in allows if truth is Truth.YES), None)
    possible = {Said.ALLOW} if allowed is not None else {Said.SILENT}
    if allowed is None and allows:
        possible.add(Said.ALLOW)
    if denies:
        possible.add(Said.DENY)
    speaker = denies[0][0] if denies else allowed or (allows[0][0] if allows else None)
    return Judged(frozenset(possible), speaker.label if speaker else "")


def applies(statement: Statement, call: Circumstances) -> Truth:
    """Return whether a statement speaks of a call."""
    return _all((_action(statement), _resource(statement, call), _principal(statement, call), _holds(statement, call)))


def _action(statement: Statement) -> Truth:
    if statement.not_actions:
        return Truth.NO if names_invoke(statement.not_actions) else Truth.YES
    return Truth.YES if names_invoke(statement.actions) else Truth.NO


def _resource(statement: Statement, call: Circumstances) -> Truth:
    if statement.not_resources:
        return _not(_any(_matches(each, call) for each in statement.not_resources))
    if not statement.resources:
        return Truth.UNKNOWN
    return _any(_matches(each, call) for each in statement.resources)


def _matches(written: str, call: Circumstances) -> Truth:
    match resource_relation(written, call.family):
        case Relation.COVERS:
            return Truth.YES
        case Relation.DISJOINT:
            return Truth.NO
        case Relation.PARTLY | Relation.UNKNOWN:
            return Truth.UNKNOWN


def _principal(statement: Statement, call: Circumstances) -> Truth:
    if statement.not_principals:
        return _not(_any(_is(each, call) for each in statement.not_principals))
    if not statement.principals:
        return Truth.UNKNOWN
    return _any(_is(each, call) for each in statement.principals)


def _is(named: Principal, call: Circumstances) -> Truth:
    """Return whether a principal is who calls. A service, or a federated identity, never calls a route by itself here."""
    if named.value == "*" and named.kind in {"*", "AWS"}:
        return Truth.YES
    if call.is_signed is False:
        return Truth.NO
    if named.kind != "AWS" or call.principal is None:
        return Truth.UNKNOWN
    return Truth.YES if named.value in _names(call.principal) or _is_account(named.value, call.principal) else Truth.NO


def _names(principal: str) -> tuple[str, ...]:
    """Return the ARNs under which a caller may be named: a role session also by its role."""
    session = _SESSION.fullmatch(principal)
    if session is None:
        return (principal,)
    return principal, f"{session['start']}:iam::{session['account']}:role/{session['role']}"


def _is_account(named: str, principal: str) -> bool:
    root = _ROOT.fullmatch(named)
    return (root["account"] if root else named) == principal.split(":")[4]


def _holds(statement: Statement, call: Circumstances) -> Truth:
    return _all(holds(each, call) for each in statement.conditions)


_TOLD = {Known.YES: Truth.YES, Known.NO: Truth.NO, Known.IF: Truth.UNKNOWN, Known.UNKNOWN: Truth.UNKNOWN}


def holds(condition: Condition, call: Circumstances) -> Truth:
    """Return whether a condition is met, as IAM decides it; a variable without a value tells nothing here."""
    context = Context({key: (value,) for key, value in call.values.items()}, call.missing)
    try:
        return _TOLD[met(condition, context, dynamic=True)]
    except VoidError:
        return Truth.UNKNOWN


def _not(truth: Truth) -> Truth:
    return {Truth.YES: Truth.NO, Truth.NO: Truth.YES, Truth.UNKNOWN: Truth.UNKNOWN}[truth]


def _any(truths: Iterable[Truth]) -> Truth:
    found = set(truths)
    return Truth.YES if Truth.YES in found else Truth.UNKNOWN if Truth.UNKNOWN in found else Truth.NO


def _all(truths: Iterable[Truth]) -> Truth:
    found = set(truths)
    return Truth.NO if Truth.NO in found else Truth.UNKNOWN if Truth.UNKNOWN in found else Truth.YES
