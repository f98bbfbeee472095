"""Tracking: carriers come with API keys, depots sign their calls."""

from auditor.demo.company import EUROPE, PRODUCTION
from auditor.demo.company.building import Rest, RestBuilder
from auditor.demo.company.clients import Company
from auditor.demo.company.secrets import API_KEY_VALUES


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
            Rest("GET", "/depots", "AWS_IAM", "tracking-depots"),
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
    api.deploy("prod", stream)
    company.names["status"] = api.route_arn("prod", "GET", "/status")
    return api


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
