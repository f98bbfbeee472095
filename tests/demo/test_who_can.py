"""tests/demo/who-can.yaml against the evaluator: who may call the signed routes of the sample company."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from auditor.access.principals import Principals, context_at
from auditor.access.who_can import ANYONE, WhoCan
from auditor.config import Flags, load
from auditor.dataflow.gates import gates
from auditor.model.access import Access, RouteAccess
from auditor.model.gateway import Api, DeployedRoute, RestApi
from auditor.pipeline.judging import load_bare_estate, load_catalog, open_store, resolve
from tests.conftest import DemoRun

_EXPECTED: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "who-can.yaml").read_text())
_PARTNERS = "444455556666"
Key = tuple[str, str]


@pytest.fixture(scope="module")
def found(demo_run: DemoRun) -> Mapping[Key, RouteAccess]:
    config = load(Flags(config=demo_run.config, store=str(demo_run.store)))
    store = open_store(config)
    estate = load_bare_estate(store, resolve(store, "latest"), load_catalog(config))
    apis = {each.arn: each.name for each in (*estate.of(RestApi), *estate.of(Api))}
    names = {each.arn: (apis[each.api_arn], each.route_key) for each in estate.of(DeployedRoute)}
    who = WhoCan(gates(estate), Principals(estate), context_at(estate))
    return {names[each.route]: each for each in who.routes(who.gates, with_denied=True) if "#canary/" not in each.route}


def _name(access: Access) -> str:
    name = access.principal.rpartition("/")[2]
    return f"partners/{name}" if access.principal.split(":")[4:5] == [_PARTNERS] else name


def _flat(names: list[Any]) -> set[str]:
    return {name for each in names for name in (each if isinstance(each, list) else [each])}


@pytest.mark.parametrize("case", _EXPECTED["routes"], ids=lambda case: f"{case['api']}: {case['route']}")
def test_those_who_may_call_a_signed_route_and_nobody_else(found: Mapping[Key, RouteAccess], case: Any) -> None:
    route = found[case["api"], case["route"]]
    by_decision: dict[str, set[str]] = {}
    for each in route.callers:
        if each.principal != ANYONE:
            by_decision.setdefault(each.decision, set()).add(_name(each))
    assert by_decision.pop("allowed", set()) == _flat(case["allowed"])
    assert by_decision.pop("conditional", set()) == set(case.get("conditional", []))
    assert set(by_decision) == {"denied"}
    outsiders = {each.decision for each in route.callers if each.principal == ANYONE}
    assert outsiders == ({case["outsiders"]} if "outsiders" in case else set())
    for name, layer in case.get("denied", {}).items():
        (stopped,) = (each for each in route.callers if _name(each) == name)
        assert (stopped.decision, stopped.paths.value) == ("denied", "none")
        assert stopped.by[0].startswith(layer)


def test_every_signed_route_stands_in_the_file(found: Mapping[Key, RouteAccess]) -> None:
    signed = {key for key, each in found.items() if each.authorization_type == "AWS_IAM"}
    assert signed == {(each["api"], each["route"]) for each in _EXPECTED["routes"]}


@pytest.mark.parametrize("member", ["open_to_anyone", "not_open"])
def test_routes_that_anyone_may_call_and_routes_that_look_so(found: Mapping[Key, RouteAccess], member: str) -> None:
    for each in _EXPECTED[member]:
        assert found[each["api"], each["route"]].open_to_anyone is (member == "open_to_anyone"), each


def test_a_condition_of_either_account_is_told(found: Mapping[Key, RouteAccess]) -> None:
    (anyone,) = (each for each in found["partner-portal", "POST /claims"].callers if each.principal == ANYONE)
    assert any("aws:sourceip" in each for each in anyone.conditions)
    assert any("outside the snapshot" in each for each in anyone.conditions)


def test_people_stand_behind_the_roles_of_identity_center(found: Mapping[Key, RouteAccess]) -> None:
    callers = found["ledger", "GET /entries"].callers
    (administrator,) = (each for each in callers if "AWSReservedSSO_Administrator" in each.principal)
    assert "tor.lindqvist@halvorsen.example" in administrator.people
    assert any(each.startswith("group Platform: ") for each in administrator.people)
