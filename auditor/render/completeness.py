"""completeness.json: the completeness sheet for programs, and for whoever wants every list and every gap."""

from collections import defaultdict

import orjson

from auditor.model.finding import Finding
from auditor.model.pack import PackContents
from auditor.model.snapshot import Page
from auditor.model.status import Status
from auditor.render.records import Record, finding_record, gap_record
from auditor.render.view.completeness import service_of


def completeness_json(contents: PackContents) -> bytes:
    """Return scope, provenance, services, lists, populations, gaps and the findings on the collection itself."""
    evaluation, snapshot = contents.evaluation, contents.evaluation.snapshot
    record: Record = {
        "snapshot": snapshot.id,
        "root": snapshot.root,
        "as_of": snapshot.as_of.isoformat(),
        "finished_at": snapshot.finished_at.isoformat(),
        "tool_version": snapshot.tool_version,
        "catalog_digest": evaluation.catalog.digest,
        "scope": snapshot.scope.model_dump(mode="json"),
        "declared": [each.model_dump(mode="json") for each in snapshot.declared],
        "callers": snapshot.callers,
        "calls": snapshot.calls,
        "throttled": snapshot.throttled,
        "clock_offset_seconds": snapshot.clock_offset_seconds,
        "operations": _operations(contents.pages),
        "lists": [each.model_dump(mode="json") for each in evaluation.listings],
        "populations": [
            {"control": each.control.id, **_counts(each.findings)}
            for each in evaluation.results
            if each.control.subject == "estate"
        ],
        "gaps": [gap_record(each) for each in snapshot.gaps],
        "collection": [
            finding_record(finding)
            for each in evaluation.results
            if each.control.subject == "collection"
            for finding in each.findings
        ],
        "exhibits": _exhibits(contents.pages),
    }
    return orjson.dumps(record, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _counts(findings: tuple[Finding, ...]) -> dict[str, int]:
    return {
        "population": len(findings),
        **{status.value: sum(1 for each in findings if each.status is status) for status in Status},
    }


def _operations(pages: tuple[Page, ...]) -> list[Record]:
    found: defaultdict[tuple[str, str, str, str], list[Page]] = defaultdict(list)
    for page in pages:
        found[page.account, page.region, service_of(page.operation), page.operation].append(page)
    return [
        {
            "account": account,
            "region": region,
            "service": service,
            "operation": operation,
            "pages": len(several),
            "bytes": sum(each.size for each in several),
            "first": min(each.requested_at for each in several).isoformat(),
            "last": max(each.answered_at for each in several).isoformat(),
        }
        for (account, region, service, operation), several in sorted(found.items())
    ]


def _exhibits(pages: tuple[Page, ...]) -> list[Record]:
    return [each.model_dump(mode="json") for each in pages]
