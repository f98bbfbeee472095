"""The ledger: private, signed calls through one VPC endpoint."""

from typing import Any

from auditor.demo.company import EUROPE
from auditor.demo.company.building import Rest, RestBuilder
from auditor.demo.company.clients import Company

VPC_ENDPOINT = "vpce-0a1b2c3d4e5f60718"


def build(company: Company) -> RestBuilder:
    """Build what stands at the end of the second quarter."""
    api = RestBuilder(
        company.production,
        EUROPE,
        "ledger",
        endpointConfiguration={"types": ["PRIVATE"], "vpcEndpointIds": [VPC_ENDPOINT]},
    )
    api.policy(_only_our_endpoint("AllowAll", "OnlyOurEndpoint"))
    api.routes(
        [
            Rest("GET", "/entries", "AWS_IAM", "ledger-read"),
            Rest("POST", "/entries", "AWS_IAM", "ledger-write"),
            Rest("GET", "/balance/{account}", "NONE", "ledger-balance"),
        ]
    )
    api.deploy("prod", company.production.log_group(EUROPE, "/aws/apigateway/ledger"))
    return api


def third_quarter(api: RestBuilder) -> None:
    """Write the same policy in another order with other names: no change."""
    renamed = _only_our_endpoint("EveryoneInside", "ButOnlyThroughOurEndpoint")
    api.policy({**renamed, "Statement": [*reversed(renamed["Statement"])]})
    api.deploy("prod")


def _only_our_endpoint(allow: str, deny: str) -> dict[str, Any]:
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": allow,
                "Effect": "Allow",
                "Principal": "*",
                "Action": "execute-api:Invoke",
                "Resource": "execute-api:/*",
            },
            {
                "Sid": deny,
                "Effect": "Deny",
                "Principal": "*",
                "Action": ["execute-api:Invoke"],
                "Resource": ["execute-api:/*"],
                "Condition": {"StringNotEquals": {"aws:SourceVpce": VPC_ENDPOINT}},
            },
        ],
    }
