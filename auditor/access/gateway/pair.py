"""Whether one identity may call one AWS_IAM route: for all of its ARNs, some or none, with the statements that decide."""

from collections.abc import Iterator
from dataclasses import replace

from auditor.access.family import INVOKE
from auditor.access.gateway.answers import Answer, best, summed
from auditor.access.gateway.gate import Gate
from auditor.access.iam.caller import Kind, context_of
from auditor.access.iam.context import Context
from auditor.access.iam.decide import Decision, Verdict, decide
from auditor.access.iam.request import Request
from auditor.access.parts import parts
from auditor.access.principals import Known
from auditor.model.access import Access
from auditor.model.gateway import Protocol


def pair(known: Known, gate: Gate, context: Context) -> Access:
    """Return whether an identity may call an AWS_IAM route; `context`: what is told of every call (the time)."""
    return summed(known.who.arn, tuple(answers(known, gate, context)))


def answers(known: Known, gate: Gate, context: Context) -> Iterator[Answer]:
    """Yield the decision on each part of the route."""
    refusal = _refusal(known, gate)
    if refusal is not None:
        yield refusal
        return
    told = context.with_told(known.keys.told, known.keys.missing)
    ways = [(name, thing, context_of(known.who, own)) for name, thing, own in gate.ways(told)]
    for cell in parts(known.subject, INVOKE, gate.family, [(thing, own) for _, thing, own in ways]):
        found = []
        for name, thing, own in ways:
            request = Request(known.who, INVOKE, cell, gate.account, gate.family.api, own)
            found.append(answer_of(decide(known.subject, thing, request), request, name))
        yield replace(best(found), witness=cell.witness)


def _refusal(known: Known, gate: Gate) -> Answer | None:
    if gate.protocol is not Protocol.REST and known.who.account != gate.account:
        why = "AWS_IAM on HTTP and WebSocket APIs: a caller of another account must assume a role of this one"
        return Answer(Verdict.DENIED, "authorization type", (why,))
    if gate.private and not gate.resource_policies:
        return Answer(Verdict.DENIED, "resource policy", ("private API without a resource policy: every call fails",))
    return None


def answer_of(decision: Decision, request: Request, endpoint: str) -> Answer:
    """Return a decision with its statements and open conditions in words; `endpoint`: the way in, empty where there is one."""
    told = {text for each in decision.open for text in each.conditions(request)}
    if endpoint and decision.verdict is not Verdict.DENIED:
        told.add(f"through {endpoint}")
    return Answer(
        verdict=decision.verdict,
        layer=decision.layer.value,
        by=_by(decision, request),
        conditions=tuple(sorted(told)),
        gap=next((each.policy.gap for each in decision.speakers if each.policy.gap is not None), None),
    )


def _by(decision: Decision, request: Request) -> tuple[str, ...]:
    spoken = {each.told(request) for each in (*decision.speakers, *decision.open)}
    if spoken:
        return tuple(sorted(spoken))
    if decision.verdict is Verdict.ALLOWED and request.caller.kind is Kind.ROOT:
        return ("root user of the account",)
    return (f"{decision.layer.value}: no statement allows it",)
