"""Patterns of EventBridge and CloudWatch Logs against a change: noticed, not noticed, or nobody can tell."""

import json
from typing import Any

import pytest

from auditor.watching.event_classes import CLASSES, Change, may_concern, rule_notices
from auditor.watching.filter_patterns import notices
from auditor.watching.verdicts import Verdict

KEYS = next(each for each in CLASSES if each.name == "keys")
POLICIES = next(each for each in CLASSES if each.name == "resource-policies")
CHANGE = Change(KEYS, "DisableKey", "111122223333", "eu-west-1")


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ({"source": ["aws.kms"]}, True),
        ({"source": ["aws.s3"]}, False),
        ({"source": [{"prefix": "aws."}], "detail": {"eventName": ["DisableKey"]}}, True),
        ({"detail": {"eventName": [{"suffix": "Key"}]}}, True),
        ({"detail": {"eventName": [{"prefix": {"equals-ignore-case": "disable"}}]}}, True),
        ({"detail": {"eventName": [{"equals-ignore-case": "disablekey"}]}}, True),
        ({"detail": {"eventName": [{"wildcard": "Disable*"}]}}, True),
        ({"detail": {"eventName": [{"wildcard": "Enable*"}]}}, False),
        ({"detail": {"eventName": [{"anything-but": ["DisableKey"]}]}}, False),
        ({"detail": {"eventName": [{"anything-but": {"prefix": ["Get", "List"]}}]}}, True),
        ({"detail": {"errorCode": [{"exists": False}]}}, True),
        ({"detail": {"errorCode": ["AccessDenied"]}}, False),
        ({"detail": {"readOnly": [False]}}, True),
        ({"detail": {"readOnly": ["false"]}}, False),
        ({"detail": {"userIdentity": {"type": ["Root"]}}}, False),
        ({"detail": {"sourceIPAddress": [{"cidr": "192.0.2.0/24"}]}}, True),
        ({"$or": [{"source": ["aws.s3"]}, {"source": ["aws.kms"]}]}, True),
        ({"$or": [{"source": ["aws.s3"]}, {"source": ["aws.iam"]}]}, False),
        ({"detail-type": ["Scheduled Event"]}, False),
        # What the change itself says is not known: a rule for one key alone may or may not notice it.
        ({"detail": {"requestParameters": {"keyId": ["1234"]}}}, None),
        ({"source": ["aws.s3"], "detail": {"requestParameters": {"keyId": ["1234"]}}}, False),
        ({"source": [{"sounds-like": "kms"}]}, None),
        ({"source": "aws.kms"}, None),
        ({}, None),
    ],
)
def test_an_event_pattern(pattern: Any, expected: Verdict) -> None:
    assert rule_notices(json.dumps(pattern), CHANGE) is expected


def test_a_rule_on_a_schedule_notices_nothing_and_a_broken_pattern_decides_nothing() -> None:
    assert rule_notices(None, CHANGE) is False
    assert rule_notices("{", CHANGE) is None


def test_targets_are_asked_for_wherever_a_pattern_may_match() -> None:
    assert may_concern('{"source": ["aws.iam"]}', "111122223333", "us-east-1")
    assert may_concern("{", "111122223333", "us-east-1")
    assert not may_concern('{"source": ["aws.ec2"]}', "111122223333", "us-east-1")
    assert not may_concern(None, "111122223333", "us-east-1")


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("", True),
        ("{ $.eventName = DisableKey }", True),
        ('{ $.eventName = "DisableKey" }', True),
        ("{$.eventName=DisableKey}", True),
        ("{ $.eventName = Enable* }", False),
        ("{ $.eventName = *Key }", True),
        # The form that the CIS benchmark gives for keys.
        (
            "{($.eventSource = kms.amazonaws.com) && (($.eventName=DisableKey)||($.eventName=ScheduleKeyDeletion)) }",
            True,
        ),
        ("{ $.eventSource = iam.amazonaws.com || $.eventName = DisableKey && $.readOnly IS FALSE }", True),
        ("{ $.eventName != DisableKey }", False),
        ("{ $.errorCode = AccessDenied }", False),
        ("{ $.errorCode NOT EXISTS }", True),
        ("{ $.errorCode EXISTS }", False),
        ("{ $.errorCode != AccessDenied }", None),
        ("{ $.readOnly IS TRUE }", False),
        ("{ $.userIdentity.type = Root }", False),
        ("{ $.userIdentity.arn = *admin* }", None),
        ("{ $.requestParameters.keyId = 1234 }", None),
        ("{ ($.eventSource = s3.amazonaws.com) && ($.requestParameters.keyId = 1234) }", False),
        ("{ $.eventName = %Disable.*% }", None),
        ("{ $.eventName = DisableKey", None),
        ("{ ($.eventName = DisableKey }", None),
        ("{ eventName = DisableKey }", None),
        ("DisableKey", True),
        ('"DisableKey" "kms.amazonaws.com"', True),
        ("ScheduleKeyDeletion", False),
        ("?DisableKey ?ScheduleKeyDeletion", True),
        ("DisableKey -DisableKey", False),
        ("[ip, user, request]", None),
        ("%Disable%", None),
    ],
)
def test_a_filter_pattern(pattern: str, expected: Verdict) -> None:
    assert notices(pattern, CHANGE.record) is expected


def test_a_change_of_a_resource_policy_says_what_it_patches() -> None:
    change = Change(POLICIES, "UpdateRestApi", "111122223333", "eu-west-1")
    pattern = {"detail": {"requestParameters": {"patchOperations": {"path": [{"prefix": "/policy"}]}}}}
    assert rule_notices(json.dumps(pattern), change) is True
    assert notices('{ $.requestParameters.patchOperations[0].path = "/policy*" }', change.record) is True
