"""The least IAM rights that the collectors need, from what they declare; in parts that IAM's size limits allow."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from auditor.collect.interface import Collector
from auditor.collect.scope import DESCRIBE_REGIONS

MANAGED_POLICY_LIMIT = 6144
"""Characters of a managed policy, white space not counted (IAM quotas: "Managed policy document size")."""
_LONGEST_PARTITION = "aws-us-gov"
_ANY = {"region": "*", "account": "*"}
_FRAME = len('{"Version":"2012-10-17","Statement":[]}')

Statement = dict[str, Any]
Policy = dict[str, Any]


class _Anything(dict[str, str]):
    """Fills every parameter of a resource template with a wildcard."""

    def __missing__(self, key: str) -> str:
        return "*"


@dataclass(frozen=True)
class Rights:
    """What one collector needs."""

    service: str
    statements: tuple[Statement, ...]


def policy(collectors: Iterable[Collector], partition: str = "aws") -> Policy:
    """Return one IAM policy document: the statements of each collector in turn, reads only."""
    return _document(each for rights in _rights(collectors, partition) for each in rights.statements)


def policies(collectors: Iterable[Collector], partition: str = "aws") -> tuple[Policy, ...]:
    """Return the same rights as managed policies that IAM accepts: a collector's statements stay together where they fit.

    A partition that is still a template (`${AWS::Partition}`) is measured as the longest that there is.
    """
    parts: list[list[Statement]] = [[]]
    for rights in _rights(collectors, partition):
        if not _fits([*parts[-1], *rights.statements], partition):
            parts.append([])
        for statement in (piece for each in rights.statements for piece in _pieces(each, partition)):
            if not _fits([*parts[-1], statement], partition):
                parts.append([])
            parts[-1].append(statement)
    return tuple(_document(part) for part in parts if part)


def size(document: Policy) -> int:
    """Return the characters that IAM counts of a policy."""
    return len(json.dumps(document, separators=(",", ":")))


def _document(statements: Iterable[Statement]) -> Policy:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def _rights(collectors: Iterable[Collector], partition: str) -> Iterator[Rights]:
    yield Rights("scope", (_identity(),))
    for collector in collectors:
        yield Rights(collector.service, tuple(_statements(collector, partition)))


def _identity() -> Statement:
    return {
        "Sid": "WhoAndWhere",
        "Effect": "Allow",
        "Action": sorted((DESCRIBE_REGIONS.action, "sts:GetCallerIdentity")),
        "Resource": ["*"],
    }


def _statements(collector: Collector, partition: str) -> Iterator[Statement]:
    """Yield a collector's statements: one for each set of resources, so that no action is granted on more than it needs."""
    filling = _Anything({**_ANY, "partition": partition})
    asked: dict[str, set[str]] = {}
    for operation in collector.operations:
        asked.setdefault(operation.action, set()).add(operation.resource.format_map(filling))
    alike: dict[tuple[str, ...], list[str]] = {}
    for action in sorted(asked):
        alike.setdefault(_least(asked[action]), []).append(action)
    name = "Read" + "".join(part.capitalize() for part in collector.service.split("-"))
    for number, resources in enumerate(sorted(alike), start=1):
        sid = name if len(alike) == 1 else f"{name}{number}"
        yield {"Sid": sid, "Effect": "Allow", "Action": alike[resources], "Resource": list(resources)}


def _least(resources: set[str]) -> tuple[str, ...]:
    """Return the resources sorted; `*` says all of them."""
    return ("*",) if "*" in resources else tuple(sorted(resources))


def _pieces(statement: Statement, partition: str) -> Iterator[Statement]:
    """Yield a statement, in halves where it alone is more than a policy holds."""
    if _fits([statement], partition):
        yield statement
        return
    member = "Resource" if len(statement["Resource"]) > 1 else "Action"
    middle = len(statement[member]) // 2
    for number, part in enumerate((statement[member][:middle], statement[member][middle:]), start=1):
        yield from _pieces({**statement, "Sid": f"{statement['Sid']}Part{number}", member: part}, partition)


def _fits(statements: list[Statement], partition: str) -> bool:
    written = json.dumps(statements, separators=(",", ":")).replace(partition, _LONGEST_PARTITION)
    return _FRAME - 2 + len(written) <= MANAGED_POLICY_LIMIT
