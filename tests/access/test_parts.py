"""What is said of a whole route holds for the calls of it: each path that is tried, and the witness."""

import re
from dataclasses import replace
from random import Random

import pytest

from auditor.access.gateway.answers import MOST_FIRST
from auditor.access.gateway.gate import Gate
from auditor.access.gateway.pair import pair
from auditor.access.iam.caller import context_of
from auditor.access.iam.context import Context
from auditor.access.iam.decide import decide
from auditor.access.iam.request import Arn, Request
from auditor.access.principals import Known
from auditor.model.access import Paths
from auditor.model.gateway import Protocol
from tests.access.drawn import estate

NOW = Context({"aws:currenttime": ("2026-09-30T22:00:00+00:00",), "aws:securetransport": ("true",)})
_PARTS, _EACH = 10, 150
_VALUES = ("1", "12", "7", "ada", "x", "pets", "lines", "\u00e4")


def _decided(known: Known, gate: Gate, arn: str) -> str:
    """Return the decision on one call, on the best way in."""
    told = NOW.with_told(known.keys.told, known.keys.missing)
    found = []
    for _, thing, own in gate.ways(told):
        request = Request(
            known.who, "execute-api:invoke", Arn(arn), gate.account, gate.family.api, context_of(known.who, own)
        )
        found.append(decide(known.subject, thing, request).verdict)
    return min(found, key=MOST_FIRST.index).value


def _calls(gate: Gate, random: Random) -> list[str]:
    """Return ARNs of calls that the route takes."""

    def value(found: re.Match[str]) -> str:
        is_greedy = found[0].endswith("+}")
        return "/".join(random.choices(_VALUES, k=random.randint(1, 3) if is_greedy else 1))

    verb = random.choice(("GET", "POST", "PATCH"))
    return [re.sub(r"\{[^}]+\}", value, gate.route.replace("/ANY/", f"/{verb}/")) for _ in range(6)]


@pytest.mark.parametrize("part", range(_PARTS))
def test_an_answer_for_all_or_none_holds_for_every_call(part: int) -> None:
    for number in range(part * _EACH, (part + 1) * _EACH):
        gates, identities = estate(number)
        for known in identities:
            for gate in gates:
                _holds(known, gate, number)


def _holds(known: Known, gate: Gate, number: int) -> None:
    if (gate.private and not gate.resource_policies) or (
        gate.protocol is not Protocol.REST and known.who.account != gate.account
    ):
        assert pair(known, gate, NOW).decision == "denied"
        return
    found = pair(known, gate, NOW)
    decisions = {arn: _decided(known, gate, arn) for arn in _calls(gate, Random(number))}  # noqa: S311 - picks paths
    match found.paths:
        case Paths.NONE:
            assert set(decisions.values()) == {"denied"}, (number, gate.route)
        case Paths.ALL:
            assert "denied" not in decisions.values(), (number, gate.route)
            if found.decision == "allowed":
                assert set(decisions.values()) == {"allowed"}, (number, gate.route)
        case Paths.SOME:
            assert found.witness is not None
            expected = "allowed" if found.decision == "partly" else found.decision
            assert _decided(known, gate, found.witness) == expected, (number, gate.route)
            assert re.fullmatch(_shape(gate), found.witness), (number, gate.route)


def _shape(gate: Gate) -> str:
    pieces = re.split(r"(\{[^}]+\}|/ANY/)", gate.route)
    wild = {True: ".+", False: "[^/]+"}
    return "".join(
        "/[^/]+/" if each == "/ANY/" else wild[each.endswith("+}")] if each.startswith("{") else re.escape(each)
        for each in pieces
    )


def test_a_denied_route_stays_denied_for_a_caller_without_policies() -> None:
    gates, (known, *_) = estate(3)
    nobody = replace(known, subject=replace(known.subject, identity=(), control=()))
    assert {pair(nobody, gate, NOW).decision for gate in gates if not gate.resource_policies} <= {"denied"}
