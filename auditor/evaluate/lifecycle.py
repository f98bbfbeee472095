"""Since when a deviation stands, and by when it is due: from the snapshots before, all judged under today's catalog.

A deviation begins with the earliest snapshot, going back without interruption, in which the same control failed on the same resource.
It is interrupted only where it was judged to be in order, or where the resource was certainly not there: by the rule by which
the diff calls it resolved. Where a snapshot could not see it (a gap, a question to a person, out of scope) it is lost sight of,
which ends nothing: the first date is kept. Otherwise denying one call would make every old deviation young.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

from auditor.evaluate.waivers import Key, key_of
from auditor.model.base import Frozen
from auditor.model.environment import Sla
from auditor.model.finding import ControlResult, Evaluation, Finding
from auditor.model.status import Status

_DEVIATIONS = frozenset({Status.FAIL, Status.WAIVED})
_IN_ORDER = frozenset({Status.PASS, Status.NOT_APPLICABLE})
_UNSETTLED = frozenset({Status.NOT_EVALUATED, Status.NEEDS_ATTESTATION})


class Judgement(Frozen):
    """What one snapshot says of deviations, in short: all that a later one needs of it."""

    as_of: datetime
    deviations: tuple[Key, ...]
    """Sorted, like all of these."""
    unsettled: tuple[Key, ...]
    """Not evaluated, or to be attested."""
    whole: tuple[tuple[str, str, str], ...]
    """(control, account, region) whose population was read to its end: what is not named here was in order, or not there."""
    in_order: tuple[Key, ...]
    """What was judged to be in order elsewhere."""


def judgement(evaluation: Evaluation) -> Judgement:
    """Return what later snapshots need of an evaluation."""
    results = _about_the_estate(evaluation)
    whole = {place for result in results for place in _places_read_whole(result)}
    findings = [finding for result in results for finding in result.findings]
    return Judgement(
        as_of=evaluation.evaluated_as_of,
        deviations=_keys(findings, _DEVIATIONS),
        unsettled=_keys(findings, _UNSETTLED),
        whole=tuple(sorted(whole)),
        in_order=tuple(key for key in _keys(findings, _IN_ORDER) if _place(key) not in whole),
    )


def dated(evaluation: Evaluation, earlier: Iterable[Judgement]) -> Evaluation:
    """Return the evaluation with `first_seen` and `due` on each deviation.

    `earlier`: the snapshots before, latest first; no more of them are taken than it needs.
    """
    findings = [each for result in _about_the_estate(evaluation) for each in result.findings]
    first = _first_seen(_keys(findings, _DEVIATIONS), _day(evaluation.evaluated_as_of), earlier)
    results = tuple(_dated(result, first, evaluation) for result in evaluation.results)
    return evaluation.model_copy(update={"results": results})


def _first_seen(deviations: Iterable[Key], today: date, earlier: Iterable[Judgement]) -> dict[Key, date]:
    first = dict.fromkeys(deviations, today)
    still = set(first)
    before = iter(earlier)
    while still and (judged := next(before, None)) is not None:
        seen, unsettled = set(judged.deviations), set(judged.unsettled)
        whole, in_order = set(judged.whole), set(judged.in_order)
        first |= dict.fromkeys(still & seen, _day(judged.as_of))
        still -= {key for key in still - seen - unsettled if _place(key) in whole or key in in_order}
    return first


def _dated(result: ControlResult, first: dict[Key, date], evaluation: Evaluation) -> ControlResult:
    today = _day(evaluation.evaluated_as_of)
    findings = tuple(
        _with_dates(each, first.get(key_of(each), today), evaluation.catalog.sla)
        if each.status in _DEVIATIONS
        else each
        for each in result.findings
    )
    return result.model_copy(update={"findings": findings})


def _with_dates(finding: Finding, first: date, sla: Sla) -> Finding:
    days: int | None = getattr(sla, finding.severity.value)
    due = None if days is None else first + timedelta(days=days)
    return finding.model_copy(update={"first_seen": first, "due": due})


def _about_the_estate(evaluation: Evaluation) -> list[ControlResult]:
    """Return the results about the estate: each snapshot is a collection of its own, so what is said of it is new each time."""
    return [each for each in evaluation.results if each.control.subject == "estate"]


def _places_read_whole(result: ControlResult) -> Iterator[tuple[str, str, str]]:
    """Yield where every list behind a population was read to its end, and no call for it left a gap."""
    complete: dict[tuple[str, str], bool] = {}
    for each in result.listings:
        place = (each.account, each.region)
        complete[place] = each.complete and complete.get(place, True)
    gaps = {(each.account, each.region) for each in result.gaps}
    for place, is_whole in complete.items():
        if is_whole and place not in gaps:
            yield (result.control.id, *place)


def _keys(findings: Iterable[Finding], statuses: frozenset[Status]) -> tuple[Key, ...]:
    return tuple(sorted(key_of(each) for each in findings if each.status in statuses))


def _place(key: Key) -> tuple[str, str, str]:
    control, _, account, region = key
    return (control, account, region)


def _day(moment: datetime) -> date:
    return moment.astimezone(UTC).date()
