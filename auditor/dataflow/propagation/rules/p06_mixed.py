"""P6: two layers fill one place, one from the authorizer, another from something else; the last one wins.

An override inside a body template comes after the visible mapping. Two entries of one mapping that differ by case alone
have no documented order.
"""

from collections import defaultdict

from auditor.dataflow.passage import Passage
from auditor.dataflow.propagation.interface import Neighbours, Rule
from auditor.dataflow.propagation.judging import Found, clean, named, possible, puzzled, unclear_sending, wrong
from auditor.dataflow.propagation.sending import Sending, identity_paths, may_set_any
from auditor.model.control import Severity
from auditor.model.identity import Origin
from auditor.model.ruling import Ruling
from auditor.model.transform import Transform, TransformKind

_ID = "P6"
_SAFE = clean(_ID, "no place is filled both from the authorizer and from elsewhere")
_UNKNOWN = puzzled(_ID, "what else fills a place that holds the caller's identity is not understood")
_CHECKED = frozenset({Origin.VERIFIED, Origin.MIXED})


def _judge(passage: Passage, among: Neighbours) -> Ruling:
    sent = among.sent(passage)
    unclear = unclear_sending(_ID, passage, sent)
    if unclear is not None:
        return unclear
    by_target: dict[str, list[Transform]] = defaultdict(list)
    for each in (*sent.writes, *sent.puzzles):
        if each.kind is not TransformKind.REMOVE and each.target:
            by_target[each.target].append(each)
    is_unknown = False
    for target, writes in by_target.items():
        if writes[0].origin is Origin.MIXED and len(writes) == 1 and among.is_identity(target):
            return _together(passage, writes[0])
        if len(writes) > 1 and any(each.origin in _CHECKED for each in writes) and _fight(writes):
            return _two(passage, writes)
        is_unknown = is_unknown or _may_fight(writes)
    free = next((each for each in sent.writes if may_set_any(each)), None)
    told = None if free is None else _replaceable(sent, free)
    if free is not None and told is not None:
        return _any_name(passage, told, free)
    # An override in a template that was not understood, or of a name that is not fixed, may fight for what a mapping filled.
    hides = free is not None or sent.may_write(among.is_identity)
    is_filled = any(each.origin in _CHECKED or identity_paths(each) for each in sent.writes if each is not free)
    return _UNKNOWN if is_unknown or (hides and is_filled) else _SAFE


def _fight(writes: list[Transform]) -> bool:
    """Return whether the writers of one place surely differ: one known not to be the authorizer's, or two of its values."""
    known = [each for each in writes if each.origin is not Origin.UNKNOWN]
    return len({(each.origin, each.sources) for each in known}) > 1


def _may_fight(writes: list[Transform]) -> bool:
    """Return whether one of the writers of a place may be the authorizer's, or something beside it."""
    if all(each.origin is not Origin.UNKNOWN for each in writes):
        return False
    is_ours = any(each.origin in _CHECKED or identity_paths(each) for each in writes)
    return is_ours and (len(writes) > 1 or any(each.space.is_client for each in writes[0].sources))


def _replaceable(sent: Sending, free: Transform) -> Transform | None:
    """Return what the authorizer fills that an override of any name may replace."""
    part = free.target.partition(" ")[0]
    filled = (each for each in sent.writes if each.origin in _CHECKED and each is not free)
    return next((each for each in filled if each.target.partition(" ")[0] == part), None)


def _any_name(passage: Passage, told: Transform, free: Transform) -> Ruling:
    because = (
        f"possible: an override of {named(free.layer)} sets a name that is not fixed, which may be {named(told.target)}"
    )
    return possible(_ID, passage, Found(because, Severity.HIGH, told.target, free.layer))


def _together(passage: Passage, found: Transform) -> Ruling:
    because = f"{named(found.target)} holds what the authorizer checked together with what the client says"
    return wrong(_ID, passage, Found(because, Severity.HIGH, found.target, found.layer))


def _two(passage: Passage, writes: list[Transform]) -> Ruling:
    layers = list(dict.fromkeys(each.layer for each in writes))
    target = named(writes[0].target)
    if len(layers) == 1:
        because = f"two entries of the {layers[0]} fight for {target}, and which one wins is not documented"
    else:
        because = f"{named(layers[0])} and {named(layers[-1])} fight for {target}; the last one wins"
    return wrong(_ID, passage, Found(because, Severity.HIGH, writes[0].target, ", ".join(layers)))


RULE = Rule(id=_ID, name="MIXED", title="Two sources fight for one identity header", judge=_judge)
