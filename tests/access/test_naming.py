"""Principals in words."""

import pytest

from auditor.access.naming import named

SSO = "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_0123456789abcdef"


@pytest.mark.parametrize(
    ("principal", "account", "words"),
    [
        ("*", "", "anyone"),
        ("arn:aws:iam::111122223333:role/path/orders", "111122223333", "role orders"),
        ("arn:aws:iam::111122223333:role/orders", "444455556666", "role orders of 111122223333"),
        ("arn:aws:iam::111122223333:user/ada", "", "user ada of 111122223333"),
        ("arn:aws:sts::111122223333:federated-user/ada", "111122223333", "user ada"),
        (SSO, "111122223333", "permission set Admin"),
        ("arn:aws:iam::111122223333:root", "", "account 111122223333"),
        ("lambda.amazonaws.com", "", "service lambda.amazonaws.com"),
        ("token of somebody", "", "token of somebody"),
    ],
)
def test_a_principal_is_named_as_people_say_it(principal: str, account: str, words: str) -> None:
    assert named(principal, account) == words
