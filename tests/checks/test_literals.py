"""Texts of a configuration that look like a secret, and those that do not."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.checks.literals import Literal, literals_of
from auditor.model.route_parts import Integration

WORDS = [
    "application/vnd.halvorsen.orders-and-more",
    "text/html; charset=utf-8",
    "f47ac10b-58cc-4372-a567-0e02b2c3d479",
    "https://orders.example.com/v1/customers/orders/2026",
    "max-age=31536000; includeSubDomains; preload",
    "Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token",
    "arn:aws:iam::111122223333:role/service-role/orders",
    "2026-09-30T22:05:12Z",
    "11111111111111111111111111",
]


@pytest.mark.parametrize("text", WORDS)
def test_what_people_write_is_not_random(text: str) -> None:
    assert not Literal("x", text).looks_random


@given(st.binary(min_size=32, max_size=32))
def test_random_bytes_look_random_unless_they_hardly_vary(value: bytes) -> None:
    written = base64.b64encode(value).decode()
    varies = len(set(written)) > 20 and any(each.isdigit() for each in written)
    assert Literal("x", f"key {written}").looks_random or not varies


def test_references_and_targets_are_left_out() -> None:
    given_ = Integration(
        type="HTTP_PROXY",
        uri="https://orders.example.com/q7Zp2Lx9Vw4Rt8Ks1Nd6Hb3",
        http_method="GET",
        connection_type=None,
        connection_id=None,
        credentials=None,
        request_parameters={
            "integration.request.header.a": "method.request.header.a",
            "overwrite:header.b": "$context.requestId",
        },
        request_templates={"application/json": '{"a": "$input.params(\'aaaaaaaaaaaaaaaaaaaaaaaaaaa1\')"}'},
    )
    assert list(literals_of(given_, ())) == []
