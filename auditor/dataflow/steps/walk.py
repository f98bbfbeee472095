"""The steps of one passage, numbered, with what is known of the caller before and after each."""

from collections.abc import Hashable

from auditor.dataflow.passage import Passage
from auditor.dataflow.propagation.carried import States
from auditor.dataflow.steps import (
    api_key,
    authorizer,
    cache,
    domain,
    entry,
    evidence,
    integration,
    policy_combined,
    policy_deny,
    request_transformation,
    response_transformation,
    throttle,
    validation,
    web_acl,
)
from auditor.dataflow.steps.interface import Said, StepModule
from auditor.dataflow.surroundings import Surroundings
from auditor.model.identity import IdentityState
from auditor.model.step import Effect, Step

LONGEST = 160
"""Characters of a step's sentence."""

MODULES: tuple[StepModule, ...] = (
    entry.STEP,
    domain.STEP,
    web_acl.STEP,
    policy_deny.STEP,
    authorizer.STEP,
    policy_combined.STEP,
    api_key.STEP,
    throttle.STEP,
    validation.STEP,
    cache.STEP,
    request_transformation.STEP,
    integration.STEP,
    response_transformation.STEP,
    evidence.STEP,
)
_AUTHORIZER, _CHANGES = 5, 11


class Walk:
    """Makes the steps of an estate's passages; what several say alike is one value, for an estate has many of them."""

    def __init__(self, around: Surroundings) -> None:
        """Take the surroundings; nothing is said yet."""
        self.around = around
        self._said: dict[Hashable, Said] = {}
        self._steps: dict[Hashable, Step] = {}
        self._states: dict[IdentityState, IdentityState] = {}

    def steps(self, passage: Passage, states: States) -> tuple[Step, ...]:
        """Return all fourteen steps of a passage, in order."""
        three = States(*(self._one(each) for each in (states.client, states.authorized, states.backend)))
        return tuple(self._step(module, passage, three) for module in MODULES)

    def _one(self, state: IdentityState | None) -> IdentityState | None:
        """Return the one value among equal states, so that what is alike can be told by identity alone."""
        return None if state is None else self._states.setdefault(state, state)

    def _step(self, module: StepModule, passage: Passage, states: States) -> Step:
        before, after = _between(module.n, states)
        alike = module.alike(passage)
        if alike is None:
            return _made(module, module.say(passage, self.around), before, after)
        route = passage.route
        key = (module.n, route.account, route.region, route.stage_arn, passage.is_canary, alike)
        said = self._said.get(key)
        if said is None:
            said = self._said[key] = module.say(passage, self.around)
        whole = (key, id(before), id(after))
        found = self._steps.get(whole)
        if found is None:
            found = self._steps[whole] = _made(module, said, before, after)
        return found


def _between(n: int, states: States) -> tuple[IdentityState | None, IdentityState | None]:
    """Return what is known before and after a step: the authorizer adds, the request transformation and what it leads to take away."""
    if n < _AUTHORIZER:
        return states.client, states.client
    if n == _AUTHORIZER:
        return states.client, states.authorized
    if n < _CHANGES:
        return states.authorized, states.authorized
    if n == _CHANGES:
        return states.authorized, states.backend
    return states.backend, states.backend


def _made(module: StepModule, said: Said, before: IdentityState | None, after: IdentityState | None) -> Step:
    drops = module.n == _CHANGES and _loses(before, after)
    return Step(
        n=module.n,
        domain=module.domain,
        name=module.name,
        state=said.state,
        sentence=_fit(said.sentence),
        effect=Effect.DROP if drops and said.effect is not Effect.UNKNOWN else said.effect,
        facts=said.facts,
        identity_in=before,
        identity_out=after,
        refusals=said.refusals,
    )


def _loses(before: IdentityState | None, after: IdentityState | None) -> bool:
    """Return whether something checked is known no more after the step."""
    if before is None or after is None:
        return False
    lost = {each.lane for each in after.facts if each.origin.value == "LOST"}
    return any(each.lane in lost and each.origin.value == "VERIFIED" for each in before.facts)


def _fit(sentence: str) -> str:
    return sentence if len(sentence) <= LONGEST else sentence[: LONGEST - 2] + "…."
