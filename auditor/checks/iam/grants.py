"""What policies grant: each action with each resource of an Allow, and what may keep somebody from it.

A condition that whoever likes can meet is none. What a Deny certainly takes back is no grant; what it may take back a person
weighs, as every other condition.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from auditor.access.conditions import are_met_at_will
from auditor.access.patterns import STAR, Relation, glob, relation
from auditor.access.policy import Effect, Statement, parse

_VARIABLE = re.compile(r"\$\{[^{}]*\}")
_EVERYTHING = "*"


@dataclass(frozen=True)
class Grant:
    """One action pattern on one resource pattern."""

    policy: str
    statement: Statement
    action: str
    """As written; of NotAction `all but …`."""
    resource: str
    """As written; of NotResource `all but …`."""
    limit: str
    """What may keep somebody from it, as a clause; empty: nothing."""

    @property
    def where(self) -> str:
        """Return how a sentence names it: `statement 2 (Send) of inline policy send`."""
        return f"{self.statement.label} of {self.policy}"

    def holds(self, action: str) -> bool:
        """Return whether it grants an action, written in small letters."""
        if self.statement.not_actions:
            return _names((), self.statement.not_actions, glob(action)) is not Relation.DISJOINT
        return relation(glob(self.action.lower()), glob(action)) is not Relation.DISJOINT

    @property
    def is_all_but(self) -> bool:
        """Return whether NotAction or NotResource makes it: all but a few is still nearly all."""
        return bool(self.statement.not_actions or self.statement.not_resources)


@dataclass(frozen=True)
class Granted:
    """What a set of policies grants."""

    grants: tuple[Grant, ...]
    troubles: tuple[str, ...]
    """What of it nobody understands, as clauses."""


def granted(documents: Mapping[str, str | None], *, resource: str = _EVERYTHING) -> Granted:
    """Return what documents grant together; `resource`: what a statement without Resource speaks of, the policy's own."""
    statements: list[tuple[str, Statement]] = []
    troubles: list[str] = []
    for name, document in sorted(documents.items()):
        try:
            statements += [(name, each) for each in parse(document or "")]
        except ValueError as error:
            why = "it is not among those that IAM told" if document is None else str(error)
            troubles.append(f"{name} is not understood: {why}")
    denies = [each for _, each in statements if each.effect is Effect.DENY]
    allows = [(name, each) for name, each in statements if each.effect is Effect.ALLOW]
    found = (grant for name, each in allows for grant in _of(name, each, denies, resource))
    return Granted(tuple(found), tuple(troubles))


def meets(pattern: str, language: str, statement: Statement) -> Relation:
    """Return how a resource pattern stands to a language; a variable may stand for whatever it likes."""
    if statement.dynamic and "${" in pattern:
        found = relation(glob(_VARIABLE.sub("*", pattern)), language)
        return Relation.DISJOINT if found is Relation.DISJOINT else Relation.PARTLY
    return relation(glob(pattern), language)


def _of(name: str, statement: Statement, denies: Iterable[Statement], own: str) -> Iterator[Grant]:
    limit = "" if are_met_at_will(statement) else f"if {', '.join(_keys(statement))}"
    actions = statement.actions or (f"all but {', '.join(statement.not_actions)}",)
    resources = statement.resources or (_but(statement.not_resources) if statement.not_resources else (own,))
    for action in actions:
        for resource in resources:
            taken = _taken(action, resource, statement, denies)
            if taken is not None:
                yield Grant(name, statement, action, resource, " and ".join(each for each in (limit, taken) if each))


def _but(resources: tuple[str, ...]) -> tuple[str, ...]:
    return (f"all but {', '.join(resources)}",)


def _taken(action: str, resource: str, statement: Statement, denies: Iterable[Statement]) -> str | None:
    """Return which Deny may take a grant back, as a clause; None where one certainly does."""
    wide = bool(statement.not_actions), bool(statement.not_resources)
    actions = STAR if wide[0] else glob(action.lower())
    resources = STAR if wide[1] else glob(_VARIABLE.sub("*", resource))
    maybe = ""
    for each in denies:
        found = {_names(each.actions, each.not_actions, actions), _resources(each, resources)}
        if Relation.DISJOINT in found:
            continue
        if found == {Relation.COVERS} and not each.conditions:
            return None
        maybe = maybe or f"unless {each.label} denies it"
    return maybe


def _names(actions: tuple[str, ...], but: tuple[str, ...], language: str) -> Relation:
    if but:
        return _inverse([relation(glob(each.lower()), language) for each in but])
    return _any([relation(glob(each.lower()), language) for each in actions])


def _resources(deny: Statement, language: str) -> Relation:
    if deny.not_resources:
        return _inverse([meets(each, language, deny) for each in deny.not_resources])
    return _any([meets(each, language, deny) for each in deny.resources]) if deny.resources else Relation.COVERS


def _any(found: list[Relation]) -> Relation:
    if Relation.COVERS in found:
        return Relation.COVERS
    return Relation.DISJOINT if set(found) == {Relation.DISJOINT} else Relation.PARTLY


def _inverse(found: list[Relation]) -> Relation:
    all_ = _any(found)
    return {Relation.COVERS: Relation.DISJOINT, Relation.DISJOINT: Relation.COVERS}.get(all_, Relation.PARTLY)


def _keys(statement: Statement) -> list[str]:
    return sorted({each.key for each in statement.conditions})
