"""The values of one condition key, cut into classes: in each, all conditions on the key have the same answer.

The evaluator is asked about one value of each class. Where the classes would not be complete, because of an operator, a variable
or a value of another form, or would be too many, there is one class of which nobody can tell the value: what depends on it stays open.
"""

from dataclasses import dataclass
from enum import IntEnum

from auditor.access.automata import OPEN, OTHER
from auditor.access.iam.condition import holds
from auditor.access.iam.context import Context
from auditor.access.iam.truth import Truth
from auditor.access.policy import Condition
from auditor.access.sources import EVERYWHERE, Network

NULL = "null"
IGNORING_CASE = frozenset({"stringequalsignorecase", "stringnotequalsignorecase"})
MOST_QUESTIONS = 600_000
"""Values times what they are compared with."""
_INNER = OPEN | {OTHER}
"""Characters that have another meaning in a language."""


class Naming(IntEnum):
    """How a policy names where a call comes from; the least of several decides."""

    NAMED = 0
    """By ids, one by one."""
    PATTERN = 1
    """By a pattern that a stranger's id may match."""
    ANYONE = 2


@dataclass(frozen=True, slots=True)
class Values:
    """One class."""

    value: str | None
    """One value of it; None: the call does not carry the key, or nobody can tell which value it has."""
    is_told: bool = True
    is_certain: bool = True
    """Whether calls with such a value come at all; else AWS's pages leave that open."""
    naming: Naming = Naming.ANYONE
    networks: tuple[Network, ...] = EVERYWHERE
    """Of addresses."""
    named: tuple[str, ...] = ()
    """Of ids that are named: which."""


MISSING = Values(None)
NOT_TOLD = Values(None, is_told=False)


def are_closed(conditions: tuple[Condition, ...], operators: frozenset[str]) -> bool:
    """Return whether there are conditions, all of operators that the classes are complete for, with plain values not too many.

    How AWS ignores case beyond ASCII is not documented.
    """
    written = [value for each in conditions for value in each.values]
    plain = all("${" not in value and not set(value) & _INNER for value in written)
    folded = [value for each in conditions if each.parts.base in IGNORING_CASE for value in each.values]
    return (
        bool(conditions)
        and len(written) ** 2 <= MOST_QUESTIONS
        and all(each.parts.base in operators for each in conditions)
        and plain
        and all(value.isascii() for value in folded)
    )


def answers(conditions: tuple[Condition, ...], value: str | None) -> tuple[Truth, ...]:
    """Return what the evaluator says of each condition: all are on one key."""
    key = conditions[0].key
    context = Context({}, frozenset({key})) if value is None else Context({key: (value,)})
    return tuple(holds(each, context, dynamic=False) for each in conditions)
