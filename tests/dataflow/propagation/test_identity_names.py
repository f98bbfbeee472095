"""Which headers speak of who calls."""

import pytest

from auditor.dataflow.propagation.identity_names import is_identity_like, is_token_like, looks_like_identity


@pytest.mark.parametrize(
    "header",
    ["x-user-id", "X-User-Id", "userid", "x-tenant", "x-org-name", "X-Principal", "x-role", "x-groups", "x-forwarded-user",
     "x-amzn-oidc-identity", "x-auth", "x-client-arn", "actor", "x-customer-email"],
)  # fmt: skip
def test_names_that_say_who_calls(header: str) -> None:
    assert is_identity_like(header)


@pytest.mark.parametrize(
    "header",
    [
        "user-agent",
        "X-Amz-User-Agent",
        "authorization",
        "x-colour",
        "content-type",
        "x-request-id",
        "x-forwarded-for",
        "x-user-id-hint",
    ],
)
def test_names_that_do_not(header: str) -> None:
    assert not is_identity_like(header)


def test_only_headers_are_judged_by_their_name() -> None:
    assert looks_like_identity("header x-user-id")
    assert not looks_like_identity("query user")


@pytest.mark.parametrize(
    ("header", "is_one"), [("Cookie", True), ("x-auth-token", True), ("X-Api-Key", True), ("x-user", False)]
)
def test_names_of_tokens(header: str, is_one: bool) -> None:  # noqa: FBT001 - a table
    assert is_token_like(header) is is_one
