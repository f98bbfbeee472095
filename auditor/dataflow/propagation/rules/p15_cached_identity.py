"""P15: answers are cached for a route that asks who calls, and the key of the cache does not hold the caller.

REST alone. A setting for all methods caches GET methods alone (developer guide, api-gateway-caching); a method's own setting
caches that method. A cluster without any setting, and ANY methods under a setting for all, are not settled by the
documentation: a person must say. A header that the client is free to choose keys nothing: anybody may send another's. Where an
authorizer looks at several places, and the key holds one that is no token, who calls may stand in the other.
"""

from auditor.dataflow.passage import Passage
from auditor.dataflow.propagation.carried import token_headers
from auditor.dataflow.propagation.identity_names import is_identity_like, is_token_like
from auditor.dataflow.propagation.interface import Neighbours, Rule
from auditor.dataflow.propagation.judging import (
    NOBODY_ASKED,
    Found,
    clean,
    fit,
    idle,
    possible,
    puzzled,
    unclear_caller,
    unseen,
    wrong,
)
from auditor.dataflow.propagation.sending import HEADER, identity_paths, lane_of, speaks_of_caller
from auditor.model.control import Severity
from auditor.model.estate import Estate
from auditor.model.fact import NotReadError, Present, Unread
from auditor.model.gateway import Protocol, Stage
from auditor.model.identity import Lane, Origin
from auditor.model.route_parts import RouteSetting
from auditor.model.ruling import Ruling
from auditor.model.transform import Transform

_ID = "P15"
_NO_CACHE = idle(_ID, "only REST APIs cache answers")
_NOBODY = idle(_ID, "nobody is asked who calls: the answer is the same for all")
_OFF = idle(_ID, "the stage has no cache")
_NOT_CACHED = idle(_ID, "the answers of this method are not cached")
_NO_BACK_END = idle(_ID, "there is no back end whose answers differ by caller")
_UNTOLD = puzzled(_ID, "whether the answers of this method are cached is not told")
_NO_STAGE = puzzled(_ID, "the stage is not in the snapshot")
_ALL = "*"
_LAYER, _STEP = "cache", 10


def _judge(passage: Passage, among: Neighbours) -> Ruling:
    if passage.route.protocol is not Protocol.REST:
        return _NO_CACHE
    if passage.authenticated_by in NOBODY_ASKED:
        return _NOBODY
    off = _without_cluster(passage, among.estate)
    if off is not None:
        return off
    if isinstance(passage.setting, Unread):
        return unseen(_ID, passage.setting.gap)
    setting = passage.setting.value if isinstance(passage.setting, Present) else None
    if _is_off(setting, passage):
        return _NOT_CACHED
    return unclear_caller(_ID, passage) or _by_key(passage, among, setting)


def _without_cluster(passage: Passage, estate: Estate) -> Ruling | None:
    """Return why no cache can hold anything, or why nobody knows; None where the stage has a cluster."""
    if passage.stage is None:
        return _hidden_stage(passage, estate)
    match passage.stage.cache_cluster_enabled:
        case Unread(gap=gap):
            return unseen(_ID, gap)
        case Present(value=True):
            return None
        case _:
            return _OFF


def _hidden_stage(passage: Passage, estate: Estate) -> Ruling:
    route = passage.route
    try:
        estate.whole(Stage, route.account, route.region, route.api_arn)
    except NotReadError as hidden:
        return unseen(_ID, hidden.gap)
    return _NO_STAGE


def _is_off(setting: RouteSetting | None, passage: Passage) -> bool:
    """Return whether the method's answers are surely not cached."""
    if setting is None:
        return passage.route.method not in {"GET", "ANY"}
    if setting.caching is False or setting.cache_ttl_seconds == 0:
        return True
    return setting.method == _ALL and passage.route.method not in {"GET", "ANY"}


