"""What a step's module gives: what is said of one passage there, and what makes two passages say the same."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from auditor.dataflow.passage import Passage
from auditor.dataflow.surroundings import Surroundings
from auditor.model.fact import Absent, Fact, NotApplicable, Present, T, Unread
from auditor.model.step import Domain, Effect, StepFact, StepState
from auditor.model.words import several


@dataclass(frozen=True, slots=True)
class Said:
    """A step before its place in a flow: state, sentence, effect, facts, and the refusals that a call can meet there."""

    state: StepState
    sentence: str
    effect: Effect
    facts: tuple[StepFact, ...] = ()
    refusals: tuple[str, ...] = ()


@dataclass(frozen=True)
class StepModule:
    """A step as its module registers it, under the name STEP."""

    n: int
    domain: Domain
    name: str
    say: Callable[[Passage, Surroundings], Said]
    alike: Callable[[Passage], Hashable | None]
    """Passages of one stage and canary for which this is equal say the same here; None: each says its own."""


def told(name: str, fact: Fact[T], source: str, words: Callable[[T], str] = str) -> StepFact:
    """Return a fact of a resource as a fact of a step."""
    match fact:
        case Present(value=value):
            return StepFact(name, words(value), StepState.SET, source)
        case Absent():
            return StepFact(name, None, StepState.ABSENT, source)
        case NotApplicable(why=why):
            return StepFact(name, None, StepState.NOT_APPLICABLE, source, why)
        case Unread(gap=gap):
            return StepFact(name, None, StepState.NOT_READ, source, f"{gap.operation}: {gap.reason.value}")


def by_stage(_passage: Passage) -> Hashable:
    """Say the same for every route of a stage."""
    return True


def listed(values: Sequence[str], most: int = 2) -> str:
    """Return names as a step's sentence has room for them: `a, b and 3 more`."""
    return several(values, most)
