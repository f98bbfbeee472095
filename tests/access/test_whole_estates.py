"""The matrix of a whole estate and the slow reference decide every identity at every route alike.

Estates are put together from drawn cases: the identity of one, the route and its resource policy of another.
"""

from collections import Counter
from typing import Any

import pytest

from auditor.access.family import Family
from auditor.access.gateway.gate import Gate
from auditor.access.iam.context import Context
from auditor.access.matrix.matrix import Matrix
from auditor.access.patterns import literal
from auditor.access.principals import Known
from auditor.model.fact import Absent, Fact, Present
from auditor.model.gateway import Protocol
from tests.access.reference.cases import Case
from tests.access.reference.evaluator import decide
from tests.access.reference.statements import NotTwoValuedError
from tests.access.reference.strategies import numbered_case
from tests.access.worlds import asked, caller_of, subject_of, text_of

_ESTATES, _CASES = 30, 40
_INVOKE = "execute-api:Invoke"
_FROM_CALLERS = frozenset(
    {"aws:username", "aws:principalarn", "aws:principalaccount", "aws:principaltype", "aws:principalisawsservice"}
)
"""Keys that follow from who asks: the estate's one context says nothing of them."""
_OF_IDENTITIES = ("aws:principal", "aws:username", "aws:userid")


def _drawn(start: int) -> list[Case]:
    """Return drawn cases whose caller is an identity without a session policy: what a snapshot can tell of one."""
    found = (numbered_case(number) for number in range(start, start + _CASES))
    return [
        case
        for case in found
        if ":iam::" in case.get("principal", {}).get("arn", "") and "session" not in case["principal"]
    ]


def _gate(case: Case) -> Gate:
    arn = case["resource"]
    policy: Fact[str] = Present(value=text_of(case["resource_policy"])) if "resource_policy" in case else Absent()
    return Gate(
        route=arn,
        account=case["resource_account"],
        region="eu-west-1",
        protocol=Protocol.REST,
        family=Family(arn.partition("/")[0], literal(arn)),
        authorization=Present(value="AWS_IAM"),
        policy=policy,
        private=False,
        api_key_required=Absent(),
    )


def _known(case: Case, common: Case) -> Known:
    """Return the identity of a case, with what is told of its own keys in the estate's one context."""
    told = asked(common)
    return Known(caller_of(case), subject_of(case), Context(told.told, told.missing - _FROM_CALLERS), None)


def _alone(identity: Case, route: Case, common: Case) -> Case:
    """Return one pair of the estate as a case of its own."""
    merged: dict[str, Any] = {
        **{member: identity[member] for member in ("principal", "organization") if member in identity},
        **{member: route[member] for member in ("resource", "resource_account", "resource_policy") if member in route},
        "action": _INVOKE,
        "context": common["context"],
        "absent": [key for key in common["absent"] if key.lower() not in _FROM_CALLERS],
    }
    return merged


def _expected(case: Case) -> str | None:
    """Return what the reference decides; None where AWS's pages leave open what a variable without a value does to a Deny."""
    try:
        return decide(case)[0]
    except NotTwoValuedError:
        return None


def _is_own(key: str) -> bool:
    return key.lower().startswith(_OF_IDENTITIES)


@pytest.mark.parametrize("number", range(_ESTATES))
def test_every_pair_of_an_estate_is_decided_as_the_reference_decides_it(number: int) -> None:
    identities = _drawn(number * _CASES)
    routes = [each for each in _drawn(10_000 + number * _CASES) if ":execute-api:" in each["resource"]]
    common = _common(identities[0])
    gates = tuple({gate.route: gate for gate in map(_gate, routes)}.values())
    by_route = {case["resource"]: case for case in routes}
    matrix = Matrix(gates, Context())
    answers: Counter[str] = Counter()
    for identity in identities:
        row = matrix.row(_known(identity, common))
        for place, gate in enumerate(gates):
            expected = _expected(_alone(identity, by_route[gate.route], common))
            if expected is None:
                continue
            answers[expected] += 1
            found = "allowed" if row.allowed >> place & 1 else "let in" if row.let_in >> place & 1 else "denied"
            assert (gate.route, found) == (gate.route, expected), identity
    assert answers["denied"]


def _common(case: Case) -> Case:
    """Return the context of a case without the keys of its caller: those are each identity's own, and absent here."""
    own = [key for key in case["context"] if _is_own(key)]
    return {
        **case,
        "context": {key: value for key, value in case["context"].items() if key not in own},
        "absent": [*case["absent"], *own],
    }
