"""Orders: the web shop asks with tokens of a Cognito user pool."""

from auditor.demo.company import EUROPE
from auditor.demo.company.building import Rest, RestBuilder
from auditor.demo.company.clients import Company
from auditor.demo.company.secrets import STAGE_VARIABLE, TAG_PASSWORD


def build(company: Company) -> RestBuilder:
    """Build what stands at the end of the second quarter."""
    api = RestBuilder(company.production, EUROPE, "orders", tags={"team": "orders", "note": f"password={TAG_PASSWORD}"})
    api.cognito("customers-pool", "eu-west-1_Ab3dEfGh1")
    read, write = ("orders/read",), ("orders/write",)
    api.routes(
        [
            Rest("GET", "/health"),
            Rest("GET", "/orders", "customers-pool", "orders-list", scopes=read),
            Rest("POST", "/orders", "customers-pool", "orders-create", scopes=write),
            Rest("OPTIONS", "/orders"),
            Rest("GET", "/orders/{orderId}", "customers-pool", "orders-read", scopes=read),
            Rest("DELETE", "/orders/{orderId}", "customers-pool", "orders-cancel", scopes=write),
            Rest("OPTIONS", "/orders/{orderId}"),
            # Forgotten: added in a hurry, never given the authorizer.
            Rest("POST", "/orders/{orderId}/refund", "NONE", "orders-refund"),
            Rest("GET", "/orders/{orderId}/label", "customers-pool", "https://labels.halvorsen.example/v1"),
        ]
    )
    api.deploy(
        "prod",
        company.production.log_group(EUROPE, "/aws/apigateway/orders"),
        variables={"dbPassword": STAGE_VARIABLE},
    )
    # Left on after a night of debugging: whole orders stand in the execution log.
    own = {"logging_loglevel": "INFO", "throttling_rateLimit": 50, "throttling_burstLimit": 100}
    api.treat("prod", "~1orders/POST", **own, logging_dataTrace="true")
    company.names["health"] = api.route_arn("prod", "GET", "/health")
    return api


def third_quarter(api: RestBuilder) -> None:
    """Do what the third quarter brought."""
    # The refund route got its authorizer, in the working copy; nobody deployed it.
    api.secure("POST", "/orders/{orderId}/refund", "customers-pool")
    # Debugging is over.
    api.treat("prod", "~1orders/POST", logging_dataTrace="false")
