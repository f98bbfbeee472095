"""IAM: identities with their policies, access keys, the credential report, and the account summary as second count."""

import time
from functools import partial

from auditor.collect.interface import Caller, Collector, Operation, Paging, Reach

_MARKER = {"token_out": "Marker", "token_in": "Marker", "more": "IsTruncated"}

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
ACCESS_KEYS = Operation(
    service="iam",
    name="ListAccessKeys",
    action="iam:ListAccessKeys",
    resource="arn:{partition}:iam::{account}:user/{UserName}",
    required=("AccessKeyMetadata",),
    per=("User",),
    records=(("AccessKeyMetadata", "AccessKeyId"),),
    page=Paging(items="AccessKeyMetadata", **_MARKER),
)

_FILTER = ["User", "Role", "Group", "LocalManagedPolicy", "AWSManagedPolicy"]
"""With AWSManagedPolicy the answer holds AWS's own policies too, those attached to something (not confirmed on a live account)."""
_POLLS = 10
_POLL_SECONDS = 2.0


def _collect(call: Caller) -> None:
    details = call(DETAILS, Filter=_FILTER, MaxItems=1000)
    call(SUMMARY)
    _report(call)
    users = [
        (str(each["UserName"]), str(each["Arn"]))
        for each in details.items("UserDetailList")
        if {"UserName", "Arn"} <= each.keys()
    ]
    call.gather([partial(call, ACCESS_KEYS, arn, UserName=name) for name, arn in users])


def _report(call: Caller) -> None:
    """Ask for a credential report until it is there; IAM makes one at most every four hours."""
    for _ in range(_POLLS):
        answer = call(GENERATE)
        if not answer.bodies or answer.bodies[0].get("State") == "COMPLETE":
            break
        time.sleep(_POLL_SECONDS)
    call(REPORT)


COLLECTOR = Collector(
    service="iam",
    reach=Reach.GLOBAL,
    operations=(DETAILS, GENERATE, REPORT, SUMMARY, ACCESS_KEYS),
    collect=_collect,
)
