"""Every list that was asked for, read to its end or not, empty or not: what populations rest on."""

from dataclasses import dataclass

from auditor.model.resource import Listing
from auditor.model.snapshot import Page
from auditor.normalize.reading import Reading


@dataclass(frozen=True)
class ListCall:
    """A list operation: what it lists, under which wire name, and below what."""

    kind: str
    items: str
    parent: str | None = None
    """ARN template over the call's parameters; None for region-wide lists."""


_GATEWAY = "arn:{partition}:apigateway:{region}::"
_REST = _GATEWAY + "/restapis/{restApiId}"
_V2 = _GATEWAY + "/apis/{ApiId}"

LISTS: tuple[tuple[str, ListCall], ...] = (
    ("apigateway:GetRestApis", ListCall("RestApi", "item")),
    ("apigateway:GetResources", ListCall("Method", "item", _REST)),
    ("apigateway:GetStages", ListCall("Stage", "item", _REST)),
    ("apigateway:GetAuthorizers", ListCall("Authorizer", "item", _REST)),
    ("apigateway:GetDeployments", ListCall("Deployment", "item", _REST)),
    ("apigateway:GetApiKeys", ListCall("ApiKey", "item")),
    ("apigateway:GetUsagePlans", ListCall("UsagePlan", "item")),
    ("apigateway:GetUsagePlanKeys", ListCall("UsagePlanKey", "item", _GATEWAY + "/usageplans/{usagePlanId}")),
    ("apigateway:GetDomainNames", ListCall("DomainName", "item")),
    ("apigateway:GetBasePathMappings", ListCall("ApiMapping", "item", _GATEWAY + "/domainnames/{domainName}")),
    ("apigatewayv2:GetApis", ListCall("Api", "items")),
    ("apigatewayv2:GetRoutes", ListCall("Route", "items", _V2)),
    ("apigatewayv2:GetIntegrations", ListCall("Integration", "items", _V2)),
    ("apigatewayv2:GetAuthorizers", ListCall("Authorizer", "items", _V2)),
    ("apigatewayv2:GetStages", ListCall("Stage", "items", _V2)),
    ("apigatewayv2:GetDeployments", ListCall("Deployment", "items", _V2)),
    ("apigatewayv2:GetDomainNames", ListCall("DomainName", "items")),
    ("apigatewayv2:GetApiMappings", ListCall("ApiMapping", "items", _GATEWAY + "/domainnames/{DomainName}")),
    (
        "logs:DescribeLogGroups",
        ListCall("LogGroup", "logGroups", "arn:{partition}:logs:{region}:{account}:log-group:{logGroupNamePrefix}"),
    ),
    ("kms:ListKeys", ListCall("KmsKey", "Keys")),
    ("kms:ListAliases", ListCall("Alias", "Aliases")),
    ("kms:ListKeyRotations", ListCall("Rotation", "Rotations", "arn:{partition}:kms:{region}:{account}:key/{KeyId}")),
    ("secretsmanager:ListSecrets", ListCall("Secret", "SecretList")),
    ("secretsmanager:ListSecretVersionIds", ListCall("SecretVersion", "Versions", "{SecretId}")),
    ("iam:GetAccountAuthorizationDetails", ListCall("User", "UserDetailList")),
    ("iam:GetAccountAuthorizationDetails", ListCall("Role", "RoleDetailList")),
    ("iam:GetAccountAuthorizationDetails", ListCall("Group", "GroupDetailList")),
    ("iam:GetAccountAuthorizationDetails", ListCall("ManagedPolicy", "Policies")),
)
"""iam:ListAccessKeys is told by its own module: its parent's ARN has a path that the call does not."""


def list_calls(reading: Reading) -> None:
    """Add a Listing for every list call of the shard, by (operation, parent)."""
    for operation, call in LISTS:
        found: dict[str | None, list[tuple[Page, int]]] = {}
        for read in reading.reads(operation):
            count = len(read.body.get(call.items) or ())
            found.setdefault(_parent(reading, call, read.page), []).append((read.page, count))
        for gap in reading.gaps:
            if gap.operation == operation:
                found.setdefault(gap.resource, [])
        for parent, pages in sorted(found.items(), key=lambda item: item[0] or ""):
            reading.listings.append(
                Listing(
                    kind=call.kind,
                    account=reading.key.account,
                    region=reading.key.region,
                    parent=parent,
                    operation=operation,
                    count=sum(count for _, count in pages),
                    complete=reading.gap(operation, parent) is None,
                    pages=tuple(page.sha256 for page, _ in pages),
                )
            )


def _parent(reading: Reading, call: ListCall, page: Page) -> str | None:
    if call.parent is None:
        return None
    place = {"partition": reading.partition, "region": reading.key.region, "account": reading.key.account}
    return call.parent.format_map({**{name: str(value) for name, value in page.parameters.items()}, **place})
