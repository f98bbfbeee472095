"""execution-logs: REST and WebSocket stages write execution logs at ERROR or INFO, for every method.

Claim: the effective log level of each method and route is one of the levels allowed. Population: every stage. Deviation: OFF
or nothing set for the stage, or OFF for a single method, which beats the stage's own level. Cannot see: whether entries
arrive; GW-OB-01 looks at the account's log role.
"""

from typing import Any

from auditor.checks.interface import (
    Check,
    Outcome,
    Params,
    ResourceItem,
    failed,
    items,
    not_applicable,
    passed,
    undecided,
)
from auditor.checks.stage_questions import default_of, named, own_settings, routes_without_own
from auditor.model.estate import Estate
from auditor.model.gateway import Protocol, Stage

_OFF = "OFF"
_KNOWN = frozenset({_OFF, "ERROR", "INFO"})


class _Params(Params):
    levels: list[str]


def _test(item: ResourceItem[Stage], estate: Estate, params: _Params) -> Outcome:
    stage = item.of
    if stage.protocol is Protocol.HTTP:
        return not_applicable("HTTP APIs write no execution logs")
    default, own = default_of(stage), own_settings(stage)
    level = default.logging_level if default else None
    seen: dict[str, Any] = {
        "level": level,
        "own_levels": {named([each]): each.logging_level for each in own},
    }
    silent = [each for each in own if each.logging_level in _KNOWN and each.logging_level not in params.levels]
    if silent:
        return failed(f"{named(silent)}: {silent[0].logging_level}, whatever the stage says", **seen)
    if level not in params.levels and (level is None or level in _KNOWN):
        return _stage_is_silent(stage, estate, params, seen)
    unknown = sorted({each.logging_level for each in (default, *own) if each and each.logging_level} - _KNOWN)
    if unknown:
        return undecided(f"the log level {', '.join(unknown)} is not known to this version", **seen)
    untold = [each for each in own if each.logging_level is None]
    if untold:
        return undecided(f"{named(untold)}: settings of its own that tell no log level", **seen)
    return passed(
        f"execution logs at {level}{', and for every method with settings of its own' if own else ''}", **seen
    )


def _stage_is_silent(stage: Stage, estate: Estate, params: _Params, seen: dict[str, Any]) -> Outcome:
    """Judge a stage whose own level is off: it may still name one for each of its methods."""
    level = seen["level"] or "not set"
    if not own_settings(stage) or any(each.logging_level not in params.levels for each in own_settings(stage)):
        return failed(f"no execution logs: the stage's level is {level}", **seen)
    left = routes_without_own(stage, estate)
    if left:
        names = ", ".join(each.route_key for each in left[:3])
        return failed(f"no execution logs for {names}: the stage's level is {level}", ("list:DeployedRoute",), **seen)
    return passed("each method names a level of its own", ("list:DeployedRoute",), **seen)


CHECK = Check(
    name="execution-logs",
    reads=("Stage",),
    params=_Params,
    population=lambda estate: items(estate.of(Stage)),
    test=_test,
)
