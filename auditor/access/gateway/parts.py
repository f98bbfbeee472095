"""A route cut into parts, by the patterns that meet it in part: in each, every ARN is decided alike."""

from collections.abc import Iterator

from auditor.access.cells import Cell, cells
from auditor.access.family import INVOKE
from auditor.access.gateway.gate import Gate
from auditor.access.iam.context import Context
from auditor.access.iam.decide import Object, Subject
from auditor.access.iam.policies import acting
from auditor.access.iam.statement import resource_language
from auditor.access.iam.variables import OpenError, VoidError
from auditor.access.patterns import Relation, relation
from auditor.access.policy import Statement


def parts(subject: Subject, gate: Gate, ways: tuple[tuple[Object, Context], ...]) -> tuple[Cell, ...]:
    """Return the parts of a gate's family; one of which nothing is known where it would be cut too often."""
    family = gate.family.language
    cut = frozenset(each for thing, context in ways for each in _cutting(subject, thing, gate, context))
    return cells(family, cut) or (Cell(family, frozenset(), frozenset(), ""),)


def _cutting(subject: Subject, thing: Object, gate: Gate, context: Context) -> Iterator[str]:
    """Yield the patterns that match some of the route's ARNs and not all."""
    control = (each for level in subject.control for each in level)
    for each in (*subject.identity, *subject.boundary, *subject.session, *control, *thing.own, *thing.endpoint):
        for statement in acting(each, INVOKE):
            yield from _partly(statement, gate, context)


def _partly(statement: Statement, gate: Gate, context: Context) -> Iterator[str]:
    for written in (*statement.resources, *statement.not_resources):
        try:
            found = resource_language(written, statement, context, gate.family.api)
        except (OpenError, VoidError):
            continue
        if found is not None and relation(found, gate.family.language) is Relation.PARTLY:
            yield found
