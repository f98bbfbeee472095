"""Step 7, API key: whether a usage plan's key is needed, and what limits it sets. A key meters calls; it identifies nobody."""

from auditor.dataflow.passage import Passage
from auditor.dataflow.steps.interface import Said, StepModule, listed, told
from auditor.dataflow.surroundings import Surroundings
from auditor.model.fact import Absent, NotApplicable, Present, Unread
from auditor.model.gateway import Protocol, RestApi
from auditor.model.keys_and_plans import UsagePlan
from auditor.model.step import Domain, Effect, StepFact, StepState

_SOURCE = "apigateway:GetDeployment apiSummary[path][METHOD].apiKeyRequired"
_KEY_SOURCE = "API key source"
_APIS = "apigateway:GetRestApis item[].apiKeySource"
_PLANS = "apigateway:GetUsagePlans items[]"


def _say(passage: Passage, around: Surroundings) -> Said:
    if passage.route.protocol is Protocol.HTTP:
        return Said(StepState.NOT_APPLICABLE, "HTTP APIs know no API keys.", Effect.PASS)
    required = passage.route.api_key_required
    facts = (told("API key required", required, _SOURCE, lambda flag: "yes" if flag else "no"),)
    match required:
        case Present(value=True):
            return _needed(passage, around, facts)
        case Unread():
            return Said(StepState.NOT_READ, "Whether an API key is needed was not read.", Effect.UNKNOWN, facts)
        case NotApplicable():
            return Said(StepState.NOT_APPLICABLE, "This kind of API knows no API keys.", Effect.PASS, facts)
        case Present() | Absent():
            return Said(StepState.ABSENT, "Needs no API key.", Effect.PASS, facts)


def _needed(passage: Passage, around: Surroundings, facts: tuple[StepFact, ...]) -> Said:
    plans, whole = around.plans(passage.route)
    facts = (*facts, *_source(passage), *(told_plan(each) for each in plans))
    names = listed([each.name for each in plans])
    if plans:
        sentence = f"Needs an API key of usage plan {names}; a key meters calls and identifies nobody."
    elif whole:
        sentence = "Needs an API key, and no usage plan covers this stage: every call is refused."
    else:
        sentence = "Needs an API key; which usage plans cover this stage was not read."
    quota = any(isinstance(each.quota_limit, Present) for each in plans)
    refusals = ("INVALID_API_KEY", *(("QUOTA_EXCEEDED",) if quota else ()))
    effect = Effect.CHECK if plans or not whole else Effect.STOP
    return Said(StepState.SET, sentence, effect, facts, refusals)


def _source(passage: Passage) -> tuple[StepFact, ...]:
    if passage.route.protocol is not Protocol.REST:
        return ()
    if not isinstance(passage.api, RestApi):
        return (StepFact(_KEY_SOURCE, None, StepState.NOT_READ, _APIS),)
    return (told(_KEY_SOURCE, passage.api.api_key_source, _APIS),)


def told_plan(plan: UsagePlan) -> StepFact:
    """Return a plan with its limits."""
    named = (("rate", plan.throttle_rate), ("burst", plan.throttle_burst), ("quota", plan.quota_limit))
    limits = [f"{name} {fact.value}" for name, fact in named if isinstance(fact, Present)]
    unread = [f"{name} not read" for name, fact in named if isinstance(fact, Unread)]
    state = StepState.NOT_READ if unread else StepState.SET
    return StepFact(f"usage plan {plan.name}", ", ".join((*limits, *unread)) or "no limits", state, _PLANS)


def _alike(passage: Passage) -> object:
    required = passage.route.api_key_required
    return (required.state, required.value if isinstance(required, Present) else None)


STEP = StepModule(7, Domain.IDENTITY, "API key", _say, _alike)
