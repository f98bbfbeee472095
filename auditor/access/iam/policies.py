"""Policies by layer, and what all policies of one layer say of a request."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from auditor.access.iam.caller import Named, speaks_of
from auditor.access.iam.request import Request
from auditor.access.iam.statement import has_action, not_understood, open_conditions, speaks
from auditor.access.iam.truth import Truth, all_of
from auditor.access.policy import Effect, Statement, parse
from auditor.model.fact import Absent, Fact, NotApplicable, Present, Unread
from auditor.model.snapshot import Gap


class Layer(StrEnum):
    """A kind of policy, in words."""

    SERVICE_CONTROL = "service control policy"
    RESOURCE_CONTROL = "resource control policy"
    ENDPOINT = "VPC endpoint policy"
    RESOURCE = "resource policy"
    TRUST = "trust policy"
    IDENTITY = "identity policy"
    BOUNDARY = "permissions boundary"
    SESSION = "session policy"


_WITH_PRINCIPALS = frozenset({Layer.RESOURCE, Layer.TRUST, Layer.ENDPOINT, Layer.RESOURCE_CONTROL})


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """One document where it hangs; compared by identity, for one document is shared by many principals."""

    layer: Layer
    name: str
    """For people: `inline Deploy`, an ARN, `of the API`."""
    statements: tuple[Statement, ...] = ()
    trouble: str = ""
    """Why nobody knows what it says: not read, or malformed; empty where it is known."""
    gap: Gap | None = None
    """The call that would have told, where the trouble is that something was not read."""
    is_elsewhere: bool = False
    """Whether it belongs to an account that is not in the snapshot: then an answer depends on it, and says so."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """A statement that speaks of a request, or a policy that cannot be told."""

    truth: Truth
    effect: Effect
    policy: Policy
    statement: Statement | None
    named: Named = Named.DIRECTLY

    @property
    def label(self) -> str:
        """Return how answers name it: `layer: policy#statement`."""
        return f"{self.policy.layer.value}: {self.policy.name}{self._place}"

    @property
    def _place(self) -> str:
        if self.statement is None:
            return f" ({self.policy.trouble})"
        return f"#{self.statement.sid or self.statement.number}"

    @property
    def why(self) -> str:
        """Return what answers say of it: its label, or why nobody knows."""
        return self.label if self.statement is not None else self.policy.trouble

    def told(self, request: Request) -> str:
        """Return its label, and what in the statement is not understood."""
        if self.truth is not Truth.UNKNOWN or self.statement is None:
            return self.label
        odd = not_understood(self.statement, request) or ("whom it means is not understood",)
        return f"{self.label} ({'; '.join(odd)})"

    def conditions(self, request: Request) -> tuple[str, ...]:
        """Return its conditions that are open."""
        if self.statement is None:
            return (f"if {self.policy.trouble}",)
        return open_conditions(self.statement, request)


@lru_cache(maxsize=16_384)
def document(text: str) -> tuple[tuple[Statement, ...], str]:
    """Return a document's statements, and why it cannot be understood; one of the two is empty."""
    try:
        return parse(text), ""
    except ValueError as error:
        return (), f"not understood: {error}"


def policy(layer: Layer, name: str, text: str) -> Policy:
    """Return a policy of a document's text; a malformed one says what is wrong with it."""
    statements, trouble = document(text)
    misshapen = "" if trouble else next((why for each in statements if (why := _misshapen(each, layer))), "")
    return Policy(layer, name, () if misshapen else statements, trouble or misshapen)


def _misshapen(statement: Statement, layer: Layer) -> str:
    """Return what such a policy cannot hold, or must (IAM user guide, "Grammar of the IAM JSON policy language")."""
    has_principal = bool(statement.principals or statement.not_principals)
    if has_principal is (layer not in _WITH_PRINCIPALS):
        return f"not understood: {statement.label} {'names a principal' if has_principal else 'names no principal'}"
    if layer not in _WITH_PRINCIPALS and not (statement.resources or statement.not_resources):
        return f"not understood: {statement.label} names no resource"
    return ""


def unread(layer: Layer, name: str, why: str, gap: Gap | None = None) -> Policy:
    """Return the place of a policy that was not read."""
    return Policy(layer, name, (), why, gap)


def of_fact(told: Fact[str], layer: Layer, name: str) -> tuple[Policy, ...]:
    """Return a policy that hangs on a resource, as the snapshot tells of it; nothing where it has none."""
    match told:
        case Present(value=text):
            return (policy(layer, name, text),)
        case Unread(gap=gap):
            return (unread(layer, name, f"not read: {gap.operation}", gap),)
        case Absent() | NotApplicable():
            return ()


def elsewhere(name: str, what: str) -> Policy:
    """Return what stands for the policies of an account that is not in the snapshot; `what` must hold for an Allow."""
    return Policy(Layer.IDENTITY, name, (), what, is_elsewhere=True)


def speakers(policies: Iterable[Policy], request: Request) -> tuple[Speaker, ...]:
    """Return what speaks of a request in policies that hang on the caller, its account or the way: all of it means the caller."""
    found: list[Speaker] = []
    for each in policies:
        found += _untold(each)
        for statement in acting(each, request.action):
            truth = speaks(statement, request)
            if truth is not Truth.NO:
                found.append(Speaker(truth, statement.effect, each, statement))
    return tuple(found)


def resource_speakers(policies: Iterable[Policy], request: Request) -> tuple[Speaker, ...]:
    """Return what speaks of a request in policies that name principals, with how each names the caller."""
    found: list[Speaker] = []
    for each in policies:
        found += _untold(each)
        for statement in acting(each, request.action):
            found += _named(each, statement, request)
    return tuple(found)


@lru_cache(maxsize=65_536)
def acting(of: Policy, action: str) -> tuple[Statement, ...]:
    """Return the statements of a policy that speak of an action (lower case) at all: of most policies none does."""
    return tuple(each for each in of.statements if has_action(each, action))


def _untold(of: Policy) -> list[Speaker]:
    """Return what a policy that nobody knows may say."""
    if of.is_elsewhere:
        return [Speaker(Truth.IF, Effect.ALLOW, of, None)]
    return [Speaker(Truth.UNKNOWN, effect, of, None) for effect in Effect] if of.trouble else []


def _named(of: Policy, statement: Statement, request: Request) -> list[Speaker]:
    who = {named: speaks_of(statement, request.caller, named) for named in Named}
    if all(truth is Truth.NO for truth in who.values()):
        return []
    spoken = speaks(statement, request)
    if spoken is Truth.NO:
        return []
    return [
        Speaker(all_of((truth, spoken)), statement.effect, of, statement, named)
        for named, truth in who.items()
        if truth is not Truth.NO
    ]


def allowed_by(found: Iterable[Speaker], *named: Named) -> Truth:
    """Return whether there is an Allow; `named`: of those that name the caller so, all where none is given."""
    return _best(found, Effect.ALLOW, named)


def denied_by(found: Iterable[Speaker]) -> Truth:
    """Return whether there is a Deny."""
    return _best(found, Effect.DENY, ())


def _best(found: Iterable[Speaker], effect: Effect, named: tuple[Named, ...]) -> Truth:
    best = Truth.NO
    for each in found:
        if each.truth > best and each.effect is effect and (not named or each.named in named or each.statement is None):
            best = each.truth
    return best
