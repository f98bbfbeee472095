"""What the back end is told, by who asks and where the call goes."""

from typing import Any

import pytest

from auditor.dataflow.propagation.carried import after_authorizer, at_backend, before_authorizer, told_to_backend
from auditor.model.flow import ToldToBackend, Who, WhoKind
from auditor.model.identity import AuthenticatedBy, ClientHeaders, Lane, Origin
from tests.passages import CALLERS_OWN, HIDDEN, change, integration, passage, told_by

_EVERY = "client.all"
_TENANT = told_by("header x-tenant", "authorizer.claims.tenant")
_TOKEN_MAPPED = change("COPY", "header token", "client.header Authorization")
_ALL_THREE = {"actor": "VERIFIED", "tenant": "VERIFIED", "token": "VERIFIED"}


def _lanes(given: Any) -> dict[str, str]:
    state = at_backend(given)
    assert state is not None
    return {each.lane.value: each.origin.value for each in state.facts}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (passage("JWT", "LAMBDA_PROXY"), "verified"),
        (passage("IAM", "LAMBDA_PROXY", protocol="REST"), "verified"),
        (passage("LAMBDA", "LAMBDA_PROXY", transforms=HIDDEN), "verified"),
        (passage("NONE", "LAMBDA_PROXY"), "nothing"),
        (passage("NONE", "LAMBDA_PROXY", mutual_tls=True), "verified"),
        (passage("API_KEY_ONLY", "LAMBDA_PROXY", protocol="REST"), "nothing"),
        (passage("JWT", "HTTP_PROXY"), "nothing"),
        (passage("JWT", "HTTP_PROXY", told_by()), "verified"),
        (passage("JWT", "HTTP_PROXY", told_by("query who")), "verified"),
        (passage("JWT", "HTTP_PROXY", change("APPEND", "header x-user-id", "identity authorizer.claims.sub")), "client-claimed"),
        (passage("JWT", "HTTP_PROXY", change("COPY", "header x-user-id", "client.header x-me")), "client-claimed"),
        (passage("NONE", "HTTP_PROXY", change("COPY", "header x-user-id", "client.query me")), "client-claimed"),
        (passage("JWT", "HTTP_PROXY", change("COPY", "header x-colour", "client.query me")), "nothing"),
        (passage("JWT", "HTTP_PROXY", told_by(), change("REMOVE", "header x-user-id")), "nothing"),
        (passage("COGNITO", "HTTP", protocol="REST"), "nothing"),
        (passage("COGNITO", "HTTP", change("TEMPLATE", "body", "identity authorizer.claims.sub"), protocol="REST"), "verified"),
        (passage("COGNITO", "HTTP", change("TEMPLATE", "body", "client.body $"), protocol="REST"), "nothing"),
        (passage("COGNITO", "HTTP", change("TEMPLATE", "body", "identity authorizer.claims.sub", _EVERY), protocol="REST"), "verified"),
        (passage("COGNITO", "HTTP", change("NOT_UNDERSTOOD", "body"), protocol="REST"), "unknown"),
        (passage("COGNITO", "HTTP", told_by(origin=Origin.UNKNOWN), protocol="REST"), "unknown"),
        (passage("IAM", None, integration=integration("AWS_SERVICE", credentials=CALLERS_OWN), protocol="REST"), "verified"),
        (passage("IAM", "AWS_SERVICE", protocol="REST"), "nothing"),
        (passage("JWT", None, integration=integration("AWS_SERVICE", credentials=CALLERS_OWN), protocol="REST"), "nothing"),
        (passage("JWT", "AWS_SUBTYPE"), "nothing"),
        (passage("JWT", "AWS_SUBTYPE", change("SERVICE_CALL", "MessageBody", "identity authorizer.claims.sub")), "verified"),
        (passage("JWT", "MOCK", protocol="REST"), "nothing"),
        (passage("JWT", None), "nothing"),
        (passage("JWT", "UNKNOWN"), "unknown"),
        (passage("JWT", None, integration=HIDDEN), "unknown"),
        (passage("JWT", "HTTP_PROXY", transforms=HIDDEN), "unknown"),
        (passage("UNKNOWN", "HTTP_PROXY", told_by()), "unknown"),
    ],
)  # fmt: skip
def test_what_the_back_end_is_told(given: Any, told: str) -> None:
    assert told_to_backend(given) == ToldToBackend(told)


