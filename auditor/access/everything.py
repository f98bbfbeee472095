"""Whether a policy document allows everything: `*` on `*`, wildcards that come to the same, or either in disguise.

Disguised is an Allow with NotAction or NotResource: all but a few is still nearly all, and grows with every new service.
"""

from dataclasses import dataclass
from enum import StrEnum

from auditor.access.conditions import are_met_at_will
from auditor.access.patterns import ONE, REST, STAR, Relation, glob, literal, relation
from auditor.access.policy import Effect, Statement, parse
from auditor.model.words import several

_MOST_SHOWN = 3
_ACTIONS = f"{ONE}{REST}:{ONE}{ONE}{REST}"
"""The family of all actions: a service, a colon, a name. None is shorter than `s3`, or than apigateway's `GET`."""


class Breadth(StrEnum):
    """How much a document allows."""

    FULL = "full"
    CONDITIONAL = "conditional"
    """Everything, under a condition that is not met by whoever likes."""
    UNKNOWN = "unknown"
    LESS = "less"


@dataclass(frozen=True)
class Grants:
    """How much a document allows, and through which statement."""

    breadth: Breadth
    why: str


def breadth(document: str, partition: str, account: str) -> Grants:
    """Return whether a policy document (canonical JSON) allows everything in an account of this partition.

    Everything in the account's own ARNs is everything too: what bears no account number (buckets, a few others) makes no lesser
    administrator of whoever may change every role.
    """
    try:
        statements = parse(document)
    except ValueError as error:
        return Grants(Breadth.UNKNOWN, f"not understood: {error}")
    found = [
        _of(each, (_resources(partition), _own(partition, account)))
        for each in statements
        if each.effect is Effect.ALLOW
    ]
    for kind in (Breadth.FULL, Breadth.UNKNOWN, Breadth.CONDITIONAL):
        first = next((each for each in found if each.breadth is kind), None)
        if first is not None:
            return first
    return Grants(Breadth.LESS, "no statement allows everything")


def _of(statement: Statement, families: tuple[str, ...]) -> Grants:
    actions = _reach(statement.actions, statement.not_actions, _ACTIONS)
    if actions is None and not _has_odd_action(statement):
        # Less than every action, so that its resources need not be walked.
        return _less(statement)
    reached = (_reach(statement.resources, statement.not_resources, each) for each in families)
    resources = next((each for each in reached if each is not None), None)
    if not statement.resources and not statement.not_resources:
        return _less(statement)
    if actions is None or resources is None:
        odd = _not_compared(statement, families)
        return (
            Grants(Breadth.LESS, "") if odd is None else Grants(Breadth.UNKNOWN, f"{statement.label} names {odd[:40]}…")
        )
    why = f"{statement.label} allows {actions} on {resources}"
    if are_met_at_will(statement):
        return Grants(Breadth.FULL, why)
    keys = ", ".join(sorted({each.key for each in statement.conditions}))
    return Grants(Breadth.CONDITIONAL, f"{why} if {keys}")


def _less(statement: Statement) -> Grants:
    if not statement.resources and not statement.not_resources:
        return Grants(Breadth.UNKNOWN, f"{statement.label} names no resource")
    return Grants(Breadth.LESS, "")


def _has_odd_action(statement: Statement) -> bool:
    """Return whether an action pattern is too long-winded to be compared."""
    named = (*statement.actions, *statement.not_actions)
    return any(relation(glob(each), _ACTIONS) is Relation.UNKNOWN for each in named)


def _resources(partition: str) -> str:
    """Return the family of all ARNs: some services leave region and account out."""
    return literal(f"arn:{partition}:") + f"{REST}:{STAR}:{STAR}:{REST}"


def _not_compared(statement: Statement, families: tuple[str, ...]) -> str | None:
    """Return a pattern of the statement that is too long-winded to be compared: it may be everything."""
    actions = ((each, (_ACTIONS,)) for each in (*statement.actions, *statement.not_actions))
    resources = ((each, families) for each in (*statement.resources, *statement.not_resources))
    for pattern, against in (*actions, *resources):
        if any(relation(glob(pattern), each) is Relation.UNKNOWN for each in against):
            return pattern
    return None


def _own(partition: str, account: str) -> str:
    """Return the family of the ARNs that bear an account's number."""
    return literal(f"arn:{partition}:") + f"{REST}:{STAR}" + literal(f":{account}:") + REST


def _reach(named: tuple[str, ...], but: tuple[str, ...], family: str) -> str | None:
    """Return, in words, that all is reached, be it but for what is excepted; None where less is."""
    if but:
        return None if any(_covers(each, family) for each in but) else f"all but {several(but, _MOST_SHOWN)}"
    return next((each for each in named if _covers(each, family)), None)


def _covers(pattern: str, family: str) -> bool:
    return relation(glob(pattern), family) is Relation.COVERS
