"""The APIs of Halvorsen Parcels at the end of the second quarter, and what its engineers did in the third."""

from auditor.demo.company import AMERICA, EUROPE, PARTNERS, PRODUCTION
from auditor.demo.company.building import HttpBuilder, Rest, RestBuilder
from auditor.demo.company.clients import Account, Names
from auditor.demo.company.secrets import (
    API_KEY_VALUES,
    BEARER_TOKEN,
    STAGE_VARIABLE,
    TAG_PASSWORD,
    TEMPLATE_PASSWORD,
    URL_PASSWORD,
)

ISSUER = "https://login.halvorsen-id.example/oauth2/default"
VPC_ENDPOINT = "vpce-0a1b2c3d4e5f60718"
PARTNERS_CERTIFICATE = f"arn:aws:acm:{EUROPE}:{PRODUCTION}:certificate/11112222-3333-4444-5555-666677778888"


def _log_group(account: Account, region: str, name: str) -> str:
    account.client("logs", region).create_log_group(logGroupName=name)
    return f"arn:aws:logs:{region}:{account.number}:log-group:{name}"


class Estate:
    """Both accounts' APIs; keeps hold of what the third quarter changes."""

    def __init__(self, endpoint: str) -> None:
        """Connect to both accounts; nothing is built."""
        self.production = Account(PRODUCTION, endpoint)
        self.partners = Account(PARTNERS, endpoint)
        self.names: Names = {}

    @property
    def apis(self) -> tuple[RestBuilder | HttpBuilder, ...]:
        """Every API, in the order in which they were built."""
        return (
            self.orders,
            self.tracking,
            self.quotes,
            self.ledger,
            self.customers,
            self.notify,
            self.dispatch,
            self.orders_us,
            self.webhooks,
            self.portal,
            self.reports,
            self.sandbox,
        )

    def close(self) -> None:
        """Close every connection."""
        self.production.close()
        self.partners.close()

    def build(self) -> None:
        """Build what stands at the end of the second quarter."""
        for account in (self.production, self.partners):
            for region in (EUROPE, AMERICA):
                self._log_role(account, region)
        self._orders()
        self._tracking()
        self._quotes()
        self._ledger()
        self._customers()
        self._notify()
        self._america()
        self._partner_portal()
        self._sandbox()

    def _log_role(self, account: Account, region: str) -> None:
        # The partner account never got its role in America: access logs of REST stages there do not work.
        if (account.number, region) == (PARTNERS, AMERICA):
            return
        role = f"arn:aws:iam::{account.number}:role/apigateway-logs"
        patch = {"op": "replace", "path": "/cloudwatchRoleArn", "value": role}
        account.client("apigateway", region).update_account(patchOperations=[patch])

    def _orders(self) -> None:
        api = self.orders = RestBuilder(
            self.production, EUROPE, "orders", tags={"team": "orders", "note": f"password={TAG_PASSWORD}"}
        )
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
            _log_group(self.production, EUROPE, "/aws/apigateway/orders"),
            variables={"dbPassword": STAGE_VARIABLE},
        )
        # Left on after a night of debugging: whole orders stand in the execution log.
        own = {"logging_loglevel": "INFO", "throttling_rateLimit": 50, "throttling_burstLimit": 100}
        api.treat("prod", "~1orders/POST", **own, logging_dataTrace="true")
        self.names["health"] = api.route_arn("prod", "GET", "/health")

    def _tracking(self) -> None:
        # Scanners of the first generation speak nothing newer.
        api = self.tracking = RestBuilder(self.production, EUROPE, "tracking", securityPolicy="TLS_1_0")
        api.routes(
            [
                Rest("GET", "/status", to="tracking-status"),
                Rest("GET", "/track/{parcelId}", to="tracking-read", key=True),
                Rest("POST", "/track/{parcelId}/events", to="tracking-events", key=True),
                Rest("HEAD", "/track/{parcelId}", to="tracking-read", key=True),
                Rest("GET", "/depots", "AWS_IAM", "tracking-depots"),
                Rest("PUT", "/depots/{depotId}", "AWS_IAM", "tracking-depots"),
            ]
        )
        stream = f"arn:aws:firehose:{EUROPE}:{PRODUCTION}:deliverystream/amazon-apigateway-tracking"
        self.production.client("firehose", EUROPE).create_delivery_stream(
            DeliveryStreamName="amazon-apigateway-tracking",
            ExtendedS3DestinationConfiguration={
                "RoleARN": f"arn:aws:iam::{PRODUCTION}:role/firehose-logs",
                "BucketARN": "arn:aws:s3:::halvorsen-access-logs",
            },
        )
        api.deploy("prod", stream)
        self.names["status"] = api.route_arn("prod", "GET", "/status")
        gateway = self.production.client("apigateway", EUROPE)
        plan = gateway.create_usage_plan(name="carriers", apiStages=[{"apiId": api.id, "stage": "prod"}])["id"]
        self.plan = plan

    def carrier_key(self, name: str, index: int, *, enabled: bool) -> str:
        """Give a carrier an API key, and return its id."""
        gateway = self.production.client("apigateway", EUROPE)
        made = gateway.create_api_key(name=name, enabled=enabled, value=API_KEY_VALUES[index])["id"]
        gateway.create_usage_plan_key(usagePlanId=self.plan, keyId=made, keyType="API_KEY")
        self.names[name] = f"arn:aws:apigateway:{EUROPE}::/apikeys/{made}"
        return str(made)

    def _quotes(self) -> None:
        api = self.quotes = RestBuilder(self.production, EUROPE, "quotes")
        # An hour: the function was slow.
        api.function_authorizer("partner-token", "authorize-partner", seconds=3600)
        api.routes(
            [
                Rest("GET", "/quotes", "partner-token", "quotes-list"),
                Rest("POST", "/quotes", "partner-token", "quotes-create"),
                Rest("ANY", "/quotes/{proxy+}", "partner-token", "quotes-any"),
                Rest("GET", "/rates", "partner-token", "https://rates.halvorsen.example/v2"),
                Rest("OPTIONS", "/quotes"),
            ]
        )
        api.http(
            "GET",
            "/rates",
            type="HTTP",
            uri=f"https://reader:{URL_PASSWORD}@rates.halvorsen.example/v2",
            requestParameters={"integration.request.header.Authorization": f"'Bearer {BEARER_TOKEN}'"},
            requestTemplates={"application/json": '{"user": "rates", "password": "' + TEMPLATE_PASSWORD + '"}'},
        )
        api.deploy("prod", _log_group(self.production, EUROPE, "/aws/apigateway/quotes"))
        self.production.client("apigateway", EUROPE).create_domain_name(
            domainName="partners.halvorsen.example",
            regionalCertificateArn=PARTNERS_CERTIFICATE,
            endpointConfiguration={"types": ["REGIONAL"]},
            securityPolicy="TLS_1_2",
            mutualTlsAuthentication={"truststoreUri": "s3://halvorsen-trust/partners.pem"},
        )
        self.production.client("apigateway", EUROPE).create_base_path_mapping(
            domainName="partners.halvorsen.example", basePath="v1", restApiId=api.id, stage="prod"
        )

    def _ledger(self) -> None:
        api = self.ledger = RestBuilder(
            self.production,
            EUROPE,
            "ledger",
            endpointConfiguration={"types": ["PRIVATE"], "vpcEndpointIds": [VPC_ENDPOINT]},
        )
        api.policy(self._only_our_endpoint("AllowAll", "OnlyOurEndpoint"))
        api.routes(
            [
                Rest("GET", "/entries", "AWS_IAM", "ledger-read"),
                Rest("POST", "/entries", "AWS_IAM", "ledger-write"),
                Rest("GET", "/balance/{account}", "NONE", "ledger-balance"),
            ]
        )
        api.deploy("prod", _log_group(self.production, EUROPE, "/aws/apigateway/ledger"))

    def _only_our_endpoint(self, allow: str, deny: str) -> dict[str, object]:
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

    def _customers(self) -> None:
        api = self.customers = HttpBuilder(self.production, EUROPE, "customers")
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
        api.stage("$default", _log_group(self.production, EUROPE, "/aws/apigateway/customers"), auto=True)
        self.names["customers-health"] = api.route_arn("$default", "GET /health")

    def _notify(self) -> None:
        api = self.notify = HttpBuilder(self.production, EUROPE, "notify", "WEBSOCKET")
        for key in ("$connect", "$disconnect", "$default", "subscribe"):
            api.route(key, "NONE", "notify-handler")
        api.stage("prod", _log_group(self.production, EUROPE, "/aws/apigateway/notify"), auto=False)
        safe = self.dispatch = HttpBuilder(self.production, EUROPE, "dispatch", "WEBSOCKET")
        safe.function_authorizer("driver-token", "authorize-driver")
        safe.route("$connect", "driver-token", "dispatch-connect")
        for key in ("$disconnect", "position", "job"):
            safe.route(key, "NONE", "dispatch-handler")
        safe.stage("prod", _log_group(self.production, EUROPE, "/aws/apigateway/dispatch"), auto=True)

    def _america(self) -> None:
        api = self.orders_us = RestBuilder(self.production, AMERICA, "orders-us")
        api.routes(
            [
                Rest("GET", "/orders", "AWS_IAM", "orders-us-list"),
                Rest("POST", "/orders", "AWS_IAM", "orders-us-create"),
                Rest("GET", "/orders/{orderId}", "AWS_IAM", "orders-us-read"),
            ]
        )
        # The log group was deleted in a clean-up; the stage still names it.
        api.deploy("prod", f"arn:aws:logs:{AMERICA}:{PRODUCTION}:log-group:/aws/apigateway/orders-us")
        hooks = self.webhooks = HttpBuilder(self.production, AMERICA, "webhooks")
        hooks.route("POST /hooks/{provider}", "NONE", "webhooks-receive")
        hooks.route("GET /hooks/health", "NONE", "webhooks-health")
        hooks.stage("live", _log_group(self.production, AMERICA, "/aws/apigateway/webhooks"), auto=False)
        self.names["webhooks-health"] = hooks.route_arn("live", "GET /hooks/health")

    def _partner_portal(self) -> None:
        api = self.portal = RestBuilder(self.partners, EUROPE, "partner-portal")
        api.policy(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Sid": "OfficeAndDepots",
                        "Effect": "Allow",
                        "Principal": "*",
                        "Action": "execute-api:Invoke",
                        "Resource": "execute-api:/*",
                        "Condition": {"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "198.51.100.16/28"]}},
                    }
                ],
            }
        )
        api.routes(
            [
                Rest("GET", "/shipments", "NONE", "portal-shipments"),
                Rest("GET", "/shipments/{shipmentId}", "NONE", "portal-shipment"),
                Rest("POST", "/claims", "AWS_IAM", "portal-claims"),
            ]
        )
        api.deploy("prod", _log_group(self.partners, EUROPE, "/aws/apigateway/partner-portal"))
        reports = self.reports = RestBuilder(self.partners, AMERICA, "reports")
        reports.policy(
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
        reports.routes(
            [Rest("GET", "/reports", "NONE", "reports-list"), Rest("GET", "/reports/{id}", "AWS_IAM", "reports-read")]
        )
        reports.deploy("prod", _log_group(self.partners, AMERICA, "/aws/apigateway/reports"))
        # What the account has anyway: whoever set it thought that it was a limit.
        reports.treat("prod", logging_loglevel="OFF", throttling_rateLimit=10000, throttling_burstLimit=5000)

    def _sandbox(self) -> None:
        api = self.sandbox = HttpBuilder(self.partners, EUROPE, "partner-sandbox")
        api.jwt("halvorsen-id", ISSUER, "api://sandbox")
        api.route("GET /echo", "halvorsen-id", "sandbox-echo")
        api.route("POST /echo", "halvorsen-id", "sandbox-echo")
        api.stage("dev", None, auto=True)

    def third_quarter(self) -> None:
        """Do what the engineers did between July and September."""
        # The refund route got its authorizer, in the working copy; nobody deployed it.
        self.orders.secure("POST", "/orders/{orderId}/refund", "customers-pool")
        # A partner's complaint was answered by taking the authorizer off, and that was deployed.
        self.quotes.secure("GET", "/quotes", "NONE")
        self.quotes.routes([Rest("POST", "/quotes/{quoteId}/accept", "partner-token", "quotes-accept")])
        self.quotes.deploy("prod")
        # The shadow route is gone; a new route came.
        self.customers.remove("$default")
        self.customers.route("DELETE /customers/{customerId}", "halvorsen-id", "customers-erase", ("customers.write",))
        # The same policy, written in another order with other names: no change.
        renamed = self._only_our_endpoint("EveryoneInside", "ButOnlyThroughOurEndpoint")
        self.ledger.policy({**renamed, "Statement": [*reversed(list(renamed["Statement"]))]})  # type: ignore[call-overload]
        self.ledger.deploy("prod")
        # Debugging is over.
        self.orders.treat("prod", "~1orders/POST", logging_dataTrace="false")
        # One carrier's loop took the depots' share of the summer's calls: the plan has limits now.
        self.production.client("apigateway", EUROPE).update_usage_plan(
            usagePlanId=self.plan,
            patchOperations=[
                {"op": "replace", "path": "/throttle/rateLimit", "value": "50"},
                {"op": "replace", "path": "/throttle/burstLimit", "value": "100"},
                {"op": "replace", "path": "/quota/limit", "value": "200000"},
                {"op": "replace", "path": "/quota/period", "value": "MONTH"},
            ],
        )
        # The log group of America is back.
        _log_group(self.production, AMERICA, "/aws/apigateway/orders-us")
        # The portal's depot network went: the policy is narrower.
        self.portal.policy(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Sid": "OfficeAndDepots",
                        "Effect": "Allow",
                        "Principal": "*",
                        "Action": "execute-api:Invoke",
                        "Resource": "execute-api:/*",
                        "Condition": {"IpAddress": {"aws:SourceIp": ["203.0.113.0/24"]}},
                    }
                ],
            }
        )
        self.portal.deploy("prod")
