"""The partner account: a portal for offices and depots, reports, and a sandbox.

P5   `GET /shipments/{shipmentId}/documents` takes the account from the query, and asks nobody who calls.
P16  the portal's log is no JSON and names nobody; the reports' log names those who sign their calls, and others call too.
P18  `POST /claims` goes to a service that looks for the caller's signature, which the gateway takes away; nothing else tells it.
In the third quarter the reports' policy is edited, and not deployed.
"""

from typing import Any

from auditor.demo.company import AMERICA, EUROPE
from auditor.demo.company.apis.customers import ISSUER
from auditor.demo.company.building import HttpBuilder, Rest, RestBuilder
from auditor.demo.company.clients import Company
from auditor.demo.company.log_formats import BROKEN, SIGNED
from auditor.demo.company.sending import Sends, proxy


def build_portal(company: Company) -> RestBuilder:
    """Build the portal."""
    api = RestBuilder(company.partners, EUROPE, "partner-portal")
    api.policy(_from("203.0.113.0/24", "198.51.100.16/28"))
    api.routes(
        [
            Rest("GET", "/shipments", "NONE", "portal-shipments"),
            Rest("GET", "/shipments/{shipmentId}", "NONE", "portal-shipment"),
            Rest("GET", "/shipments/{shipmentId}/documents", sends=_documents()),
            # The desk looks for the signature, and was never told that it does not arrive.
            Rest("POST", "/claims", "AWS_IAM", sends=proxy("https://desk.halvorsen.example/v1/claims")),
        ]
    )
    api.deploy("prod", company.partners.log_group(EUROPE, "/aws/apigateway/partner-portal"), BROKEN)
    return api


def build_reports(company: Company) -> RestBuilder:
    """Build the reports."""
    api = RestBuilder(company.partners, AMERICA, "reports")
    api.policy(_until_the_migration_ends())
    api.routes(
        [Rest("GET", "/reports", "NONE", "reports-list"), Rest("GET", "/reports/{id}", "AWS_IAM", "reports-read")]
    )
    api.deploy("prod", company.partners.log_group(AMERICA, "/aws/apigateway/reports"), SIGNED, tracingEnabled=False)
    # What the account has anyway: whoever set it thought that it was a limit.
    api.treat("prod", logging_loglevel="OFF", throttling_rateLimit=10000, throttling_burstLimit=5000)
    return api


def build_sandbox(company: Company) -> HttpBuilder:
    """Build the sandbox."""
    cors = {"AllowOrigins": ["*"], "AllowMethods": ["*"], "AllowHeaders": ["*"]}
    api = HttpBuilder(company.partners, EUROPE, "partner-sandbox", CorsConfiguration=cors)
    api.jwt("halvorsen-id", ISSUER, "api://sandbox")
    api.route("GET /echo", "halvorsen-id", "sandbox-echo")
    api.route("POST /echo", "halvorsen-id", "sandbox-echo")
    api.stage("dev", None, auto=True)
    return api


def third_quarter(portal: RestBuilder, reports: RestBuilder) -> None:
    """Close the portal to the depots' network, which went, and the reports to all but the office: only the portal was deployed."""
    portal.policy(_from("203.0.113.0/24"))
    portal.deploy("prod")
    reports.policy(_until_the_migration_ends("203.0.113.0/24"))


def _documents() -> Sends:
    return proxy(
        "https://documents.halvorsen.example/v1/{shipmentId}",
        {"x-account-id": "method.request.querystring.account"},
        requestParameters={"integration.request.path.shipmentId": "method.request.path.shipmentId"},
    )


def _from(*networks: str) -> dict[str, Any]:
    return _allowed("OfficeAndDepots", {"IpAddress": {"aws:SourceIp": list(networks)}})


def _until_the_migration_ends(*networks: str) -> dict[str, Any]:
    condition: dict[str, Any] = {"DateLessThan": {"aws:CurrentTime": "2026-12-31T00:00:00Z"}}
    if networks:
        condition["IpAddress"] = {"aws:SourceIp": list(networks)}
    return _allowed("UntilTheMigrationEnds", condition)


def _allowed(name: str, condition: dict[str, Any]) -> dict[str, Any]:
    statement = {
        "Sid": name,
        "Effect": "Allow",
        "Principal": "*",
        "Action": "execute-api:Invoke",
        "Resource": "execute-api:/*",
        "Condition": condition,
    }
    return {"Version": "2012-10-17", "Statement": [statement]}
