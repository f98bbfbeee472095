"""The people of Halvorsen Parcels: an Identity Center, the organization above it, the customers' pool, and a gateway for agents."""

import json
from datetime import datetime
from typing import Any

from auditor.demo.company import EUROPE, PRODUCTION
from auditor.demo.company.estate import Estate
from auditor.demo.company.keys import days_before
from auditor.demo.company.secrets import CLIENT_SECRETS
from auditor.demo.supplements import Supplements

POOL = "eu-west-1_Ab3dEfGh1"
_POOL_ARN = f"arn:aws:cognito-idp:{EUROPE}:{PRODUCTION}:userpool/{POOL}"
_HERE = {"account": PRODUCTION, "region": EUROPE}
_EMPTY: dict[str, dict[str, list[object]]] = {
    "accessanalyzer:ListAnalyzers": {"analyzers": []},
    "bedrock-agentcore-control:ListGateways": {"items": []},
    "cognito-idp:ListUserPools": {"UserPools": []},
}
"""What stands in no other account or region."""
_PEOPLE = {
    "Platform": ("Jonas Berg", "Ingrid Solheim"),
    "Support": ("Kari Dahl", "Nils Aas"),
    "Contractors": ("Eva Holt",),
}


class People:
    """Who works here, who signs in as a customer, and what agents may reach."""

    def __init__(self, estate: Estate, supplements: Supplements) -> None:
        """Take the accounts; nothing is made."""
        self._estate = estate
        self._beside = supplements

    def build(self, quarter_end: datetime) -> None:
        """Make what stands at the end of the second quarter."""
        self._beside.identity_center = (PRODUCTION, EUROPE)
        for operation, answer in _EMPTY.items():
            self._beside.script.add(operation, answer)
        with days_before(quarter_end, 700):
            self._estate.production.client("organizations", EUROPE).create_organization(FeatureSet="ALL")
            self._identity_center()
        self._pool(quarter_end)
        self._analyzer(quarter_end)
        self._agents(quarter_end)

    def third_quarter(self, quarter_end: datetime) -> None:
        """Do what the third quarter brought: the contractors' group went, and its assignment stayed; one person left."""
        with days_before(quarter_end, 30):
            store = self._estate.production.client("identitystore", EUROPE)
            store.delete_group(IdentityStoreId=self._store, GroupId=self._groups["Contractors"])
        self._beside.disabled_users.add(self._users["Kari Dahl"])

    def _identity_center(self) -> None:
        center = self._estate.production.client("sso-admin", EUROPE)
        instance = center.list_instances()["Instances"][0]
        self._store = str(instance["IdentityStoreId"])
        self._groups: dict[str, str] = {}
        self._users: dict[str, str] = {}
        for group, people in _PEOPLE.items():
            self._group(group, people)
        tor = self._person("Tor Lindqvist")
        for name, holders in {
            "Administrator": (("GROUP", self._groups["Platform"]), ("USER", tor)),
            "ReadOnly": (("GROUP", self._groups["Support"]), ("GROUP", self._groups["Contractors"])),
        }.items():
            self._permission_set(center, str(instance["InstanceArn"]), name, holders)

    def _group(self, name: str, people: tuple[str, ...]) -> None:
        store = self._estate.production.client("identitystore", EUROPE)
        made = store.create_group(IdentityStoreId=self._store, DisplayName=name, Description=name)["GroupId"]
        self._groups[name] = str(made)
        for each in people:
            member = {"UserId": self._person(each)}
            store.create_group_membership(IdentityStoreId=self._store, GroupId=made, MemberId=member)

    def _person(self, name: str) -> str:
        given, _, family = name.partition(" ")
        made = self._estate.production.client("identitystore", EUROPE).create_user(
            IdentityStoreId=self._store,
            UserName=f"{given}.{family}@halvorsen.example".lower(),
            DisplayName=name,
            Name={"GivenName": given, "FamilyName": family},
        )
        self._users[name] = str(made["UserId"])
        return self._users[name]

    def _permission_set(self, center: Any, instance: str, name: str, holders: tuple[tuple[str, str], ...]) -> None:
        made = center.create_permission_set(InstanceArn=instance, Name=name, SessionDuration="PT4H")
        arn = made["PermissionSet"]["PermissionSetArn"]
        for kind, principal in holders:
            center.create_account_assignment(
                InstanceArn=instance,
                TargetId=PRODUCTION,
                TargetType="AWS_ACCOUNT",
                PermissionSetArn=arn,
                PrincipalType=kind,
                PrincipalId=principal,
            )
        self._reserved_role(name, f"{len(name):016x}")

    def _reserved_role(self, name: str, suffix: str) -> None:
        """Make the role that Identity Center puts into an account for a permission set."""
        provider = f"arn:aws:iam::{PRODUCTION}:saml-provider/AWSSSO_4f1c2d3e4a5b6c7d_DO_NOT_DELETE"
        trust = {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Federated": provider},
                    "Action": ["sts:AssumeRoleWithSAML", "sts:TagSession"],
                    "Condition": {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}},
                }
            ],
        }
        self._estate.production.client("iam", EUROPE).create_role(
            Path=f"/aws-reserved/sso.amazonaws.com/{EUROPE}/",
            RoleName=f"AWSReservedSSO_{name}_{suffix}",
            AssumeRolePolicyDocument=json.dumps(trust),
        )

    def _pool(self, end: datetime) -> None:
        add = self._beside.script.add
        with days_before(end, 640) as since:
            add("cognito-idp:ListUserPools", {"UserPools": [{"Id": POOL, "Name": "customers"}]}, **_HERE)
        pool = {
            "Id": POOL,
            "Name": "customers",
            "Arn": _POOL_ARN,
            "CreationDate": since,
            "MfaConfiguration": "OPTIONAL",
            "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": False},
            "UserPoolTier": "ESSENTIALS",
        }
        add("cognito-idp:DescribeUserPool", {"UserPool": pool}, **_HERE)
        scopes = [{"ScopeName": each, "ScopeDescription": f"{each} orders"} for each in ("read", "write")]
        server = {"UserPoolId": POOL, "Identifier": "orders", "Name": "orders", "Scopes": scopes}
        add("cognito-idp:ListResourceServers", {"ResourceServers": [server]}, **_HERE)
        add("cognito-idp:ListIdentityProviders", {"Providers": []}, **_HERE)
        self._clients(since)

    def _clients(self, since: datetime) -> None:
        common = {"UserPoolId": POOL, "CreationDate": since, "AllowedOAuthFlowsUserPoolClient": True}
        web = {
            **common,
            "ClientId": "5webshop7n2k4",
            "ClientName": "web-shop",
            "AllowedOAuthFlows": ["code"],
            "AllowedOAuthScopes": ["openid", "orders/read", "orders/write"],
            "EnableTokenRevocation": True,
            "PreventUserExistenceErrors": "ENABLED",
        }
        billing = {
            **common,
            "ClientId": "7billing3x9q1",
            "ClientName": "billing-service",
            "ClientSecret": CLIENT_SECRETS[0],
            "AllowedOAuthFlows": ["client_credentials"],
            "AllowedOAuthScopes": ["orders/read"],
        }
        add = self._beside.script.add
        listed = [{"ClientId": each["ClientId"], "ClientName": each["ClientName"]} for each in (web, billing)]
        add("cognito-idp:ListUserPoolClients", {"UserPoolClients": listed}, **_HERE)
        for each in (web, billing):
            when = {"ClientId": each["ClientId"]}
            add("cognito-idp:DescribeUserPoolClient", {"UserPoolClient": each}, when=when, **_HERE)
        secret = {"ClientSecretId": "7billing3x9q1--1", "ClientSecretCreateDate": since}
        add("cognito-idp:ListUserPoolClientSecrets", {"ClientSecrets": [secret]}, **_HERE)

    def _analyzer(self, end: datetime) -> None:
        with days_before(end, 640) as since:
            arn = f"arn:aws:access-analyzer:{EUROPE}:{PRODUCTION}:analyzer/outside-access"
        analyzer = {"arn": arn, "name": "outside-access", "type": "ACCOUNT", "status": "ACTIVE", "createdAt": since}
        self._beside.script.add("accessanalyzer:ListAnalyzers", {"analyzers": [analyzer]}, **_HERE)
        self._beside.script.add("accessanalyzer:ListFindingsV2", {"findings": []}, **_HERE)

    def _agents(self, end: datetime) -> None:
        with days_before(end, 45) as since:
            gateway = "parcel-agents-k3j9x2m7q1"
        dated = {"createdAt": since, "updatedAt": since, "status": "READY"}
        arn = f"arn:aws:bedrock-agentcore:{EUROPE}:{PRODUCTION}:gateway/{gateway}"
        listed = {"gatewayId": gateway, "name": "parcel-agents", "authorizerType": "CUSTOM_JWT", **dated}
        tokens = {
            "discoveryUrl": f"https://cognito-idp.{EUROPE}.amazonaws.com/{POOL}/.well-known/openid-configuration",
            "allowedClients": ["7billing3x9q1"],
        }
        told = {
            **listed,
            "gatewayArn": arn,
            "roleArn": f"arn:aws:iam::{PRODUCTION}:role/orders-service",
            "authorizerConfiguration": {"customJWTAuthorizer": tokens},
        }
        target = {"targetId": "ORDERS0001", "name": "orders", **dated}
        api = {
            "restApiId": self._estate.orders.id,
            "stage": "prod",
            "apiGatewayToolConfiguration": {"toolFilters": [{"filterPath": "/orders", "methods": ["GET"]}]},
        }
        add = self._beside.script.add
        add("bedrock-agentcore-control:ListGateways", {"items": [listed]}, **_HERE)
        add("bedrock-agentcore-control:GetGateway", told, **_HERE)
        add("bedrock-agentcore-control:ListGatewayTargets", {"items": [target]}, **_HERE)
        configured = {
            **target,
            "gatewayArn": arn,
            "targetConfiguration": {"mcp": {"apiGateway": api}},
            "credentialProviderConfigurations": [{"credentialProviderType": "GATEWAY_IAM_ROLE"}],
        }
        add("bedrock-agentcore-control:GetGatewayTarget", configured, **_HERE)
