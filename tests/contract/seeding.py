"""What the contract tests build by boto3, the same way that any user would: one open route, and some of everything else."""

import json
from dataclasses import dataclass
from typing import Any

import boto3

ACCOUNT, REGION = "123456789012", "eu-west-1"
ROLES, USERS, KEYS, SECRETS, CERTIFICATES = 3, 2, 4, 3, 2
_TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


@dataclass(frozen=True)
class Seeded:
    """What was built."""

    rest_id: str
    http_id: str
    open_routes: frozenset[str]
    """execute-api ARNs."""


def seed(endpoint: str) -> Seeded:
    """Build the estate."""

    def client(service: str) -> Any:
        return boto3.client(
            service,
            endpoint_url=endpoint,
            region_name=REGION,
            aws_access_key_id=ACCOUNT,
            aws_secret_access_key="test",
        )

    rest = _rest(client("apigateway"))
    http = _http(client("apigatewayv2"))
    _identities(client("iam"))
    _secrets(client("kms"), client("secretsmanager"), client("acm"))
    base = f"arn:aws:execute-api:{REGION}:{ACCOUNT}"
    return Seeded(rest, http, frozenset({f"{base}:{rest}/prod/GET/open", f"{base}:{http}/live/GET/open"}))


def _rest(client: Any) -> str:
    api = str(client.create_rest_api(name="rest", endpointConfiguration={"types": ["REGIONAL"]})["id"])
    root = client.get_resources(restApiId=api)["items"][0]["id"]
    for path, authorization in {"open": "NONE", "safe": "AWS_IAM"}.items():
        resource = client.create_resource(restApiId=api, parentId=root, pathPart=path)["id"]
        place = {"restApiId": api, "resourceId": resource, "httpMethod": "GET"}
        client.put_method(**place, authorizationType=authorization)
        client.put_integration(**place, type="MOCK", requestTemplates={"application/json": '{"statusCode": 200}'})
    client.create_deployment(restApiId=api, stageName="prod")
    return api


def _http(client: Any) -> str:
    api = str(client.create_api(Name="http", ProtocolType="HTTP")["ApiId"])
    target = client.create_integration(
        ApiId=api,
        IntegrationType="HTTP_PROXY",
        IntegrationMethod="GET",
        IntegrationUri="https://backend.example/",
        PayloadFormatVersion="1.0",
    )["IntegrationId"]
    for path, authorization in {"open": "NONE", "safe": "AWS_IAM"}.items():
        client.create_route(
            ApiId=api, RouteKey=f"GET /{path}", Target=f"integrations/{target}", AuthorizationType=authorization
        )
    client.create_stage(ApiId=api, StageName="live", AutoDeploy=True)
    return api


def _identities(client: Any) -> None:
    for number in range(ROLES):
        client.create_role(RoleName=f"role{number}", AssumeRolePolicyDocument=json.dumps(_TRUST))
    for number in range(USERS):
        client.create_user(UserName=f"user{number}")
        client.create_access_key(UserName=f"user{number}")


def _secrets(kms: Any, secrets: Any, certificates: Any) -> None:
    for number in range(KEYS):
        key = kms.create_key(Description=f"key{number}", KeySpec="SYMMETRIC_DEFAULT", KeyUsage="ENCRYPT_DECRYPT")
        kms.create_alias(AliasName=f"alias/key{number}", TargetKeyId=key["KeyMetadata"]["KeyId"])
    for number in range(SECRETS):
        secrets.create_secret(Name=f"secret{number}", SecretString="marked-secret-value-0")
    for number in range(CERTIFICATES):
        certificates.request_certificate(DomainName=f"c{number}.example.com", ValidationMethod="DNS")
