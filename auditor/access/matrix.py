"""Every identity against every AWS_IAM route at once: a layer is a few numbers, a route is a bit in them.

What `pair` decides of one identity and one route, decided for all routes together. Where a pattern meets a route in part, or a
VPC endpoint decides, the numbers only say whether it may be let in: then `pair` itself is asked.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from auditor.access.bits import NONE, Bits, all_of, any_of, filled, negated
from auditor.access.family import INVOKE
from auditor.access.gateway.gate import Gate
from auditor.access.gateway.pair import pair
from auditor.access.iam.caller import Kind, Named, context_of, speaks_of
from auditor.access.iam.context import Context
from auditor.access.iam.policies import Policy, acting
from auditor.access.iam.statement import met, resource_language
from auditor.access.iam.truth import Truth, truth_of
from auditor.access.iam.variables import OpenError, VoidError, has_variables
from auditor.access.policy import Effect, Statement
from auditor.access.principals import Known
from auditor.access.routes_index import RoutesIndex
from auditor.model.gateway import Protocol

Contexts: TypeAlias = tuple[tuple[int, Context], ...]
"""What is told of a call, for each class of gates."""


@dataclass(frozen=True, slots=True)
class Row:
    """What one identity may call: each number has a bit a gate. What stands in none is denied."""

    allowed: int
    conditional: int
    partly: int
    unknown: int

    @property
    def let_in(self) -> int:
        """Return the gates that it may be let through."""
        return self.allowed | self.conditional | self.partly | self.unknown


@dataclass(frozen=True, slots=True)
class _Class:
    """Gates whose calls carry the same told keys."""

    mask: int
    context: Context


class Matrix:
    """The gates of an estate's AWS_IAM routes, and what is told of every call."""

    def __init__(self, gates: tuple[Gate, ...], context: Context) -> None:
        """Take the gates in the order of their bits."""
        self.gates = gates
        self._context = context
        self._index = RoutesIndex(tuple(each.family.language for each in gates))
        self.full = self._index.full
        self._fixed: dict[tuple[int, str], tuple[Statement, Bits, int]] = {}
        self._partial = 0

    def row(self, known: Known) -> Row:
        """Return what one identity may call."""
        self._partial = 0
        bits = self._decided(known)
        open_ = bits.maybe & (self._partial | self._private)
        found = {
            "allowed": bits.yes & ~open_,
            "conditional": bits.depends & ~open_,
            "partly": 0,
            "unknown": bits.odd & ~open_,
        }
        for number in _places(open_):
            decision = pair(known, self.gates[number], self._context).decision
            if decision in found:
                found[decision] |= 1 << number
        return Row(**found)

    def words(self, row: Row) -> Iterator[tuple[Gate, str]]:
        """Yield the gates that a row lets through to, each with the decision in a word."""
        for word, bits in (
            ("allowed", row.allowed),
            ("conditional", row.conditional),
            ("partly", row.partly),
            ("unknown", row.unknown),
        ):
            for number in _places(bits):
                yield self.gates[number], word

    def _decided(self, known: Known) -> Bits:
        contexts = tuple((each.mask, self._of(known, each.context)) for each in self._classes)
        asked = _Asked(self, known, contexts)
        allows, denies = asked.speak(known.subject.identity)
        if known.who.kind is Kind.ROOT:
            allows = Bits(yes=self.full)
        bounds, more = asked.speak(known.subject.boundary)
        boundary = bounds if known.subject.boundary else Bits(yes=self.full)
        denied = [denies, more]
        gates = [Bits(yes=self.full)]
        for level in known.subject.control:
            allow, deny = asked.speak(level)
            gates.append(allow)
            denied.append(deny)
        own = asked.own()
        denied.append(own.denies)
        by_identity = all_of(allows, boundary)
        same = self._by_account.get(known.who.account, 0)
        inside = any_of((by_identity, own.directly, all_of(own.as_role, boundary)))
        across = all_of(any_of((own.directly, own.as_role, own.as_account)), by_identity)
        granted = any_of((inside.within(same), across.within(self._rest & ~same)))
        return all_of(negated(any_of(denied), self.full), *gates, granted.within(self.full & ~self._refusing))

    def _of(self, known: Known, context: Context) -> Context:
        return context_of(known.who, context.with_told(known.keys.told, known.keys.missing))

    @cached_property
    def _classes(self) -> tuple[_Class, ...]:
        found: dict[tuple[bool | None, str, str], int] = defaultdict(int)
        for number, gate in enumerate(self.gates):
            found[gate.private, gate.account, gate.region] |= 1 << number
        one = {(each.private, each.account, each.region): each for each in self.gates}
        # A private gate has several ways in; what is common to all of them is told.
        return tuple(_Class(mask, _common(one[key], self._context)) for key, mask in found.items())

    @cached_property
    def _by_account(self) -> Mapping[str, int]:
        found: dict[str, int] = defaultdict(int)
        for number, gate in enumerate(self.gates):
            found[gate.account] |= 1 << number
        return found

    @cached_property
    def _private(self) -> int:
        return _mask(number for number, gate in enumerate(self.gates) if gate.private)

    @cached_property
    def _refusing(self) -> int:
        """Return the private gates without a resource policy: every call of them fails."""
        return _mask(number for number, gate in enumerate(self.gates) if gate.private and not gate.resource_policies)

    @cached_property
    def _rest(self) -> int:
        """Return the gates of REST APIs: no other can be called across accounts."""
        return _mask(number for number, gate in enumerate(self.gates) if gate.protocol is Protocol.REST)

    @cached_property
    def policies(self) -> tuple[tuple[Policy, str, int], ...]:
        """Return each resource policy with the API's ARN and the gates that it stands before."""
        found: dict[tuple[str, str], tuple[Policy, int]] = {}
        for number, gate in enumerate(self.gates):
            for each in gate.resource_policies:
                key = (gate.family.api, str(gate.policy))
                policy, mask = found.get(key, (each, 0))
                found[key] = (policy, mask | 1 << number)
        return tuple((policy, api, mask) for (api, _), (policy, mask) in found.items())

    def statement(self, statement: Statement, api: str, contexts: Contexts) -> Bits:
        """Return for which gates a statement speaks of a call, whoever makes it; note those that it meets in part."""
        if not _is_fixed(statement):
            bits, part = self._spoken(statement, api, contexts)
        else:
            known = self._fixed.get((id(statement), api))
            # The statement is kept beside the answer: so its id is no other's as long as it stands here.
            if known is None:
                known = self._fixed[id(statement), api] = (statement, *self._spoken(statement, api, contexts))
            _, bits, part = known
        self._partial |= part
        return bits

    def _spoken(self, statement: Statement, api: str, contexts: Contexts) -> tuple[Bits, int]:
        """Return where a statement speaks of calls, and where its patterns meet a route in part."""
        odd = NONE if statement.effect is Effect.ALLOW else Bits(odd=self.full)
        try:
            resources, part = self._resources(statement, api, contexts)
        except VoidError:
            return odd, 0
        conditions = []
        for mask, context in contexts:
            try:
                conditions.append(filled(met(statement, context), mask))
            except VoidError:
                conditions.append(odd.within(mask))
        bits = all_of(resources, any_of(conditions))
        return bits, part & bits.maybe

    def _resources(self, statement: Statement, api: str, contexts: Contexts) -> tuple[Bits, int]:
        written = statement.not_resources or statement.resources
        if not written:
            return filled(truth_of(bool(statement.principals or statement.not_principals)), self.full), 0
        found, part = [], 0
        for mask, context in _apart(statement, contexts):
            for each in written:
                bits, some = self._matched(each, statement, (context, api))
                found.append(bits.within(mask))
                part |= some & mask
        whole = any_of(found)
        return (negated(whole, self.full) if statement.not_resources else whole), part

    def _matched(self, written: str, statement: Statement, under: tuple[Context, str]) -> tuple[Bits, int]:
        try:
            pattern = resource_language(written, statement, *under)
        except OpenError:
            return Bits(depends=self.full), 0
        if pattern is None:
            return Bits(odd=self.full), 0
        whole, part = self._index.matched(pattern)
        return Bits(yes=whole, depends=part), part


