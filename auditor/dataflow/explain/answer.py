"""From steps to one answer, and from several answers to one where the headers of a call or a canary decide."""

from collections.abc import Sequence
from dataclasses import replace

from auditor.dataflow.explain.responses import Answers, confirmations, seen
from auditor.dataflow.explain.verdict import Verdict
from auditor.dataflow.passage import Passage
from auditor.model.explanation import Decision, Explanation
from auditor.model.fact import Present
from auditor.model.gateway import Protocol
from auditor.model.identity import AuthenticatedBy
from auditor.model.transform import TransformKind

STEPS = {
    0: "finding the route",
    1: "entry",
    2: "domain",
    3: "web ACL",
    4: "resource policy, denials",
    5: "authorizer",
    6: "resource policy, together",
    7: "API key",
    8: "throttle",
    9: "validation",
    11: "content type",
    12: "integration",
}
"""The steps that may refuse a call, with the numbers of the flow's own."""
_HIDING = ("401", "403")
Walked = Sequence[tuple[int, Verdict]]


def answered(walked: Walked, passage: Passage) -> Explanation:
    """Return the answer for a route: the first refusal, else the first step that is not known, else that it passes."""
    first = _first(walked, Decision.REFUSED) or _first(walked, Decision.UNKNOWN)
    route, stage = passage.route.arn.partition("#")[0], passage.route.stage
    if first is None:
        evidence = (f"deployed route {passage.route.arn}",)
        because = f"Nothing in the configuration refuses it; {_onwards(passage)}."
        return Explanation(
            Decision.ALLOWED, route, stage, None, None, None, None, because, evidence, _also(walked, None, passage)
        )
    step, verdict = first
    shown = (
        seen(verdict.response, passage.route.protocol, passage.gateway_responses, verdict.message)
        if _is_refusal(verdict)
        else None
    )
    also = (*(shown.also if shown else ()), *verdict.also, *_also(walked, step, passage))
    if shown is not None:
        also += confirmations(verdict.response, passage.route.protocol, passage)
    return Explanation(
        verdict.decision,
        route,
        stage,
        step,
        shown.type if shown else None,
        shown.status if shown else None,
        shown.message if shown else None,
        verdict.because,
        verdict.evidence,
        also,
    )


def _onwards(passage: Passage) -> str:
    if passage.backend.kind == "MOCK":
        return "the gateway answers it by itself"
    if passage.authenticated_by is AuthenticatedBy.NONE:
        return f"nobody is asked who calls, and it goes on to {passage.backend.label.removeprefix('λ ')}"
    return f"it goes on to {passage.backend.label.removeprefix('λ ')}"


def without_route(
    step: int, verdict: Verdict, protocol: Protocol, answers: Answers = (), stage: str | None = None
) -> Explanation:
    """Return the answer of a call that no route takes, or where it is not known which does."""
    shown = seen(verdict.response, protocol, answers, verdict.message) if _is_refusal(verdict) else None
    return Explanation(
        verdict.decision,
        None,
        stage,
        None if verdict.decision is Decision.ALLOWED else step,
        shown.type if shown else None,
        shown.status if shown else None,
        shown.message if shown else None,
        verdict.because,
        verdict.evidence,
        (*(shown.also if shown else ()), *verdict.also),
    )


def joined(answers: Sequence[tuple[str, Explanation]]) -> Explanation:
    """Return one answer from one a way that a call may take, each with its name; the last is the usual one.

    Where they decide alike the usual one stands; where not, nobody can tell.
    """
    name, usual = answers[-1]
    others = answers[:-1]
    if all(each.decision is usual.decision for _, each in others) and usual.decision is not Decision.UNKNOWN:
        notes = tuple(
            f"The same for {label}: {each.because}" for label, each in others if each.because != usual.because
        )
        return _with(usual, usual.decision, usual.because, (*usual.also, *notes))
    if not others:
        return usual
    said = "; ".join(
        f"{label}: {each.decision.value}, {lowered(each.because)}" for label, each in (*others, (name, usual))
    )
    step = next((each.step for _, each in reversed(answers) if each.step is not None), None)
    unsettled = _with(usual, Decision.UNKNOWN, f"It depends on which way the call takes. For {said}.", usual.also)
    return replace(unsettled, step=step)


def lowered(sentence: str) -> str:
    """Return a sentence to stand behind a colon: its first word small unless it is a name, and no full stop."""
    first = sentence.split(" ", 1)[0]
    small = sentence[:1].lower() + sentence[1:] if first in _SMALL else sentence
    return small.removesuffix(".")


_SMALL = frozenset(
    (
        "A",
        "An",
        "Bodies",
        "Callers",
        "How",
        "It",
        "No",
        "Nothing",
        "The",
        "There",
        "Usage",
        "What",
        "Where",
        "Whether",
        "Which",
        "Who",
    )
)
"""First words of sentences that are no names."""


def _with(usual: Explanation, decision: Decision, because: str, also: tuple[str, ...]) -> Explanation:
    found = replace(usual, decision=decision, because=because, also=also)
    return found if decision is usual.decision else replace(found, gateway_response=None, status=None, message=None)


def _first(walked: Walked, decision: Decision) -> tuple[int, Verdict] | None:
    return next((each for each in walked if each[1].decision is decision), None)


def _is_refusal(verdict: Verdict) -> bool:
    return verdict.decision is Decision.REFUSED


def _also(walked: Walked, decided: int | None, passage: Passage) -> tuple[str, ...]:
    """Return what is not known, and what may still refuse the call, up to where it is refused; then what is no refusal."""
    found: list[str] = []
    for step, verdict in walked:
        if step == decided:
            if _is_refusal(verdict):
                return tuple(found)
            continue
        if verdict.decision is Decision.UNKNOWN:
            found.append(f"Not known at step {step} ({STEPS[step]}): {verdict.because}")
        found += verdict.also
    return (*found, *_mapped(passage))


def _mapped(passage: Passage) -> tuple[str, ...]:
    """Return the refusals that are no decision of the gateway: statuses of the back end's answers, mapped."""
    every = passage.transforms.value if isinstance(passage.transforms, Present) else ()
    maps = [each for each in every if each.kind is TransformKind.STATUS_MAP]
    return tuple(
        f"A {status} may also come from the back end's answer: {each.sentence}"
        for each in maps
        for status in _HIDING
        if f"become {status}" in each.sentence or f"becomes {status}" in each.sentence
    )
