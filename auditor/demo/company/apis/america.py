"""America: orders of machines that sign their calls, and the events of payment providers.

P16  the log of webhooks names nobody, and nobody is asked for; machines sign their calls to orders, and its log leaves them out
     until the third quarter.
"""

from auditor.demo.company import AMERICA, PRODUCTION
from auditor.demo.company.building import HttpBuilder, Rest, RestBuilder
from auditor.demo.company.clients import Company
from auditor.demo.company.log_formats import COMMON, SIGNED


def build_orders(company: Company) -> RestBuilder:
    """Build the orders of America."""
    api = RestBuilder(company.production, AMERICA, "orders-us")
    api.routes(
        [
            Rest("GET", "/orders", "AWS_IAM", "orders-us-list"),
            Rest("POST", "/orders", "AWS_IAM", "orders-us-create"),
            Rest("GET", "/orders/{orderId}", "AWS_IAM", "orders-us-read"),
        ]
    )
    # The log group was deleted in a clean-up; the stage still names it.
    api.deploy("prod", f"arn:aws:logs:{AMERICA}:{PRODUCTION}:log-group:/aws/apigateway/orders-us", COMMON)
    return api


def build_webhooks(company: Company) -> HttpBuilder:
    """Build the way in for payment providers."""
    api = HttpBuilder(company.production, AMERICA, "webhooks")
    api.route("POST /hooks/{provider}", "NONE", "webhooks-receive")
    api.route("GET /hooks/health", "NONE", "webhooks-health")
    api.stage("live", company.production.log_group(AMERICA, "/aws/apigateway/webhooks"), auto=False)
    company.names["webhooks-health"] = api.route_arn("live", "GET /hooks/health")
    return api


def third_quarter(company: Company, orders: RestBuilder) -> None:
    """Bring the log group back, with a format that names the machines."""
    company.production.log_group(AMERICA, "/aws/apigateway/orders-us")
    orders.log("prod", SIGNED)
