"""Log groups that exist: logs:DescribeLogGroups to LogGroup."""

from auditor.model.fact import NotApplicable
from auditor.model.gateway import LogGroup
from auditor.normalize.facts import Members
from auditor.normalize.interface import ListCall, Normalizer
from auditor.normalize.reading import Reading

_NO_TAGS = NotApplicable(why="tags of log destinations are not read")


def normalize(read: Reading) -> None:
    """Add the log groups whose name is exactly one that a stage names; a prefix finds others too."""
    seen: set[str] = set()
    for each in read.reads("logs:DescribeLogGroups"):
        name = each.page.parameters.get("logGroupNamePrefix")
        for record in each.body.get("logGroups") or ():
            if record.get("logGroupName") != name or not isinstance(name, str) or name in seen:
                continue
            seen.add(name)
            arn = f"arn:{read.partition}:logs:{read.key.region}:{read.key.account}:log-group:{name}"
            about = Members(read, "logs:DescribeLogGroups", arn, record)
            group = LogGroup(
                arn=arn,
                account=read.key.account,
                region=read.key.region,
                name=name,
                tags=_NO_TAGS,
                retention_days=about.number("retentionInDays"),
                kms_key=about.text("kmsKeyId"),
            )
            read.add(group, [each.page.sha256])


NORMALIZER = Normalizer(
    "logs",
    normalize,
    lists=(
        ListCall(
            "logs:DescribeLogGroups",
            "LogGroup",
            "logGroups",
            "arn:{partition}:logs:{region}:{account}:log-group:{logGroupNamePrefix}",
        ),
    ),
)