@pytest.mark.parametrize(
    ("given", "lanes"),
    [
        (passage("JWT", "HTTP_PROXY"), {"actor": "LOST", "token": "VERIFIED"}),
        (passage("IAM", "HTTP_PROXY", protocol="REST"), {"actor": "LOST", "tenant": "LOST", "token": "LOST"}),
        (passage("COGNITO", "HTTP_PROXY", change("REMOVE", "header authorization"), protocol="REST"), {"actor": "LOST", "token": "LOST"}),
        (passage("JWT", "HTTP_PROXY", change("REMOVE", "header authorization")), {"actor": "LOST", "token": "VERIFIED"}),
        (passage("COGNITO", "HTTP", _TOKEN_MAPPED, protocol="REST"), {"actor": "LOST", "token": "VERIFIED"}),
        (passage("COGNITO", "HTTP", protocol="REST"), {"actor": "LOST", "token": "LOST"}),
        (passage("COGNITO", "MOCK", protocol="REST"), {"actor": "LOST", "token": "LOST"}),
        (passage("JWT", "HTTP_PROXY", told_by(), _TENANT), _ALL_THREE),
        (passage("LAMBDA", "LAMBDA_PROXY", key="say", protocol="WEBSOCKET"), {"actor": "VERIFIED"}),
    ],
)  # fmt: skip
def test_what_survives_by_lane(given: Any, lanes: dict[str, str]) -> None:
    assert _lanes(given) == lanes


def test_before_anybody_asks_there_is_only_the_clients_word() -> None:
    state = before_authorizer(passage("JWT"))
    assert (state.authenticated_by, [each.origin for each in state.facts]) == (AuthenticatedBy.NONE, [Origin.CLIENT])
    assert before_authorizer(passage("NONE")).facts == ()


def test_scopes_are_a_fact_where_the_route_asks_for_them() -> None:
    asks = Who(kind=WhoKind.JWT, label="JWT", scopes=("orders/read",))
    state = after_authorizer(passage("JWT", who=asks))
    assert state is not None
    assert [each.lane for each in state.facts] == [Lane.ACTOR, Lane.TENANT, Lane.TOKEN]


@pytest.mark.parametrize(
    ("given", "headers", "named"),
    [
        (passage("JWT", "HTTP_PROXY"), ClientHeaders.PASS_ALL, ()),
        (passage("JWT", "HTTP", protocol="REST"), ClientHeaders.NONE, ()),
        (passage("JWT", "HTTP", change("COPY", "header a", "client.header X-B"), protocol="REST"), ClientHeaders.NAMED, ("x-b",)),
        (passage("JWT", "HTTP", change("TEMPLATE", "body", "client.all"), protocol="REST"), ClientHeaders.PASS_ALL, ()),
        (passage("JWT", "HTTP", change("NOT_UNDERSTOOD", "body"), protocol="REST"), ClientHeaders.UNKNOWN, ()),
        (passage("LAMBDA", "HTTP_PROXY", key="say", protocol="WEBSOCKET"), ClientHeaders.NONE, ()),
        (passage("JWT", "MOCK", protocol="REST"), ClientHeaders.NONE, ()),
    ],
)  # fmt: skip
def test_which_client_headers_reach_the_back_end(given: Any, headers: ClientHeaders, named: tuple[str, ...]) -> None:
    state = at_backend(given)
    assert state is not None
    assert (state.client_headers, state.named_headers) == (headers, named)
