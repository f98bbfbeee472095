"""For which gates a statement speaks of a call, whoever makes it. Most statements say the same of every caller, and are asked once."""

from auditor.access.gateway.gate import Gate
from auditor.access.iam.context import Context
from auditor.access.iam.statement import is_doubted, met, resource_language
from auditor.access.iam.truth import truth_of
from auditor.access.iam.variables import OpenError, VoidError, has_variables
from auditor.access.matrix.bits import NONE, Bits, all_of, any_of, filled, negated
from auditor.access.matrix.gates import Contexts
from auditor.access.matrix.routes_index import RoutesIndex
from auditor.access.policy import Statement

_NEVER_OF_CALLERS = frozenset(
    {
        "aws:sourceip",
        "aws:sourcevpce",
        "aws:sourcevpc",
        "aws:vpcsourceip",
        "aws:securetransport",
        "aws:currenttime",
        "aws:epochtime",
        "aws:requestedregion",
        "aws:resourceaccount",
        "aws:useragent",
        "aws:referer",
    }
)
"""Keys whose values no caller decides, so that an answer holds for all."""


class Statements:
    """What statements say at all gates."""

    def __init__(self, gates: tuple[Gate, ...]) -> None:
        """Take the gates in the order of their bits."""
        self._index = RoutesIndex(tuple(each.family.language for each in gates))
        self._full = self._index.full
        self._fixed: dict[tuple[int, str], tuple[Statement, Bits, int]] = {}

    def ask(self, statement: Statement, api: str, contexts: Contexts) -> tuple[Bits, int]:
        """Return where a statement speaks of calls, and where its patterns meet a route in part."""
        if not _is_fixed(statement):
            return self._spoken(statement, api, contexts)
        known = self._fixed.get((id(statement), api))
        # The statement is kept beside the answer: so its id is no other's as long as it stands here.
        if known is None:
            known = self._fixed[id(statement), api] = (statement, *self._spoken(statement, api, contexts))
        return known[1:]

    def _spoken(self, statement: Statement, api: str, contexts: Contexts) -> tuple[Bits, int]:
        resources, part = self._resources(statement, api, contexts)
        conditions = any_of(filled(met(statement, context), mask) for mask, context in contexts)
        doubted = any_of(
            Bits(odd=mask) if is_doubted(statement, context) else Bits(yes=mask) for mask, context in contexts
        )
        bits = all_of(resources, conditions, doubted)
        return bits, part & bits.maybe

    def _resources(self, statement: Statement, api: str, contexts: Contexts) -> tuple[Bits, int]:
        written = statement.not_resources or statement.resources
        if not written:
            return filled(truth_of(bool(statement.principals or statement.not_principals)), self._full), 0
        found, part = [], 0
        for mask, context in _apart(statement, contexts):
            for each in written:
                bits, some = self._matched(each, statement, (context, api))
                found.append(bits.within(mask))
                part |= some & mask
        whole = any_of(found)
        return (negated(whole, self._full) if statement.not_resources else whole), part

    def _matched(self, written: str, statement: Statement, under: tuple[Context, str]) -> tuple[Bits, int]:
        try:
            pattern = resource_language(written, statement, *under)
        except OpenError:
            return Bits(depends=self._full), 0
        except VoidError:
            return NONE, 0
        if pattern is None:
            return Bits(odd=self._full), 0
        whole, part = self._index.matched(pattern)
        return Bits(yes=whole, depends=part), part


def _apart(statement: Statement, contexts: Contexts) -> Contexts:
    """Return the classes of gates for which a statement's resources may differ: all as one where no variable stands in them."""
    written = (*statement.resources, *statement.not_resources)
    if statement.dynamic and any(has_variables(each) for each in written):
        return contexts
    mask = 0
    for each, _ in contexts:
        mask |= each
    return ((mask, contexts[0][1]),) if contexts else ()


def _is_fixed(statement: Statement) -> bool:
    """Return whether a statement says the same of every caller."""
    texts = (
        *statement.resources,
        *statement.not_resources,
        *(value for each in statement.conditions for value in each.values),
    )
    if statement.dynamic and any(has_variables(each) for each in texts):
        return False
    return all(each.key in _NEVER_OF_CALLERS for each in statement.conditions)
