"""What `restriction` says of a policy, the answer at the route's gate never contradicts, Lambda authorizers and API keys aside."""

from collections import Counter
from dataclasses import replace

import pytest

from auditor.access.gateway.answers import summed
from auditor.access.gateway.enter import Presented, enter
from auditor.access.iam.context import Context
from auditor.access.strangers.restriction import RestrictionKind, restriction
from auditor.model.access import Paths
from auditor.model.fact import Present
from auditor.model.gateway import Protocol
from tests.access.drawn import estate

_PARTS, _EACH = 10, 400
NOW = Context({"aws:currenttime": ("2026-09-30T22:00:00+00:00",), "aws:securetransport": ("true",)})
_MAY_BE = {
    RestrictionKind.OPEN: {"allowed", "conditional", "partly", "unknown"},
    RestrictionKind.RESTRICTING: {"conditional", "denied", "unknown", "partly"},
    RestrictionKind.CLOSED: {"denied"},
}


@pytest.mark.parametrize("part", range(_PARTS))
def test_a_policy_and_its_gate_never_contradict_each_other(part: int) -> None:
    seen: Counter[RestrictionKind] = Counter()
    for number in range(part * _EACH, (part + 1) * _EACH):
        for drawn in estate(number)[0]:
            if drawn.protocol is not Protocol.REST or drawn.private or not isinstance(drawn.policy, Present):
                continue
            gate = replace(drawn, authorization=Present(value="NONE"))
            kind = restriction(drawn.policy.value, drawn.route, private=False).kind
            seen[kind] += 1
            found = summed("*", enter(gate, Presented(), NOW))
            if kind in _MAY_BE:
                assert found.decision in _MAY_BE[kind], (number, drawn.route, drawn.policy.value)
            if kind is RestrictionKind.RESTRICTING:
                assert not (found.decision == "allowed" and found.paths is Paths.ALL)
    assert seen[RestrictionKind.OPEN]
    assert seen[RestrictionKind.CLOSED]
