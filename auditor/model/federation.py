"""The identity providers that an account trusts."""

from datetime import datetime
from typing import ClassVar, Literal

from auditor.model.base import Frozen
from auditor.model.fact import Fact
from auditor.model.resource import Resource


class SamlPrivateKey(Frozen):
    """A key with which IAM decrypts assertions: its id and when it was uploaded, never the key."""

    key_id: str
    uploaded: datetime


class SamlProvider(Resource):
    """iam:ListSAMLProviders with GetSAMLProvider."""

    cloudformation: ClassVar[str] = "AWS::IAM::SAMLProvider"
    whole_list: ClassVar[str] = "arn:{partition}:iam::{account}:saml-provider"
    is_global: ClassVar[bool] = True
    kind: Literal["SamlProvider"] = "SamlProvider"
    uuid: Fact[str]
    created: Fact[datetime]
    valid_until: Fact[datetime]
    """Of the metadata document; a signing certificate inside it may lapse earlier."""
    metadata: Fact[str]
    """The metadata document (XML) as text; it holds public certificates."""
    assertion_encryption: Fact[str]
    """Required or Allowed."""
    private_keys: Fact[tuple[SamlPrivateKey, ...]]


class OidcProvider(Resource):
    """iam:ListOpenIDConnectProviders with GetOpenIDConnectProvider."""

    cloudformation: ClassVar[str] = "AWS::IAM::OIDCProvider"
    whole_list: ClassVar[str] = "arn:{partition}:iam::{account}:oidc-provider"
    is_global: ClassVar[bool] = True
    kind: Literal["OidcProvider"] = "OidcProvider"
    url: Fact[str]
    client_ids: Fact[tuple[str, ...]]
    thumbprints: Fact[tuple[str, ...]]
    created: Fact[datetime]
