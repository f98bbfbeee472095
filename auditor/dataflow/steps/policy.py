"""What the resource policy of a REST API says, for the two steps that ask it."""

from functools import lru_cache

from auditor.access.policy import Effect as Verb
from auditor.access.policy import parse
from auditor.dataflow.passage import Passage
from auditor.dataflow.steps.interface import Said, told
from auditor.model.fact import Absent, NotApplicable, Present, Unread
from auditor.model.gateway import Protocol
from auditor.model.step import Effect, StepFact, StepState

SOURCE = "apigateway:GetExport x-amazon-apigateway-policy, else apigateway:GetRestApis item[].policy"
_NO_POLICIES = "HTTP and WebSocket APIs have no resource policy."
_UNREAD = "The resource policy was not read."
_NONE = "No resource policy is set."


def without_policy(passage: Passage) -> Said | None:
    """Return what is to be said where there is no policy, or it was not read; None where there is one."""
    if passage.route.protocol is not Protocol.REST:
        return Said(StepState.NOT_APPLICABLE, _NO_POLICIES, Effect.PASS)
    match passage.policy_text:
        case Unread():
            return Said(StepState.NOT_READ, _UNREAD, Effect.UNKNOWN, facts_of(passage))
        case Absent() | NotApplicable():
            return Said(StepState.ABSENT, _NONE, Effect.PASS, facts_of(passage))
        case Present():
            return None


def facts_of(passage: Passage) -> tuple[StepFact, ...]:
    """Return that there is a policy; its text stands in the exhibit."""
    return (told("resource policy", passage.policy_text, SOURCE, lambda text: f"{len(text)} characters"),)


@lru_cache(maxsize=4096)
def denials(policy: str) -> tuple[str, ...] | None:
    """Return how a sentence names each Deny statement; None where the policy cannot be read."""
    try:
        return tuple(each.label for each in parse(policy) if each.effect is Verb.DENY)
    except ValueError:
        return None
