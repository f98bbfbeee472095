"""Each row of existence.yaml, and the names that somebody meant."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from auditor.dataflow.context.existence import Existence, Use, existence, near_miss
from auditor.dataflow.context.near import distance
from auditor.dataflow.context.variables import documented
from auditor.model.gateway import Protocol
from auditor.model.identity import AuthenticatedBy

_TABLE = yaml.safe_load(Path(__file__).with_name("existence.yaml").read_text(encoding="utf-8"))
_ROWS = [(*each["at"], variable, expected) for each in _TABLE for variable, expected in each["expect"].items()]


@pytest.mark.parametrize(("protocol", "authenticated_by", "use", "variable", "expected"), _ROWS)
def test_each_variable_holds_what_the_table_says(
    protocol: str, authenticated_by: str, use: str, variable: str, expected: str
) -> None:
    found = existence(variable, Protocol(protocol), AuthenticatedBy(authenticated_by), Use(use))
    assert found is Existence(expected)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("authorizer.princialId", "authorizer.principalId"),
        ("authorizer.principleId", "authorizer.principalId"),
        ("authorizer.principalid", "authorizer.principalId"),
        ("authorizer.cliams.sub", "authorizer.claims.sub"),
        ("authorizer.jwt.claims.email", "authorizer.claims.email"),
        ("authorizer.claims", "authorizer.claims.sub"),
        ("authorizer.lambda.tenant", "authorizer.tenant"),
        ("authorizer.iam.userArn", "identity.userArn"),
        ("authorizer.iam.accessKey", None),
        ("responseTime", "responseLatency"),
        ("sourceIp", "identity.sourceIp"),
        ("identity.sourceIP", "identity.sourceIp"),
        ("requestID", "requestId"),
        ("authorizer.principalId", None),
        ("authorizer.principal", None),
        ("authorizer.class.x", None),
        ("authorizer.tenant", None),
        ("requestId", None),
        ("pat", None),
        ("", None),
    ],
)
def test_the_name_that_was_meant_is_found(written: str, meant: str | None) -> None:
    assert near_miss(written) == meant


@pytest.mark.parametrize("protocol", list(Protocol))
@pytest.mark.parametrize("use", list(Use))
def test_no_documented_name_is_called_undocumented(protocol: Protocol, use: Use) -> None:
    for name in documented(protocol, use):
        for by in AuthenticatedBy:
            assert existence(name, protocol, by, use) is not Existence.NO_VARIABLE
        assert near_miss(name) is None


@given(st.text(max_size=80), st.sampled_from(Protocol), st.sampled_from(AuthenticatedBy), st.sampled_from(Use))
def test_any_text_has_an_answer(variable: str, protocol: Protocol, by: AuthenticatedBy, use: Use) -> None:
    assert existence(variable, protocol, by, use) in Existence
    assert existence(f"authorizer.{variable}", protocol, by, use) in Existence


@given(st.text(max_size=12), st.text(max_size=12))
def test_the_distance_is_the_same_both_ways(one: str, other: str) -> None:
    assert distance(one, other) == distance(other, one)
    assert (distance(one, other) == 0) is (one == other)
