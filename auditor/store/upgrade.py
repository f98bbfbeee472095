"""Manifests of older schemas, as today's types hold them. The bytes in the store, and their roots, stay as they were written.

A manifest keeps its own `schema_version` in memory: whoever loads it sees from that that its resources must be derived from its
pages again (`pipeline.upgrading`).
"""

from typing import Any

_OPERATIONS_OF_1 = (
    "apigateway:GetAccount",
    "apigateway:GetApiKeys",
    "apigateway:GetAuthorizers",
    "apigateway:GetBasePathMappings",
    "apigateway:GetDeployment",
    "apigateway:GetDeployments",
    "apigateway:GetDomainNames",
    "apigateway:GetExport",
    "apigateway:GetResources",
    "apigateway:GetRestApis",
    "apigateway:GetStages",
    "apigateway:GetUsagePlanKeys",
    "apigateway:GetUsagePlans",
    "apigatewayv2:ExportApi",
    "apigatewayv2:GetApiMappings",
    "apigatewayv2:GetApis",
    "apigatewayv2:GetAuthorizers",
    "apigatewayv2:GetDeployments",
    "apigatewayv2:GetDomainNames",
    "apigatewayv2:GetIntegrations",
    "apigatewayv2:GetRoutes",
    "apigatewayv2:GetStages",
    "ec2:DescribeRegions",
    "firehose:DescribeDeliveryStream",
    "iam:GenerateCredentialReport",
    "iam:GetAccountAuthorizationDetails",
    "iam:GetAccountSummary",
    "iam:GetCredentialReport",
    "iam:ListAccessKeys",
    "kms:DescribeKey",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListAliases",
    "kms:ListKeyRotations",
    "kms:ListKeys",
    "logs:DescribeLogGroups",
    "secretsmanager:ListSecretVersionIds",
    "secretsmanager:ListSecrets",
    "sts:AssumeRole",
)
"""What the collectors of schema 1 asked for; later manifests say so themselves."""


def upgraded(document: dict[str, Any]) -> dict[str, Any]:
    """Return a manifest's document with the members that its schema did not have yet, as far as they are known."""
    if document["schema_version"] == 1:
        return {**document, "operations": list(_OPERATIONS_OF_1)}
    return document
