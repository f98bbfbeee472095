"""The classes of integrations, and what each lets through by itself."""

import pytest

from auditor.dataflow.propagation.forwarding import Goes, forwarding
from auditor.dataflow.propagation.integration_class import IntegrationClass, class_of
from auditor.model.gateway import Protocol
from tests.passages import FUNCTION_URI, integration

_BY_VARIABLE = FUNCTION_URI.replace("orders", "${stageVariables.orders}")


@pytest.mark.parametrize(
    "kind", ["LAMBDA_PROXY", "LAMBDA", "HTTP_PROXY", "HTTP", "PRIVATE_PROXY", "PRIVATE", "AWS_SERVICE", "AWS_SUBTYPE", "MOCK"]
)  # fmt: skip
def test_each_class_is_told_from_the_integration(kind: str) -> None:
    assert class_of(integration(kind)) == IntegrationClass(kind)


@pytest.mark.parametrize(
    ("members", "kind"),
    [
        ({"type": "AWS_PROXY", "uri": _BY_VARIABLE}, "LAMBDA_PROXY"),
        ({"type": "AWS_PROXY", "uri": None}, "UNKNOWN"),
        ({"type": "AWS", "uri": None}, "UNKNOWN"),
        ({"type": "HTTP_PROXY", "connection_type": "INTERNET"}, "HTTP_PROXY"),
        ({"type": "HTTP_PROXY", "connection_type": "TUNNEL"}, "UNKNOWN"),
        ({"type": "QUANTUM"}, "UNKNOWN"),
    ],
)
def test_what_is_not_told_or_not_known_decides_nothing(members: dict[str, str], kind: str) -> None:
    assert class_of(integration("HTTP_PROXY", **members)) == IntegrationClass(kind)


def test_every_class_has_a_row_for_every_protocol_and_says_where_it_is_written() -> None:
    rows = [forwarding(kind, protocol) for kind in IntegrationClass for protocol in Protocol]
    assert all(row.source for row in rows)


@pytest.mark.parametrize(
    ("kind", "protocol", "identity", "headers", "token"),
    [
        ("LAMBDA_PROXY", "REST", "always", "always", "always"),
        ("HTTP_PROXY", "REST", "if mapped", "unless replaced", "unless replaced"),
        ("HTTP_PROXY", "HTTP", "if mapped", "unless replaced", "always"),
        ("HTTP", "REST", "if mapped", "if mapped", "if mapped"),
        ("AWS_SUBTYPE", "HTTP", "if mapped", "if mapped", "never"),
        ("MOCK", "REST", "never", "never", "never"),
        ("UNKNOWN", "REST", "unknown", "unknown", "unknown"),
    ],
)
def test_what_goes_on_by_itself(kind: str, protocol: str, identity: str, headers: str, token: str) -> None:
    row = forwarding(IntegrationClass(kind), Protocol(protocol))
    assert (row.identity, row.client_headers, row.token) == (Goes(identity), Goes(headers), Goes(token))
