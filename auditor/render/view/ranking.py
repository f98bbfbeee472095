"""Which route is worse: the one order in which the matrix, the pictures and the first page name routes."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from auditor.model.control import Severity
from auditor.model.finding import Finding
from auditor.model.flow import Drift, Flow, Trace
from auditor.model.ruling import Ruling
from auditor.model.status import Status
from auditor.render.view import cells

Key = tuple[str, str, str]
"""Account, region, ARN of the route."""
QUIET = (Status.PASS, Status.NOT_APPLICABLE)
_SEVERITIES = list(Severity)
_STATUSES = list(Status)
_NOTHING = (len(_STATUSES), 0)


@dataclass(frozen=True)
class Ranking:
    """The flows of a pack with their findings, worst first."""

    flows: Sequence[Flow]
    findings: Sequence[Finding]

    @cached_property
    def by_route(self) -> defaultdict[Key, list[Finding]]:
        """Findings that neither passed nor lapsed, of each route, worst first."""
        found: defaultdict[Key, list[Finding]] = defaultdict(list)
        for each in self.findings:
            if each.status not in QUIET:
                found[each.account, each.region, each.resource].append(each)
        for several in found.values():
            several.sort(key=badness)
        return found

    @cached_property
    def worst_first(self) -> tuple[Flow, ...]:
        """Every flow; equals stay in the order of the flows."""
        return tuple(sorted(self.flows, key=self._rank))

    def of(self, flow: Flow) -> list[Finding]:
        """Return the findings of a route, worst first."""
        return self.by_route.get((flow.account, flow.region, flow.route), [])

    def _rank(self, flow: Flow) -> tuple[int, ...]:
        findings = self.of(flow)
        worst = badness(findings[0]) if findings else _NOTHING
        return (
            *worst,
            cells.openness(flow),
            -len(findings),
            0 if cells.is_kept_in_the_dark(flow) else 1,
            -sum(1 for each in flow.rulings if each.status is Status.FAIL),
            0 if flow.trace not in {None, Trace.IDENTIFIED} else 1,
            0 if flow.drift is Drift.UNDEPLOYED_CHANGE else 1,
        )


def badness(found: Finding | Ruling) -> tuple[int, int]:
    """Return how bad a finding or a ruling is, worst first: by status, then by severity."""
    severity = found.severity
    return (_STATUSES.index(found.status), _SEVERITIES.index(severity) if severity else len(_SEVERITIES))


def failing(rulings: Iterable[Ruling]) -> list[Ruling]:
    """Return the rulings that fail, worst first."""
    return sorted((each for each in rulings if each.status is Status.FAIL), key=badness)
