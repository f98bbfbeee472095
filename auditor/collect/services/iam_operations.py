"""What is asked of IAM, declared."""

from auditor.collect.interface import Operation, Paging

_MARKER = {"token_out": "Marker", "token_in": "Marker", "more": "IsTruncated"}
_USER = "arn:{partition}:iam::{account}:user/{UserName}"
_EVERY_USER = "arn:{partition}:iam::{account}:user/*"

DETAILS = Operation(
    service="iam",
    name="GetAccountAuthorizationDetails",
    action="iam:GetAccountAuthorizationDetails",
    resource="*",
    required=("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies"),
    records=tuple((name, "Arn") for name in ("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies")),
    page=Paging(items="UserDetailList", **_MARKER),
)
GENERATE = Operation("iam", "GenerateCredentialReport", "iam:GenerateCredentialReport", "*", required=("State",))
REPORT = Operation("iam", "GetCredentialReport", "iam:GetCredentialReport", "*", required=("Content", "GeneratedTime"))
SUMMARY = Operation("iam", "GetAccountSummary", "iam:GetAccountSummary", "*", required=("SummaryMap",))
PASSWORD_POLICY = Operation(
    "iam",
    "GetAccountPasswordPolicy",
    "iam:GetAccountPasswordPolicy",
    "*",
    required=("PasswordPolicy",),
    # That there is none is an answer: IAM's own default holds.
    tolerated=("NoSuchEntity",),
)
ACCESS_KEYS = Operation(
    service="iam",
    name="ListAccessKeys",
    action="iam:ListAccessKeys",
    resource=_USER,
    required=("AccessKeyMetadata",),
    per=("User",),
    records=(("AccessKeyMetadata", "AccessKeyId"),),
    page=Paging(items="AccessKeyMetadata", **_MARKER),
)
LAST_USED = Operation(
    "iam",
    "GetAccessKeyLastUsed",
    "iam:GetAccessKeyLastUsed",
    _EVERY_USER,
    required=("AccessKeyLastUsed",),
    per=("AccessKey",),
)
VIRTUAL_DEVICES = Operation(
    service="iam",
    name="ListVirtualMFADevices",
    action="iam:ListVirtualMFADevices",
    resource="*",
    required=("VirtualMFADevices",),
    records=(("VirtualMFADevices", "SerialNumber"),),
    page=Paging(items="VirtualMFADevices", **_MARKER),
)
DEVICES = Operation(
    service="iam",
    name="ListMFADevices",
    action="iam:ListMFADevices",
    resource=_USER,
    required=("MFADevices",),
    per=("User",),
    records=(("MFADevices", "SerialNumber"),),
    page=Paging(items="MFADevices", **_MARKER),
)
SAML_PROVIDERS = Operation(
    "iam",
    "ListSAMLProviders",
    "iam:ListSAMLProviders",
    "*",
    required=("SAMLProviderList",),
    records=(("SAMLProviderList", "Arn"),),
)
SAML_PROVIDER = Operation(
    "iam",
    "GetSAMLProvider",
    "iam:GetSAMLProvider",
    "{SAMLProviderArn}",
    required=("SAMLMetadataDocument",),
    per=("SamlProvider",),
)
OIDC_PROVIDERS = Operation(
    "iam",
    "ListOpenIDConnectProviders",
    "iam:ListOpenIDConnectProviders",
    "*",
    required=("OpenIDConnectProviderList",),
    records=(("OpenIDConnectProviderList", "Arn"),),
)
OIDC_PROVIDER = Operation(
    "iam",
    "GetOpenIDConnectProvider",
    "iam:GetOpenIDConnectProvider",
    "{OpenIDConnectProviderArn}",
    required=("Url",),
    per=("OidcProvider",),
)
SERVER_CERTIFICATES = Operation(
    service="iam",
    name="ListServerCertificates",
    action="iam:ListServerCertificates",
    resource="*",
    required=("ServerCertificateMetadataList",),
    records=(("ServerCertificateMetadataList", "Arn"),),
    page=Paging(items="ServerCertificateMetadataList", **_MARKER),
)
SERVICE_CREDENTIALS = Operation(
    service="iam",
    name="ListServiceSpecificCredentials",
    action="iam:ListServiceSpecificCredentials",
    resource=_EVERY_USER,
    required=("ServiceSpecificCredentials",),
    records=(("ServiceSpecificCredentials", "ServiceSpecificCredentialId"),),
    page=Paging(items="ServiceSpecificCredentials", **_MARKER),
)

NOT_ASKED_HERE = frozenset(
    {"AccountNotManagementOrDelegatedAdministrator", "AccountNotManagementOrDelegatedAdministratorException"}
)
"""What a member account is told: the API reference names the code without, botocore with the suffix. Never tried live."""
_NO_FEATURES = ("OrganizationNotFound", "OrganizationNotInAllFeaturesMode", "ServiceAccessNotEnabled")
"""Answers that there can be none: no organization, not all features, no trusted access for IAM."""
FEATURES = Operation(
    "iam",
    "ListOrganizationsFeatures",
    "iam:ListOrganizationsFeatures",
    "*",
    required=("OrganizationId",),
    # An AccessDenied is none of these, and stays a gap: in the management account as elsewhere.
    tolerated=(*sorted(NOT_ASKED_HERE), *_NO_FEATURES, *(f"{code}Exception" for code in _NO_FEATURES)),
)

OPERATIONS = (
    DETAILS,
    GENERATE,
    REPORT,
    SUMMARY,
    PASSWORD_POLICY,
    ACCESS_KEYS,
    LAST_USED,
    VIRTUAL_DEVICES,
    DEVICES,
    SAML_PROVIDERS,
    SAML_PROVIDER,
    OIDC_PROVIDERS,
    OIDC_PROVIDER,
    SERVER_CERTIFICATES,
    SERVICE_CREDENTIALS,
    FEATURES,
)
