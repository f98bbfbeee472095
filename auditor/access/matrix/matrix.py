"""Every identity against every AWS_IAM route at once: what `pair` decides of one identity and one route, for all routes together.

Where a pattern meets a route in part, or a VPC endpoint decides, the numbers only say whether it may be let in: then `pair`
itself is asked.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from auditor.access.gateway.gate import Gate
from auditor.access.gateway.pair import pair
from auditor.access.iam.caller import Kind
from auditor.access.iam.context import Context
from auditor.access.matrix.asked import Asked
from auditor.access.matrix.bits import Bits, all_of, any_of, negated, places
from auditor.access.matrix.gates import Gates
from auditor.access.matrix.statements import Statements
from auditor.access.principals import Known


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


class Matrix:
    """The gates of an estate's AWS_IAM routes, and what is told of every call."""

    def __init__(self, gates: tuple[Gate, ...], context: Context) -> None:
        """Take the gates in the order of their bits."""
        self.gates = gates
        self._gates = Gates(gates, context)
        self._statements = Statements(gates)

    def row(self, known: Known) -> Row:
        """Return what one identity may call."""
        asked = Asked(known, self._gates, self._statements)
        bits = self._decided(known, asked)
        open_ = bits.maybe & (asked.partial | self._gates.private)
        found = {
            "allowed": bits.yes & ~open_,
            "conditional": bits.depends & ~open_,
            "partly": 0,
            "unknown": bits.odd & ~open_,
        }
        for number in places(open_):
            decision = pair(known, self.gates[number], self._gates.context).decision
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
            for number in places(bits):
                yield self.gates[number], word

    def _decided(self, known: Known, asked: Asked) -> Bits:
        """Return what `decide` says at each gate, layer by layer."""
        full = self._gates.full
        allows, denies = asked.speak(known.subject.identity)
        if known.who.kind is Kind.ROOT:
            allows = Bits(yes=full)
        bounds, more = asked.speak(known.subject.boundary)
        boundary = bounds if known.subject.boundary else Bits(yes=full)
        denied = [denies, more]
        levels = [Bits(yes=full)]
        for level in known.subject.control:
            allow, deny = asked.speak(level)
            levels.append(allow)
            denied.append(deny)
        own = asked.own()
        denied.append(own.denies)
        by_identity = all_of(allows, boundary)
        same = self._gates.by_account.get(known.who.account, 0)
        inside = any_of((by_identity, own.directly, all_of(own.as_role, boundary)))
        across = all_of(any_of((own.directly, own.as_role, own.as_account)), by_identity)
        granted = any_of((inside.within(same), across.within(self._gates.rest & ~same)))
        return all_of(negated(any_of(denied), full), *levels, granted.within(full & ~self._gates.refusing))
