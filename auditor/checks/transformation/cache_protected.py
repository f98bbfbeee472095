"""cache-protected: cached answers are encrypted, and only callers with the right may have them fetched anew.

Claim: every setting that caches encrypts what it keeps and asks for authorization of cache control. Population: every REST
stage. Deviation: a caching setting without either. Without a cache there is nothing to protect: not applicable, although an
AWS Config rule fails such stages. Cannot see: what the answers hold.
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
from auditor.checks.stage_questions import ALL, named, routes_without_own
from auditor.model.estate import Estate
from auditor.model.fact import need
from auditor.model.gateway import Protocol, Stage
from auditor.model.route_parts import RouteSetting

_BY_DEFAULT = frozenset({"GET", "ANY"})
"""Methods that a setting for all caches: GET (developer guide), and what may be GET."""


def _test(item: ResourceItem[Stage], estate: Estate, _params: Params) -> Outcome:
    stage = item.of
    if need(stage.cache_cluster_enabled) is not True:
        return not_applicable("the stage has no cache")
    settings = need(stage.settings) or ()
    caching = [each for each in settings if each.caching is not False and _keeps(each)]
    caching = [each for each in caching if _concerns(each, stage, estate)]
    seen: dict[str, Any] = {"cluster": need(stage.cache_cluster_size), "settings": [named([each]) for each in caching]}
    if not settings:
        return undecided("the stage has a cache, and no setting says what it keeps", **seen)
    if not caching:
        return not_applicable("the stage has a cache, and every setting leaves it aside", **seen)
    return _by_setting(caching, seen)


def _keeps(setting: RouteSetting) -> bool:
    return setting.cache_ttl_seconds != 0


def _concerns(setting: RouteSetting, stage: Stage, estate: Estate) -> bool:
    """Return whether a setting caches any route: one for all concerns those that have none of their own."""
    if (setting.path, setting.method) != (ALL, ALL):
        return True
    return any(each.method in _BY_DEFAULT for each in routes_without_own(stage, estate))


def _by_setting(caching: list[RouteSetting], seen: dict[str, Any]) -> Outcome:
    sure = [each for each in caching if each.caching]
    bare = [each for each in sure if each.cache_encrypted is False]
    if bare:
        return failed(f"cached answers are not encrypted: {_methods(bare)}", **seen)
    loose = [each for each in sure if each.cache_control_needs_authorization is False]
    if loose:
        return failed(f"any caller may have cached answers fetched anew: {_methods(loose)}", **seen)
    if len(sure) < len(caching) or any(_is_untold(each) for each in sure):
        return undecided("whether cached answers are encrypted and protected is not told", **seen)
    return passed("cached answers are encrypted, and only callers with the right have them fetched anew", **seen)


def _is_untold(setting: RouteSetting) -> bool:
    return setting.cache_encrypted is None or setting.cache_control_needs_authorization is None


def _methods(settings: list[RouteSetting]) -> str:
    return ", ".join("every method" if (each.path, each.method) == (ALL, ALL) else named([each]) for each in settings)


CHECK = Check(
    name="cache-protected",
    reads=("Stage",),
    params=Params,
    population=lambda estate: items(each for each in estate.of(Stage) if each.protocol is Protocol.REST),
    test=_test,
)
