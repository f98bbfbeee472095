"""IAM: identities with their policies and credentials, the providers they come from, and the account's own settings.

A few lists for the whole account, then one call each: keys of a user, last use of an active key, MFA devices of a user with a
console password, and each identity provider.
"""

import time
from collections.abc import Iterable, Mapping
from functools import partial

from auditor.collect.interface import Answer, Caller, Collector, Reach
from auditor.collect.services.iam_operations import (
    ACCESS_KEYS,
    DETAILS,
    DEVICES,
    FEATURES,
    GENERATE,
    LAST_USED,
    NOT_ASKED_HERE,
    OIDC_PROVIDER,
    OIDC_PROVIDERS,
    OPERATIONS,
    PASSWORD_POLICY,
    REPORT,
    SAML_PROVIDER,
    SAML_PROVIDERS,
    SERVER_CERTIFICATES,
    SERVICE_CREDENTIALS,
    SUMMARY,
    VIRTUAL_DEVICES,
)
from auditor.normalize.services.credential_report import rows

_FILTER = ["User", "Role", "Group", "LocalManagedPolicy", "AWSManagedPolicy"]
"""With AWSManagedPolicy the answer holds AWS's own policies too, those attached to something (not confirmed on a live account)."""
_POLLS = 10
_POLL_SECONDS = 2.0


def _collect(call: Caller) -> None:
    details = call(DETAILS, Filter=_FILTER, MaxItems=1000)
    call(SUMMARY)
    call(PASSWORD_POLICY)
    report = _report(call)
    call(VIRTUAL_DEVICES, MaxItems=1000)
    call(SERVER_CERTIFICATES, MaxItems=1000)
    call(SERVICE_CREDENTIALS, AllUsers=True, MaxItems=1000)
    _features(call)
    _providers(call)
    users = [
        (str(each["UserName"]), str(each["Arn"]))
        for each in details.items("UserDetailList")
        if {"UserName", "Arn"} <= each.keys()
    ]
    call.gather([partial(_keys, call, name, arn) for name, arn in users])
    without = _without_password(report)
    call.gather([partial(call, DEVICES, arn, UserName=name) for name, arn in users if arn not in without])


def _report(call: Caller) -> Answer:
    """Ask for a credential report until it is there; IAM makes one at most every four hours."""
    for _ in range(_POLLS):
        answer = call(GENERATE)
        if not answer.bodies or answer.bodies[0].get("State") == "COMPLETE":
            break
        time.sleep(_POLL_SECONDS)
    return call(REPORT)


def _without_password(report: Answer) -> frozenset[str]:
    """Return the ARNs of users that the report says have no console password; who is not in it is asked about."""
    told: Iterable[Mapping[str, str]] = rows(report.bodies[0].get("Content")) if report.bodies else ()
    return frozenset(row["arn"] for row in told if row["password_enabled"] == "false")  # noqa: S105 - a flag


def _keys(call: Caller, name: str, arn: str) -> None:
    """Ask for the keys of a user, and of each active one when it was last used."""
    for each in call(ACCESS_KEYS, arn, UserName=name).items("AccessKeyMetadata"):
        key_id = str(each["AccessKeyId"])
        if each.get("Status") == "Active":
            call(LAST_USED, f"{arn}#{key_id}", AccessKeyId=key_id)


def _features(call: Caller) -> None:
    if call(FEATURES).refusal in NOT_ASKED_HERE:
        call.declare(
            "central root access (iam:ListOrganizationsFeatures) is told only to the organization's management account "
            "or its delegated administrator"
        )


def _providers(call: Caller) -> None:
    for each in call(SAML_PROVIDERS).items("SAMLProviderList"):
        call(SAML_PROVIDER, str(each["Arn"]), SAMLProviderArn=str(each["Arn"]))
    for each in call(OIDC_PROVIDERS).items("OpenIDConnectProviderList"):
        call(OIDC_PROVIDER, str(each["Arn"]), OpenIDConnectProviderArn=str(each["Arn"]))


COLLECTOR = Collector(service="iam", reach=Reach.GLOBAL, operations=OPERATIONS, collect=_collect)
