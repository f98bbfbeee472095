"""accessanalyzer:ListAnalyzers and ListFindingsV2 to analyzers and what they found."""

from typing import Any

from auditor.model.analyzers import AccessAnalyzer, AccessFinding
from auditor.model.fact import NotApplicable
from auditor.normalize.facts import Members
from auditor.normalize.interface import ListCall, Normalizer
from auditor.normalize.reading import Found, Reading

_ANALYZERS = "accessanalyzer:ListAnalyzers"
_FINDINGS = "accessanalyzer:ListFindingsV2"


def normalize(read: Reading) -> None:
    """Add the analyzers of a region and the active findings of those that look outside."""
    for found in read.records(_ANALYZERS, "analyzers"):
        _analyzer(read, found)
    for each in read.reads(_FINDINGS):
        for record in each.body.get("findings") or ():
            _finding(read, Found(record, _FINDINGS, (each.page.sha256,)), str(each.page.parameters["analyzerArn"]))


def _place(read: Reading, arn: str, name: object) -> dict[str, Any]:
    return {"account": read.key.account, "region": read.key.region, "arn": arn, "name": str(name)}


def _analyzer(read: Reading, found: Found) -> None:
    record = found.record
    arn = str(record["arn"])
    about = Members(read, _ANALYZERS, arn, record)
    analyzer = AccessAnalyzer(
        **_place(read, arn, record.get("name", arn)),
        tags=about.tags("tags"),
        analyzer_type=about.text("type"),
        status=about.text("status"),
        status_reason=about.inner("statusReason").text("code"),
        created=about.moment("createdAt"),
    )
    volatile = {name: record.get(name) for name in ("lastResourceAnalyzed", "lastResourceAnalyzedAt")}
    read.add(analyzer, found.pages, volatile)


def _finding(read: Reading, found: Found, analyzer: str) -> None:
    record = found.record
    arn = f"{analyzer}#finding/{record['id']}"
    about = Members(read, _FINDINGS, arn, record)
    finding = AccessFinding(
        **_place(read, arn, record.get("resource", record["id"])),
        tags=NotApplicable(why="carries no tags"),
        analyzer_arn=analyzer,
        status=about.text("status"),
        finding_type=about.text("findingType"),
        found_resource=about.text("resource"),
        found_resource_type=about.text("resourceType"),
        owner_account=about.text("resourceOwnerAccount"),
        created=about.moment("createdAt"),
    )
    read.add(finding, found.pages, {name: record.get(name) for name in ("analyzedAt", "updatedAt")})


NORMALIZER = Normalizer(
    "accessanalyzer",
    normalize,
    lists=(
        ListCall(_ANALYZERS, "AccessAnalyzer", "analyzers"),
        ListCall(_FINDINGS, "AccessFinding", "findings", "{analyzerArn}"),
    ),
)
