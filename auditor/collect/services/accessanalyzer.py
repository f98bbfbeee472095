"""IAM Access Analyzer: which analyzers watch a region, and what those that look for outside access have found and nobody settled."""

from functools import partial

from auditor.collect.interface import Caller, Collector, Operation, Paging, Reach

_TOKEN = {"token_out": "nextToken", "token_in": "nextToken"}
EXTERNAL = frozenset({"ACCOUNT", "ORGANIZATION"})
"""Types of analyzers that look for access from outside (AnalyzerSummary.type)."""

ANALYZERS = Operation(
    "accessanalyzer",
    "ListAnalyzers",
    "access-analyzer:ListAnalyzers",
    "*",
    required=("analyzers",),
    records=(("analyzers", "arn"),),
    page=Paging(items="analyzers", **_TOKEN),
)
FINDINGS = Operation(
    "accessanalyzer",
    "ListFindingsV2",
    "access-analyzer:ListFindingsV2",
    "{analyzerArn}",
    required=("findings",),
    records=(("findings", "id"),),
    page=Paging(items="findings", **_TOKEN),
    per=("AccessAnalyzer",),
)


def _collect(call: Caller) -> None:
    analyzers = call(ANALYZERS, maxResults=100)
    watching = sorted({str(each["arn"]) for each in analyzers.items("analyzers") if each.get("type") in EXTERNAL})
    call.gather([partial(_findings, call, arn) for arn in watching])


def _findings(call: Caller, arn: str) -> None:
    call(FINDINGS, arn, analyzerArn=arn, filter={"status": {"eq": ["ACTIVE"]}}, maxResults=100)


COLLECTOR = Collector(
    service="accessanalyzer", reach=Reach.REGIONAL, operations=(ANALYZERS, FINDINGS), collect=_collect
)
