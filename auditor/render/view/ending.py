"""What a person should know at the end of a run: what failed worst, what was not read, what wants a person's word."""

from collections.abc import Iterable
from dataclasses import dataclass

from auditor.model.control import Severity
from auditor.model.finding import ControlResult, Evaluation, Finding
from auditor.model.snapshot import Gap
from auditor.model.status import Status
from auditor.render.view.names import Names, names
from auditor.render.view.text import counted, shortened

_SHOWN = 5
_REGIONS_SHOWN = 3
_LONGEST_REASON = 200
_ORDER = tuple(Severity)


@dataclass(frozen=True)
class Worst:
    """One control that fails, with the first of its failing findings."""

    severity: str
    control: str
    fails: int
    words: str


@dataclass(frozen=True)
class Missing:
    """One operation that AWS did not answer, in all its places."""

    operation: str
    why: str
    needs: str
    """IAM action."""
    where: str
    controls: tuple[str, ...]
    """Those that say `not_evaluated` for it."""


@dataclass(frozen=True)
class Ending:
    """The last words of a run."""

    worst: tuple[Worst, ...]
    more: int
    """Failing controls that are not among the worst shown."""
    missing: tuple[Missing, ...]
    to_attest: int
    """Findings that wait for a person's word."""


def ending(evaluation: Evaluation) -> Ending:
    """Return the last words of a run on an evaluation; controls on the collection itself stay out."""
    results = [each for each in evaluation.results if each.control.subject == "estate"]
    failing = sorted((each for each in results if each.totals.fail), key=_badness)
    known = names(evaluation.flows)
    return Ending(
        worst=tuple(_worst(each, known) for each in failing[:_SHOWN]),
        more=max(0, len(failing) - _SHOWN),
        missing=missing(evaluation.snapshot.gaps, results),
        to_attest=sum(each.totals.needs_attestation for each in results),
    )


def missing(gaps: Iterable[Gap], results: Iterable[ControlResult] = ()) -> tuple[Missing, ...]:
    """Return gaps by (operation, reason, action), each once with the places where it is missing."""
    places: dict[tuple[str, str, str], list[Gap]] = {}
    for gap in gaps:
        places.setdefault((gap.operation, gap.reason.value, gap.action), []).append(gap)
    needed = [(each.control.id, set(each.gaps)) for each in results]
    return tuple(
        Missing(
            operation=operation,
            why=reason,
            needs=action,
            where=_where(found),
            controls=tuple(control for control, used in needed if not used.isdisjoint(found)),
        )
        for (operation, reason, action), found in sorted(places.items())
    )


def _badness(result: ControlResult) -> tuple[int, int, str]:
    return (_ORDER.index(result.control.severity), -result.totals.fail, result.control.id)


def _worst(result: ControlResult, known: Names) -> Worst:
    first = next(each for each in result.findings if each.status is Status.FAIL)
    words = f"{result.control.title}\n{_named(first, known)}: {shortened(first.reason, _LONGEST_REASON)}"
    return Worst(result.control.severity.value, result.control.id, result.totals.fail, words)


def _named(finding: Finding, known: Names) -> str:
    name = known.of(finding.resource)
    return f"{name.label} ({name.context})" if name.context else name.label


def _where(gaps: list[Gap]) -> str:
    regions = sorted({each.region for each in gaps})
    told = ", ".join(regions[:_REGIONS_SHOWN]) + (
        f" and {len(regions) - _REGIONS_SHOWN} more" if len(regions) > _REGIONS_SHOWN else ""
    )
    accounts = {each.account for each in gaps}
    several = f", {len(accounts)} accounts" if len(accounts) > 1 else ""
    return f"{counted(len(gaps), 'call')} in {told}{several}"
