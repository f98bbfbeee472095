"""Step 11, request transformation: what is changed on the way to the back end."""

from functools import lru_cache

from auditor.dataflow.passage import Passage
from auditor.dataflow.steps.interface import Said, StepModule, told
from auditor.dataflow.surroundings import Surroundings
from auditor.dataflow.transformation.said import request_sentence
from auditor.model.fact import Absent, NotApplicable, Present, Unread
from auditor.model.step import Domain, Effect, StepFact, StepState
from auditor.model.transform import Transform, TransformKind, Where

_QUIET = frozenset({TransformKind.PASS_ALL, TransformKind.IMPLICIT})


def _say(passage: Passage, _around: Surroundings) -> Said:
    match passage.transforms:
        case Unread():
            sentence = "What is changed on the way was not read."
            return Said(StepState.NOT_READ, sentence, Effect.UNKNOWN, (told("changes", passage.transforms, _SOURCE),))
        case Absent() | NotApplicable():
            return Said(StepState.ABSENT, "No integration is set; nothing is changed.", Effect.PASS)
        case Present(value=every):
            return _changes(tuple(each for each in every if each.where is Where.REQUEST))


_SOURCE = "the deployed integration"


@lru_cache(maxsize=65_536)
def fact_of(transform: Transform) -> StepFact:
    """Return a change as a fact of a step; routes that change alike share it."""
    return StepFact(transform.target or transform.where.value, transform.sentence, StepState.SET, transform.layer)


def _changes(found: tuple[Transform, ...]) -> Said:
    is_set = any(each.kind not in _QUIET for each in found)
    facts = tuple(fact_of(each) for each in found)
    refusals = ("UNSUPPORTED_MEDIA_TYPE",) if any("415" in each.sentence for each in found) else ()
    state, effect = (StepState.SET, Effect.CHANGE) if is_set else (StepState.DEFAULT, Effect.PASS)
    return Said(state, request_sentence(found), effect, facts, refusals)


STEP = StepModule(11, Domain.TRANSFORMATION, "request transformation", _say, lambda _passage: None)
