"""cognito-idp:DescribeUserPoolClient and ListUserPoolClientSecrets to UserPoolClient."""

from collections.abc import Mapping
from typing import Any

from auditor.model.cognito import ClientSecret, UserPoolClient
from auditor.model.fact import Fact, NotApplicable, Present, Unread
from auditor.normalize.facts import Members, moment, text
from auditor.normalize.interface import ListCall, Normalizer
from auditor.normalize.reading import Read, Reading
from auditor.normalize.services.cognito_idp import POOL_ARN, place, pool_arn

_CLIENTS = "cognito-idp:ListUserPoolClients"
_CLIENT = "cognito-idp:DescribeUserPoolClient"
_SECRETS = "cognito-idp:ListUserPoolClientSecrets"


def normalize(read: Reading) -> None:
    """Add every client that cognito-idp:ListUserPoolClients names."""
    for each in read.reads(_CLIENTS):
        for record in each.body.get("UserPoolClients") or ():
            _client(read, each, record)


def _client(read: Reading, each: Read, record: Mapping[str, Any]) -> None:
    pool, client_id = str(each.page.parameters["UserPoolId"]), str(record["ClientId"])
    parent = pool_arn(read, pool)
    arn = f"{parent}#client/{client_id}"
    described = read.reads(_CLIENT, UserPoolId=pool, ClientId=client_id)
    inner = described[0].body.get("UserPoolClient") if described else None
    about = Members(read, _CLIENT, arn, inner, read.gap(_CLIENT, arn))
    has_secret = _has_secret(about)
    units = about.inner("TokenValidityUnits")
    client = UserPoolClient(
        **place(read, arn, record.get("ClientName", client_id)),
        client_id=client_id,
        pool_arn=parent,
        client_type=about.text("ClientType"),
        has_secret=has_secret,
        secrets=_secrets(read, arn, client_id, has_secret),
        oauth_enabled=about.flag("AllowedOAuthFlowsUserPoolClient"),
        oauth_flows=about.texts("AllowedOAuthFlows"),
        oauth_scopes=about.texts("AllowedOAuthScopes"),
        sign_in_flows=about.texts("ExplicitAuthFlows"),
        identity_providers=about.texts("SupportedIdentityProviders"),
        read_attributes=about.texts("ReadAttributes"),
        write_attributes=about.texts("WriteAttributes"),
        access_token_validity=about.number("AccessTokenValidity"),
        access_token_unit=units.text("AccessToken"),
        refresh_token_validity=about.number("RefreshTokenValidity"),
        refresh_token_unit=units.text("RefreshToken"),
        token_revocation=about.flag("EnableTokenRevocation"),
        hides_unknown_users=about.text("PreventUserExistenceErrors"),
        callback_urls=about.texts("CallbackURLs"),
        created=about.moment("CreationDate"),
    )
    pages = [sha for call in (_CLIENT, _SECRETS) for sha in read.pages_of(call, UserPoolId=pool, ClientId=client_id)]
    read.add(client, [each.page.sha256, *pages])


def _has_secret(about: Members) -> Fact[bool]:
    """Return whether the client has a secret: a public client's answer has no such member (UserPoolClientType)."""
    told = about.text("ClientSecret")
    return told if isinstance(told, Unread) else Present(value=isinstance(told, Present))


def _secrets(read: Reading, arn: str, client_id: str, has_secret: Fact[bool]) -> Fact[tuple[ClientSecret, ...]]:
    if isinstance(has_secret, Unread):
        return has_secret
    if isinstance(has_secret, Present) and not has_secret.value:
        return NotApplicable(why="the client is public")
    gap = read.gap(_SECRETS, arn)
    if gap is not None:
        return Unread(gap=gap)
    try:
        found = [
            ClientSecret(id=text(each.record["ClientSecretId"]), created=moment(each.record["ClientSecretCreateDate"]))
            for each in read.records(_SECRETS, "ClientSecrets", ClientId=client_id)
        ]
    except (TypeError, LookupError, ValueError):
        return Unread(gap=read.broken(_SECRETS, arn, "ClientSecretCreateDate is not understood"))
    return Present(value=tuple(sorted(found, key=lambda each: (each.created, each.id))))


NORMALIZER = Normalizer(
    "cognito-idp",
    normalize,
    lists=(
        ListCall(_CLIENTS, "UserPoolClient", "UserPoolClients", POOL_ARN),
        ListCall(_SECRETS, "UserPoolClientSecret", "ClientSecrets", POOL_ARN + "#client/{ClientId}"),
    ),
)
