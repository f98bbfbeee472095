"""The matrix of whole estates says of every identity and route what is decided of that pair alone."""

from collections import Counter

import pytest

from auditor.access.gateway.pair import pair
from auditor.access.iam.context import Context
from auditor.access.matrix.matrix import Matrix, Row
from tests.access.drawn import estate

NOW = Context({"aws:currenttime": ("2026-09-30T22:00:00+00:00",), "aws:securetransport": ("true",)})
_PARTS, _EACH, _LEAST = 10, 300, 5


def _word(row: Row, number: int) -> str:
    for name in ("allowed", "conditional", "partly", "unknown"):
        if getattr(row, name) >> number & 1:
            return name
    return "denied"


@pytest.mark.parametrize("part", range(_PARTS))
def test_the_matrix_agrees_with_each_pair(part: int) -> None:
    answers: Counter[str] = Counter()
    for number in range(part * _EACH, (part + 1) * _EACH):
        gates, identities = estate(number)
        matrix = Matrix(gates, NOW)
        for known in identities:
            row = matrix.row(known)
            for place, gate in enumerate(gates):
                expected = pair(known, gate, NOW).decision
                answers[expected] += 1
                assert (number, gate.route, _word(row, place)) == (number, gate.route, expected)
    assert min(answers[each] for each in ("allowed", "conditional", "partly", "unknown", "denied")) > _LEAST
