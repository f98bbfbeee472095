"""The matrix of whole estates says of every identity and route what is decided of that pair alone."""

from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.access.gateway.gate import Gate
from auditor.access.gateway.pair import pair
from auditor.access.iam.context import Context
from auditor.access.matrix import Matrix, Row
from auditor.access.principals import Known
from tests.access.drawn import gates, identities

NOW = Context({"aws:currenttime": ("2026-09-30T22:00:00+00:00",), "aws:securetransport": ("true",)})
LEAST = 1_500


def _word(row: Row, number: int) -> str:
    for name in ("allowed", "conditional", "partly", "unknown"):
        if getattr(row, name) >> number & 1:
            return name
    return "denied"


@settings(max_examples=LEAST, deadline=None)
@given(gates(), st.lists(identities(), min_size=1, max_size=3))
def test_the_matrix_agrees_with_each_pair(drawn: tuple[Gate, ...], known: list[Known]) -> None:
    matrix = Matrix(drawn, NOW)
    for each in known:
        row = matrix.row(each)
        for number, gate in enumerate(drawn):
            assert _word(row, number) == pair(each, gate, NOW).decision
