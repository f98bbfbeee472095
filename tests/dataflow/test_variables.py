"""Stage variables put in where their values are known, and left as written where not."""

from typing import Any

from auditor.dataflow.variables import resolved, resolved_text, used, variables_of
from auditor.model.route_parts import Integration
from tests.estates import resource


def _stage(**given: Any) -> Any:
    return resource({"kind": "Stage", "arn": "s", "protocol": "REST", **given})


STAGE = _stage(
    variable_names=["fn", "host", "password"],
    variable_values={"fn": "orders", "host": "a.example"},
    canary_variable_names=["fn", "host"],
    canary_variable_values={"fn": "orders-next"},
)


def test_a_canary_sees_its_own_and_what_it_hides_is_not_the_stages() -> None:
    assert variables_of(STAGE, canary=False) == {"fn": "orders", "host": "a.example", "password": None}
    assert variables_of(STAGE, canary=True) == {"fn": "orders-next", "host": None, "password": None}


def test_a_stage_that_was_not_read_has_no_variables() -> None:
    assert variables_of(None, canary=False) == {}
    assert variables_of(_stage(variable_names="unread", variable_values="unread"), canary=False) == {}
    assert variables_of(_stage(variable_names=["a"], variable_values="unread"), canary=False) == {"a": None}


def test_known_variables_are_put_in_everywhere_and_the_others_stay_as_written() -> None:
    given = Integration(
        type="HTTP_PROXY",
        uri="https://${stageVariables.host}/${stageVariables.password}/${stageVariables.none}",
        http_method="GET",
        connection_type="VPC_LINK",
        connection_id="${stageVariables.fn}",
        credentials="arn:aws:iam::111122223333:role/${stageVariables.fn}",
        target="${stageVariables.host}",
        server_name_to_verify="${stageVariables.host}",
        request_parameters={"overwrite:header.x": "${stageVariables.host}"},
    )
    found = resolved(given, variables_of(STAGE, canary=False))
    assert found.uri == "https://a.example/${stageVariables.password}/${stageVariables.none}"
    assert (found.connection_id, found.target, found.server_name_to_verify) == ("orders", "a.example", "a.example")
    assert found.credentials == "arn:aws:iam::111122223333:role/orders"
    assert found.request_parameters == given.request_parameters


def test_an_integration_without_variables_is_the_same_object() -> None:
    given = Integration(
        type="HTTP",
        uri="https://a.example",
        http_method=None,
        connection_type=None,
        connection_id=None,
        credentials=None,
    )
    assert resolved(given, variables_of(STAGE, canary=False)) is given
    assert resolved_text("https://a.example", {}) == "https://a.example"


def test_variables_of_a_text_are_named_once_in_order() -> None:
    assert used("${stageVariables.b}/${stageVariables.a}/${stageVariables.b}") == ("b", "a")
    assert used("none") == ()
