"""Tracking: carriers come with API keys, depots sign their calls.

P1   `GET /depots/{depotId}/stock` passes: the store is asked with the depot's own rights.
P5   `GET /shipments` takes the tenant from a header of the client's, behind nothing but an API key.
P16  the access log holds API keys themselves, until the third quarter names their ids.
P18  passes: `GET /depots/{depotId}/scanners` loses the signature on the way, and its service is told the caller.
"""

from auditor.demo.company import EUROPE, PRODUCTION
from auditor.demo.company.building import Rest, RestBuilder
from auditor.demo.company.clients import Company
from auditor.demo.company.log_formats import KEYED, SECRET
from auditor.demo.company.secrets import API_KEY_VALUES
from auditor.demo.company.sending import Sends, as_caller, proxy

_SHIPMENTS = "https://shipments.halvorsen.example/v1/shipments"
_STOCK = f"arn:aws:apigateway:{EUROPE}:s3:path/halvorsen-depot-stock/{{depotId}}.json"
_DEPOT = {"integration.request.path.depotId": "method.request.path.depotId"}


def build(company: Company) -> RestBuilder:
    """Build what stands at the end of the second quarter."""
    # Scanners of the first generation speak nothing newer.
    api = RestBuilder(company.production, EUROPE, "tracking", securityPolicy="TLS_1_0")
    api.routes(
        [
            Rest("GET", "/status", to="tracking-status"),
            Rest("GET", "/track/{parcelId}", to="tracking-read", key=True),
            Rest("POST", "/track/{parcelId}/events", to="tracking-events", key=True),
            Rest("HEAD", "/track/{parcelId}", to="tracking-read", key=True),
            Rest(
                "GET",
                "/shipments",
                key=True,
                sends=proxy(_SHIPMENTS, {"x-tenant-id": "method.request.header.x-tenant"}),
            ),
            Rest("GET", "/depots", "AWS_IAM", "tracking-depots"),
            Rest("GET", "/depots/{depotId}/stock", "AWS_IAM", sends=as_caller(_STOCK, requestParameters=_DEPOT)),
            Rest("GET", "/depots/{depotId}/scanners", "AWS_IAM", sends=_scanners()),
            Rest("PUT", "/depots/{depotId}", "AWS_IAM", "tracking-depots"),
        ]
    )
    stream = f"arn:aws:firehose:{EUROPE}:{PRODUCTION}:deliverystream/amazon-apigateway-tracking"
    company.production.client("firehose", EUROPE).create_delivery_stream(
        DeliveryStreamName="amazon-apigateway-tracking",
        ExtendedS3DestinationConfiguration={
            "RoleARN": f"arn:aws:iam::{PRODUCTION}:role/firehose-logs",
            "BucketARN": "arn:aws:s3:::halvorsen-access-logs",
        },
    )
    api.deploy("prod", stream, SECRET)
    company.names["status"] = api.route_arn("prod", "GET", "/status")
    return api


def _scanners() -> Sends:
    # The scanners' service has a certificate of its own making.
    return proxy(
        "https://scanners.halvorsen.example/v1/{depotId}",
        {"x-principal": "context.identity.userArn"},
        requestParameters=_DEPOT,
        connectionType="INTERNET",
        tlsConfig={"insecureSkipVerification": True},
    )


def third_quarter(api: RestBuilder) -> None:
    """Write the id of an API key in the place of the key: a stage's log needs no deployment."""
    api.log("prod", KEYED)


class Carriers:
    """The usage plan of the carriers, and the keys that it holds."""

    def __init__(self, company: Company, api: RestBuilder) -> None:
        """Make the plan; it has no limits yet."""
        self._company = company
        self._client = company.production.client("apigateway", EUROPE)
        stages = [{"apiId": api.id, "stage": "prod"}]
        self._plan: str = self._client.create_usage_plan(name="carriers", apiStages=stages)["id"]

    def key(self, name: str, index: int, *, enabled: bool) -> str:
        """Give a carrier an API key, and return its id."""
        made = self._client.create_api_key(name=name, enabled=enabled, value=API_KEY_VALUES[index])["id"]
        self._client.create_usage_plan_key(usagePlanId=self._plan, keyId=made, keyType="API_KEY")
        self._company.names[name] = f"arn:aws:apigateway:{EUROPE}::/apikeys/{made}"
        return str(made)

    def third_quarter(self) -> None:
        """Set limits: one carrier's loop took the depots' share of the summer's calls."""
        limits = {
            "/throttle/rateLimit": "50",
            "/throttle/burstLimit": "100",
            "/quota/limit": "200000",
            "/quota/period": "MONTH",
        }
        patches = [{"op": "replace", "path": path, "value": value} for path, value in limits.items()]
        self._client.update_usage_plan(usagePlanId=self._plan, patchOperations=patches)
