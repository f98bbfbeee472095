"""Cognito user pools and what stands in them."""

from datetime import datetime
from typing import ClassVar, Literal

from auditor.model.base import Frozen
from auditor.model.fact import Fact
from auditor.model.resource import Resource


class UserPool(Resource):
    """cognito-idp:DescribeUserPool."""

    cloudformation: ClassVar[str] = "AWS::Cognito::UserPool"
    whole_list: ClassVar[str] = "arn:{partition}:cognito-idp:{region}:{account}:userpool"
    kind: Literal["UserPool"] = "UserPool"
    pool_id: str
    admin_create_user_only: Fact[bool]
    """False: anyone may sign up. Absent where AWS says nothing."""
    dynamic_registration: Fact[str]
    """DcrConfiguration.EnableStatus: Enabled or Disabled; Absent: never configured."""
    open_dynamic_registration: Fact[bool]
    """Whether clients may register without a token."""
    mfa: Fact[str]
    """OFF, OPTIONAL or ON."""
    tier: Fact[str]
    threat_protection: Fact[str]
    """UserPoolAddOns.AdvancedSecurityMode: OFF, AUDIT, ENFORCED."""
    deletion_protection: Fact[str]
    username_attributes: Fact[tuple[str, ...]]
    alias_attributes: Fact[tuple[str, ...]]
    mutable_attributes: Fact[tuple[str, ...]]
    """Attributes of the schema that can be changed after sign-up."""
    triggers: Fact[dict[str, str]]
    """Functions that the pool calls, by trigger: one before token generation can change any claim."""
    domain: Fact[str]
    custom_domain: Fact[str]
    created: Fact[datetime]


class ClientSecret(Frozen):
    """cognito-idp:ListUserPoolClientSecrets item: never the value."""

    id: str
    created: datetime


class UserPoolClient(Resource):
    """cognito-idp:DescribeUserPoolClient with ListUserPoolClientSecrets. ARN `POOL-ARN#client/ID`."""

    cloudformation: ClassVar[str] = "AWS::Cognito::UserPoolClient"
    rests_on: ClassVar[tuple[str, ...]] = ("UserPool", "UserPoolClient")
    kind: Literal["UserPoolClient"] = "UserPoolClient"
    client_id: str
    pool_arn: str
    client_type: Fact[str]
    """REGULAR, or DCR: it registered itself."""
    has_secret: Fact[bool]
    secrets: Fact[tuple[ClientSecret, ...]]
    """Oldest first; NotApplicable for a public client."""
    oauth_enabled: Fact[bool]
    """AllowedOAuthFlowsUserPoolClient: without it flows and scopes have no effect."""
    oauth_flows: Fact[tuple[str, ...]]
    """code, implicit, client_credentials."""
    oauth_scopes: Fact[tuple[str, ...]]
    sign_in_flows: Fact[tuple[str, ...]]
    """ExplicitAuthFlows."""
    identity_providers: Fact[tuple[str, ...]]
    read_attributes: Fact[tuple[str, ...]]
    write_attributes: Fact[tuple[str, ...]]
    """Absent: Cognito's default, every standard attribute that can be changed."""
    access_token_validity: Fact[int]
    """In access_token_unit; Absent or 0: one hour."""
    access_token_unit: Fact[str]
    """seconds, minutes, hours, days; Absent: hours."""
    refresh_token_validity: Fact[int]
    refresh_token_unit: Fact[str]
    token_revocation: Fact[bool]
    hides_unknown_users: Fact[str]
    """PreventUserExistenceErrors: ENABLED or LEGACY."""
    callback_urls: Fact[tuple[str, ...]]
    created: Fact[datetime]

    @property
    def parents(self) -> tuple[str, ...]:
        """What it stands below."""
        return (self.pool_arn,)


class UserPoolResourceServer(Resource):
    """cognito-idp:ListResourceServers item. ARN `POOL-ARN#resource-server/IDENTIFIER`."""

    cloudformation: ClassVar[str] = "AWS::Cognito::UserPoolResourceServer"
    rests_on: ClassVar[tuple[str, ...]] = ("UserPool", "UserPoolResourceServer")
    kind: Literal["UserPoolResourceServer"] = "UserPoolResourceServer"
    pool_arn: str
    identifier: str
    scopes: Fact[tuple[str, ...]]
    """As tokens carry them: IDENTIFIER/NAME."""

    @property
    def parents(self) -> tuple[str, ...]:
        """What it stands below."""
        return (self.pool_arn,)


class UserPoolIdentityProvider(Resource):
    """cognito-idp:DescribeIdentityProvider. ARN `POOL-ARN#identity-provider/NAME`."""

    cloudformation: ClassVar[str] = "AWS::Cognito::UserPoolIdentityProvider"
    rests_on: ClassVar[tuple[str, ...]] = ("UserPool", "UserPoolIdentityProvider")
    kind: Literal["UserPoolIdentityProvider"] = "UserPoolIdentityProvider"
    pool_arn: str
    provider_type: Fact[str]
    """SAML, OIDC, Google, Facebook, LoginWithAmazon, SignInWithApple."""
    attribute_mapping: Fact[dict[str, str]]
    """Attribute of the pool to the provider's."""
    details: Fact[dict[str, str]]
    """ProviderDetails; a secret in it stands as its keyed digest."""
    identifiers: Fact[tuple[str, ...]]
    last_modified: Fact[datetime]
    created: Fact[datetime]

    @property
    def parents(self) -> tuple[str, ...]:
        """What it stands below."""
        return (self.pool_arn,)
