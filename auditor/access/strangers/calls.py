"""What a resource policy says of calls by nobody in particular: the evaluator's answer for each class of them.

Classes are cut twice: the route by the resources that the policy names (see `parts`), and where calls come from by its conditions
(see `origins`). Conditions are asked about once for all routes that share a policy.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from auditor.access.family import INVOKE, Family
from auditor.access.iam.caller import Named, speaks_of
from auditor.access.iam.context import Context
from auditor.access.iam.decide import Object, Subject
from auditor.access.iam.policies import Layer, Policy
from auditor.access.iam.request import Request
from auditor.access.iam.statement import has_void_grant, met, speaks
from auditor.access.iam.truth import Truth, all_of, any_of, negated
from auditor.access.parts import parts
from auditor.access.policy import Effect, Statement
from auditor.access.strangers.origins import Origin, Way, origins

_ACCOUNT = 4


@dataclass(frozen=True, slots=True)
class Call:
    """One class of calls, and what each statement that may speak of it says."""

    origin: Origin
    request: Request
    said: tuple[tuple[Statement, Truth], ...]

    @property
    def allow(self) -> Truth:
        """Return whether the policy allows it, Denies aside."""
        return any_of(truth for each, truth in self.said if each.effect is Effect.ALLOW)

    @property
    def let_in(self) -> Truth:
        """Return whether the policy lets it in."""
        deny = any_of(truth for each, truth in self.said if each.effect is Effect.DENY)
        return all_of((self.allow, negated(deny)))

    @property
    def is_let_in(self) -> bool:
        """Return whether such calls come for certain, and are let in for certain."""
        return self.origin.is_certain and self.let_in is Truth.YES

    @property
    def may_be_let_in(self) -> bool:
        """Return whether nothing keeps them out for certain."""
        return self.let_in is not Truth.NO


def calls(statements: tuple[Statement, ...], route: Family, way: Way) -> Iterator[tuple[Call, ...]] | None:
    """Yield for each part of the route all classes of calls; None where the policy tells too many apart."""
    found = origins(statements, way)
    return None if found is None else _of_parts(statements, route, way, found)


def _of_parts(
    statements: tuple[Statement, ...], route: Family, way: Way, found: tuple[Origin, ...]
) -> Iterator[tuple[Call, ...]]:
    conditions = _conditions(statements, way)
    whole = Policy(Layer.RESOURCE, "", statements)
    # Resources may name variables: of those that calls differ in, none is told.
    base = Context({}, frozenset.intersection(*(each.context.missing for each in found)))
    for cell in parts(Subject(), INVOKE, route, [(Object(own=(whole,)), base)]):
        request = Request(way.caller, INVOKE, cell, route.api.split(":")[_ACCOUNT], route.api, base)
        speaking = tuple(_speaking(statements, request))
        yield tuple(
            Call(
                origin,
                replace(request, context=origin.context),
                tuple((each, all_of((truth, conditions[number][place]))) for number, each, truth in speaking),
            )
            for place, origin in enumerate(found)
        )


def _speaking(statements: tuple[Statement, ...], request: Request) -> Iterator[tuple[int, Statement, Truth]]:
    """Yield the statements whose principals, actions and resources may mean a call."""
    for number, each in enumerate(statements):
        means = any_of(speaks_of(each, request.caller, named) for named in Named)
        truth = all_of((means, speaks(replace(each, conditions=()), request)))
        if truth is not Truth.NO:
            yield number, each, truth


@lru_cache(maxsize=1024)
def _conditions(statements: tuple[Statement, ...], way: Way) -> tuple[tuple[Truth, ...], ...]:
    """Return for each statement, and each origin, whether its conditions are met."""
    found = origins(statements, way) or ()
    return tuple(tuple(_met(each, origin.context) for origin in found) for each in statements)


def _met(statement: Statement, context: Context) -> Truth:
    truth = met(statement, context)
    return Truth.UNKNOWN if truth is not Truth.NO and has_void_grant(statement, context) else truth
