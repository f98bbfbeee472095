"""What becomes of calls, against the tables in tests/cases/explain, which a person who answers for an API can review."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from auditor.dataflow.explain.explain import explain
from auditor.dataflow.explain.responses import PLAIN
from auditor.model.estate import Estate
from auditor.model.explanation import Decision, Explanation
from auditor.model.fact import Absent, NotApplicable, Unread
from auditor.model.gateway import Api, DomainName, RestApi
from auditor.model.resource import Resource
from tests.dataflow.explain.worlds import call_of, world_of
from tests.estates import UNSAID, gap

CASES = Path(__file__).parents[2] / "cases" / "explain"
TABLES = sorted(path for path in CASES.glob("*.yaml") if "world" in yaml.safe_load(path.read_text()))
ONLY_AT_RUN_TIME = {
    "RESOURCE_NOT_FOUND",
    "EXPIRED_TOKEN",
    "INVALID_SIGNATURE",
    "AUTHORIZER_FAILURE",
    "BAD_REQUEST_PARAMETERS",
    "BAD_REQUEST_BODY",
    "REQUEST_TOO_LARGE",
    "INTEGRATION_TIMEOUT",
}
"""What only the call itself, its clock or the back end can lead to: never a certain answer from configuration."""


def _cases() -> Iterator[Any]:
    for path in TABLES:
        table = yaml.safe_load(path.read_text())
        for case in table["cases"]:
            yield pytest.param(table, case, id=f"{path.stem}: {case['case']}")


@pytest.mark.parametrize(("table", "case"), list(_cases()))
def test_case(table: dict[str, Any], case: dict[str, Any]) -> None:
    found, wanted = explain(call_of(case), world_of(table, case)), case["expect"]
    assert found.decision.value == wanted["decision"], found
    assert wanted["because"] in found.because
    shown = {"step": found.step, "response": found.gateway_response, "status": found.status, "message": found.message}
    named = {"route": (found.route or "").rpartition("/live/")[2] or found.route, "stage": found.stage}
    for name in ("step", "response", "status", "message", "route", "stage"):
        if name in wanted:
            assert {**shown, **named}[name] == wanted[name], (name, found)
    for words in wanted.get("also", []):
        assert any(words in each for each in found.also), (words, found.also)
    _reads_well(found)


def _reads_well(found: Explanation) -> None:
    sentences = [found.because, *found.also]
    assert not any(UNSAID in each or "case:unsaid" in each for each in sentences), sentences
    assert all(each == each.strip() and each.endswith((".", ".)")) for each in sentences), sentences
    assert found.evidence or found.decision is Decision.UNKNOWN


@pytest.mark.parametrize(("table", "case"), list(_cases()))
def test_what_is_hidden_decides_nothing(table: dict[str, Any], case: dict[str, Any]) -> None:
    world, call = world_of(table, case), call_of(case)
    decision = explain(call, world).decision
    for name, hidden in _hidings(world):
        found = explain(call, hidden)
        assert found.decision in {decision, Decision.UNKNOWN}, (name, found)


@pytest.mark.parametrize(("table", "case"), list(_cases()))
def test_what_is_missing_is_answered_too(table: dict[str, Any], case: dict[str, Any]) -> None:
    world, call = world_of(table, case), call_of(case)
    for index, each in enumerate(world.resources):
        without = replace(world, resources=(*world.resources[:index], *world.resources[index + 1 :]))
        changed = [without] if not isinstance(each, RestApi | Api | DomainName) else []
        for name in _facts(each):
            for instead in (Absent(), NotApplicable(why="it cannot exist here")):
                other: Resource = each.model_copy(update={name: instead})
                changed.append(
                    replace(world, resources=(*world.resources[:index], other, *world.resources[index + 1 :]))
                )
        for one in changed:
            assert explain(call, one).because


def _facts(of: Resource) -> Iterator[str]:
    return (name for name in type(of).model_fields if hasattr(getattr(of, name), "state"))


def _hidings(world: Estate) -> Iterator[tuple[str, Estate]]:
    """Yield the world with one fact hidden, for each, and with one list cut short."""
    for index, each in enumerate(world.resources):
        for name in _facts(each):
            hidden: Resource = each.model_copy(update={name: Unread(gap=gap(f"test:{name}"))})
            changed = (*world.resources[:index], hidden, *world.resources[index + 1 :])
            yield f"{each.arn} {name}", replace(world, resources=changed)
    for index, listing in enumerate(world.listings):
        cut = listing.model_copy(update={"complete": False})
        yield listing.kind, replace(world, listings=(*world.listings[:index], cut, *world.listings[index + 1 :]))


def _every(key: str) -> set[Any]:
    return {
        case["expect"].get(key)
        for path in TABLES
        for case in yaml.safe_load(path.read_text())["cases"]
        if case["expect"]["decision"] == "refused"
    }


def test_every_type_that_configuration_alone_can_lead_to_is_reached() -> None:
    assert _every("response") - {None} == set(PLAIN) - ONLY_AT_RUN_TIME


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_each_table_shows_every_decision(path: Path) -> None:
    cases: list[Mapping[str, Any]] = yaml.safe_load(path.read_text())["cases"]
    assert {case["expect"]["decision"] for case in cases} == {each.value for each in Decision}
