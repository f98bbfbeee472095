"""What a role's trust policy says, statement by statement, and how a condition ties a key to values."""

from collections.abc import Iterator
from enum import StrEnum

from auditor.access.iam.statement import has_action
from auditor.access.policy import Condition, Effect, Statement, parse
from auditor.checks.interface import Outcome
from auditor.model.fact import Present
from auditor.model.iam import Role
from auditor.model.status import Status

UNCLEAR = "the trust policy is not understood"
_EXACT = frozenset({"stringequals", "stringequalsignorecase"})
_LIKE = frozenset({"stringlike", "arnlike", "arnequals"})
_FREE = frozenset(
    {"stringnotequals", "stringnotequalsignorecase", "stringnotlike", "arnnotequals", "arnnotlike", "null"}
)
_ANY_VALUE, _ALL_VALUES, _IF_EXISTS = "foranyvalue:", "forallvalues:", "ifexists"


class Tie(StrEnum):
    """How a condition ties a key to the values beside it."""

    EXACT = "exact"
    LIKE = "like"
    """To patterns: `*` and `?` are wildcards."""
    LOOSE = "loose"
    """To one of these, or to nothing at all: it is met where the call does not carry the key."""
    FREE = "free"
    """To none: it excludes values, or only asks whether there is one."""
    UNKNOWN = "unknown"
    """The operator is not understood, or a variable stands in a value."""


def tie(condition: Condition) -> Tie:
    """Return how a condition ties its key."""
    if any("${" in value for value in condition.values):
        return Tie.UNKNOWN
    operator = condition.operator.removeprefix(_ANY_VALUE)
    bare = operator.removeprefix(_ALL_VALUES).removesuffix(_IF_EXISTS)
    if bare in _FREE:
        return Tie.FREE
    if bare not in _EXACT | _LIKE:
        return Tie.UNKNOWN
    if bare != operator:
        return Tie.LOOSE
    return Tie.EXACT if bare in _EXACT else Tie.LIKE


def is_pattern(condition: Condition, value: str) -> bool:
    """Return whether a value of a condition matches more than itself."""
    operator = condition.operator.removeprefix(_ANY_VALUE).removeprefix(_ALL_VALUES).removesuffix(_IF_EXISTS)
    return operator in _LIKE and ("*" in value or "?" in value)


def statements(role: Role) -> tuple[Statement, ...] | None:
    """Return the statements of a role's trust policy; None where it was not read or is no policy that can be understood."""
    if not isinstance(role.trust_policy, Present):
        return None
    try:
        return parse(role.trust_policy.value)
    except ValueError:
        return None


def opens(statement: Statement, action: str) -> bool:
    """Return whether a statement allows an action, written in small letters: `sts:assumerole`."""
    return statement.effect is Effect.ALLOW and has_action(statement, action)


def denied_keys(found: tuple[Statement, ...]) -> Iterator[str]:
    """Yield the condition keys of the Deny statements, in small letters: what they take back is not weighed here."""
    return (each.key for statement in found if statement.effect is Effect.DENY for each in statement.conditions)


def worst(outcomes: list[Outcome]) -> Outcome:
    """Return the worst of several outcomes, the first of equals; a pass is worse than what does not apply."""
    order = list(Status)
    return min(outcomes, key=lambda each: order.index(each.status))