def _by_key(passage: Passage, among: Neighbours, setting: RouteSetting | None) -> Ruling:
    if isinstance(passage.integration, Unread):
        return unseen(_ID, passage.integration.gap)
    if not isinstance(passage.integration, Present) or not among.sent(passage).kind.has_back_end:
        return _NO_BACK_END
    keys = passage.integration.value.cache_key_parameters
    found = next((each for each in keys if _holds_caller(each, passage, among)), None)
    if found is not None:
        return clean(_ID, fit(f"the key of the cache holds the caller: {found}"))
    if isinstance(passage.authorizer, Unread) and keys:
        return unseen(_ID, passage.authorizer.gap)
    return _without_caller(passage, among, setting)


def _holds_caller(key: str, passage: Passage, among: Neighbours) -> bool:
    """Return whether a part of the key is the token that the authorizer looks at, or is filled from who it says calls."""
    name = _looked_at(key, passage)
    if name is not None:
        return is_token_like(name) or not _is_one_of_several(key, passage)
    filled = _filled(key, passage, among)
    return filled is not None and any(lane_of(each) is Lane.ACTOR for each in identity_paths(filled))


def _looked_at(key: str, passage: Passage) -> str | None:
    """Return the name of a parameter that the authorizer looks at; None where it is another."""
    place, _, name = key.rpartition(".")
    if place.endswith(("request.header", "request.multivalueheader")) and name.lower() in token_headers(passage):
        return name
    return name if isinstance(passage.authorizer, Present) and key in passage.authorizer.value.identity_source else None


def _is_one_of_several(key: str, passage: Passage) -> bool:
    """Return whether the authorizer also looks at what the key leaves out: who calls may stand there."""
    if not isinstance(passage.authorizer, Present) or not isinstance(passage.integration, Present):
        return False
    keyed = {each.lower() for each in (*passage.integration.value.cache_key_parameters, key)}
    sent = (each.lower() for each in passage.authorizer.value.identity_source)
    return any(each.startswith("method.request.") and each not in keyed for each in sent)


def _filled(key: str, passage: Passage, among: Neighbours) -> Transform | None:
    """Return the mapping that fills a part of the key with something of the caller's that was checked."""
    place, _, name = key.rpartition(".")
    target = HEADER + name.lower() if place.endswith("header") else f"{_SHORT.get(place.rpartition('.')[2], '')} {name}"
    last = among.sent(passage).last.get(target)
    if last is None or last.origin is not Origin.VERIFIED or not place.startswith("integration.request."):
        return None
    return last.by if speaks_of_caller(last.by) else None


_SHORT = {"querystring": "query", "path": "path"}


def _without_caller(passage: Passage, among: Neighbours, setting: RouteSetting | None) -> Ruling:
    keys = passage.integration.value.cache_key_parameters if isinstance(passage.integration, Present) else ()
    because = "one caller may receive another's answer: it is cached, and the key does not hold who called"
    found = Found(because, Severity.HIGH, "cache key", _LAYER, step=_STEP)
    bound = next((each for each in keys if _may_be_bound(each, passage, among)), None)
    if bound is not None:
        why = f"the key of the cache holds {bound}: whether that tells one caller from another, a person must say"
        return possible(_ID, passage, Found(why, Severity.HIGH, "cache key", _LAYER, step=_STEP))
    if setting is not None and setting.caching is None:
        return _UNTOLD
    if setting is None or (setting.method == _ALL and passage.route.method == "ANY"):
        why = "answers may be cached, and the key does not hold who called: no setting of this method says they are not"
        return possible(_ID, passage, Found(why, Severity.HIGH, "cache key", _LAYER, step=_STEP))
    return wrong(_ID, passage, found)


def _may_be_bound(key: str, passage: Passage, among: Neighbours) -> bool:
    """Return whether a part of the key may tell callers apart: some of what the authorizer looks at, or what the caller may be.

    A path parameter may name the caller: then the route may serve that one alone.
    """
    place, _, name = key.rpartition(".")
    is_path = place.endswith("request.path") and is_identity_like(name)
    return is_path or _looked_at(key, passage) is not None or _filled(key, passage, among) is not None


RULE = Rule(id=_ID, name="CACHED_IDENTITY", title="One caller may receive another's answer", judge=_judge)
