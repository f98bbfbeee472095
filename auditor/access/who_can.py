"""Who may call what: every identity of a snapshot, and every outsider that a policy names, at every deployed route."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from auditor.access.gateway.answers import summed
from auditor.access.gateway.enter import Presented, enter
from auditor.access.gateway.gate import Gate
from auditor.access.iam.caller import SOMEBODY, Kind, caller, deleted
from auditor.access.iam.context import Context
from auditor.access.iam.decide import Subject
from auditor.access.iam.policies import elsewhere
from auditor.access.matrix.matrix import Matrix, Row
from auditor.access.people import People
from auditor.access.principals import Known, Principals
from auditor.access.strangers.restriction import RestrictionKind, restriction
from auditor.model.access import Access, Paths, RouteAccess
from auditor.model.fact import Present, Unread

ANYONE = "*"
_IAM = "AWS_IAM"
_DENIED = "denied"


@dataclass(frozen=True)
class WhoCan:
    """The gates and identities of one snapshot."""

    gates: tuple[Gate, ...]
    principals: Principals
    context: Context
    """What is told of every call: the time of the snapshot."""

    def routes(self, chosen: Iterable[Gate], *, with_denied: bool = False) -> Iterator[RouteAccess]:
        """Yield who may call each route; those who certainly may not only where asked for."""
        for gate in chosen:
            yield RouteAccess(
                route=gate.route,
                authorization_type=gate.authorization.value if isinstance(gate.authorization, Present) else None,
                open_to_anyone=open_to_anyone(gate, self.principals.estate.as_of),
                callers=tuple(self._callers(gate, with_denied=with_denied)),
            )

    def of_principal(self, arn: str) -> Iterator[tuple[Gate, Access]]:
        """Yield each AWS_IAM route that one identity may be let through to, with its answer; raise ValueError for no identity."""
        known = self.principals.of(arn)
        row = self._matrix.row(known)
        for number, gate in enumerate(self._matrix.gates):
            if row.let_in >> number & 1:
                yield gate, self.pair(known, gate)

    def pair(self, known: Known, gate: Gate) -> Access:
        """Return whether one identity may call one route, explained."""
        found = summed(known.who.arn, enter(gate, Presented(signer=known), self.context))
        return replace(found, people=self.people.behind(known.who.arn))

    @cached_property
    def let_in(self) -> Mapping[str, Mapping[str, str]]:
        """Return by principal the AWS_IAM routes that it may be let through to, each with the decision in a word; no reasons."""
        found: dict[str, dict[str, str]] = {
            known.who.arn: {gate.route: word for gate, word in self._matrix.words(row)} for known, row in self._rows
        }
        for gate in self._matrix.gates:
            for known in self.outsiders(gate):
                word = summed(known.who.arn, enter(gate, Presented(signer=known), self.context)).decision
                if word != _DENIED:
                    found.setdefault(known.who.arn, {})[gate.route] = word
        return found

    @cached_property
    def people(self) -> People:
        """Return who is behind the roles of Identity Center."""
        return self.principals.estate.once(People)

    @cached_property
    def _matrix(self) -> Matrix:
        return Matrix(tuple(each for each in self.gates if _by_iam(each)), self.context)

    @cached_property
    def _rows(self) -> tuple[tuple[Known, Row], ...]:
        return tuple((each, self._matrix.row(each)) for each in self.principals.all)

    @cached_property
    def _number(self) -> Mapping[str, int]:
        return {each.route: number for number, each in enumerate(self._matrix.gates)}

    def _callers(self, gate: Gate, *, with_denied: bool) -> Iterator[Access]:
        if not _by_iam(gate):
            yield from self.without_identity(gate)
            return
        bit = 1 << self._number[gate.route]
        for known, row in self._rows:
            if with_denied or row.let_in & bit:
                yield self.pair(known, gate)
        for known in self.outsiders(gate):
            found = self.pair(known, gate)
            if with_denied or found.decision != _DENIED:
                yield found
        if with_denied:
            yield from _deleted(gate)

    def without_identity(self, gate: Gate) -> Iterator[Access]:
        """Yield who passes a gate at which IAM is not asked: anyone, or whoever brings what it asks for."""
        if isinstance(gate.authorization, Unread):
            return
        kind = gate.authorization.value if isinstance(gate.authorization, Present) else ""
        word = {"COGNITO_USER_POOLS": "token of ", "JWT": "token of ", "CUSTOM": "caller let in by "}.get(kind)
        name = ANYONE if word is None else word + (gate.by or "an authorizer that is not known")
        found = summed(name, enter(gate, Presented(), self.context))
        if word is not None and gate.scopes and found.paths is not Paths.NONE:
            found = replace(found, conditions=(*found.conditions, f"one of the scopes {', '.join(gate.scopes)}"))
        yield found

    def outsiders(self, gate: Gate) -> Iterator[Known]:
        """Yield the identities of other accounts that the resource policy names, and everyone where it names everyone."""
        statements = [each for policy in gate.resource_policies for each in policy.statements]
        named = {who.value for each in statements for who in each.principals if who.kind in {"AWS", ANYONE}}
        for value in sorted(named):
            known = self._outsider(value, gate)
            if known is not None:
                yield known

    def _outsider(self, value: str, gate: Gate) -> Known | None:
        if value == ANYONE:
            must = elsewhere("of the caller's account", "the caller's own account, outside the snapshot, allows it too")
            return Known(SOMEBODY, Subject(identity=(must,)), Context(), None)
        partition = gate.route.split(":")[1]
        try:
            who = caller(f"arn:{partition}:iam::{value}:root" if value.isdigit() else value)
        except ValueError:
            return None
        if who.account == gate.account and who.kind is Kind.ROOT:
            # The account itself: its identities stand here by their own names.
            return None
        known = self.principals.of(who.arn)
        return known if known.of is None else None


def _deleted(gate: Gate) -> Iterator[Access]:
    """Yield the identities that a resource policy still names by their unique ids: they are gone, and the grant waits for nobody."""
    for policy in gate.resource_policies:
        for statement in policy.statements:
            for each in deleted(statement):
                why = f"{policy.layer.value}: {policy.name}#{statement.sid or statement.number} names an identity that was deleted"
                yield Access(each, _DENIED, Paths.NONE, None, (why,), ())


def _by_iam(gate: Gate) -> bool:
    return isinstance(gate.authorization, Present) and gate.authorization.value == _IAM


def open_to_anyone(gate: Gate, moment: datetime) -> bool | None:
    """Return whether anyone may call a route who can reach it; None where that was not read or is not recognised."""
    if not isinstance(gate.authorization, Present):
        return None
    if gate.authorization.value != "NONE":
        return False
    match gate.policy:
        case Unread():
            return None
        case Present(value=text):
            return _by_policy(text, gate, moment)
        case _:
            return None if gate.private is None else not gate.private


def _by_policy(text: str, gate: Gate, moment: datetime) -> bool | None:
    match restriction(text, gate.route, private=gate.private, moment=moment).kind:
        case RestrictionKind.OPEN:
            return True
        case RestrictionKind.RESTRICTING | RestrictionKind.CLOSED:
            return False
        case RestrictionKind.UNDECIDED:
            return None
