"""What an identity may do beyond reading configuration: changes, and reads of what is stored, sent or sealed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from auditor.access.gateway.answers import NO, Answer, best, rank
from auditor.access.iam.decide import Verdict
from auditor.access.iam.policies import Policy
from auditor.access.iam.request import names_action
from auditor.access.policy import Effect, Statement
from auditor.access.power.ask import Asker, Place
from auditor.access.principals import Known

_WILD = re.compile(r"[*?]+")
_VARIABLE = "${"
_CHANGES = ("iam:createuser", "s3:putobject", "lambda:updatefunctioncode", "ec2:runinstances", "apigateway:patch")
"""What stands for all changes where a statement allows everything, or all but a few."""
_SOMEWHERE = "arn:aws:any:::thing"
_OPEN = Answer(Verdict.UNKNOWN, "", ("a policy variable stands in its resource",))


class Beyond(StrEnum):
    """How an action goes beyond reading configuration."""

    CHANGE = "changes something"
    DATA = "reads data"
    UNCLEAR = "may do more than read"
    """Its name begins with no verb that the lists know."""


@dataclass(frozen=True)
class Verbs:
    """How the names of actions begin, and which ones are exceptions; all lower case."""

    reads: tuple[str, ...]
    changes: tuple[str, ...]
    further: frozenset[str]
    """Actions that are no reads, and needed."""
    data: tuple[str, ...]
    """Actions that read data."""


@dataclass(frozen=True)
class Found:
    """One action of a statement that goes beyond reading, and whether it is really allowed."""

    action: str
    """As written."""
    kind: Beyond
    by: str
    """The statement."""
    answer: Answer


def beyond_reading(known: Known, asker: Asker, verbs: Verbs) -> Iterator[Found]:
    """Yield what an identity's policies allow beyond reading, less what boundary, organization and Denies take back."""
    for policy in known.subject.identity:
        if policy.trouble:
            yield Found("anything", Beyond.UNCLEAR, policy.name, Answer(Verdict.UNKNOWN, "", (policy.trouble,)))
        for statement in policy.statements:
            if statement.effect is Effect.ALLOW:
                yield from _of(statement, policy, (known, asker, verbs))


def _of(statement: Statement, policy: Policy, asking: tuple[Known, Asker, Verbs]) -> Iterator[Found]:
    known, asker, verbs = asking
    by = f"{policy.name}#{statement.sid or statement.number}"
    for written, kind, asked in _beyond(statement, verbs):
        answer = best(_asked(statement, each, known, asker) for each in asked)
        if answer.verdict is not Verdict.DENIED:
            yield Found(written, kind, by, answer)


def _beyond(statement: Statement, verbs: Verbs) -> Iterator[tuple[str, Beyond, tuple[str, ...]]]:
    """Yield each action as written, how it goes beyond reading, and the actions that stand for it."""
    if statement.not_actions:
        left = tuple(each for each in _CHANGES if not _names(statement.not_actions, each))
        if left:
            yield f"all but {', '.join(statement.not_actions)}", Beyond.CHANGE, left
    for written in statement.actions:
        kind = _kind(written.lower(), verbs)
        if kind is not None:
            yield written, kind, _CHANGES if written == "*" else (_WILD.sub("x", written.lower()),)
    for each in verbs.data:
        named = not _names(statement.not_actions, each) if statement.not_actions else _names(statement.actions, each)
        if named:
            yield each, Beyond.DATA, (each,)


def _names(patterns: tuple[str, ...], action: str) -> bool:
    return any(names_action(each, action) for each in patterns)


def _kind(written: str, verbs: Verbs) -> Beyond | None:
    """Return how an action as written goes beyond reading by its verb; None where it reads, or is needed."""
    name = _WILD.split(written.partition(":")[2] or "*")[0]
    if written in verbs.further or any(name.startswith(each) for each in verbs.reads):
        return None
    return Beyond.CHANGE if not name or any(name.startswith(each) for each in verbs.changes) else Beyond.UNCLEAR


def _asked(statement: Statement, action: str, known: Known, asker: Asker) -> Answer:
    """Return whether an action is allowed at something that the statement names."""
    if any(_VARIABLE in each for each in statement.resources):
        return _OPEN
    arns = tuple(_WILD.sub("x", each) if each != "*" else _SOMEWHERE for each in statement.resources) or (_SOMEWHERE,)
    found = (asker.with_subject(known, known.subject, action, Place(known.who.account, "", arn=each)) for each in arns)
    return min(found, key=rank, default=NO)
