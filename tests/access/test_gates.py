"""The tables of access.md section 4, cell by cell (tests/cases/gates): what a call meets before its back end, in order."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from auditor.access.gateway.enter import FunctionSays, Presented, enter
from auditor.access.gateway.gate import Endpoint, Gate, route_family
from auditor.access.iam.caller import caller
from auditor.access.iam.context import Context
from auditor.access.iam.decide import Subject
from auditor.access.iam.policies import Layer, Policy, policy, unread
from auditor.access.principals import Known
from auditor.model.fact import Absent, Fact, NotApplicable, Present, Unread
from auditor.model.gateway import Protocol
from auditor.model.snapshot import Gap, GapReason

CASES = Path(__file__).parents[1] / "cases" / "gates"
HERE, OTHER = "111122223333", "444455556666"
ARN = f"arn:aws:execute-api:eu-west-1:{HERE}:a1/prod/GET/pets"
_GAP = Gap(
    operation="apigateway:GetRestApis",
    account=HERE,
    region="eu-west-1",
    resource=None,
    reason=GapReason.DENIED,
    action="apigateway:GET",
    detail="*; AccessDenied",
)


def _cases() -> list[Any]:
    return [
        pytest.param({**page["given"], **case}, id=f"{path.stem}: {case['case']}")
        for path in sorted(CASES.glob("*.yaml"))
        for page in [yaml.safe_load(path.read_text(encoding="utf-8"))]
        for case in page["cases"]
    ]


@pytest.mark.parametrize("case", _cases())
def test_the_gate_that_decides(case: dict[str, Any]) -> None:
    (found,) = enter(_gate(case), _presented(case), Context())
    expected = case["expect"]
    assert (found.verdict.value, found.layer) == (expected["decision"], expected["layer"])
    assert expected.get("note", "") in found.note
    assert bool(found.note) is ("note" in expected)
    assert found.by


def _says(word: str, principal: Any) -> str:
    """Return a policy that allows, denies, or speaks of something else."""
    statement: dict[str, Any] = {
        "Effect": "Deny" if word == "deny" else "Allow",
        "Action": "s3:GetObject" if word == "neither" else "execute-api:Invoke",
        "Resource": "*",
    }
    if principal is not None:
        statement["Principal"] = principal
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _policy(case: dict[str, Any]) -> Fact[str]:
    if case.get("protocol", "REST") != "REST":
        return NotApplicable(why="no resource policies")
    match case.get("policy"):
        case None:
            return Absent()
        case "unread":
            return Unread(gap=_GAP)
        case "principals":
            return Present(value=_says("allow", {"AWS": f"arn:aws:iam::{HERE}:role/reader"}))
        case word:
            return Present(value=_says(word, "*"))


def _endpoints(case: dict[str, Any]) -> tuple[Endpoint, ...]:
    match case.get("endpoint"):
        case None:
            return ()
        case "unread":
            own: tuple[Policy, ...] = (unread(Layer.ENDPOINT, "of vpce-1", "not read"),)
        case word:
            own = (policy(Layer.ENDPOINT, "of vpce-1", _says(word, "*")),)
    return (Endpoint("vpce-1", None, own),)


def _gate(case: dict[str, Any]) -> Gate:
    protocol = Protocol(case.get("protocol", "REST"))
    kind, key = case["authorization"], case.get("key_required", False)
    return Gate(
        route=ARN,
        account=HERE,
        region="eu-west-1",
        protocol=protocol,
        family=route_family(ARN, protocol),
        authorization=Unread(gap=_GAP) if kind == "unread" else Present(value=kind),
        policy=_policy(case),
        private=case.get("private", False),
        api_key_required=Unread(gap=_GAP) if key == "unread" else Present(value=key),
        endpoints=_endpoints(case),
    )


def _presented(case: dict[str, Any]) -> Presented:
    says = case.get("function")
    return Presented(
        signer=None if case.get("unsigned") else _signer(case),
        token=case.get("token"),
        function=None if says is None else FunctionSays(says),
        api_key=case.get("key"),
    )


def _signer(case: dict[str, Any]) -> Known:
    account = OTHER if case.get("account") == "other" else HERE
    word = case["identity"]
    own = (
        unread(Layer.IDENTITY, "own", "not read")
        if word == "unread"
        else policy(Layer.IDENTITY, "own", _says(word, None))
    )
    return Known(caller(f"arn:aws:iam::{account}:role/reader"), Subject(identity=(own,)), Context(), None)
