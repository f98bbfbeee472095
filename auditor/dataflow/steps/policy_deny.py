"""Step 4, resource policy, first phase: what it denies before anybody is asked who they are."""

from auditor.dataflow.passage import Passage
from auditor.dataflow.steps.interface import Said, StepModule, by_stage, listed
from auditor.dataflow.steps.policy import denials, facts_of, without_policy
from auditor.dataflow.surroundings import Surroundings
from auditor.model.fact import Present
from auditor.model.step import Domain, Effect, StepState


def _say(passage: Passage, _around: Surroundings) -> Said:
    nothing = without_policy(passage)
    policy = passage.policy_text
    if nothing is not None or not isinstance(policy, Present):
        return nothing or Said(StepState.NOT_READ, "The resource policy was not read.", Effect.UNKNOWN)
    found, facts = denials(policy.value), facts_of(passage)
    if found is None:
        return Said(StepState.SET, "What the resource policy denies is not understood.", Effect.UNKNOWN, facts)
    if not found:
        return Said(StepState.SET, "The resource policy denies nothing outright.", Effect.PASS, facts)
    sentence = f"The resource policy turns some calls away before anybody is asked: {listed(list(found))}."
    return Said(StepState.SET, sentence, Effect.CHECK, facts, ("ACCESS_DENIED",))


STEP = StepModule(4, Domain.IDENTITY, "resource policy, denials", _say, by_stage)
