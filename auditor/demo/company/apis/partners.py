"""The partner account: a portal for offices and depots, reports, and a sandbox."""

from typing import Any

from auditor.demo.company import AMERICA, EUROPE
from auditor.demo.company.apis.customers import ISSUER
from auditor.demo.company.building import HttpBuilder, Rest, RestBuilder
from auditor.demo.company.clients import Company


def build_portal(company: Company) -> RestBuilder:
    """Build the portal."""
    api = RestBuilder(company.partners, EUROPE, "partner-portal")
    api.policy(_from("203.0.113.0/24", "198.51.100.16/28"))
    api.routes(
        [
            Rest("GET", "/shipments", "NONE", "portal-shipments"),
            Rest("GET", "/shipments/{shipmentId}", "NONE", "portal-shipment"),
            Rest("POST", "/claims", "AWS_IAM", "portal-claims"),
        ]
    )
    api.deploy("prod", company.partners.log_group(EUROPE, "/aws/apigateway/partner-portal"))
    return api


def build_reports(company: Company) -> RestBuilder:
    """Build the reports."""
    api = RestBuilder(company.partners, AMERICA, "reports")
    api.policy(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "UntilTheMigrationEnds",
                    "Effect": "Allow",
                    "Principal": "*",
                    "Action": "execute-api:Invoke",
                    "Resource": "execute-api:/*",
                    "Condition": {"DateLessThan": {"aws:CurrentTime": "2026-12-31T00:00:00Z"}},
                }
            ],
        }
    )
    api.routes(
        [Rest("GET", "/reports", "NONE", "reports-list"), Rest("GET", "/reports/{id}", "AWS_IAM", "reports-read")]
    )
    api.deploy("prod", company.partners.log_group(AMERICA, "/aws/apigateway/reports"))
    # What the account has anyway: whoever set it thought that it was a limit.
    api.treat("prod", logging_loglevel="OFF", throttling_rateLimit=10000, throttling_burstLimit=5000)
    return api


def build_sandbox(company: Company) -> HttpBuilder:
    """Build the sandbox."""
    api = HttpBuilder(company.partners, EUROPE, "partner-sandbox")
    api.jwt("halvorsen-id", ISSUER, "api://sandbox")
    api.route("GET /echo", "halvorsen-id", "sandbox-echo")
    api.route("POST /echo", "halvorsen-id", "sandbox-echo")
    api.stage("dev", None, auto=True)
    return api


def third_quarter(portal: RestBuilder) -> None:
    """Close the portal to the depots' network, which went."""
    portal.policy(_from("203.0.113.0/24"))
    portal.deploy("prod")


def _from(*networks: str) -> dict[str, Any]:
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "OfficeAndDepots",
                "Effect": "Allow",
                "Principal": "*",
                "Action": "execute-api:Invoke",
                "Resource": "execute-api:/*",
                "Condition": {"IpAddress": {"aws:SourceIp": list(networks)}},
            }
        ],
    }
