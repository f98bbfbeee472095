"""Stage variables of which an older collection kept a digest, and this one the value: nobody can tell whether they changed."""

from auditor.model.fact import Fact, Present
from auditor.model.gateway import Stage
from auditor.model.resource import Resource


def without_torn(old: Resource, new: Resource) -> tuple[Resource, Resource]:
    """Return two stages without the variables that stand as a digest on one side and as a value on the other."""
    if not isinstance(old, Stage) or not isinstance(new, Stage):
        return old, new
    one, other = set(_held(old.variable_digests)), set(_held(new.variable_digests))
    torn = (one & set(_held(new.variable_values))) | (other & set(_held(old.variable_values)))
    torn_of_canary = set(_held(new.canary_variable_values)) ^ set(_held(old.canary_variable_values))
    return _without(old, torn, torn_of_canary), _without(new, torn, torn_of_canary)


def _held(fact: Fact[dict[str, str]]) -> dict[str, str]:
    return fact.value if isinstance(fact, Present) else {}


def _without(stage: Stage, torn: set[str], torn_of_canary: set[str]) -> Stage:
    changes = {
        "variable_values": _left(stage.variable_values, torn),
        "variable_digests": _left(stage.variable_digests, torn),
        "canary_variable_values": _left(stage.canary_variable_values, torn_of_canary),
    }
    return stage.model_copy(update=changes)


def _left(fact: Fact[dict[str, str]], torn: set[str]) -> Fact[dict[str, str]]:
    if not isinstance(fact, Present):
        return fact
    return Present(value={name: each for name, each in fact.value.items() if name not in torn})
