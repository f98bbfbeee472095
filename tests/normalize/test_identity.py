"""IAM, KMS and Secrets Manager: what is absent, what is not asked here, and what was not read stay apart."""

import base64
import json
from datetime import UTC, datetime
from typing import Any, TypeVar

import pytest

from auditor.demo.wire import model
from auditor.demo.writing import write
from auditor.model.account import AccountSettings, RootUser
from auditor.model.credentials import MfaDevice, ServiceSpecificCredential
from auditor.model.fact import Absent, Fact, NotApplicable, Present, Unread
from auditor.model.iam import AccessKey, User
from auditor.model.keys import KmsKey, Secret
from auditor.model.resource import Resource
from auditor.model.snapshot import Gap, GapReason, Page, ShardKey
from auditor.normalize.shard import Normalized, normalize
from auditor.store.canonical import sha256

R = TypeVar("R", bound=Resource)

ACCOUNT = "111122223333"
USER = f"arn:aws:iam::{ACCOUNT}:user/people/ada"
NOW = datetime(2026, 9, 30, tzinfo=UTC)
HEADER = (
    "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,"
    "access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,"
    "access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,"
    "access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,"
    "cert_2_last_rotated"
)
NO_KEYS = "false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A"

Asked = tuple[str, dict[str, Any], Any]


def _page(operation: str, asked: dict[str, Any], body: bytes, status: int) -> tuple[Page, bytes]:
    page = Page(
        operation=operation,
        parameters=asked,
        account=ACCOUNT,
        region="aws-global",
        caller="arn:aws:iam::111122223333:role/auditor-read",
        requested_at=NOW,
        answered_at=NOW,
        request_id="r",
        status=status,
        sequence=0,
        sha256=sha256(body),
        size=len(body),
    )
    return page, body


def _normal(service: str, calls: list[Asked], *gaps: Gap) -> Normalized:
    pages = []
    for operation, asked, answer in calls:
        if isinstance(answer, str):
            body = f"<ErrorResponse><Error><Code>{answer}</Code></Error></ErrorResponse>".encode()
            pages.append(_page(operation, asked, body, 400))
        elif isinstance(answer, bytes):
            pages.append(_page(operation, asked, answer, 200))
        else:
            shape = model(service).operation_model(operation.partition(":")[2])
            pages.append(_page(operation, asked, write(service, shape, answer), 200))
    region = "aws-global" if service == "iam" else "eu-west-1"
    return normalize(ShardKey(account=ACCOUNT, region=region, service=service), "aws", pages, gaps)


def _gap(operation: str, resource: str | None) -> Gap:
    return Gap(
        operation=operation,
        account=ACCOUNT,
        region="aws-global",
        resource=resource,
        reason=GapReason.DENIED,
        action=operation,
        detail="*; AccessDenied",
    )


def _only(kind: type[R], found: Normalized) -> R:
    of = [each for each in found.resources if isinstance(each, kind)]
    assert len(of) == 1
    return of[0]


def _report(*rows: str) -> Asked:
    content = base64.b64encode("\n".join([HEADER, *rows]).encode()).decode()
    body = (
        f"<GetCredentialReportResponse><GetCredentialReportResult><Content>{content}</Content>"
        "<GeneratedTime>2026-09-30T20:00:00Z</GeneratedTime></GetCredentialReportResult></GetCredentialReportResponse>"
    )
    return ("iam:GetCredentialReport", {}, body.encode())


ROOT = f"<root_account>,arn:aws:iam::{ACCOUNT}:root,2021-03-01T00:00:00+00:00,not_supported,%s,not_supported,not_supported,true"


def _root(used: str) -> str:
    return f"{ROOT % used},{NO_KEYS},false,N/A,false,N/A"


def _user(password: str, used: str, changed: str = "N/A") -> str:
    return f"ada,{USER},2025-01-01T00:00:00+00:00,{password},{used},{changed},N/A,false,{NO_KEYS},true,N/A,false,N/A"


