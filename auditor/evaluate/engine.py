"""Controls tested on a snapshot. Here, and nowhere else, a gap becomes `not_evaluated` and a waiver counts."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from pydantic import JsonValue

from auditor.checks.interface import Check, Item, Outcome
from auditor.evaluate.bind import Bound, bind
from auditor.evaluate.causes import with_causes
from auditor.evaluate.totals import conclude, is_for_a_gap, totals
from auditor.evaluate.unseen import Unseen, relevant, unseen
from auditor.evaluate.waivers import Key, acceptances, apply_waivers, key_of
from auditor.model.control import Basis, Catalog
from auditor.model.estate import Estate
from auditor.model.fact import NotReadError
from auditor.model.finding import ControlResult, Evaluation, Finding
from auditor.model.kinds import KINDS, cloudformation
from auditor.model.resource import Observation
from auditor.model.snapshot import GLOBAL_REGION, Gap, GapReason
from auditor.model.status import Status

_ORDER = {status: index for index, status in enumerate(Status)}


def evaluate(estate: Estate, catalog: Catalog, available: Iterable[Check[Any, Any]] | None = None) -> Evaluation:
    """Return the findings of a snapshot: the same bytes for the same input, wherever and whenever."""
    controls = bind(catalog, available)
    first = [each for each in controls if not each.check.follows_waivers]
    after = [each for each in controls if each.check.follows_waivers]
    tested = with_causes(_tested(first, estate), (each.control for each in controls))
    met = acceptances(tested, catalog, estate)
    findings, waivers = apply_waivers(tested, catalog.waivers, estate, frozenset(each.control.id for each in after))
    findings |= _tested(after, replace(estate, acceptances=met))
    return Evaluation(
        snapshot=estate.snapshot,
        catalog=catalog,
        evaluated_as_of=estate.as_of,
        results=tuple(_result(bound, findings.values(), estate) for bound in controls),
        waivers=waivers,
        flows=estate.flows,
        listings=estate.listings,
    )


def _tested(controls: Iterable[Bound], estate: Estate) -> dict[Key, Finding]:
    evidence = _Evidence(estate)
    findings: dict[Key, Finding] = {}
    for bound in controls:
        for finding in _findings(bound, estate, evidence):
            key = key_of(finding)
            # What nobody saw below a stage is named as the stage is: the worse of both stands, so that nothing but a fail hides a gap.
            if key not in findings or _badness(finding) < _badness(findings[key]):
                findings[key] = finding
    return findings


def _badness(finding: Finding) -> tuple[int, bool]:
    """Return how bad a finding is, worst first; of two that are not evaluated a gap is worse than what nobody can tell."""
    return _ORDER[finding.status], not is_for_a_gap(finding)


class _Evidence:
    """Pages by resource and by kind of list."""

    def __init__(self, estate: Estate) -> None:
        self._observations = estate.observations
        self._lists: dict[tuple[str, str, str], list[str]] = {}
        for listing in estate.listings:
            self._lists.setdefault((listing.account, listing.region, listing.kind), []).extend(listing.pages)

    def pages(self, account: str, region: str, names: Iterable[str]) -> tuple[str, ...]:
        """Return the digests behind ARNs and `list:Kind` names, each once, sorted.

        What is true of a whole account may rest on any of its regions: an ARN is looked for in its own too, a list in all.
        """
        found: set[str] = set()
        for name in names:
            if name.startswith("list:"):
                found.update(self._listed(account, region, name.removeprefix("list:")))
            elif (observation := self._observation(account, region, name)) is not None:
                found.update(observation.pages)
        return tuple(sorted(found))

    def _listed(self, account: str, region: str, kind: str) -> Iterator[str]:
        yield from self._lists.get((account, region, kind), ())
        if region == GLOBAL_REGION and kind in KINDS and not KINDS[kind].is_global:
            for (owner, _, listed), pages in self._lists.items():
                if (owner, listed) == (account, kind):
                    yield from pages

    def _observation(self, account: str, region: str, arn: str) -> Observation | None:
        own = arn.split(":")[3:4]
        places = (region, *own) if region == GLOBAL_REGION else (region,)
        return next((found for each in places if (found := self._observations.get((account, each, arn)))), None)


def _findings(bound: Bound, estate: Estate, evidence: _Evidence) -> Iterator[Finding]:
    for item in bound.check.population(estate):
        try:
            outcome = bound.check.test(item, estate, bound.params)
        except NotReadError as not_read:
            outcome = _not_read(not_read.gap)
        yield _finding(bound, item, _softened(bound, outcome), evidence)
    if bound.control.subject == "estate":
        for part in unseen(bound.check, estate):
            yield _finding(bound, _item(part), _not_read(part.gap), evidence, pages=part.listing.pages)


def _not_read(gap: Gap) -> Outcome:
    seen: dict[str, JsonValue] = {
        "operation": gap.operation,
        "action": gap.action,
        "reason": gap.reason.value,
        "detail": gap.detail,
        "about": gap.resource,
    }
    return Outcome(Status.NOT_EVALUATED, _why_not_read(gap), seen)


def _why_not_read(gap: Gap) -> str:
    where, separator, _ = gap.detail.partition("; ")
    if gap.reason is GapReason.NOT_ASKED:
        return f"not read: the snapshot's collection did not ask for {gap.operation}; a new one does, with {gap.action}"
    if gap.reason is GapReason.UNSUPPORTED and not separator:
        # AWS has no call that would tell: no right and no second try helps.
        return f"cannot be read: {gap.detail} ({gap.operation})"
    return f"not read: {gap.operation} was {gap.reason.value}; it needs {gap.action} on {where}"


def _softened(bound: Bound, outcome: Outcome) -> Outcome:
    """Return the outcome of an inferred rule as a question to a person: alone it never fails anything."""
    if bound.control.basis is not Basis.INFERRED or outcome.status is not Status.FAIL:
        return outcome
    return Outcome(Status.NEEDS_ATTESTATION, f"possible: {outcome.reason}", outcome.observed, outcome.also)


def _item(part: Unseen) -> Item:
    return Item(part.resource, cloudformation(part.kind), part.listing.account, part.listing.region)


def _finding(bound: Bound, item: Item, outcome: Outcome, evidence: _Evidence, pages: tuple[str, ...] = ()) -> Finding:
    control = bound.control
    found = evidence.pages(item.account, item.region, (item.resource, *outcome.also))
    return Finding(
        control=control.id,
        control_version=control.version,
        resource=item.resource,
        resource_type=item.resource_type,
        account=item.account,
        region=item.region,
        status=outcome.status,
        reason=outcome.reason,
        severity=outcome.severity or control.severity,
        criteria=tuple(mapping.id for mapping in control.criteria),
        observed=outcome.observed,
        exhibits=tuple(sorted({*found, *pages})),
        basis=control.basis,
    )


def _result(bound: Bound, findings: Iterable[Finding], estate: Estate) -> ControlResult:
    own = sorted(
        (each for each in findings if each.control == bound.control.id),
        key=lambda each: (_ORDER[each.status], each.resource, each.account, each.region),
    )
    counted = totals(own)
    needed = {(each.account, each.observed["operation"], each.observed["about"]) for each in own if is_for_a_gap(each)}
    return ControlResult(
        control=bound.control,
        conclusion=conclude(counted),
        totals=counted,
        findings=tuple(own),
        listings=tuple(relevant(bound.check, estate)),
        gaps=tuple(gap for gap in estate.gaps if (gap.account, gap.operation, gap.resource) in needed),
    )
