"""Whether a call passes a gate, by what it presents: the tables of access.md section 4, in the order of its gates.

VPC endpoint and resource policy first, then what the authorization type asks for, then the API key. Beside a Lambda authorizer
either allow is enough; beside a user pool the policy must allow by itself: AWS's text says so, one of its tables says no, so
there a silent policy refuses, with a note. Never tried on a live account.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from auditor.access.cells import Cell
from auditor.access.family import INVOKE
from auditor.access.gateway.answers import Answer, best
from auditor.access.gateway.gate import Gate
from auditor.access.gateway.pair import answers as of_identity
from auditor.access.iam.caller import ANONYMOUS, context_of, names_aws_only
from auditor.access.iam.context import Context
from auditor.access.iam.decide import VERDICTS, Object, Subject, Verdict
from auditor.access.iam.policies import Speaker, allowed_by, denied_by, resource_speakers
from auditor.access.iam.request import Request
from auditor.access.iam.truth import Truth, all_of, any_of, negated
from auditor.access.parts import parts
from auditor.access.policy import Effect
from auditor.access.principals import Known
from auditor.model.fact import Present, Unread

_TYPES = frozenset({"NONE", "AWS_IAM", "CUSTOM", "COGNITO_USER_POOLS", "JWT"})
_CONFLICT = "AWS documents both: in one table a silent policy beside a user pool allows, in its text it refuses"


class FunctionSays(StrEnum):
    """What a Lambda authorizer answers to a call."""

    ALLOW = "allow"
    NEITHER = "neither"
    """Its policy does not speak of this route."""
    DENY = "deny"


@dataclass(frozen=True, slots=True)
class Presented:
    """What a call brings. None: not told."""

    signer: Known | None = None
    """Who signed it; None: nobody did."""
    token: bool | None = None
    """Whether its token is good for this route: issuer, audience, time, and a scope where the route asks for one."""
    function: FunctionSays | None = None
    api_key: bool | None = None


@dataclass(frozen=True, slots=True)
class _Met:
    """What the policies on one way in say of a caller without an identity."""

    cell: Cell
    request: Request
    is_set: bool
    names_identities: bool
    """Whether the resource policy names AWS principals: without AWS_IAM that refuses every call, and nobody doubts it."""
    endpoint: Truth
    own: tuple[Speaker, ...]
    endpoint_speakers: tuple[Speaker, ...]

    @property
    def allow(self) -> Truth:
        return allowed_by(self.own)

    @property
    def deny(self) -> Truth:
        return denied_by(self.own)


def enter(gate: Gate, presented: Presented, context: Context) -> tuple[Answer, ...]:
    """Return the answer for each part of the gate's route."""
    if isinstance(gate.authorization, Unread):
        return (Answer(Verdict.UNKNOWN, "authorization type", (f"not read: {gate.authorization.gap.operation}",)),)
    kind = gate.authorization.value if isinstance(gate.authorization, Present) else ""
    if kind not in _TYPES:
        return (
            Answer(Verdict.UNKNOWN, "authorization type", (f"authorization type {kind or 'not stated'} is not known",)),
        )
    if kind == "AWS_IAM":
        return tuple(_keyed(each, gate, presented) for each in _signed(gate, presented, context))
    if gate.private and not gate.resource_policies:
        return (
            Answer(Verdict.DENIED, "resource policy", ("private API without a resource policy: every call fails",)),
        )
    return tuple(_keyed(each, gate, presented) for each in _unsigned(kind, gate, presented, context))


def _signed(gate: Gate, presented: Presented, context: Context) -> Iterator[Answer]:
    if presented.signer is None:
        yield Answer(Verdict.DENIED, "authentication", ("the call is not signed",))
    else:
        yield from of_identity(presented.signer, gate, context)


def _unsigned(kind: str, gate: Gate, presented: Presented, context: Context) -> Iterator[Answer]:
    ways = [(name, thing, context_of(ANONYMOUS, own)) for name, thing, own in gate.ways(context)]
    for cell in parts(Subject(), INVOKE, gate.family, [(thing, own) for _, thing, own in ways]):
        found = []
        for name, thing, own in ways:
            answer = _of_type(kind, _met(cell, gate, thing, own), presented)
            if name and answer.verdict is not Verdict.DENIED:
                answer = replace(answer, conditions=(*answer.conditions, f"through {name}"))
            found.append(answer)
        yield replace(best(found), witness=cell.witness)