DETAILS: Asked = (
    "iam:GetAccountAuthorizationDetails",
    {},
    {
        "UserDetailList": [
            {"Path": "/people/", "UserName": "ada", "UserId": "AIDA000000000001", "Arn": USER, "CreateDate": NOW}
        ],
        "GroupDetailList": [],
        "RoleDetailList": [],
        "Policies": [],
        "IsTruncated": False,
    },
)


def _key(status: str = "Active") -> Asked:
    key = {"UserName": "ada", "AccessKeyId": "AKIA000000000001", "Status": status, "CreateDate": NOW}
    return ("iam:ListAccessKeys", {"UserName": "ada"}, {"AccessKeyMetadata": [key]})


def _use(**told: Any) -> Asked:
    used = {"ServiceName": "N/A", "Region": "N/A", **told}
    return (
        "iam:GetAccessKeyLastUsed",
        {"AccessKeyId": "AKIA000000000001"},
        {"UserName": "ada", "AccessKeyLastUsed": used},
    )


def test_no_password_policy_is_absent_and_a_refusal_is_unread() -> None:
    asked: Asked = ("iam:GetAccountPasswordPolicy", {}, "NoSuchEntity")
    assert _only(AccountSettings, _normal("iam", [asked])).password_policy == Absent()
    gap = _gap("iam:GetAccountPasswordPolicy", None)
    assert _only(AccountSettings, _normal("iam", [], gap)).password_policy == Unread(gap=gap)


def test_a_password_policy_without_a_member_is_not_understood() -> None:
    policy = (
        b"<GetAccountPasswordPolicyResponse><GetAccountPasswordPolicyResult><PasswordPolicy><MinimumPasswordLength>8"
    )
    body = policy + (
        b"</MinimumPasswordLength></PasswordPolicy></GetAccountPasswordPolicyResult></GetAccountPasswordPolicyResponse>"
    )
    found = _only(AccountSettings, _normal("iam", [("iam:GetAccountPasswordPolicy", {}, body)]))
    assert isinstance(found.password_policy, Unread)


@pytest.mark.parametrize("suffix", ["", "Exception"])
def test_a_member_account_is_not_told_about_central_root_access(suffix: str) -> None:
    code = f"AccountNotManagementOrDelegatedAdministrator{suffix}"
    found = _only(AccountSettings, _normal("iam", [("iam:ListOrganizationsFeatures", {}, code)]))
    assert isinstance(found.root_features, NotApplicable)


def test_without_an_organization_there_is_no_central_root_access() -> None:
    found = _only(AccountSettings, _normal("iam", [("iam:ListOrganizationsFeatures", {}, "OrganizationNotFound")]))
    assert found.root_features == Absent()


def test_features_that_were_denied_are_unread() -> None:
    gap = _gap("iam:ListOrganizationsFeatures", None)
    assert _only(AccountSettings, _normal("iam", [], gap)).root_features == Unread(gap=gap)


def test_features_are_told_in_a_fixed_order() -> None:
    told = {"OrganizationId": "o-1a2b3c4d5e", "EnabledFeatures": ["RootSessions", "RootCredentialsManagement"]}
    found = _only(AccountSettings, _normal("iam", [("iam:ListOrganizationsFeatures", {}, told)]))
    assert found.root_features == Present(value=("RootCredentialsManagement", "RootSessions"))


@pytest.mark.parametrize("told", ["no_information", "N/A", "not_supported", "2026-09-01T08:00:00+00:00"])
def test_a_date_or_its_documented_absence_is_read(told: str) -> None:
    assert _only(RootUser, _normal("iam", [_report(_root(told))])).last_used_read == Present(value=True)


def test_a_date_that_is_none_is_unread() -> None:
    assert isinstance(_only(RootUser, _normal("iam", [_report(_root("soon"))])).last_used_read, Unread)


