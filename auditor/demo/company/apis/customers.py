"""Customers: staff and services come with tokens of the company's own identity provider."""

from auditor.demo.company import EUROPE
from auditor.demo.company.building import HttpBuilder
from auditor.demo.company.clients import Company

ISSUER = "https://login.halvorsen-id.example/oauth2/default"


def build(company: Company) -> HttpBuilder:
    """Build what stands at the end of the second quarter."""
    api = HttpBuilder(company.production, EUROPE, "customers")
    api.jwt("halvorsen-id", ISSUER, "api://customers")
    read, write = ("customers.read",), ("customers.write",)
    api.route("GET /customers", "halvorsen-id", "customers-list", read)
    api.route("POST /customers", "halvorsen-id", "customers-create", write)
    api.route("GET /customers/{customerId}", "halvorsen-id", "customers-read", read)
    api.route("PATCH /customers/{customerId}", "halvorsen-id", "customers-update", write)
    api.route("GET /customers/{customerId}/addresses", "halvorsen-id", "customers-addresses", read)
    api.route("POST /internal/sync", "AWS_IAM", "customers-sync")
    api.route("GET /health", "NONE", "customers-health")
    # The shadow route: whatever nothing else matches goes to the old monolith, and nobody asks who calls.
    api.route("$default", "NONE", "http://legacy.halvorsen.example")
    api.stage("$default", company.production.log_group(EUROPE, "/aws/apigateway/customers"), auto=True)
    company.names["customers-health"] = api.route_arn("$default", "GET /health")
    return api


def third_quarter(api: HttpBuilder) -> None:
    """Do what the third quarter brought: the shadow route is gone, and a new route came."""
    api.remove("$default")
    api.route("DELETE /customers/{customerId}", "halvorsen-id", "customers-erase", ("customers.write",))
