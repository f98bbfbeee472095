"""A resource pattern that nobody could walk decides nothing."""

import json

from auditor.checks.iam.grants import granted
from auditor.checks.iam.invoke_scope import scope


def test_a_hostile_pattern_is_trouble() -> None:
    statement = {
        "Effect": "Allow",
        "Action": "execute-api:Invoke",
        "Resource": f"arn:aws:execute-api:{'*a' * 3000}*b",
    }
    found = granted({"inline policy call": json.dumps({"Statement": statement})})
    assert "too long-winded" in scope(found.grants[0], "aws").trouble
