"""Step 13, response transformation: what becomes of the answer, and of the gateway's own errors."""

from dataclasses import replace

from auditor.dataflow.passage import Passage
from auditor.dataflow.steps.interface import Said, StepModule, told
from auditor.dataflow.steps.request_transformation import fact_of
from auditor.dataflow.surroundings import Surroundings
from auditor.dataflow.transformation.said import response_sentence
from auditor.model.fact import Absent, NotApplicable, Present, Unread
from auditor.model.step import Domain, Effect, StepState
from auditor.model.transform import Transform, TransformKind, Where

_QUIET = frozenset({TransformKind.PASS_ALL, TransformKind.IMPLICIT})


def _say(passage: Passage, _around: Surroundings) -> Said:
    match passage.transforms:
        case Unread():
            sentence = "What becomes of the answer was not read."
            facts = (told("changes", passage.transforms, "the deployed integration"),)
            return Said(StepState.NOT_READ, sentence, Effect.UNKNOWN, facts)
        case Absent() | NotApplicable():
            return Said(StepState.ABSENT, "No integration is set; there is no answer to change.", Effect.PASS)
        case Present(value=every):
            said = _changes(tuple(each for each in every if each.where is not Where.REQUEST))
            is_read = passage.gateway_responses is not None
            return said if is_read else replace(said, state=StepState.NOT_READ, effect=Effect.UNKNOWN)


def _changes(found: tuple[Transform, ...]) -> Said:
    is_set = any(each.kind not in _QUIET for each in found)
    facts = tuple(fact_of(each) for each in found)
    state, effect = (StepState.SET, Effect.CHANGE) if is_set else (StepState.DEFAULT, Effect.PASS)
    return Said(state, response_sentence(found), effect, facts)


STEP = StepModule(13, Domain.TRANSFORMATION, "response transformation", _say, lambda _passage: None)
