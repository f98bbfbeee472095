"""iam:ListAccessKeys, GetAccessKeyLastUsed, MFA devices, server certificates and service-specific credentials."""

from collections.abc import Mapping
from typing import Any

from auditor.model.credentials import MfaDevice, ServerCertificate, ServiceSpecificCredential
from auditor.model.fact import Absent, Fact, NotApplicable, Present
from auditor.model.iam import AccessKey
from auditor.model.resource import Listing
from auditor.model.snapshot import Gap
from auditor.normalize.facts import Members, moment, text
from auditor.normalize.interface import ListCall, Normalizer
from auditor.normalize.reading import Found, Reading
from auditor.normalize.services.credential_report import CredentialReport, credential_report

_USERS = "iam:GetAccountAuthorizationDetails"
_KEYS = "iam:ListAccessKeys"
_LAST_USED = "iam:GetAccessKeyLastUsed"
_REPORT = "iam:GetCredentialReport"
_VIRTUAL = "iam:ListVirtualMFADevices"
_DEVICES = "iam:ListMFADevices"
_CERTIFICATES = "iam:ListServerCertificates"
_SERVICE_CREDENTIALS = "iam:ListServiceSpecificCredentials"
_NO_TAGS = NotApplicable(why="carries no tags")
_NOT_ACTIVE = NotApplicable(why="a key that is not active is not asked about")
_NO_USE = frozenset({"N/A", ""})


def normalize(read: Reading) -> None:
    """Add every credential of the account's users."""
    report = credential_report(read)
    users = list(read.records(_USERS, "UserDetailList"))
    active = sum(_access_keys(read, found, report) for found in users)
    _key_count(read, report, active)
    _devices(read, users)
    for found in read.records(_CERTIFICATES, "ServerCertificateMetadataList"):
        _certificate(read, found)
    for found in read.records(_SERVICE_CREDENTIALS, "ServiceSpecificCredentials"):
        _service_credential(read, found, users)


def _place(read: Reading, arn: str, name: str) -> dict[str, Any]:
    return {"account": read.key.account, "region": read.key.region, "arn": arn, "name": name, "tags": _NO_TAGS}


def _access_keys(read: Reading, user: Found, report: CredentialReport) -> int:
    """Add the keys of one user and their listing; return how many are active."""
    user_arn, user_name = str(user.record.get("Arn", "")), str(user.record.get("UserName", ""))
    found = list(read.records(_KEYS, "AccessKeyMetadata", UserName=user_name))
    for each in found:
        _access_key(read, each, user_arn, user_name, report)
    _below(read, _KEYS, "AccessKey", (user_arn, user_name), len(found))
    return sum(each.record.get("Status") == "Active" for each in found)


def _access_key(read: Reading, found: Found, user_arn: str, user_name: str, report: CredentialReport) -> None:
    key_id = str(found.record.get("AccessKeyId", ""))
    arn = f"{user_arn}#{key_id}"
    about = Members(read, _KEYS, arn, found.record)
    asked = read.reads(_LAST_USED, AccessKeyId=key_id)
    use = asked[0].body.get("AccessKeyLastUsed") if asked else None
    key = AccessKey(
        **_place(read, arn, f"{user_name} {key_id}"),
        key_id=key_id,
        user_arn=user_arn,
        status=about.text("Status"),
        created=about.moment("CreateDate"),
        last_used_read=_is_read(read, arn, found.record.get("Status") == "Active", asked[0].body if asked else None),
    )
    told = use if isinstance(use, Mapping) else {}
    volatile = {name: value for name, value in told.items() if isinstance(value, str) and value not in _NO_USE}
    read.add(key, [*found.pages, *report.pages, *read.pages_of(_LAST_USED, AccessKeyId=key_id)], volatile)


def _is_read(read: Reading, arn: str, active: bool, body: Mapping[str, Any] | None) -> Fact[bool]:  # noqa: FBT001 - a fact
    """Return whether a key's last use was read, be it only that there was none."""
    if not active:
        return _NOT_ACTIVE
    return Members(read, _LAST_USED, arn, body, read.gap(_LAST_USED, arn)).take("AccessKeyLastUsed", _is_last_use)


def _is_last_use(value: Any) -> bool:
    date = value.get("LastUsedDate")
    # AWS leaves the date out where there is none; the API reference also knows "N/A".
    if date is not None and date not in _NO_USE:
        moment(date)
    return True


def _below(read: Reading, operation: str, kind: str, user: tuple[str, str], count: int) -> None:
    """Add the listing of a user's items: the user's ARN may have a path, which the call does not know."""
    arn, name = user
    gap = read.gap(operation, arn)
    listing = _listing(read, operation, kind, gap)
    pages = read.pages_of(operation, UserName=name)
    read.listings.append(listing.model_copy(update={"parent": arn, "count": count, "pages": pages}))