@dataclass(frozen=True, slots=True)
class _Own:
    """What resource policies say of one identity."""

    directly: Bits
    as_role: Bits
    as_account: Bits
    denies: Bits


@dataclass(frozen=True, slots=True)
class _Asked:
    """One identity at all gates."""

    matrix: Matrix
    known: Known
    contexts: Contexts

    def speak(self, policies: Iterable[Policy]) -> tuple[Bits, Bits]:
        """Return where some policies allow, and where they deny."""
        found: dict[Effect, list[Bits]] = {Effect.ALLOW: [], Effect.DENY: []}
        for each in policies:
            if each.is_elsewhere:
                found[Effect.ALLOW].append(Bits(depends=self.matrix.full))
            elif each.trouble:
                for effect in Effect:
                    found[effect].append(Bits(odd=self.matrix.full))
            for statement in acting(each, INVOKE):
                found[statement.effect].append(self.matrix.statement(statement, "", self.contexts))
        return any_of(found[Effect.ALLOW]), any_of(found[Effect.DENY])

    def own(self) -> _Own:
        """Return what the resource policies say."""
        allows: dict[Named, list[Bits]] = {each: [] for each in Named}
        denies: list[Bits] = []
        for policy, api, mask in self.matrix.policies:
            if policy.trouble:
                denies.append(Bits(odd=mask))
                for each in Named:
                    allows[each].append(Bits(odd=mask))
            for statement in acting(policy, INVOKE):
                for named, truth in self._named(statement):
                    bits = all_of(
                        filled(truth, mask), self.matrix.statement(statement, api, self.contexts).within(mask)
                    )
                    (denies if statement.effect is Effect.DENY else allows[named]).append(bits)
        return _Own(
            any_of(allows[Named.DIRECTLY]), any_of(allows[Named.ROLE]), any_of(allows[Named.ACCOUNT]), any_of(denies)
        )

    def _named(self, statement: Statement) -> Iterator[tuple[Named, Truth]]:
        for named in Named:
            truth = speaks_of(statement, self.known.who, named)
            if truth is not Truth.NO:
                yield named, truth


def _common(gate: Gate, context: Context) -> Context:
    """Return what is told of calls of a gate on whichever way they come."""
    _, _, first = gate.ways(context)[0]
    if len(gate.endpoints) == 0 or not gate.private:
        return first
    told = {key: values for key, values in first.told.items() if key not in {"aws:sourcevpce", "aws:sourcevpc"}}
    return Context(told, first.missing)


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


def _places(bits: int) -> Iterator[int]:
    while bits:
        low = bits & -bits
        yield low.bit_length() - 1
        bits ^= low


def _mask(numbers: Iterable[int]) -> int:
    found = 0
    for number in numbers:
        found |= 1 << number
    return found
