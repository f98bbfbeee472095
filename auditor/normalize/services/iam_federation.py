"""iam:GetSAMLProvider and GetOpenIDConnectProvider to the identity providers that the account trusts."""

from typing import Any

from auditor.model.fact import NotApplicable
from auditor.model.federation import OidcProvider, SamlPrivateKey, SamlProvider
from auditor.normalize.facts import Members, moment, text
from auditor.normalize.interface import ListCall, Normalizer
from auditor.normalize.reading import Found, Reading

_SAML_LIST, _SAML = "iam:ListSAMLProviders", "iam:GetSAMLProvider"
_OIDC_LIST, _OIDC = "iam:ListOpenIDConnectProviders", "iam:GetOpenIDConnectProvider"
_NO_TAGS = NotApplicable(why="tags of providers are not judged")


def normalize(read: Reading) -> None:
    """Add every provider that the lists name, also where nothing more of it could be read."""
    for found in read.records(_SAML_LIST, "SAMLProviderList"):
        _saml(read, found)
    for found in read.records(_OIDC_LIST, "OpenIDConnectProviderList"):
        _oidc(read, found)


def _asked(read: Reading, operation: str, parameter: str, arn: str) -> tuple[Members, tuple[str, ...]]:
    answers = read.reads(operation, **{parameter: arn})
    about = Members(read, operation, arn, answers[0].body if answers else None, read.gap(operation, arn))
    return about, read.pages_of(operation, **{parameter: arn})


def _place(read: Reading, arn: str) -> dict[str, Any]:
    name = arn.partition("provider/")[2] or arn
    return {"account": read.key.account, "region": read.key.region, "arn": arn, "name": name, "tags": _NO_TAGS}


def _saml(read: Reading, found: Found) -> None:
    arn = str(found.record.get("Arn", ""))
    about, pages = _asked(read, _SAML, "SAMLProviderArn", arn)
    provider = SamlProvider(
        **_place(read, arn),
        uuid=about.text("SAMLProviderUUID"),
        created=about.moment("CreateDate"),
        valid_until=about.moment("ValidUntil"),
        metadata=about.text("SAMLMetadataDocument"),
        assertion_encryption=about.text("AssertionEncryptionMode"),
        private_keys=about.take("PrivateKeyList", _private_keys),
    )
    read.add(provider, [*found.pages, *pages])


def _private_keys(value: Any) -> tuple[SamlPrivateKey, ...]:
    if value == "":
        return ()
    keys = (SamlPrivateKey(key_id=text(each["KeyId"]), uploaded=moment(each["Timestamp"])) for each in value)
    return tuple(sorted(keys, key=lambda key: key.key_id))


def _oidc(read: Reading, found: Found) -> None:
    arn = str(found.record.get("Arn", ""))
    about, pages = _asked(read, _OIDC, "OpenIDConnectProviderArn", arn)
    provider = OidcProvider(
        **_place(read, arn),
        url=about.text("Url"),
        client_ids=about.texts("ClientIDList"),
        thumbprints=about.texts("ThumbprintList"),
        created=about.moment("CreateDate"),
    )
    read.add(provider, [*found.pages, *pages])


NORMALIZER = Normalizer(
    "iam",
    normalize,
    lists=(
        ListCall(_SAML_LIST, "SamlProvider", "SAMLProviderList"),
        ListCall(_OIDC_LIST, "OidcProvider", "OpenIDConnectProviderList"),
    ),
)
