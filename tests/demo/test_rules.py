"""tests/demo/rules.yaml against the engine: what each rule says of routes of the sample company, at the end of both quarters."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from auditor.config import Flags, load
from auditor.model.flow import Flow
from auditor.model.ruling import Ruling
from auditor.model.status import Status
from auditor.pipeline.judging import load_catalog, load_estate, open_store
from tests.conftest import DemoRun

_EXPECTED: dict[str, list[dict[str, Any]]] = yaml.safe_load((Path(__file__).parent / "rules.yaml").read_text())
_QUARTERS = ("2026-Q2", "2026-Q3")
_RULES = [f"P{number}" for number in range(1, 19)]
_FOUND = frozenset({Status.FAIL, Status.NEEDS_ATTESTATION})
Key = tuple[str, str, str, bool]
Flows = Mapping[str, Mapping[Key, Flow]]


@pytest.fixture(scope="module")
def by_quarter(demo_run: DemoRun) -> Flows:
    config = load(Flags(config=demo_run.config, store=str(demo_run.store)))
    store, catalog = open_store(config), load_catalog(config)
    estates = [load_estate(store, store.snapshot(each), catalog) for each in store.snapshot_ids()]
    return {
        quarter: {(each.api_name, each.stage, each.route_key, each.canary is not None): each for each in estate.flows}
        for quarter, estate in zip(_QUARTERS, estates, strict=True)
    }


def _cases(rule: str, quarter: str) -> list[dict[str, Any]]:
    return [each for each in _EXPECTED[rule] if each.get("quarter", quarter) == quarter]


def _key(case: Mapping[str, Any]) -> Key:
    return case["api"], case["stage"], case["route"], case.get("canary", False)


def _differs(case: Mapping[str, Any], found: Ruling) -> bool:
    severity = found.severity.value if found.severity else None
    return (found.status.value, severity) != (case["status"], case.get("severity", severity))


def test_the_file_speaks_of_every_rule() -> None:
    assert list(_EXPECTED) == _RULES


@pytest.mark.parametrize("quarter", _QUARTERS)
@pytest.mark.parametrize("rule", _RULES)
def test_a_rule_says_of_the_sample_company_what_it_should(by_quarter: Flows, rule: str, quarter: str) -> None:
    cases = _cases(rule, quarter)
    assert cases
    flows = by_quarter[quarter]
    assert {_key(each) for each in cases} <= flows.keys()
    found = [(each, flows[_key(each)].ruling(rule)) for each in cases]
    assert [(_key(case), ruling.status, ruling.because) for case, ruling in found if _differs(case, ruling)] == []


@pytest.mark.parametrize("quarter", _QUARTERS)
@pytest.mark.parametrize("rule", _RULES)
def test_the_sample_company_shows_every_rule(by_quarter: Flows, rule: str, quarter: str) -> None:
    assert any(each.ruling(rule).status in _FOUND for each in by_quarter[quarter].values())
