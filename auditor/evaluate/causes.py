"""Controls that fail for one cause on one resource: one deviation, with every id."""

from collections.abc import Iterable, Iterator, Mapping

from auditor.evaluate.waivers import Key, key_of
from auditor.model.control import Control
from auditor.model.finding import Finding
from auditor.model.status import Status


def with_causes(findings: Mapping[Key, Finding], controls: Iterable[Control]) -> dict[Key, Finding]:
    """Return the findings, those that fail for one cause on one resource with the same `root_cause`.

    `same_cause_as` is followed over any number of controls, also past one that does not fail here: the first of the chain that
    fails names the cause. Two controls that only share an ancestor which does not fail stay two deviations.
    """
    named = {each.id: each.same_cause_as for each in controls}
    caused = dict(findings)
    for key, finding in findings.items():
        if finding.status is not Status.FAIL:
            continue
        first = _first(finding, named, findings)
        if first is not finding:
            cause = {"root_cause": f"{first.control}:{finding.resource}"}
            caused[key] = finding.model_copy(update=cause)
            caused[key_of(first)] = first.model_copy(update=cause)
    return caused


def _first(finding: Finding, named: Mapping[str, str | None], findings: Mapping[Key, Finding]) -> Finding:
    """Return the failing finding at the beginning of the chain."""
    first = finding
    for control in _chain(finding.control, named):
        above = findings.get((control, finding.resource, finding.account, finding.region))
        if above is not None and above.status is Status.FAIL:
            first = above
    return first


def _chain(control: str, named: Mapping[str, str | None]) -> Iterator[str]:
    """Yield the controls above one, nearest first; a chain that goes round ends where it began."""
    seen = {control}
    above = named.get(control)
    while above is not None and above not in seen:
        yield above
        seen.add(above)
        above = named.get(above)
