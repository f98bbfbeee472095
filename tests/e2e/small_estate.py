"""An estate of one of each on the simulated AWS, as far as moto can hold it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import time_machine

from auditor.demo.company.building import HttpBuilder, Rest, RestBuilder
from auditor.demo.company.clients import Account
from auditor.demo.simulation import Simulation
from tests.collecting import ACCOUNT, AS_OF, REGION


def build(simulation: Simulation) -> None:
    """Build one of each kind: open routes, old keys, a stage that logs to a stream and one that logs to a group."""
    account = Account(ACCOUNT, simulation.endpoint)
    try:
        with time_machine.travel(AS_OF - timedelta(days=200), tick=False):
            _gateway(account)
            _keys(account, simulation)
    finally:
        account.close()


def _gateway(account: Account) -> None:
    account.client("logs", REGION).create_log_group(logGroupName="/rest")
    account.client("firehose", REGION).create_delivery_stream(
        DeliveryStreamName="amazon-apigateway-http",
        ExtendedS3DestinationConfiguration={"RoleARN": f"arn:aws:iam::{ACCOUNT}:role/f", "BucketARN": "arn:aws:s3:::b"},
    )
    rest = RestBuilder(account, REGION, "rest")
    rest.cognito("pool", "eu-west-1_x")
    rest.routes([Rest("GET", "/open"), Rest("GET", "/safe", "pool", "f"), Rest("GET", "/keyed", key=True, to="f")])
    rest.deploy("prod", f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/rest")
    client = account.client("apigateway", REGION)
    role = {"op": "replace", "path": "/cloudwatchRoleArn", "value": f"arn:aws:iam::{ACCOUNT}:role/logs"}
    client.update_account(patchOperations=[role])
    plan = client.create_usage_plan(name="plan", apiStages=[{"apiId": rest.id, "stage": "prod"}])["id"]
    key = client.create_api_key(name="key", enabled=True)["id"]
    client.create_usage_plan_key(usagePlanId=plan, keyId=key, keyType="API_KEY")
    client.create_domain_name(domainName="api.example.com", endpointConfiguration={"types": ["REGIONAL"]})
    client.create_base_path_mapping(domainName="api.example.com", basePath="v1", restApiId=rest.id, stage="prod")
    newer = account.client("apigatewayv2", REGION)
    newer.create_domain_name(DomainName="http.example.com", DomainNameConfigurations=[{"EndpointType": "REGIONAL"}])
    http = HttpBuilder(account, REGION, "http")
    http.jwt("issuer", "https://issuer.example", "api")
    http.route("GET /open", "NONE", "f")
    http.route("GET /safe", "issuer", "f")
    http.stage("live", f"arn:aws:firehose:{REGION}:{ACCOUNT}:deliverystream/amazon-apigateway-http", auto=False)
    newer.create_api_mapping(DomainName="http.example.com", ApiId=http.id, Stage="live")
    socket = HttpBuilder(account, REGION, "socket", "WEBSOCKET")
    socket.route("$connect", "NONE", "f")
    socket.stage("live", None, auto=False)


def _keys(account: Account, simulation: Simulation) -> None:
    iam = account.client("iam", REGION)
    iam.create_user(UserName="ci")
    iam.create_access_key(UserName="ci")
    kms = account.client("kms", REGION)
    rotating = kms.create_key(KeySpec="SYMMETRIC_DEFAULT", KeyUsage="ENCRYPT_DECRYPT")["KeyMetadata"]["KeyId"]
    kms.enable_key_rotation(KeyId=rotating, RotationPeriodInDays=2560)
    kms.create_key(KeySpec="SYMMETRIC_DEFAULT", KeyUsage="ENCRYPT_DECRYPT")
    made = account.client("secretsmanager", REGION).create_secret(Name="old", SecretString="x")
    simulation.supplements.secret_versions[made["ARN"]] = (AS_OF - timedelta(days=200)).timestamp()


@contextmanager
def running() -> Iterator[Simulation]:
    """Run the simulated AWS with the small estate in it, and collect it once, whole."""
    with Simulation() as simulation:
        build(simulation)
        with time_machine.travel(AS_OF, tick=True):
            yield simulation
