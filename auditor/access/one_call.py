"""What a resource policy says of ONE call whose circumstances are known in part: allow, deny, silence, or nobody can tell.

Operators and missing keys: IAM user guide, "Condition operators" and "Multivalued context keys". Where a key is certainly not
there, a positive operator does not match and a negated one does; where it is not told, the condition is unknown.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import translate
from functools import lru_cache
from ipaddress import ip_address, ip_network

from auditor.access.family import Family, names_invoke, resource_relation
from auditor.access.patterns import Relation, literal
from auditor.access.policy import Condition, Effect, Principal, Statement, parse

_ROOT = re.compile(r"arn:[^:]+:iam::(?P<account>[0-9]{12}):root")
_SESSION = re.compile(r"(?P<start>arn:[^:]+):sts::(?P<account>[0-9]{12}):assumed-role/(?P<role>[^/]+)/.+")
_OPERATOR = re.compile(r"(?P<set>foranyvalue:|forallvalues:)?(?P<base>[a-z]+?)(?P<if>ifexists)?")


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


def holds(condition: Condition, call: Circumstances) -> Truth:
    """Return whether a condition is met."""
    found = _OPERATOR.fullmatch(condition.operator)
    base = found["base"] if found else ""
    if found is None or base not in {*_TESTS, *_NEGATED, "null"}:
        return Truth.UNKNOWN
    is_missing, value = condition.key in call.missing, call.values.get(condition.key)
    if base == "null":
        return _is_null(condition, is_missing=is_missing, is_told=value is not None)
    if is_missing:
        return _without(found["set"], base, if_exists=found["if"] is not None)
    if value is None or any("${" in each for each in condition.values):
        return Truth.UNKNOWN
    test = _TESTS[_NEGATED.get(base, base)]
    matched = _any(test(value, each) for each in condition.values)
    return _not(matched) if base in _NEGATED else matched


def _is_null(condition: Condition, *, is_missing: bool, is_told: bool) -> Truth:
    wanted = {"true": True, "false": False}.get(condition.values[0].lower()) if len(condition.values) == 1 else None
    if wanted is None or not (is_missing or is_told):
        return Truth.UNKNOWN
    return Truth.YES if is_missing is wanted else Truth.NO


def _without(several: str | None, base: str, *, if_exists: bool) -> Truth:
    """Return the answer where the key is not there."""
    if if_exists or several == "forallvalues:":
        return Truth.YES
    if several == "foranyvalue:":
        return Truth.NO
    return Truth.YES if base in _NEGATED else Truth.NO


def _equals(value: str, wanted: str) -> Truth:
    return _of(value == wanted)


def _equals_ignoring_case(value: str, wanted: str) -> Truth:
    return _of(value.lower() == wanted.lower())


def _like(value: str, pattern: str) -> Truth:
    return _of(_expression(pattern).fullmatch(value) is not None)


@lru_cache(maxsize=4096)
def _expression(pattern: str) -> re.Pattern[str]:
    """Return the expression of a pattern with `*` and `?`; brackets mean nothing there."""
    return re.compile(translate(pattern.replace("[", "[[]")))


def _within(value: str, network: str) -> Truth:
    try:
        return _of(ip_address(value) in ip_network(network, strict=False))
    except ValueError:
        return Truth.UNKNOWN


_TESTS: Mapping[str, Callable[[str, str], Truth]] = {
    "stringequals": _equals,
    "stringequalsignorecase": _equals_ignoring_case,
    "stringlike": _like,
    "arnequals": _like,
    "arnlike": _like,
    "bool": _equals_ignoring_case,
    "ipaddress": _within,
}
_NEGATED = {
    "stringnotequals": "stringequals",
    "stringnotequalsignorecase": "stringequalsignorecase",
    "stringnotlike": "stringlike",
    "arnnotequals": "arnequals",
    "arnnotlike": "arnlike",
    "notipaddress": "ipaddress",
}


def _of(answer: bool) -> Truth:  # noqa: FBT001 - a truth made of a bool
    return Truth.YES if answer else Truth.NO


def _not(truth: Truth) -> Truth:
    return {Truth.YES: Truth.NO, Truth.NO: Truth.YES, Truth.UNKNOWN: Truth.UNKNOWN}[truth]


def _any(truths: Iterable[Truth]) -> Truth:
    found = set(truths)
    return Truth.YES if Truth.YES in found else Truth.UNKNOWN if Truth.UNKNOWN in found else Truth.NO


def _all(truths: Iterable[Truth]) -> Truth:
    found = set(truths)
    return Truth.NO if Truth.NO in found else Truth.UNKNOWN if Truth.UNKNOWN in found else Truth.YES
