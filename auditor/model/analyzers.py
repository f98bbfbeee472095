"""IAM Access Analyzer: who watches for access from outside, and what was found and not settled."""

from datetime import datetime
from typing import ClassVar, Literal

from auditor.model.fact import Fact
from auditor.model.resource import Resource


class AccessAnalyzer(Resource):
    """accessanalyzer:ListAnalyzers item."""

    cloudformation: ClassVar[str] = "AWS::AccessAnalyzer::Analyzer"
    whole_list: ClassVar[str] = "arn:{partition}:access-analyzer:{region}:{account}:analyzer"
    kind: Literal["AccessAnalyzer"] = "AccessAnalyzer"
    analyzer_type: Fact[str]
    """ACCOUNT and ORGANIZATION look for access from outside; the others for unused or inner access."""
    status: Fact[str]
    """ACTIVE, CREATING, DISABLED or FAILED."""
    status_reason: Fact[str]
    created: Fact[datetime]


class AccessFinding(Resource):
    """accessanalyzer:ListFindingsV2 item that is active. ARN `ANALYZER-ARN#finding/ID`."""

    cloudformation: ClassVar[str] = "AWS::AccessAnalyzer::Finding"
    rests_on: ClassVar[tuple[str, ...]] = ("AccessAnalyzer", "AccessFinding")
    kind: Literal["AccessFinding"] = "AccessFinding"
    analyzer_arn: str
    status: Fact[str]
    finding_type: Fact[str]
    found_resource: Fact[str]
    """ARN of what can be reached from outside."""
    found_resource_type: Fact[str]
    owner_account: Fact[str]
    created: Fact[datetime]

    @property
    def parents(self) -> tuple[str, ...]:
        """What it stands below."""
        return (self.analyzer_arn,)
