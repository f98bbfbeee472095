"""Each row of traces.yaml, and what a stage makes of its routes."""

from pathlib import Path
from time import process_time

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from auditor.dataflow.trace import LogFormat, read, stage_trace, trace_of
from auditor.model.fact import Absent, Fact, Present, Unread
from auditor.model.flow import Trace
from auditor.model.gateway import Protocol
from auditor.model.identity import AuthenticatedBy
from tests.estates import gap

_TABLE = yaml.safe_load(Path(__file__).with_name("traces.yaml").read_text(encoding="utf-8"))
_ROWS = [
    (row["at"], variable, outcome)
    for row in _TABLE
    for outcome, variables in row.items()
    if outcome != "at"
    for variable in variables
]


def _log(text: str, protocol: Protocol = Protocol.REST) -> Fact[LogFormat]:
    return Present(value=read(text, protocol))


@pytest.mark.parametrize(("at", "variable", "outcome"), _ROWS)
def test_each_route_is_traced_as_the_table_says(at: tuple[str, str, bool | None], variable: str, outcome: str) -> None:
    protocol = Protocol(at[0])
    log = _log(f'{{"id":"$context.requestId","x":"$context.{variable}"}}', protocol)
    expected = None if outcome == "UNKNOWN" else Trace(outcome)
    assert trace_of(log, protocol, AuthenticatedBy(at[1]), at[2]) is expected


def test_what_was_not_read_is_no_trace_and_not_none() -> None:
    unread: Fact[LogFormat] = Unread(gap=gap("apigateway:GetStages"))
    assert trace_of(unread, Protocol.REST, AuthenticatedBy.IAM, mutual_tls=False) is None
    assert trace_of(Absent(), Protocol.REST, AuthenticatedBy.UNKNOWN, mutual_tls=None) is Trace.NONE


def test_a_broken_format_names_nobody() -> None:
    log = _log('{"id":"$context.requestId","who":$context.identity.userArn}')
    assert trace_of(log, Protocol.REST, AuthenticatedBy.IAM, mutual_tls=False) is Trace.BROKEN


@pytest.mark.parametrize(
    ("traces", "expected"),
    [
        ((), None),
        ((Trace.IDENTIFIED, Trace.IDENTIFIED), Trace.IDENTIFIED),
        ((Trace.IDENTIFIED, Trace.ANONYMOUS), Trace.PARTIAL),
        ((Trace.IDENTIFIED, None), None),
        ((Trace.NONE,), Trace.NONE),
        ((Trace.BROKEN, Trace.BROKEN), Trace.BROKEN),
    ],
)
def test_a_stage_is_what_all_its_routes_are(traces: tuple[Trace | None, ...], expected: Trace | None) -> None:
    assert stage_trace(traces) is expected


@given(
    st.text(max_size=60),
    st.sampled_from(Protocol),
    st.sampled_from(AuthenticatedBy),
    st.sampled_from((True, False, None)),
)
def test_any_format_has_a_trace(text: str, protocol: Protocol, by: AuthenticatedBy, mutual_tls: bool | None) -> None:  # noqa: FBT001 - drawn
    found = trace_of(_log(text, protocol), protocol, by, mutual_tls)
    assert found in {*Trace, None}
    if by is AuthenticatedBy.UNKNOWN:
        assert found in {Trace.BROKEN, None}


def test_twenty_thousand_routes_take_less_than_three_tenths_of_a_second() -> None:
    texts = [f'{{"id":"$context.requestId","{n}":"$context.authorizer.claims.sub"}}' for n in range(50)]
    logs = [_log(text) for text in texts]
    start = process_time()
    for n in range(20_000):
        trace_of(logs[n % 50], Protocol.REST, AuthenticatedBy.COGNITO, mutual_tls=False)
    assert process_time() - start < 0.3
