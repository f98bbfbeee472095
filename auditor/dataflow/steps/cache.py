"""Step 10, cache: whether an earlier answer is given again, and to whom."""

from auditor.dataflow.passage import Passage
from auditor.dataflow.steps.interface import Said, StepModule, listed, told
from auditor.dataflow.surroundings import Surroundings
from auditor.model.fact import Absent, NotApplicable, Present, Unread
from auditor.model.gateway import Protocol
from auditor.model.step import Domain, Effect, StepFact, StepState

_CLUSTER = "apigateway:GetStages item[].cacheClusterEnabled"
_SETTING = "apigateway:GetStages item[].methodSettings"
_NO_CACHE = "No answer is kept."
_NOT_HERE = "HTTP and WebSocket APIs keep no answers."
_DEFAULT_SECONDS = 300
"""API reference, MethodSetting.cacheTtlInSeconds."""


def _say(passage: Passage, _around: Surroundings) -> Said:
    if passage.route.protocol is not Protocol.REST:
        return Said(StepState.NOT_APPLICABLE, _NOT_HERE, Effect.PASS)
    cluster = passage.stage.cache_cluster_enabled if passage.stage else None
    if cluster is None or isinstance(cluster, Unread) or isinstance(passage.setting, Unread):
        return Said(StepState.NOT_READ, "Whether answers are kept was not read.", Effect.UNKNOWN)
    facts = (told("cache cluster", cluster, _CLUSTER, lambda flag: "on" if flag else "off"),)
    match cluster:
        case Present(value=True):
            return _cluster_on(passage, facts)
        case Present() | Absent() | NotApplicable():
            return Said(StepState.ABSENT, _NO_CACHE, Effect.PASS, facts)


def _cluster_on(passage: Passage, facts: tuple[StepFact, ...]) -> Said:
    setting = passage.setting.value if isinstance(passage.setting, Present) else None
    # With the cluster on, GET methods are kept unless a setting says no (developer guide, "Enable API caching").
    kept = setting.caching if setting is not None and setting.caching is not None else passage.route.method == "GET"
    if not kept:
        return Said(StepState.ABSENT, _NO_CACHE, Effect.PASS, facts)
    keys = passage.integration.value.cache_key_parameters if isinstance(passage.integration, Present) else None
    seconds = setting.cache_ttl_seconds if setting and setting.cache_ttl_seconds is not None else _DEFAULT_SECONDS
    facts += (
        StepFact("seconds", str(seconds), StepState.SET, _SETTING),
        StepFact("cache key", ", ".join(keys or ()) or None, _key_state(keys), "the integration's cacheKeyParameters"),
    )
    by = "not known" if keys is None else listed([each.rpartition(".")[2] for each in keys]) or "the path alone"
    return Said(
        StepState.SET, f"Gives an earlier answer again for {seconds} s, told apart by {by}.", Effect.STOP, facts
    )


def _key_state(keys: tuple[str, ...] | None) -> StepState:
    if keys is None:
        return StepState.NOT_READ
    return StepState.SET if keys else StepState.ABSENT


STEP = StepModule(10, Domain.ROUTING, "cache", _say, lambda _passage: None)