def test_a_report_without_the_root_user_leaves_its_use_unread() -> None:
    found = _only(RootUser, _normal("iam", [_report(_user("false", "N/A"))]))
    assert isinstance(found.last_used_read, Unread)


def test_a_user_has_the_facts_of_its_row() -> None:
    row = _user("true", "no_information", "2026-01-01T00:00:00+00:00")
    user = _only(User, _normal("iam", [DETAILS, _report(_root("N/A"), row)]))
    assert user.password_last_changed == Present(value=datetime(2026, 1, 1, tzinfo=UTC))
    assert user.password_last_used_read == Present(value=True)
    assert user.active_signing_certificates == Present(value=1)
    assert isinstance(user.mfa_devices, NotApplicable)


def test_the_last_use_stands_beside_the_key_and_the_key_says_that_it_was_read() -> None:
    found = _normal("iam", [DETAILS, _key(), _use(LastUsedDate=NOW, ServiceName="s3", Region="eu-west-1")])
    key = _only(AccessKey, found)
    beside = next(each for each in found.observations if each.arn == key.arn)
    assert key.last_used_read == Present(value=True)
    assert beside.facts == {"LastUsedDate": "2026-09-30T00:00:00Z", "Region": "eu-west-1", "ServiceName": "s3"}


def test_a_key_that_was_never_used_was_read_all_the_same() -> None:
    found = _normal("iam", [DETAILS, _key(), _use()])
    assert _only(AccessKey, found).last_used_read == Present(value=True)
    assert next(each for each in found.observations if each.kind == "AccessKey").facts == {}


def test_a_last_use_that_was_denied_is_unread_and_never_no_use() -> None:
    gap = _gap("iam:GetAccessKeyLastUsed", f"{USER}#AKIA000000000001")
    assert _only(AccessKey, _normal("iam", [DETAILS, _key()], gap)).last_used_read == Unread(gap=gap)


def test_an_inactive_key_is_not_asked_about() -> None:
    assert isinstance(_only(AccessKey, _normal("iam", [DETAILS, _key("Inactive")])).last_used_read, NotApplicable)


def test_a_device_in_both_lists_is_one_and_a_serial_number_stands_below_its_user() -> None:
    virtual = f"arn:aws:iam::{ACCOUNT}:mfa/ada"
    devices = [{"UserName": "ada", "SerialNumber": each, "EnableDate": NOW} for each in (virtual, "GAHT12345678")]
    found = _normal(
        "iam",
        [
            DETAILS,
            ("iam:ListVirtualMFADevices", {}, {"VirtualMFADevices": [{"SerialNumber": virtual}], "IsTruncated": False}),
            ("iam:ListMFADevices", {"UserName": "ada"}, {"MFADevices": devices, "IsTruncated": False}),
        ],
    )
    arns = [each.arn for each in found.resources if isinstance(each, MfaDevice)]
    assert arns == [virtual, f"{USER}#mfa/GAHT12345678"]
    assert _only(User, found).mfa_devices == Present(value=("GAHT12345678", virtual))
    lists = {(each.parent, each.complete) for each in found.listings if each.kind == "MfaDevice"}
    assert lists == {(None, True), (USER, True)}


def test_a_service_key_without_an_expiry_never_expires_and_stands_below_its_user() -> None:
    told = {
        "UserName": "ada",
        "Status": "Active",
        "CreateDate": NOW,
        "ServiceSpecificCredentialId": "ACCA0000000000000001",
        "ServiceName": "bedrock.amazonaws.com",
    }
    asked: Asked = ("iam:ListServiceSpecificCredentials", {}, {"ServiceSpecificCredentials": [told]})
    found = _only(ServiceSpecificCredential, _normal("iam", [DETAILS, asked]))
    assert found.arn == f"{USER}#service-specific-credential/ACCA0000000000000001"
    assert found.expiration == Absent()


KEY = "arn:aws:kms:eu-west-1:111122223333:key/k"


