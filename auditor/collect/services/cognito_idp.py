"""Cognito user pools: who may sign up, which clients get tokens and how, and where a pool's identities come from.

DescribeUserPoolClient returns the client's secret, DescribeIdentityProvider an outer provider's: both are redacted before
the first write. Whether a public client's secrets may be listed is not documented, so nobody asks.
"""

from collections.abc import Mapping
from functools import partial

from auditor.collect.interface import Caller, Collector, Operation, Paging, Reach

_POOL = "arn:{partition}:cognito-idp:{region}:{account}:userpool/{UserPoolId}"
_TOKEN = {"token_out": "NextToken", "token_in": "NextToken"}
_MAX = 60

POOLS = Operation(
    "cognito-idp",
    "ListUserPools",
    "cognito-idp:ListUserPools",
    "*",
    required=("UserPools",),
    records=(("UserPools", "Id"),),
    page=Paging(items="UserPools", **_TOKEN),
)
POOL = Operation(
    "cognito-idp", "DescribeUserPool", "cognito-idp:DescribeUserPool", _POOL, required=("UserPool",), per=("UserPool",)
)
CLIENTS = Operation(
    "cognito-idp",
    "ListUserPoolClients",
    "cognito-idp:ListUserPoolClients",
    _POOL,
    required=("UserPoolClients",),
    records=(("UserPoolClients", "ClientId"),),
    page=Paging(items="UserPoolClients", **_TOKEN),
    per=("UserPool",),
)
CLIENT = Operation(
    "cognito-idp",
    "DescribeUserPoolClient",
    "cognito-idp:DescribeUserPoolClient",
    _POOL,
    required=("UserPoolClient",),
    per=("UserPoolClient",),
)
SECRETS = Operation(
    "cognito-idp",
    "ListUserPoolClientSecrets",
    "cognito-idp:ListUserPoolClientSecrets",
    _POOL,
    required=("ClientSecrets",),
    records=(("ClientSecrets", "ClientSecretId"),),
    page=Paging(items="ClientSecrets", **_TOKEN),
    per=("UserPoolClient",),
)
SERVERS = Operation(
    "cognito-idp",
    "ListResourceServers",
    "cognito-idp:ListResourceServers",
    _POOL,
    required=("ResourceServers",),
    records=(("ResourceServers", "Identifier"),),
    page=Paging(items="ResourceServers", **_TOKEN),
    per=("UserPool",),
)
PROVIDERS = Operation(
    "cognito-idp",
    "ListIdentityProviders",
    "cognito-idp:ListIdentityProviders",
    _POOL,
    required=("Providers",),
    records=(("Providers", "ProviderName"),),
    page=Paging(items="Providers", **_TOKEN),
    per=("UserPool",),
)
PROVIDER = Operation(
    "cognito-idp",
    "DescribeIdentityProvider",
    "cognito-idp:DescribeIdentityProvider",
    _POOL,
    required=("IdentityProvider",),
    per=("UserPoolIdentityProvider",),
)


def _collect(call: Caller) -> None:
    pools = call(POOLS, MaxResults=_MAX)
    call.gather([partial(_pool, call, str(each["Id"])) for each in pools.items("UserPools")])


def _pool(call: Caller, pool: str) -> None:
    arn = f"arn:{call.partition}:cognito-idp:{call.region}:{call.account}:userpool/{pool}"
    call(POOL, arn, UserPoolId=pool)
    call(SERVERS, arn, UserPoolId=pool, MaxResults=50)
    for provider in call(PROVIDERS, arn, UserPoolId=pool, MaxResults=_MAX).items("Providers"):
        name = str(provider["ProviderName"])
        call(PROVIDER, f"{arn}#identity-provider/{name}", UserPoolId=pool, ProviderName=name)
    for client in call(CLIENTS, arn, UserPoolId=pool, MaxResults=_MAX).items("UserPoolClients"):
        _client(call, arn, pool, str(client["ClientId"]))


def _client(call: Caller, pool_arn: str, pool: str, client: str) -> None:
    about = f"{pool_arn}#client/{client}"
    described = call(CLIENT, about, UserPoolId=pool, ClientId=client)
    told = described.bodies[0].get("UserPoolClient") if described.bodies else None
    if isinstance(told, Mapping) and told.get("ClientSecret"):
        call(SECRETS, about, UserPoolId=pool, ClientId=client)


COLLECTOR = Collector(
    service="cognito-idp",
    reach=Reach.REGIONAL,
    operations=(POOLS, POOL, CLIENTS, CLIENT, SECRETS, SERVERS, PROVIDERS, PROVIDER),
    collect=_collect,
)
