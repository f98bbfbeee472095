"""What waits for a deployment, and which rules about identity a route falls under."""

from collections.abc import Iterator

from pydantic import JsonValue

from auditor.dataflow.propagation.registry import rules
from auditor.diff.paths.interface import Change, Pair
from auditor.model.diff import Direction
from auditor.model.flow import Drift, DriftField, Flow
from auditor.model.status import Status

_RANK = {Status.FAIL: 0, Status.NEEDS_ATTESTATION: 1, Status.PASS: 2, Status.NOT_APPLICABLE: 2}
"""What decides nothing has no rank."""
_VALUE = 40
_ROUTE = "route"
_BY_NAME = frozenset({"resource policy", "gateway responses"})
"""Fields of which no value is told."""


def waiting(pair: Pair) -> Iterator[Change]:
    """Yield whether the working copy moved on from what is deployed: that changes no call yet."""
    old, new = pair.old.flow, pair.new.flow
    if Drift.UNKNOWN in {old.drift, new.drift} or old.drift_fields == new.drift_fields:
        return
    if new.drift is Drift.UNDEPLOYED_CHANGE:
        words = _edited(new)
        yield _waits(words, old, new)
    elif pair.was_redeployed is False:
        yield _waits("was edited back to what is deployed", old, new)


def _waits(words: str, old: Flow, new: Flow) -> Change:
    return Change("drift", words, Direction.NEITHER, _told(old), _told(new), is_deployed=False)


def _told(flow: Flow) -> JsonValue:
    return [f"{each.field}: configured {each.configured}, deployed {each.deployed}" for each in flow.drift_fields]


def _edited(flow: Flow) -> str:
    first, *others = flow.drift_fields
    if first.field == _ROUTE:
        return "was removed from the working copy, not deployed"
    more = f" and {len(others)} more" if others else ""
    return f"was edited, not deployed: {_field(first)}{more}"


def _field(field: DriftField) -> str:
    """Return what differs, with both values where they are short enough to be read in a sentence."""
    if field.field in _BY_NAME or max(len(field.configured), len(field.deployed)) > _VALUE:
        return field.field
    return f"{field.field} {field.deployed} becomes {field.configured} with the next deployment"


def rulings(pair: Pair) -> Iterator[Change]:
    """Yield the rules that a route newly falls under, or no longer; what was not decided on both sides is no change.

    An older collection kept less, and a rule looks at neighbours as well: across schemas nothing is said.
    """
    if not pair.is_one_schema or pair.old.flow.rulings == pair.new.flow.rulings:
        return
    titles = {each.id: each.title for each in rules()}
    for one, other in zip(pair.old.flow.rulings, pair.new.flow.rulings, strict=True):
        before, after = _RANK.get(one.status), _RANK.get(other.status)
        if before is None or after is None or before == after:
            continue
        title = titles[other.rule][:1].lower() + titles[other.rule][1:]
        direction = Direction.WORSE if after < before else Direction.BETTER
        yield Change(other.rule, f"{_case(other.status)} {other.rule}: {title}", direction, one.because, other.because)


def _case(status: Status) -> str:
    if status is Status.FAIL:
        return "is now a case of"
    return "may be a case of" if status is Status.NEEDS_ATTESTATION else "is no longer a case of"
