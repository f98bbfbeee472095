"""A family of ARNs cut into parts, by the patterns that meet it in part: in each, every ARN is decided alike."""

from collections.abc import Iterable, Iterator

from auditor.access.cells import Cell, cells
from auditor.access.family import Family
from auditor.access.iam.context import Context
from auditor.access.iam.decide import Object, Subject
from auditor.access.iam.policies import Policy, acting
from auditor.access.iam.statement import resource_language
from auditor.access.iam.variables import OpenError, VoidError
from auditor.access.patterns import Relation, relation
from auditor.access.policy import Statement


def parts(subject: Subject, action: str, family: Family, ways: Iterable[tuple[Object, Context]]) -> tuple[Cell, ...]:
    """Return the parts of a family for an action (lower case); one of which nothing is known where it would be cut too often.

    `ways`: how the call may come, each with the policies on its way and what is told of it there.
    """
    cut = frozenset(
        pattern
        for thing, context in ways
        for each in _policies(subject, thing)
        for statement in acting(each, action)
        for pattern in _partly(statement, family, context)
    )
    return cells(family.language, cut) or (Cell(family.language, frozenset(), frozenset(), ""),)


def _policies(subject: Subject, thing: Object) -> Iterator[Policy]:
    """Yield what the evaluator asks, but for resource control policies: those speak of no API (see `decide`)."""
    yield from (*subject.identity, *subject.boundary, *subject.session)
    yield from (each for level in subject.control for each in level)
    yield from (*thing.own, *thing.endpoint)


def _partly(statement: Statement, family: Family, context: Context) -> Iterator[str]:
    """Yield the patterns of a statement that match some of the family's ARNs and not all."""
    for written in (*statement.resources, *statement.not_resources):
        try:
            found = resource_language(written, statement, context, family.api)
        except (OpenError, VoidError):
            continue
        if found is not None and relation(found, family.language) is Relation.PARTLY:
            yield found
