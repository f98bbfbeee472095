import json
from typing import Any

import pytest

from auditor.access.atoms import grants, is_covered

ACCOUNT = "111122223333"


def written(*statements: dict[str, Any]) -> str:
    return json.dumps({"Statement": [{"Effect": "Allow", "Resource": "*"} | each for each in statements]})


def test_splitting_and_merging_statements_gives_equal_grants() -> None:
    merged = written({"Action": ["s3:GetObject", "s3:PutObject"]})
    assert grants(merged) == grants(written({"Action": "s3:putobject"}, {"Action": "S3:GetObject", "Sid": "x"}))


def test_resources_and_values_keep_their_case() -> None:
    assert grants(written({"Action": "s3:*", "Resource": "a"})) != grants(written({"Action": "s3:*", "Resource": "A"}))


def test_a_grant_reads_as_a_sentence() -> None:
    text = written(
        {
            "Action": "sts:AssumeRole",
            "Principal": {"AWS": ACCOUNT},
            "Condition": {"Bool": {"aws:MultiFactorAuthPresent": True}},
        }
    )
    (grant,) = grants(text)
    assert grant.text == f'Allow {ACCOUNT} sts:AssumeRole on * if aws:multifactorauthpresent bool ["true"]'


@pytest.mark.parametrize("member", ["NotAction", "NotResource", "NotPrincipal"])
def test_negated_statements_are_kept_whole(member: str) -> None:
    statement: dict[str, Any] = {"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Principal": "*"}
    statement.pop(member.removeprefix("Not"))
    statement[member] = {"AWS": ACCOUNT} if member == "NotPrincipal" else "x:y"
    (grant,) = grants(json.dumps({"Statement": statement}))
    assert member in grant.whole


def test_a_wider_grant_covers_a_narrower_one_and_not_the_reverse() -> None:
    wide, narrow = grants(written({"Action": "s3:*"})), grants(written({"Action": "s3:GetObject", "Resource": "b/*"}))
    assert all(is_covered(each, wide) for each in narrow)
    assert not any(is_covered(each, narrow) for each in wide)


def test_a_malformed_policy_is_an_error() -> None:
    with pytest.raises(ValueError, match="neither Action nor NotAction"):
        grants('{"Statement": {"Effect": "Allow"}}')
