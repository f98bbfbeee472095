"""The ledger: private, signed calls through one VPC endpoint.

P1   `POST /postings` puts a message into a queue under one role; it carries the request's id, by which the access log tells who
     it was. `POST /corrections` carries the caller too, and passes.
P17  `POST /postings` goes to the queue as the client wrote it, if its content type is another; `POST /corrections` refuses it.
"""

from typing import Any

from auditor.demo.company import EUROPE, PRODUCTION
from auditor.demo.company.building import Rest, RestBuilder
from auditor.demo.company.clients import Company
from auditor.demo.company.log_formats import SIGNED
from auditor.demo.company.sending import Reply, queue
from auditor.demo.company.templates import CORRECTION, POSTING

VPC_ENDPOINT = "vpce-0a1b2c3d4e5f60718"
_QUEUE = f"arn:aws:apigateway:{EUROPE}:sqs:path/{PRODUCTION}/postings"
_ROLE = f"arn:aws:iam::{PRODUCTION}:role/gateway-queues"


def build(company: Company) -> RestBuilder:
    """Build what stands at the end of the second quarter."""
    api = RestBuilder(
        company.production,
        EUROPE,
        "ledger",
        endpointConfiguration={"types": ["PRIVATE"], "vpcEndpointIds": [VPC_ENDPOINT]},
    )
    api.policy(_only_our_endpoint("AllowAll", "OnlyOurEndpoint"))
    corrections = queue(_QUEUE, _ROLE, CORRECTION, passthroughBehavior="NEVER")
    api.routes(
        [
            Rest("GET", "/entries", "AWS_IAM", "ledger-read"),
            Rest("POST", "/entries", "AWS_IAM", "ledger-write"),
            Rest("POST", "/postings", "AWS_IAM", sends=queue(_QUEUE, _ROLE, POSTING), replies=(Reply("202"),)),
            Rest("POST", "/corrections", "AWS_IAM", sends=corrections, replies=(Reply("202"),)),
            Rest("GET", "/balance/{account}", "NONE", "ledger-balance"),
        ]
    )
    api.deploy("prod", company.production.log_group(EUROPE, "/aws/apigateway/ledger"), SIGNED)
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
