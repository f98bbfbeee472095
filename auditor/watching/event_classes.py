"""The changes that somebody must hear of, each class with the API calls that stand for it, as CloudTrail records them.

Event names and their sources are CloudTrail's, from its documentation; HTTP and WebSocket APIs record under the same source
as REST APIs (not confirmed on a live account).
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import JsonValue

from auditor.watching.event_patterns import OPEN, matches
from auditor.watching.verdicts import Verdict


class Where(StrEnum):
    """Which APIs or things an API call is about: where none of them exists, nobody makes it."""

    REST_API = "REST API"
    API = "HTTP or WebSocket API"
    ANY_API = "API"
    DOMAIN = "domain name"
    IAM = "IAM"
    KEY = "KMS key"
    TRAIL = "trail"


@dataclass(frozen=True)
class EventClass:
    """Changes of one sort."""

    name: str
    title: str
    source: str
    """CloudTrail's eventSource without `.amazonaws.com`."""
    events: tuple[tuple[str, Where], ...]
    """eventName, and what must exist for it to happen."""


CLASSES: tuple[EventClass, ...] = (
    EventClass(
        "authorizers",
        "changes to authorizers",
        "apigateway",
        (("UpdateAuthorizer", Where.ANY_API), ("DeleteAuthorizer", Where.ANY_API)),
    ),
    EventClass(
        "methods",
        "changes to methods and routes",
        "apigateway",
        (
            ("PutMethod", Where.REST_API),
            ("UpdateMethod", Where.REST_API),
            ("CreateRoute", Where.API),
            ("UpdateRoute", Where.API),
        ),
    ),
    EventClass("resource-policies", "changes to resource policies", "apigateway", (("UpdateRestApi", Where.REST_API),)),
    EventClass("domains", "changes to domain settings", "apigateway", (("UpdateDomainName", Where.DOMAIN),)),
    EventClass(
        "iam-policies",
        "changes to IAM policies",
        "iam",
        (("PutRolePolicy", Where.IAM), ("AttachRolePolicy", Where.IAM), ("CreatePolicyVersion", Where.IAM)),
    ),
    EventClass("keys", "changes to keys", "kms", (("DisableKey", Where.KEY), ("ScheduleKeyDeletion", Where.KEY))),
    EventClass(
        "trails",
        "changes to trails",
        "cloudtrail",
        (("StopLogging", Where.TRAIL), ("UpdateTrail", Where.TRAIL), ("DeleteTrail", Where.TRAIL)),
    ),
)

_GLOBAL_REGIONS = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}
_REQUESTS: Mapping[str, dict[str, JsonValue]] = {
    "UpdateRestApi": {"patchOperations": [{"op": "replace", "path": "/policy", OPEN: True}]},
}


def global_region(partition: str) -> str | None:
    """Return the region in which IAM's events arrive; None for a partition that this version does not know."""
    return _GLOBAL_REGIONS.get(partition)


@dataclass(frozen=True)
class Change:
    """One API call in one place."""

    of: EventClass
    event: str
    account: str
    region: str

    @property
    def record(self) -> dict[str, JsonValue]:
        """The call as CloudTrail records it: by a role's session, allowed, and sent from outside AWS."""
        return {
            "eventVersion": "1.10",
            "userIdentity": {"type": "AssumedRole", "accountId": self.account, OPEN: True},
            "eventTime": "2026-01-01T12:00:00Z",
            "eventSource": f"{self.of.source}.amazonaws.com",
            "eventName": self.event,
            "awsRegion": self.region,
            "sourceIPAddress": "192.0.2.10",
            "userAgent": OPEN,
            "requestParameters": {**_REQUESTS.get(self.event, {}), OPEN: True},
            "responseElements": OPEN,
            "additionalEventData": OPEN,
            "resources": OPEN,
            "requestID": OPEN,
            "eventID": OPEN,
            "readOnly": False,
            "eventType": "AwsApiCall",
            "managementEvent": True,
            "recipientAccountId": self.account,
            "eventCategory": "Management",
            "sessionCredentialFromConsole": OPEN,
            "tlsDetails": OPEN,
            "apiVersion": OPEN,
        }

    @property
    def envelope(self) -> dict[str, JsonValue]:
        """The record as EventBridge delivers it."""
        return {
            "version": "0",
            "id": OPEN,
            "detail-type": "AWS API Call via CloudTrail",
            "source": f"aws.{self.of.source}",
            "account": self.account,
            "time": "2026-01-01T12:00:00Z",
            "region": self.region,
            "resources": [],
            "detail": self.record,
        }


def rule_notices(pattern: str | None, change: Change) -> Verdict:
    """Return whether an EventBridge rule's pattern matches a change; a rule without a pattern runs on a schedule."""
    if pattern is None:
        return False
    try:
        parsed: JsonValue = json.loads(pattern)
    except ValueError:
        return None
    return matches(parsed, change.envelope)


def may_concern(pattern: Any, account: str, region: str) -> bool:
    """Return whether a rule's pattern may match any watched change in a place: then its targets matter."""
    return isinstance(pattern, str) and any(rule_notices(pattern, each) is not False for each in _all(account, region))


def _all(account: str, region: str) -> Iterator[Change]:
    return (Change(each, event, account, region) for each in CLASSES for event, _ in each.events)