def _met(cell: Cell, gate: Gate, thing: Object, context: Context) -> _Met:
    request = Request(ANONYMOUS, INVOKE, cell, gate.account, gate.family.api, context)
    before = resource_speakers(thing.endpoint, request)
    passed = all_of((negated(denied_by(before)), allowed_by(before))) if thing.endpoint else Truth.YES
    statements = [each for policy in thing.own for each in policy.statements]
    names = any(each.effect is Effect.ALLOW and names_aws_only(each) for each in statements)
    return _Met(cell, request, bool(thing.own), names, passed, resource_speakers(thing.own, request), before)


def _of_type(kind: str, met: _Met, presented: Presented) -> Answer:
    if met.endpoint is not Truth.YES:
        return _spoken(met, met.endpoint, "VPC endpoint policy", met.endpoint_speakers)
    if met.deny is Truth.YES:
        # Of a Lambda authorizer: before the function is asked.
        return _spoken(met, Truth.NO, "resource policy", met.own)
    match kind:
        case "NONE":
            return _open(met)
        case "CUSTOM":
            return _function(met, presented.function)
        case _:
            return _token(met, kind, good=presented.token)


def _open(met: _Met) -> Answer:
    if not met.is_set:
        return Answer(Verdict.ALLOWED, "authorization type", ("authorization type NONE: nobody is asked",))
    return _spoken(met, all_of((met.allow, negated(met.deny))), "resource policy", met.own)


def _function(met: _Met, says: FunctionSays | None) -> Answer:
    if says is FunctionSays.DENY:
        return Answer(Verdict.DENIED, "authorizer", ("the authorizer denies",))
    allows = {FunctionSays.ALLOW: Truth.YES, FunctionSays.NEITHER: Truth.NO, None: Truth.IF}[says]
    whole = all_of((any_of((allows, met.allow if met.is_set else Truth.NO)), negated(met.deny)))
    if says is None:
        # Its code may deny whatever the policy allows.
        whole = all_of((whole, Truth.IF))
        return _spoken(met, whole, "authorizer", met.own, "the authorizer lets it in")
    if allows is Truth.YES and met.deny is Truth.NO:
        return Answer(Verdict.ALLOWED, "authorizer", ("the authorizer allows",))
    layer = "authorizer" if whole is Truth.NO and allows is Truth.NO else "resource policy"
    return _spoken(met, whole, layer, met.own)


def _token(met: _Met, kind: str, *, good: bool | None) -> Answer:
    if good is False:
        return Answer(Verdict.DENIED, "token", ("the token is not good for this route",))
    by_policy = all_of((met.allow, negated(met.deny))) if met.is_set else Truth.YES
    if by_policy is Truth.NO:
        is_silent = met.allow is Truth.NO and not met.names_identities
        note = _CONFLICT if kind == "COGNITO_USER_POOLS" and is_silent else ""
        return replace(_spoken(met, Truth.NO, "resource policy", met.own), note=note)
    if good is None:
        return _spoken(met, all_of((by_policy, Truth.IF)), "token", met.own, "a token that is good for this route")
    if not met.is_set:
        return Answer(Verdict.ALLOWED, "token", ("the token is good",))
    return _spoken(met, by_policy, "resource policy" if by_policy is not Truth.YES else "token", met.own)


def _spoken(met: _Met, truth: Truth, layer: str, speakers: tuple[Speaker, ...], *besides: str) -> Answer:
    open_ = [each for each in speakers if each.truth is Truth.IF] if truth is Truth.IF else []
    conditions = {text for each in open_ for text in each.conditions(met.request)}
    if truth is Truth.NO:
        said = [each for each in speakers if each.effect is Effect.DENY and each.truth is Truth.YES]
        labels = {each.label for each in said} or {f"{layer}: no statement allows it"}
    else:
        labels = {each.told(met.request) for each in speakers} or {layer}
    return Answer(VERDICTS[truth], layer, tuple(sorted(labels)), (*besides, *sorted(conditions)))


def _keyed(answer: Answer, gate: Gate, presented: Presented) -> Answer:
    """Ask for the API key last: it is no identity, but without it nobody gets through."""
    if answer.verdict is Verdict.DENIED:
        return answer
    match gate.api_key_required:
        case Present(value=True) if presented.api_key is False:
            return Answer(Verdict.DENIED, "API key", ("the route asks for an API key",), witness=answer.witness)
        case Present(value=True) if presented.api_key is None:
            least = Verdict.CONDITIONAL if answer.verdict is Verdict.ALLOWED else answer.verdict
            return replace(answer, verdict=least, conditions=(*answer.conditions, "an API key of the stage"))
        case Unread(gap=gap) if presented.api_key is not True:
            note = f"whether it asks for an API key was not read: {gap.operation}"
            return replace(answer, verdict=Verdict.UNKNOWN, conditions=(*answer.conditions, note))
        case _:
            return answer