def _kms(rotations: Any = None, grants: Any = None) -> list[Asked]:
    metadata = {
        "KeyId": "k",
        "KeyManager": "CUSTOMER",
        "KeySpec": "SYMMETRIC_DEFAULT",
        "Origin": "EXTERNAL",
        "KeyState": "Enabled",
    }
    calls: list[Asked] = [
        ("kms:ListKeys", {}, {"Keys": [{"KeyId": "k"}]}),
        ("kms:DescribeKey", {"KeyId": "k"}, {"KeyMetadata": metadata}),
        ("kms:ListGrants", {"KeyId": "k"}, {"Grants": []} if grants is None else grants),
    ]
    return calls if rotations is None else [*calls, ("kms:ListKeyRotations", {"KeyId": "k"}, rotations)]


def test_of_imported_material_the_rotations_and_what_waits_are_told_apart() -> None:
    waiting = {"ImportState": "IMPORTED", "KeyMaterialState": "PENDING_ROTATION"}
    done = {"RotationDate": NOW, "RotationType": "ON_DEMAND", "KeyMaterialState": "CURRENT"}
    key = _only(KmsKey, _normal("kms", _kms({"Rotations": [waiting, {"KeyMaterialState": "NON_CURRENT"}, done]})))
    assert key.rotations == Present(value=(NOW,))
    assert isinstance(key.materials, Present)
    states = [each.material_state for each in key.materials.value]
    assert states == ["NON_CURRENT", "CURRENT", "PENDING_ROTATION"]


def test_rotations_that_were_denied_are_unread() -> None:
    gap = _gap("kms:ListKeyRotations", KEY)
    key = _only(KmsKey, _normal("kms", _kms(), gap))
    assert (key.rotations, key.materials) == (Unread(gap=gap), Unread(gap=gap))


def test_grants_that_say_the_same_are_one_and_no_grants_are_none() -> None:
    grant = {"GranteePrincipal": "arn:aws:iam::111122223333:role/r", "Operations": ["Encrypt", "Decrypt"]}
    grants = {"Grants": [{**grant, "GrantId": "a"}, {**grant, "GrantId": "b", "CreationDate": NOW}]}
    found: Fact[Any] = _only(KmsKey, _normal("kms", _kms(grants=grants))).grants
    assert isinstance(found, Present)
    assert [(each.operations, each.is_constrained) for each in found.value] == [(("Decrypt", "Encrypt"), False)]
    assert _only(KmsKey, _normal("kms", _kms())).grants == Present(value=())


def test_a_grant_without_a_grantee_is_not_understood() -> None:
    body = json.dumps({"Grants": [{"GrantId": "a", "Operations": ["Decrypt"]}]}).encode()
    assert isinstance(_only(KmsKey, _normal("kms", _kms(grants=body))).grants, Unread)


def test_a_secret_without_a_policy_and_one_whose_policy_was_denied() -> None:
    arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:s-abcdef"
    listed: Asked = ("secretsmanager:ListSecrets", {}, {"SecretList": [{"ARN": arn, "Name": "s"}]})
    asked: Asked = ("secretsmanager:GetResourcePolicy", {"SecretId": arn}, {"ARN": arn, "Name": "s"})
    assert _only(Secret, _normal("secretsmanager", [listed, asked])).policy == Absent()
    gap = _gap("secretsmanager:GetResourcePolicy", arn)
    assert _only(Secret, _normal("secretsmanager", [listed], gap)).policy == Unread(gap=gap)


def test_a_secret_marked_for_deletion_is_asked_for_nothing_more() -> None:
    arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:s-abcdef"
    entry = {"ARN": arn, "Name": "s", "DeletedDate": NOW}
    secret = _only(Secret, _normal("secretsmanager", [("secretsmanager:ListSecrets", {}, {"SecretList": [entry]})]))
    assert secret.deleted == Present(value=NOW)
    assert isinstance(secret.policy, NotApplicable)
    assert isinstance(secret.current_version_created, NotApplicable)
