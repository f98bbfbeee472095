"""Which route takes a path: REST and HTTP APIs choose differently."""

import pytest

from auditor.dataflow.explain.match import Match, match
from auditor.model.gateway import Protocol

KEYS = (
    "GET /orders",
    "ANY /orders",
    "GET /orders/{id}",
    "GET /orders/new",
    "ANY /{proxy+}",
    "POST /a/{proxy+}",
    "POST /{x}/b",
)


@pytest.mark.parametrize(
    ("method", "path", "key"),
    [
        ("GET", "/orders", "GET /orders"),
        ("PUT", "/orders", "ANY /orders"),
        ("GET", "/orders/new", "GET /orders/new"),
        ("GET", "/orders/7", "GET /orders/{id}"),
        ("GET", "/orders/7/lines", "ANY /{proxy+}"),
        ("GET", "/", None),
        ("GET", "/other", "ANY /{proxy+}"),
    ],
)
@pytest.mark.parametrize("protocol", [Protocol.REST, Protocol.HTTP])
def test_both_prefer_words_to_parameters_and_methods_to_any(
    protocol: Protocol, method: str, path: str, key: str | None
) -> None:
    assert match(KEYS, method, path, protocol).key == key


def test_a_full_path_stands_before_a_greedy_one_on_http_apis_alone() -> None:
    assert match(KEYS, "POST", "/a/b", Protocol.HTTP).key == "POST /{x}/b"
    assert match(KEYS, "POST", "/a/b", Protocol.REST).key == "POST /a/{proxy+}"


def test_a_slash_at_the_end_is_another_path_on_http_apis_alone() -> None:
    assert match(("GET /orders",), "GET", "/orders/", Protocol.REST) == Match("GET /orders", is_best=True)
    assert match(("GET /orders",), "GET", "/orders/", Protocol.HTTP) == Match(None)


def test_a_method_that_the_most_specific_path_lacks_is_ambiguous_on_rest_apis() -> None:
    keys = ("GET /orders", "ANY /{proxy+}")
    assert match(keys, "POST", "/orders", Protocol.REST) == Match("ANY /{proxy+}", is_ambiguous=True)
    assert match(keys, "POST", "/orders", Protocol.HTTP).key == "ANY /{proxy+}"


def test_only_a_path_of_words_with_its_own_method_is_certain_whatever_else_there_is() -> None:
    assert match(("GET /orders/{id}",), "GET", "/orders/7", Protocol.REST).is_best is False
    assert match(("ANY /orders",), "GET", "/orders", Protocol.HTTP).is_best is False
    assert match(("$default",), "GET", "/orders", Protocol.HTTP) == Match("$default")


def test_messages_go_by_their_key_then_to_the_default_but_connections_do_not() -> None:
    keys = ("$default", "job")
    assert match(keys, "job", "/", Protocol.WEBSOCKET) == Match("job", is_best=True)
    assert match(keys, "other", "/", Protocol.WEBSOCKET) == Match("$default")
    assert match(keys, "$connect", "/", Protocol.WEBSOCKET) == Match(None)
