"""Calls stay within the formulas of aws-facts section 5: what is read, and not one call more."""

import json
from collections import Counter
from typing import Any

from auditor.collect.interface import Reach
from auditor.collect.permissions import policy
from auditor.collect.registry import collectors
from auditor.normalize.wire import PAGE_TOKENS
from tests.conftest import DemoRun


def _snapshot(run: DemoRun, index: int) -> dict[str, Any]:
    path = sorted((run.store / "snapshots").glob("*.json"))[index]
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def _listed(run: DemoRun, period: str) -> Counter[str]:
    """Count what the lists of a pack hold by kind, from the pack alone."""
    sheet = json.loads((run.pack(period) / "data" / "completeness.json").read_text())
    counted: Counter[str] = Counter()
    for listing in sheet["lists"]:
        counted[listing["kind"]] += listing["count"]
    return counted


def test_no_operation_is_called_more_often_than_it_declares(demo_run: DemoRun) -> None:
    snapshot, listed = _snapshot(demo_run, 0), _listed(demo_run, "2026-Q2")
    regional, accounts = 4, 2
    assert listed["RestApi"] >= 6
    limits = {
        "iam:GenerateCredentialReport": 2 * accounts,
        "sts:GetCallerIdentity": accounts,
        "ec2:DescribeRegions": accounts,
    }
    for collector in collectors():
        units = accounts if collector.reach is Reach.GLOBAL else regional
        for operation in collector.operations:
            own = sum(listed[kind] for kind in operation.per) if operation.per else units
            limits.setdefault(operation.id, own * operation.times)
    # Every list of the sample company fits one page, so further pages allow nothing here.
    above = {name: (count, limits[name]) for name, count in snapshot["calls"].items() if count > limits[name]}
    assert above == {}


def test_what_a_call_is_made_for_is_a_list_that_is_read(demo_run: DemoRun) -> None:
    known = set(_listed(demo_run, "2026-Q2")) | {"Canary"}
    needed = {kind for collector in collectors() for operation in collector.operations for kind in operation.per}
    assert needed <= known


def test_nothing_was_throttled_and_nothing_was_missing_in_the_first_quarter(demo_run: DemoRun) -> None:
    snapshot = _snapshot(demo_run, 0)
    assert snapshot["throttled"] == 0
    assert [gap for shard in snapshot["shards"] for gap in shard["gaps"]] == []


def test_the_policy_names_every_action_that_is_called_and_only_reads() -> None:
    document = policy(collectors())
    actions = {action for statement in document["Statement"] for action in statement["Action"]}
    declared = {operation.action for collector in collectors() for operation in collector.operations}
    assert actions == declared | {"sts:GetCallerIdentity", "ec2:DescribeRegions"}
    for action in actions:
        verb = action.partition(":")[2]
        assert verb.startswith(("Get", "List", "Describe", "GET", "GenerateCredentialReport")), action


def test_every_page_token_is_known_where_pages_are_put_together() -> None:
    tokens = {operation.page.token_in for each in collectors() for operation in each.operations if operation.page}
    assert tokens <= PAGE_TOKENS
