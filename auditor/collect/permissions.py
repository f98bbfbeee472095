"""The least IAM rights that the collectors need, from what they declare."""

from collections.abc import Iterable
from typing import Any

from auditor.collect.interface import Collector

_ANY = {"partition": "aws", "region": "*", "account": "*"}


class _Anything(dict[str, str]):
    """Fills every parameter of a resource template with a wildcard."""

    def __missing__(self, key: str) -> str:
        return "*"


def policy(collectors: Iterable[Collector], partition: str = "aws") -> dict[str, Any]:
    """Return an IAM policy document: one statement a collector, sorted, reads only."""
    filling = _Anything({**_ANY, "partition": partition})
    statements = [_identity()]
    for collector in collectors:
        grants = {(each.action, each.resource.format_map(filling)) for each in collector.operations}
        statements.append(
            {
                "Sid": "Read" + "".join(part.capitalize() for part in collector.service.split("-")),
                "Effect": "Allow",
                "Action": sorted({action for action, _ in grants}),
                "Resource": sorted({resource for _, resource in grants}),
            }
        )
    return {"Version": "2012-10-17", "Statement": statements}


def _identity() -> dict[str, Any]:
    return {
        "Sid": "WhoAndWhere",
        "Effect": "Allow",
        "Action": ["ec2:DescribeRegions", "sts:GetCallerIdentity"],
        "Resource": ["*"],
    }