def _listing(read: Reading, operation: str, kind: str, gap: Gap | None) -> Listing:
    return Listing(
        kind=kind,
        account=read.key.account,
        region=read.key.region,
        parent=None,
        operation=operation,
        count=0,
        complete=gap is None,
        pages=(),
    )


def _key_count(read: Reading, report: CredentialReport, active: int) -> None:
    """Add the account's list of active access keys with the credential report as second count."""
    gaps = [gap for gap in read.gaps if gap.operation in {_KEYS, _USERS}]
    listing = _listing(read, _KEYS, "ActiveAccessKey", gaps[0] if gaps else None)
    read.listings.append(
        listing.model_copy(
            update={
                "count": active,
                "pages": read.pages_of(_KEYS),
                "second_count": report.active_keys,
                "second_source": _REPORT if report.gap is None else None,
                "second_as_of": report.generated,
            }
        )
    )


def _devices(read: Reading, users: list[Found]) -> None:
    """Add each device once: a virtual one of a user with a console password stands in both lists."""
    virtual = {str(each.record.get("SerialNumber", "")): each for each in read.records(_VIRTUAL, "VirtualMFADevices")}
    for serial, found in virtual.items():
        about = Members(read, _VIRTUAL, serial, found.record)
        _device(read, about, about.inner("User").text("Arn"), is_virtual=True, pages=found.pages)
    for user in users:
        arn, name = str(user.record.get("Arn", "")), str(user.record.get("UserName", ""))
        own = list(read.records(_DEVICES, "MFADevices", UserName=name))
        if own or read.reads(_DEVICES, UserName=name) or read.gap(_DEVICES, arn) is not None:
            _below(read, _DEVICES, "MfaDevice", (arn, name), len(own))
        for each in own:
            serial = str(each.record.get("SerialNumber", ""))
            if serial not in virtual:
                whole = serial if serial.startswith("arn:") else f"{arn}#mfa/{serial}"
                about = Members(read, _DEVICES, whole, each.record)
                _device(read, about, Present(value=arn), is_virtual=":mfa/" in serial, pages=each.pages)


def _device(read: Reading, about: Members, user: Fact[str], *, is_virtual: bool, pages: tuple[str, ...]) -> None:
    serial = str(about.record.get("SerialNumber", ""))
    device = MfaDevice(
        **_place(read, about.resource, serial),
        serial=serial,
        user_arn=user,
        is_virtual=is_virtual,
        enabled=about.moment("EnableDate"),
    )
    read.add(device, pages)


def _certificate(read: Reading, found: Found) -> None:
    arn = str(found.record.get("Arn", ""))
    about = Members(read, _CERTIFICATES, arn, found.record)
    certificate = ServerCertificate(
        **_place(read, arn, str(found.record.get("ServerCertificateName", arn))),
        path=about.text("Path"),
        uploaded=about.moment("UploadDate"),
        expiration=about.moment("Expiration"),
    )
    read.add(certificate, found.pages)


def _service_credential(read: Reading, found: Found, users: list[Found]) -> None:
    name, key = str(found.record.get("UserName", "")), str(found.record.get("ServiceSpecificCredentialId", ""))
    known = (str(each.record.get("Arn", "")) for each in users if each.record.get("UserName") == name)
    owner = next(known, f"arn:{read.partition}:iam::{read.key.account}:user/{name}")
    arn = f"{owner}#service-specific-credential/{key}"
    about = Members(read, _SERVICE_CREDENTIALS, arn, found.record)
    credential = ServiceSpecificCredential(
        **_place(read, arn, f"{name} {key}"),
        user_name=name,
        service=about.take("ServiceName", text),
        status=about.text("Status"),
        created=about.moment("CreateDate"),
        expiration=_if_set(about),
    )
    read.add(credential, found.pages)


def _if_set(about: Members) -> Fact[Any]:
    """Return when a credential expires; an empty element is a credential that never does."""
    is_empty = isinstance(about.record, Mapping) and about.record.get("ExpirationDate") == ""
    return Absent() if is_empty else about.moment("ExpirationDate")


NORMALIZER = Normalizer(
    "iam",
    normalize,
    # iam:ListAccessKeys and ListMFADevices are told by their own function: the parent's ARN has a path that the call does not.
    lists=(
        ListCall(_VIRTUAL, "MfaDevice", "VirtualMFADevices"),
        ListCall(_CERTIFICATES, "ServerCertificate", "ServerCertificateMetadataList"),
        ListCall(_SERVICE_CREDENTIALS, "ServiceSpecificCredential", "ServiceSpecificCredentials"),
    ),
)
