"""One identity at all gates: what the policies of each layer say."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from auditor.access.family import INVOKE
from auditor.access.iam.caller import Named, context_of, speaks_of
from auditor.access.iam.policies import Policy, acting
from auditor.access.iam.truth import Truth
from auditor.access.matrix.bits import Bits, all_of, any_of, filled
from auditor.access.matrix.gates import Contexts, Gates
from auditor.access.matrix.statements import Statements
from auditor.access.policy import Effect, Statement
from auditor.access.principals import Known


@dataclass(frozen=True, slots=True)
class Own:
    """What resource policies say of one identity."""

    directly: Bits
    as_role: Bits
    as_account: Bits
    denies: Bits


class Asked:
    """An identity whose policies are asked about."""

    def __init__(self, known: Known, gates: Gates, statements: Statements) -> None:
        """Take what is told of the identity's calls at each class of gates."""
        self._known = known
        self._gates = gates
        self._statements = statements
        self._contexts: Contexts = tuple(
            (mask, context_of(known.who, context.with_told(known.keys.told, known.keys.missing)))
            for mask, context in gates.contexts
        )
        self.partial = 0
        """The gates whose routes a pattern that was asked about meets in part."""

    def speak(self, policies: Iterable[Policy]) -> tuple[Bits, Bits]:
        """Return where some policies allow, and where they deny."""
        found: dict[Effect, list[Bits]] = {Effect.ALLOW: [], Effect.DENY: []}
        for each in policies:
            if each.is_elsewhere:
                found[Effect.ALLOW].append(Bits(depends=self._gates.full))
            elif each.trouble:
                for effect in Effect:
                    found[effect].append(Bits(odd=self._gates.full))
            for statement in acting(each, INVOKE):
                found[statement.effect].append(self._statement(statement, ""))
        return any_of(found[Effect.ALLOW]), any_of(found[Effect.DENY])

    def own(self) -> Own:
        """Return what the resource policies say."""
        allows: dict[Named, list[Bits]] = {each: [] for each in Named}
        denies: list[Bits] = []
        for policy, api, mask in self._gates.policies:
            if policy.trouble:
                denies.append(Bits(odd=mask))
                for each in Named:
                    allows[each].append(Bits(odd=mask))
            for statement in acting(policy, INVOKE):
                for named, truth in self._named(statement):
                    bits = all_of(filled(truth, mask), self._statement(statement, api).within(mask))
                    (denies if statement.effect is Effect.DENY else allows[named]).append(bits)
        return Own(
            any_of(allows[Named.DIRECTLY]), any_of(allows[Named.ROLE]), any_of(allows[Named.ACCOUNT]), any_of(denies)
        )

    def _statement(self, statement: Statement, api: str) -> Bits:
        bits, part = self._statements.ask(statement, api, self._contexts)
        self.partial |= part
        return bits

    def _named(self, statement: Statement) -> Iterator[tuple[Named, Truth]]:
        for named in Named:
            truth = speaks_of(statement, self._known.who, named)
            if truth is not Truth.NO:
                yield named, truth
