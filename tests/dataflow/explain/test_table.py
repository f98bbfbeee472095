"""The policy beside the authorizer, against the truth table in tests/cases/explain/policy-and-authorizer.yaml."""

from itertools import product
from pathlib import Path

import pytest
import yaml

from auditor.dataflow.explain.table import Grant, Kind, Policy, together
from auditor.model.explanation import Decision

TABLE = yaml.safe_load((Path(__file__).parents[2] / "cases" / "explain" / "policy-and-authorizer.yaml").read_text())


@pytest.mark.parametrize("kind", Kind)
def test_every_cell_of_the_table(kind: Kind) -> None:
    assert set(TABLE["tables"]) == {each.value for each in Kind}
    for grant, policy in product(Grant, Policy):
        wanted = TABLE["tables"][kind.value][grant.value][TABLE["columns"].index(policy.value)]
        assert together(kind, {policy}, {grant}, is_private=False).value == wanted, (grant, policy)
        private = TABLE["private"].get(policy.value, wanted)
        assert together(kind, {policy}, {grant}, is_private=True).value == private, (grant, policy)


@pytest.mark.parametrize("kind", Kind)
def test_what_is_not_known_is_decided_only_where_all_that_is_possible_agrees(kind: Kind) -> None:
    for grant, policy in product(Grant, Policy):
        certain = together(kind, {policy}, {grant}, is_private=False)
        assert together(kind, Policy, {grant}, is_private=False) in {certain, Decision.UNKNOWN}
        assert together(kind, {policy}, Grant, is_private=False) in {certain, Decision.UNKNOWN}
    assert together(kind, {Policy.DENY}, Grant, is_private=False) is Decision.REFUSED
