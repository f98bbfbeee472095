"""Records that programs read, in the shapes of product.md section 4, ready for JSON. `null`: not known, never none."""

from collections.abc import Iterable
from typing import Any

from pydantic import TypeAdapter

from auditor.model.access import Access, RouteAccess
from auditor.model.diff import Diff
from auditor.model.explanation import Explanation
from auditor.model.finding import Finding
from auditor.model.flow import Flow
from auditor.model.snapshot import Gap
from auditor.model.status import Status
from auditor.render.alike import alike, together

Record = dict[str, Any]
_FLOW: TypeAdapter[Flow] = TypeAdapter(Flow)
_EXPLANATION: TypeAdapter[Explanation] = TypeAdapter(Explanation)
_ROUTE_ACCESS: TypeAdapter[RouteAccess] = TypeAdapter(RouteAccess)
_ACCESS: TypeAdapter[Access] = TypeAdapter(Access)

FINDING_KEYS = (
    "control", "control_version", "resource", "resource_type", "account", "region", "status", "reason", "severity",
    "criteria", "observed", "exhibits", "waiver", "basis", "root_cause", "first_seen", "due",
)  # fmt: skip
FLOW_KEYS = (
    "route", "api", "stage", "kind", "who", "told_to_backend", "transforms", "backend", "trace", "drift", "steps",
    "rulings", "findings",
)  # fmt: skip
_QUIET = (Status.PASS, Status.NOT_APPLICABLE)


def finding_record(finding: Finding) -> Record:
    """Return one line of `evaluate --output jsonl`."""
    dumped = finding.model_dump(mode="json")
    return {name: dumped[name] for name in FINDING_KEYS}


def flow_record(flow: Flow, findings: Iterable[Finding]) -> Record:
    """Return one object of `flows --output json`; `findings` are those of its route that neither passed nor lapsed."""
    dumped = dumped_flow(flow)
    found = [
        {"control": each.control, "status": each.status.value, "severity": each.severity.value, "reason": each.reason}
        for each in findings
        if (each.resource, each.account, each.region) == (flow.route, flow.account, flow.region)
        and each.status not in _QUIET
    ]
    return {
        **{name: dumped[name] for name in FLOW_KEYS if name not in {"who", "backend", "findings"}},
        "who": flow.who.label,
        "backend": flow.backend.label,
        "findings": found,
        "who_detail": dumped["who"],
        "backend_detail": dumped["backend"],
    }


def dumped_flow(flow: Flow) -> Record:
    """Return a flow as plain values."""
    # Facts were checked where they were made; here a `Present` is as good as a `Present[bool]`, and no cause for a warning.
    dumped: Record = _FLOW.dump_python(flow, mode="json", warnings=False)
    return dumped


def flow_records(flows: Iterable[Flow], findings: Iterable[Finding]) -> list[Record]:
    """Return `flows --output json`; the findings are sorted into their routes once."""
    found = by_route(findings)
    return [flow_record(each, found.get((each.account, each.region, each.route), ())) for each in flows]


def by_route(findings: Iterable[Finding]) -> dict[tuple[str, str, str], list[Finding]]:
    """Return findings by (account, region, resource)."""
    found: dict[tuple[str, str, str], list[Finding]] = {}
    for each in findings:
        found.setdefault((each.account, each.region, each.resource), []).append(each)
    return found


def explanation_record(found: Explanation) -> Record:
    """Return the object of `explain --output json`."""
    dumped: Record = _EXPLANATION.dump_python(found, mode="json")
    return dumped


def access_record(found: RouteAccess) -> Record:
    """Return the object of `who-can --output json`."""
    dumped: Record = _ROUTE_ACCESS.dump_python(found, mode="json")
    return dumped


def caller_record(found: Access) -> Record:
    """Return one caller of it."""
    dumped: Record = _ACCESS.dump_python(found, mode="json")
    return dumped


def diff_record(diff: Diff) -> Record:
    """Return the object of `diff --output json`."""
    record: Record = diff.model_dump(mode="json")
    return record


def diff_rows(diff: Diff) -> list[Record]:
    """Return one row for each change, for tables: kind, change, subject, detail."""
    return [*_access_rows(diff), *_flow_rows(diff), *_resource_rows(diff), *_deviation_rows(diff), *_other_rows(diff)]


def gap_record(gap: Gap) -> Record:
    """Return a gap as scripts read it."""
    record: Record = gap.model_dump(mode="json")
    return record


def _row(kind: str, change: str, subject: str, detail: str) -> Record:
    return {"kind": kind, "change": change, "subject": subject, "detail": detail}


def _access_rows(diff: Diff) -> list[Record]:
    lists = (("gained", diff.access.gained), ("lost", diff.access.lost)) if diff.access else ()
    return [
        _row("access", change, f"{each.first.api_name} {each.first.stage}".rstrip(), each.sentence)
        for change, groups in lists
        for each in together(groups)
    ]


def _flow_rows(diff: Diff) -> list[Record]:
    return [
        _row("flow", each.first.direction.value, f"{each.first.api_name} {each.first.stage}".rstrip(), each.sentence)
        for each in alike(diff.flows)
    ]


def _resource_rows(diff: Diff) -> list[Record]:
    found = diff.resources
    rows = [_row(each.kind, "added", each.resource, each.name) for each in found.added]
    rows += [_row(each.kind, "removed", each.resource, each.name) for each in found.removed]
    return rows + [
        _row(
            each.kind,
            "changed",
            each.resource,
            f"access {each.access.value}: {', '.join(field.path for field in each.fields)}",
        )
        for each in found.changed
    ]


def _deviation_rows(diff: Diff) -> list[Record]:
    found = diff.deviations
    several = (
        ("new", found.new),
        ("come into sight", found.come_into_sight),
        ("resolved", found.resolved),
        ("lost sight of", found.lost_sight_of),
    )
    return [
        _row("deviation", change, each.resource, f"{each.control}: {each.reason}")
        for change, findings in several
        for each in findings
    ]


def _other_rows(diff: Diff) -> list[Record]:
    rows = [
        _row("coverage", each.change.replace("_", " "), each.what, each.gap.action if each.gap else "")
        for each in diff.coverage
    ]
    return rows + [_row("catalog", each.change, each.control, f"{each.old} → {each.new}") for each in diff.catalog]
