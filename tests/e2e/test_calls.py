"""Calls stay within the formulas of aws-facts section 5: what is read, and not one call more."""

import json
from collections import Counter
from typing import Any

from auditor.collect.permissions import policy
from auditor.collect.registry import collectors
from tests.conftest import DemoRun


def _snapshot(run: DemoRun, index: int) -> dict[str, Any]:
    path = sorted((run.store / "snapshots").glob("*.json"))[index]
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def _listed(run: DemoRun, period: str) -> Counter[str]:
    """Count what the lists of a pack hold, from the pack alone."""
    sheet = json.loads((run.pack(period) / "data" / "completeness.json").read_text())
    counted: Counter[str] = Counter()
    for listing in sheet["lists"]:
        counted[f"{listing['operation']} {listing['kind']}"] += listing["count"]
    return counted


def test_no_operation_is_called_more_often_than_its_formula(demo_run: DemoRun) -> None:
    snapshot, listed = _snapshot(demo_run, 0), _listed(demo_run, "2026-Q2")
    units, accounts = 4, 2
    rest = listed["apigateway:GetRestApis RestApi"]
    newer = listed["apigatewayv2:GetApis Api"]
    rest_stages = listed["apigateway:GetStages Stage"]
    newer_stages = listed["apigatewayv2:GetStages Stage"]
    domains = listed["apigateway:GetDomainNames DomainName"] + listed["apigatewayv2:GetDomainNames DomainName"]
    keys, secrets = listed["kms:ListKeys KmsKey"], listed["secretsmanager:ListSecrets Secret"]
    users = listed["iam:GetAccountAuthorizationDetails User"]
    stages = rest_stages + newer_stages
    assert rest >= 6
    limits = {
        **dict.fromkeys(("apigateway:GetRestApis", "apigateway:GetApiKeys", "apigateway:GetUsagePlans"), units),
        **dict.fromkeys(("apigateway:GetAccount", "apigateway:GetDomainNames", "apigatewayv2:GetDomainNames"), units),
        **dict.fromkeys(
            ("apigatewayv2:GetApis", "kms:ListKeys", "kms:ListAliases", "secretsmanager:ListSecrets"), units
        ),
        **dict.fromkeys(
            (f"apigateway:Get{name}" for name in ("Resources", "Stages", "Authorizers", "Deployments")), rest
        ),
        **dict.fromkeys(("apigateway:GetDeployment", "apigateway:GetExport"), rest_stages),
        **dict.fromkeys(
            (f"apigatewayv2:Get{name}" for name in ("Routes", "Integrations", "Authorizers", "Stages")), newer
        ),
        "apigatewayv2:GetDeployments": newer,
        "apigatewayv2:ExportApi": newer_stages,
        "apigateway:GetBasePathMappings": domains,
        "apigatewayv2:GetApiMappings": domains,
        "apigateway:GetUsagePlanKeys": listed["apigateway:GetUsagePlans UsagePlan"],
        "logs:DescribeLogGroups": stages,
        "firehose:DescribeDeliveryStream": stages,
        **dict.fromkeys(
            (f"kms:{name}" for name in ("DescribeKey", "GetKeyPolicy", "GetKeyRotationStatus", "ListKeyRotations")),
            keys,
        ),
        "secretsmanager:ListSecretVersionIds": secrets,
        **dict.fromkeys(
            ("iam:GetAccountAuthorizationDetails", "iam:GetAccountSummary", "iam:GetCredentialReport"), accounts
        ),
        "iam:GenerateCredentialReport": 2 * accounts,
        "iam:ListAccessKeys": users,
    }
    above = {name: count for name, count in snapshot["calls"].items() if count > limits[name]}
    assert above == {}


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
