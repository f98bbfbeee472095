"""Step 6, resource policy, second phase: how it and the authorizer decide together (dataflow.md section 4.2).

Stands on API Gateway's developer guide, "API Gateway resource policies and authentication"; never tried on a live account.
"""

from auditor.access.strangers.restriction import RestrictionKind
from auditor.dataflow.passage import Passage
from auditor.dataflow.steps.interface import Said, StepModule
from auditor.dataflow.steps.policy import facts_of, without_policy
from auditor.dataflow.surroundings import Surroundings
from auditor.model.fact import Present
from auditor.model.identity import AuthenticatedBy
from auditor.model.step import Domain, Effect, StepState

_ALONE = {
    RestrictionKind.OPEN: ("The resource policy lets anyone through.", Effect.PASS),
    RestrictionKind.RESTRICTING: ("The resource policy lets calls from named networks through.", Effect.CHECK),
    RestrictionKind.CLOSED: ("The resource policy lets no anonymous call through.", Effect.STOP),
    RestrictionKind.UNDECIDED: ("What the resource policy lets through is not decided.", Effect.UNKNOWN),
}
_TOGETHER = {
    AuthenticatedBy.IAM: "Within the account, an Allow of the policy or of the caller's own policies is enough; a Deny of either wins.",
    AuthenticatedBy.LAMBDA: "An Allow of the policy or of the authorizer is enough; a Deny of either wins.",
    AuthenticatedBy.COGNITO: "The resource policy must allow the call too, after the token was checked.",
    AuthenticatedBy.JWT: "The resource policy must allow the call too, after the token was checked.",
}
_REFUSED = ("ACCESS_DENIED",)


def _say(passage: Passage, _around: Surroundings) -> Said:
    nothing = without_policy(passage)
    if nothing is not None:
        return _private(nothing) if passage.private and nothing.state is StepState.ABSENT else nothing
    facts = facts_of(passage)
    match passage.authenticated_by:
        case AuthenticatedBy.NONE | AuthenticatedBy.API_KEY_ONLY:
            kind = passage.policy.value.kind if isinstance(passage.policy, Present) else RestrictionKind.UNDECIDED
            sentence, effect = _ALONE[kind]
        case AuthenticatedBy.UNKNOWN:
            sentence, effect = "How the policy and the authorizer decide together is not known.", Effect.UNKNOWN
        case known:
            sentence, effect = _TOGETHER[known], Effect.CHECK
    return Said(StepState.SET, sentence, effect, facts, () if effect is Effect.PASS else _REFUSED)


def _private(nothing: Said) -> Said:
    sentence = "A private API without a resource policy refuses every call."
    return Said(StepState.ABSENT, sentence, Effect.STOP, nothing.facts, _REFUSED)


def _alike(passage: Passage) -> object:
    kind = passage.policy.value.kind if isinstance(passage.policy, Present) else passage.policy.state
    return (passage.authenticated_by, kind)


STEP = StepModule(6, Domain.IDENTITY, "resource policy, together", _say, _alike)
