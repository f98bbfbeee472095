"""What a resource policy says of ONE call whose circumstances are known in part: allow, deny, silence, or nobody can tell.

The evaluator's answer for each statement. Here it is enough to know what is certain: a condition on a key that is not told is as
unknown as one that is not understood.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from auditor.access.family import INVOKE
from auditor.access.iam.caller import ANONYMOUS, Named, caller, speaks_of
from auditor.access.iam.condition import holds as met
from auditor.access.iam.context import Context
from auditor.access.iam.request import Arn, Request
from auditor.access.iam.statement import speaks
from auditor.access.iam.truth import Truth as Known
from auditor.access.iam.truth import any_of
from auditor.access.policy import Condition, Effect, Statement, parse

_ACCOUNT = 4


class Truth(StrEnum):
    """A three-valued answer."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Said(StrEnum):
    """What a policy says of a call."""

    ALLOW = "allow"
    SILENT = "silent"
    DENY = "deny"


@dataclass(frozen=True, slots=True)
class Circumstances:
    """One call, as a policy sees it."""

    arn: str
    """`arn:aws:execute-api:REGION:ACCOUNT:API/STAGE/VERB/path`, with the call's own verb and path."""
    principal: str | None = None
    """ARN of who signed it; None: nobody did, or it is not told."""
    is_signed: bool | None = False
    """None: not told."""
    values: Mapping[str, str] = field(default_factory=dict)
    """Condition keys, lower case, whose value is known."""
    missing: frozenset[str] = frozenset()
    """Condition keys that such a call certainly does not carry."""

    @property
    def context(self) -> Context:
        """Return what is told of it, as the evaluator takes it."""
        return Context({key: (value,) for key, value in self.values.items()}, self.missing)


@dataclass(frozen=True, slots=True)
class Judged:
    """What a policy may say of a call: one member where it is certain."""

    possible: frozenset[Said]
    statement: str
    """The statement that decides, or that leaves it open; empty where none speaks of the call."""

    @property
    def certain(self) -> Said | None:
        """Return what it says for certain."""
        return next(iter(self.possible)) if len(self.possible) == 1 else None


def judge(policy: str, call: Circumstances) -> Judged:
    """Return what a policy document says of a call; raise ValueError where it is no well-formed policy."""
    told = [(each, applies(each, call)) for each in parse(policy)]
    denies = [(each, truth) for each, truth in told if each.effect is Effect.DENY and truth is not Truth.NO]
    allows = [(each, truth) for each, truth in told if each.effect is Effect.ALLOW and truth is not Truth.NO]
    denied = next((each for each, truth in denies if truth is Truth.YES), None)
    if denied is not None:
        return Judged(frozenset({Said.DENY}), denied.label)
    allowed = next((each for each, truth in allows if truth is Truth.YES), None)
    possible = {Said.ALLOW} if allowed is not None else {Said.SILENT}
    if allowed is None and allows:
        possible.add(Said.ALLOW)
    if denies:
        possible.add(Said.DENY)
    speaker = denies[0][0] if denies else allowed or (allows[0][0] if allows else None)
    return Judged(frozenset(possible), speaker.label if speaker else "")


def applies(statement: Statement, call: Circumstances) -> Truth:
    """Return whether a statement speaks of a call."""
    if not (statement.resources or statement.not_resources):
        return Truth.UNKNOWN
    api = call.arn.partition("/")[0]
    request = Request(ANONYMOUS, INVOKE, Arn(call.arn), call.arn.split(":")[_ACCOUNT], api, call.context)
    return _all((_TOLD[speaks(statement, request)], _principal(statement, call)))


def _principal(statement: Statement, call: Circumstances) -> Truth:
    """Return whether a statement means who calls. Of a caller who is not told, only that everyone is meant is certain."""
    if not (statement.principals or statement.not_principals):
        return Truth.UNKNOWN
    if call.is_signed is False:
        who = ANONYMOUS
    elif call.principal is not None:
        who = caller(call.principal)
    else:
        everyone = any(each.is_everyone for each in statement.principals)
        return Truth.YES if everyone else Truth.UNKNOWN
    return _TOLD[any_of(speaks_of(statement, who, named) for named in Named)]


_TOLD = {Known.YES: Truth.YES, Known.NO: Truth.NO, Known.IF: Truth.UNKNOWN, Known.UNKNOWN: Truth.UNKNOWN}


def holds(condition: Condition, call: Circumstances) -> Truth:
    """Return whether a condition is met, as IAM decides it."""
    return _TOLD[met(condition, call.context, dynamic=True)]


def _all(truths: Iterable[Truth]) -> Truth:
    found = set(truths)
    return Truth.NO if Truth.NO in found else Truth.UNKNOWN if Truth.UNKNOWN in found else Truth.YES
