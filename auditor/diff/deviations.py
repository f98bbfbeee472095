"""Deviations against the earlier snapshot: new, resolved, persisting, or lost sight of, which is never resolved."""

from collections.abc import Iterable

from auditor.diff.side import Side, would_see
from auditor.model.diff import DeviationDiff
from auditor.model.finding import ControlResult, Evaluation, Finding
from auditor.model.status import Status

FindingKey = tuple[str, str, str, str]
"""Control, account, region, resource: one ARN may stand in several accounts."""

_DEVIATIONS = frozenset({Status.FAIL, Status.WAIVED})
_GOOD = frozenset({Status.PASS, Status.NOT_APPLICABLE})


def compare_deviations(old: Side, new: Side) -> DeviationDiff:
    """Return the deviations by control and resource. Controls on the collection itself are left out.

    Resolved is only what is now judged to be in order, or certainly gone; new only what was in order, or certainly not there. New, come
    into sight and persisting are all there are today.
    """
    before, now = _deviations(old.evaluation), _deviations(new.evaluation)
    earlier, current = {_key(each) for each in before}, {_key(each) for each in now}
    left = [each for each in before if _key(each) not in current]
    judged = {_key(each): each for each in _findings(new.evaluation)}
    resolved = [each for each in left if _is_resolved(each, judged.get(_key(each)), old, new)]
    judged_before = {_key(each): each for each in _findings(old.evaluation)}
    come = [each for each in now if _key(each) not in earlier]
    unseen = [each for each in come if not _was_in_sight(each, judged_before.get(_key(each)), old, new)]
    persisting = tuple(each for each in now if _key(each) in earlier)
    return DeviationDiff(
        new=tuple(each for each in come if each not in unseen),
        resolved=tuple(resolved),
        persisting=len(persisting),
        persisting_findings=persisting,
        come_into_sight=tuple(unseen),
        lost_sight_of=tuple(judged.get(_key(each)) or _unseen(each) for each in left if each not in resolved),
    )


def _findings(evaluation: Evaluation) -> Iterable[Finding]:
    """Yield the findings about the estate, by control and resource."""
    found = [
        finding for result in evaluation.results if result.control.subject == "estate" for finding in result.findings
    ]
    return sorted(found, key=_key)


def _deviations(evaluation: Evaluation) -> list[Finding]:
    return [each for each in _findings(evaluation) if each.status in _DEVIATIONS]


def _key(finding: Finding) -> FindingKey:
    return (finding.control, finding.account, finding.region, finding.resource)


def _is_resolved(before: Finding, now: Finding | None, old: Side, new: Side) -> bool:
    if now is not None:
        return now.status in _GOOD
    result = next((each for each in new.evaluation.results if each.control.id == before.control), None)
    if result is None:
        return False
    key = (before.account, before.region, before.resource)
    resource = old.resources.get(key)
    if resource is None:
        return _was_read_whole(result, before)
    return key not in new.resources and would_see(new, resource, old)


def _was_in_sight(now: Finding, before: Finding | None, old: Side, new: Side) -> bool:
    """Return whether the earlier snapshot could see that it did not fail: judged, or certainly not there."""
    if before is not None:
        return before.status is not Status.NOT_EVALUATED
    result = next((each for each in old.evaluation.results if each.control.id == now.control), None)
    if result is None:
        return False
    resource = new.resources.get((now.account, now.region, now.resource))
    if resource is None:
        return not result.listings or _was_read_whole(result, now)
    return would_see(old, resource, new)


def _was_read_whole(result: ControlResult, before: Finding) -> bool:
    """Return whether the lists behind a control's population were read to their end where the finding stands."""
    lists = [each for each in result.listings if (each.account, each.region) == (before.account, before.region)]
    return bool(lists) and all(each.complete for each in lists) and not result.gaps


def _unseen(before: Finding) -> Finding:
    """Return the finding of a resource that nobody looked at this time."""
    reason = "Failed in the earlier snapshot; this time it was not judged, and that it is gone was not read."
    return before.model_copy(
        update={"status": Status.NOT_EVALUATED, "reason": reason, "observed": {}, "exhibits": (), "waiver": None}
    )
