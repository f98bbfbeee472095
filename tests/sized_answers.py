"""What an account of some size answers to each operation, by boto3's members."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.collecting import ACCOUNT, AS_OF, REGION

_FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:f"
_URI = f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{_FUNCTION}/invocations"
_POOL = f"arn:aws:cognito-idp:{REGION}:{ACCOUNT}:userpool/{REGION}_pool"
_LOGS = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/access"
_POLICY = {"Version": "2012-10-17", "Statement": []}
_PAGE = 100
"""Records that ListAliases and ListAccessKeys give at most."""


@dataclass(frozen=True)
class Size:
    """How many of each."""

    rest_apis: int = 0
    resources: int = 0
    """Of each REST API, the root apart."""
    methods: int = 0
    """Of each resource."""
    http_apis: int = 0
    routes: int = 0
    """Of each HTTP API."""
    roles: int = 0
    users: int = 0
    kms_keys: int = 0
    secrets: int = 0
    certificates: int = 0

    def names(self, kind: str) -> list[str]:
        """Return the ids of all of a kind, sorted."""
        return [f"{kind}{number:04}" for number in range(int(getattr(self, kind)))]


_Write = Callable[[Size, Mapping[str, Any]], Mapping[str, Any]]


def _rest_apis(size: Size, _asked: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "items": [
            {"id": each, "name": each, "createdDate": AS_OF, "endpointConfiguration": {"types": ["REGIONAL"]}}
            for each in size.names("rest_apis")
        ]
    }


def _paths(size: Size) -> list[str]:
    return [f"/r{number:02}" for number in range(size.resources)]


def _verbs(size: Size) -> list[str]:
    return ["GET", "POST", "PUT", "PATCH", "DELETE"][: size.methods]


def _resources(size: Size, _asked: Mapping[str, Any]) -> Mapping[str, Any]:
    def method(verb: str) -> dict[str, Any]:
        return {
            "httpMethod": verb,
            "authorizationType": "COGNITO_USER_POOLS",
            "authorizerId": "auth1",
            "apiKeyRequired": False,
            "methodIntegration": {"type": "AWS_PROXY", "httpMethod": "POST", "uri": _URI},
        }

    below = [
        {
            "id": f"r{n}",
            "parentId": "root",
            "path": path,
            "pathPart": path[1:],
            "resourceMethods": {verb: method(verb) for verb in _verbs(size)},
        }
        for n, path in enumerate(_paths(size))
    ]
    return {"items": [{"id": "root", "path": "/"}, *below]}


def _rest_export(size: Size, _asked: Mapping[str, Any]) -> Mapping[str, Any]:
    backend = {"type": "aws_proxy", "httpMethod": "POST", "uri": _URI}
    scheme = {
        "type": "apiKey",
        "name": "Authorization",
        "in": "header",
        "x-amazon-apigateway-authtype": "cognito_user_pools",
        "x-amazon-apigateway-authorizer": {"type": "cognito_user_pools", "providerARNs": [_POOL]},
    }
    method = {"security": [{"pool": []}], "x-amazon-apigateway-integration": backend}
    return {
        "body": {
            "openapi": "3.0.1",
            "paths": {path: {verb.lower(): method for verb in _verbs(size)} for path in _paths(size)},
            "components": {"securitySchemes": {"pool": scheme}},
        }
    }


def _summary(size: Size, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    method = {"authorizationType": "COGNITO_USER_POOLS", "apiKeyRequired": False}
    return {
        "id": asked["deploymentId"],
        "createdDate": AS_OF,
        "apiSummary": {path: dict.fromkeys(_verbs(size), method) for path in _paths(size)},
    }


def _route_keys(size: Size) -> list[str]:
    return [f"GET /r{number:02}" for number in range(size.routes)]


def _routes(size: Size, _asked: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "Items": [
            {
                "RouteId": f"r{n}",
                "RouteKey": key,
                "AuthorizationType": "JWT",
                "AuthorizerId": "auth1",
                "ApiKeyRequired": False,
                "Target": "integrations/int1",
            }
            for n, key in enumerate(_route_keys(size))
        ]
    }


def _http_export(size: Size, _asked: Mapping[str, Any]) -> Mapping[str, Any]:
    jwt = {"issuer": "https://issuer.example", "audience": ["api"]}
    scheme = {"type": "oauth2", "x-amazon-apigateway-authorizer": {"type": "jwt", "jwtConfiguration": jwt}}
    method = {
        "security": [{"issuer": []}],
        "x-amazon-apigateway-integration": {
            "type": "aws_proxy",
            "httpMethod": "POST",
            "uri": _URI,
            "payloadFormatVersion": "2.0",
        },
    }
    paths = {key.partition(" ")[2]: {"get": method} for key in _route_keys(size)}
    return {"body": {"openapi": "3.0.1", "paths": paths, "components": {"securitySchemes": {"issuer": scheme}}}}


def _identities(size: Size, _asked: Mapping[str, Any]) -> Mapping[str, Any]:
    base = {"Path": "/", "CreateDate": AS_OF, "AttachedManagedPolicies": []}
    return {
        "UserDetailList": [
            {
                **base,
                "UserName": name,
                "UserId": f"AIDA{name}",
                "Arn": f"arn:aws:iam::{ACCOUNT}:user/{name}",
                "UserPolicyList": [],
                "GroupList": [],
            }
            for name in size.names("users")
        ],
        "RoleDetailList": [
            {
                **base,
                "RoleName": name,
                "RoleId": f"AROA{name}",
                "Arn": f"arn:aws:iam::{ACCOUNT}:role/{name}",
                "AssumeRolePolicyDocument": json.dumps(_POLICY),
                "RolePolicyList": [],
                "InstanceProfileList": [],
            }
            for name in size.names("roles")
        ],
        "GroupDetailList": [],
        "Policies": [],
        "IsTruncated": False,
    }


_COLUMNS = (
    "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,"
    "access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,"
    "access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,"
    "access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated"
)


def _report(size: Size, _asked: Mapping[str, Any]) -> Mapping[str, Any]:
    made, none = AS_OF.isoformat(), "N/A"
    rest = f"false,{none},{none},{none},true,true,{made},{none},{none},{none},false,{none},{none},{none},{none},false,{none},false,{none}"
    rows = [f"{name},arn:aws:iam::{ACCOUNT}:user/{name},{made},{rest}" for name in size.names("users")]
    root = f"<root_account>,arn:aws:iam::{ACCOUNT}:root,{made},not_supported,{none},{rest.partition(',')[2].partition(',')[2]}"
    return {"Content": "\n".join([_COLUMNS, root, *rows]), "ReportFormat": "text/csv", "GeneratedTime": AS_OF}


def _access_keys(_size: Size, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    name = str(asked["UserName"])
    key = {"UserName": name, "AccessKeyId": f"AKIA{name:0>16}", "Status": "Active", "CreateDate": AS_OF}
    return {"AccessKeyMetadata": [key], "IsTruncated": False}


def _key_arn(key_id: str) -> str:
    return f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{key_id}"


def _aliases(size: Size, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    start = int(asked.get("Marker", 0))
    keys = size.names("kms_keys")
    more = start + _PAGE < len(keys)
    return {
        "Aliases": [
            {
                "AliasName": f"alias/{each}",
                "AliasArn": f"arn:aws:kms:{REGION}:{ACCOUNT}:alias/{each}",
                "TargetKeyId": each,
            }
            for each in keys[start : start + _PAGE]
        ],
        "Truncated": more,
        **({"NextMarker": str(start + _PAGE)} if more else {}),
    }


def _key(_size: Size, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    key_id = str(asked["KeyId"]).rpartition("/")[2]
    return {
        "KeyMetadata": {
            "KeyId": key_id,
            "Arn": _key_arn(key_id),
            "AWSAccountId": ACCOUNT,
            "CreationDate": AS_OF,
            "Enabled": True,
            "KeyUsage": "ENCRYPT_DECRYPT",
            "KeyState": "Enabled",
            "Origin": "AWS_KMS",
            "KeyManager": "CUSTOMER",
            "KeySpec": "SYMMETRIC_DEFAULT",
            "MultiRegion": False,
        }
    }


def _secret_arn(name: str) -> str:
    return f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:{name}-AbCdEf"


def _versions(_size: Size, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    version = {"VersionId": "11111111-1111-1111-1111-111111111111", "VersionStages": ["AWSCURRENT"]}
    return {"Versions": [{**version, "CreatedDate": AS_OF}], "ARN": str(asked["SecretId"]), "Name": "s"}


def _certificates(size: Size, _asked: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "CertificateSummaryList": [
            {
                "CertificateArn": f"arn:aws:acm:{REGION}:{ACCOUNT}:certificate/{each}",
                "DomainName": f"{each}.example.com",
            }
            for each in size.names("certificates")
        ]
    }


def _certificate(_size: Size, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "Certificate": {
            "CertificateArn": str(asked["CertificateArn"]),
            "DomainName": "api.example.com",
            "Status": "ISSUED",
            "Type": "AMAZON_ISSUED",
            "NotBefore": AS_OF,
            "NotAfter": AS_OF,
            "KeyAlgorithm": "RSA-2048",
            "RenewalEligibility": "ELIGIBLE",
            "InUseBy": [],
        }
    }


_AUTHORIZER = {"id": "auth1", "name": "pool", "type": "COGNITO_USER_POOLS", "providerARNs": [_POOL]}
_JWT = {
    "AuthorizerId": "auth1",
    "Name": "issuer",
    "AuthorizerType": "JWT",
    "IdentitySource": ["$request.header.Authorization"],
}
_PASSWORDS = dict.fromkeys(
    ("RequireSymbols", "RequireNumbers", "RequireUppercaseCharacters", "RequireLowercaseCharacters"), True
) | {"MinimumPasswordLength": 14, "AllowUsersToChangePassword": True, "ExpirePasswords": False}
_ROOT = f"arn:aws:organizations::{ACCOUNT}:root/o-sized00000"
_ORGANIZATION = {
    "Id": "o-sized00000",
    "Arn": f"arn:aws:organizations::{ACCOUNT}:organization/o-sized00000",
    "FeatureSet": "ALL",
    "MasterAccountId": ACCOUNT,
}
_HTTP_LOG = {"DestinationArn": _LOGS, "Format": "$context.requestId"}

ANSWERS: dict[str, _Write] = {
    "sts:GetCallerIdentity": lambda _s, _a: {
        "UserId": "AROA1:auditor",
        "Account": ACCOUNT,
        "Arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/auditor/auditor",
    },
    "ec2:DescribeRegions": lambda _s, _a: {"Regions": [{"RegionName": REGION, "OptInStatus": "opt-in-not-required"}]},
    "apigateway:GetRestApis": _rest_apis,
    "apigateway:GetResources": _resources,
    "apigateway:GetAuthorizers": lambda _s, _a: {"items": [_AUTHORIZER]},
    "apigateway:GetDeployments": lambda _s, _a: {"items": [{"id": "dep1", "createdDate": AS_OF}]},
    "apigateway:GetDeployment": _summary,
    "apigateway:GetStages": lambda _s, _a: {
        "item": [
            {
                "stageName": "prod",
                "deploymentId": "dep1",
                "accessLogSettings": {"destinationArn": _LOGS, "format": "$context.requestId"},
            }
        ]
    },
    "apigateway:GetExport": _rest_export,
    "apigateway:GetAccount": lambda _s, _a: {"throttleSettings": {"burstLimit": 5000, "rateLimit": 10000.0}},
    "apigatewayv2:GetApis": lambda s, _a: {
        "Items": [
            {
                "ApiId": each,
                "Name": each,
                "ProtocolType": "HTTP",
                "RouteSelectionExpression": "$request.method $request.path",
            }
            for each in s.names("http_apis")
        ]
    },
    "apigatewayv2:GetRoutes": _routes,
    "apigatewayv2:GetIntegrations": lambda _s, _a: {
        "Items": [{"IntegrationId": "int1", "IntegrationType": "AWS_PROXY", "IntegrationUri": _FUNCTION}]
    },
    "apigatewayv2:GetAuthorizers": lambda _s, _a: {
        "Items": [{**_JWT, "JwtConfiguration": {"Audience": ["api"], "Issuer": "https://issuer.example"}}]
    },
    "apigatewayv2:GetStages": lambda _s, _a: {
        "Items": [{"StageName": "live", "DeploymentId": "dep1", "AutoDeploy": False, "AccessLogSettings": _HTTP_LOG}]
    },
    "apigatewayv2:GetDeployments": lambda _s, _a: {
        "Items": [{"DeploymentId": "dep1", "CreatedDate": AS_OF, "DeploymentStatus": "DEPLOYED"}]
    },
    "apigatewayv2:ExportApi": _http_export,
    "iam:GetAccountAuthorizationDetails": _identities,
    "iam:GenerateCredentialReport": lambda _s, _a: {"State": "COMPLETE"},
    "iam:GetCredentialReport": _report,
    "iam:GetAccountSummary": lambda s, _a: {
        "SummaryMap": {"Users": s.users, "Roles": s.roles, "Groups": 0, "Policies": 0}
    },
    "iam:GetAccountPasswordPolicy": lambda _s, _a: {"PasswordPolicy": _PASSWORDS},
    "organizations:DescribeOrganization": lambda _s, _a: {"Organization": _ORGANIZATION},
    "organizations:ListRoots": lambda _s, _a: {"Roots": [{"Id": "r-root", "Arn": f"{_ROOT}/r-root", "Name": "Root"}]},
    "lambda:GetPolicy": lambda _s, _a: {"Policy": json.dumps(_POLICY)},
    "iam:ListAccessKeys": _access_keys,
    "iam:GetAccessKeyLastUsed": lambda _s, asked: {
        "UserName": str(asked["AccessKeyId"]).removeprefix("AKIA").lstrip("0"),
        "AccessKeyLastUsed": {"LastUsedDate": AS_OF, "ServiceName": "s3", "Region": REGION},
    },
    "kms:ListKeys": lambda s, _a: {
        "Keys": [{"KeyId": each, "KeyArn": _key_arn(each)} for each in s.names("kms_keys")],
        "Truncated": False,
    },
    "kms:ListAliases": _aliases,
    "kms:DescribeKey": _key,
    "kms:GetKeyPolicy": lambda _s, _a: {"Policy": json.dumps(_POLICY), "PolicyName": "default"},
    "kms:GetKeyRotationStatus": lambda _s, _a: {"KeyRotationEnabled": True, "RotationPeriodInDays": 365},
    "kms:ListKeyRotations": lambda _s, _a: {"Rotations": [], "Truncated": False},
    "secretsmanager:ListSecrets": lambda s, _a: {
        "SecretList": [{"ARN": _secret_arn(each), "Name": each, "CreatedDate": AS_OF} for each in s.names("secrets")]
    },
    "secretsmanager:ListSecretVersionIds": _versions,
    "logs:DescribeLogGroups": lambda _s, _a: {
        "logGroups": [{"logGroupName": "/access", "arn": f"{_LOGS}:*", "creationTime": 1, "storedBytes": 1}]
    },
    "acm:ListCertificates": _certificates,
    "acm:DescribeCertificate": _certificate,
}
