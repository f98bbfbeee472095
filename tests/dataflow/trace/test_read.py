"""Each row of formats.yaml, and what holds for any text."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from auditor.dataflow.trace import read
from auditor.dataflow.trace.read import foreign
from auditor.dataflow.trace.required import missing
from auditor.dataflow.trace.sensitive import Sensitivity, sensitive
from auditor.model.gateway import Protocol

_CASES = yaml.safe_load(Path(__file__).with_name("formats.yaml").read_text(encoding="utf-8"))
_PIECES = st.sampled_from(
    ["$context.", "requestId", "authorizer.", "claims", '"', "\\", "{", "}", "<", ">", ":", ",", "\x7f", "$"]
)


@pytest.mark.parametrize("case", _CASES, ids=[each["case"] for each in _CASES])
def test_each_format_is_read_as_the_table_says(case: dict[str, Any]) -> None:
    found = read(case["text"], Protocol.REST)
    assert found.is_json is case["json"]
    assert [[each.name, each.key, each.is_quoted] for each in found.variables] == case["variables"]
    expected = case.get("troubles", [])
    assert len(found.troubles) == len(expected)
    assert all(words in trouble for words, trouble in zip(expected, found.troubles, strict=True))


@given(st.one_of(st.text(), st.lists(st.one_of(_PIECES, st.text(max_size=3))).map("".join)), st.sampled_from(Protocol))
def test_no_format_ever_raises(text: str, protocol: Protocol) -> None:
    found = read(text, protocol)
    assert found.text == text
    assert len(found.variables) <= text.count("$context.")


def test_a_deep_format_is_read_as_broken() -> None:
    assert read('{"a":' * 5000 + "1" + "}" * 5000, Protocol.REST).troubles


@pytest.mark.parametrize(("size", "broken"), [(3072, False), (3073, True)])
def test_a_format_may_have_three_kilobytes(size: int, *, broken: bool) -> None:
    start = "$context.requestId "
    assert bool(read(start + "x" * (size - len(start)), Protocol.HTTP).troubles) is broken


def test_what_is_no_variable_of_context_is_named() -> None:
    log = read("$context.requestId $request.header.authorization ${stageVariables.x} $input.body", Protocol.REST)
    assert foreign(log) == ("$request.header.authorization", "${stageVariables.x", "$input.body")


@pytest.mark.parametrize(
    ("variable", "why"),
    [
        ("identity.apiKey", Sensitivity.SECRET),
        ("identity.apiKeyId", None),
        ("authorizer.token", Sensitivity.SECRET),
        ("authorizer.accessToken", Sensitivity.SECRET),
        ("authorizer.access_token", Sensitivity.SECRET),
        ("authorizer.tokenId", None),
        ("authorizer.claims.token_use", None),
        ("authorizer.authorization", Sensitivity.SECRET),
        ("authorizer.claims.email", Sensitivity.PERSONAL),
        ("authorizer.claims.email_verified", None),
        ("authorizer.claims.phone_number", Sensitivity.PERSONAL),
        ("authorizer.claims.sub", None),
        ("identity.clientCert.clientCertPem", Sensitivity.PERSONAL),
        ("identity.clientCert.subjectDN", None),
        ("requestOverride.header.Authorization", Sensitivity.SECRET),
        ("requestId", None),
    ],
)
def test_secrets_are_told_from_ids(variable: str, why: Sensitivity | None) -> None:
    assert sensitive(variable) is why


@pytest.mark.parametrize(
    ("protocol", "expected"),
    [
        (Protocol.REST, ("routeKey|resourcePath", "httpMethod", "tlsVersion")),
        (Protocol.HTTP, ("routeKey|resourcePath", "httpMethod")),
        (Protocol.WEBSOCKET, ("routeKey|resourcePath",)),
    ],
)
def test_what_a_kind_of_api_does_not_offer_is_not_missing(protocol: Protocol, expected: tuple[str, ...]) -> None:
    log = read('{"id":"$context.requestId"}', protocol)
    assert missing(log, ("requestId", "routeKey|resourcePath", "httpMethod", "tlsVersion"), protocol) == expected
