"""What counts as everything, and whom a trust policy names."""

import json
from typing import Any

import pytest

from auditor.access.everything import Breadth, breadth
from auditor.access.trust import trusted


def _allow(**members: Any) -> str:
    return json.dumps({"Statement": [{"Effect": "Allow", **members}]})


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"Action": "*", "Resource": "*"}, Breadth.FULL),
        ({"Action": "**", "Resource": ["arn:aws:s3:::b", "arn:aws:*"]}, Breadth.FULL),
        ({"Action": "*", "Resource": "arn:aws-cn:*"}, Breadth.LESS),
        ({"Action": "?*:*", "Resource": "*"}, Breadth.FULL),
        ({"Action": "iam:*", "Resource": "*"}, Breadth.LESS),
        ({"NotAction": ["iam:*", "organizations:*"], "Resource": "*"}, Breadth.FULL),
        ({"NotAction": ["*"], "Resource": "*"}, Breadth.LESS),
        ({"NotAction": "iam:*", "Resource": "arn:aws:s3:::b/*"}, Breadth.LESS),
        ({"NotAction": "iam:*", "NotResource": "arn:aws:s3:::b"}, Breadth.FULL),
        ({"Action": "*", "NotResource": "*"}, Breadth.LESS),
        ({"Action": "*"}, Breadth.UNKNOWN),
        (
            {"Action": "*", "Resource": "*", "Condition": {"StringEquals": {"aws:PrincipalTag/a": "b"}}},
            Breadth.CONDITIONAL,
        ),
        ({"Action": "*", "Resource": "*", "Condition": {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}}, Breadth.FULL),
    ],
)
def test_breadth_of_an_allow(members: dict[str, Any], expected: Breadth) -> None:
    assert breadth(_allow(**members), "aws", "111122223333").breadth is expected


@pytest.mark.parametrize("document", ["", "[]", '{"Statement": []}', "nonsense"])
def test_what_is_no_policy_decides_nothing(document: str) -> None:
    assert breadth(document, "aws", "111122223333").breadth is Breadth.UNKNOWN


def test_a_trust_policy_in_words() -> None:
    statements = [
        {
            "Effect": "Allow",
            "Principal": {"AWS": ["111122223333", "arn:aws:iam::111122223333:role/r"]},
            "Action": "sts:AssumeRole",
        },
        {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"},
        {
            "Effect": "Allow",
            "Principal": {"Federated": "arn:p"},
            "Action": "sts:AssumeRoleWithSAML",
            "Condition": {"StringEquals": {"SAML:aud": "x"}},
        },
        {"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole"},
    ]
    assert trusted(json.dumps({"Statement": statements})) == (
        "account 111122223333",
        "arn:aws:iam::111122223333:role/r",
        "service ec2.amazonaws.com",
        "users of arn:p (if saml:aud)",
    )
    assert "not understood" in trusted("nonsense")[0]
