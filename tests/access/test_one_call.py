"""What a policy says of one call, known in part."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from auditor.access.one_call import Circumstances, Said, holds, judge
from auditor.access.policy import Condition

ROWS = yaml.safe_load((Path(__file__).parents[1] / "cases" / "explain" / "conditions.yaml").read_text())
KEY = "aws:sourcevpce"
ARN = "arn:aws:execute-api:eu-west-1:111122223333:r1/live/GET/orders/7"
ROLE = "arn:aws:iam::999999999999:role/app"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['operator']} {row['values']} {row.get('value')}")
def test_a_condition(row: dict[str, Any]) -> None:
    value = row.get("value")
    call = Circumstances(
        ARN,
        values={} if value is None else {KEY: value},
        missing=frozenset({KEY} if row.get("missing") else ()),
    )
    assert holds(Condition(row["operator"].lower(), KEY, tuple(row["values"])), call).value == row["holds"]


def _policy(*statements: dict[str, Any]) -> str:
    usual = {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "*"}
    return json.dumps({"Statement": [{**usual, **each} for each in statements]})


def _without(statement: dict[str, Any], *names: str) -> str:
    written = json.loads(_policy(statement))
    for name in names:
        del written["Statement"][0][name]
    return json.dumps(written)


OPEN = {"Condition": {"StringEquals": {KEY: "vpce-1"}}}


@pytest.mark.parametrize(
    ("policy", "possible"),
    [
        (_policy({}), {Said.ALLOW}),
        (_policy({}, {"Effect": "Deny"}), {Said.DENY}),
        (_policy(OPEN), {Said.ALLOW, Said.SILENT}),
        (_policy({}, OPEN), {Said.ALLOW}),
        (_policy({}, {"Effect": "Deny", **OPEN}), {Said.ALLOW, Said.DENY}),
        (_policy(OPEN, {"Effect": "Deny", **OPEN}), {Said.ALLOW, Said.SILENT, Said.DENY}),
        (_policy({"Action": "execute-api:ManageConnections"}), {Said.SILENT}),
        (_policy({"Action": "EXECUTE-API:*"}), {Said.ALLOW}),
        (_without({"NotAction": "execute-api:Invoke"}, "Action"), {Said.SILENT}),
        (_without({"NotAction": "s3:*"}, "Action"), {Said.ALLOW}),
        (_policy({"Resource": "execute-api:/live/GET/orders/7"}), {Said.ALLOW}),
        (_policy({"Resource": "execute-api:/live/GET/orders/8"}), {Said.SILENT}),
        (_policy({"Resource": "execute-api:/live/GET/orders/{id}"}), {Said.SILENT}),
        (_policy({"Resource": "arn:aws:execute-api:eu-west-1:111122223333:r1/"}), {Said.ALLOW, Said.SILENT}),
        (_without({"NotResource": "execute-api:/live/*"}, "Resource"), {Said.SILENT}),
        (_without({"NotResource": "execute-api:/test/*"}, "Resource"), {Said.ALLOW}),
        (_without({}, "Resource"), {Said.ALLOW, Said.SILENT}),
        (_policy({"Principal": {"AWS": "*"}}), {Said.ALLOW}),
        (_policy({"Principal": {"AWS": ROLE}}), {Said.SILENT}),
        (_without({"NotPrincipal": {"AWS": ROLE}}, "Principal"), {Said.ALLOW}),
        (_without({}, "Principal"), {Said.ALLOW, Said.SILENT}),
    ],
)
def test_an_anonymous_call(policy: str, possible: set[Said]) -> None:
    assert judge(policy, Circumstances(ARN)).possible == possible


@pytest.mark.parametrize(
    ("named", "principal", "possible"),
    [
        ({"AWS": ROLE}, ROLE, {Said.ALLOW}),
        ({"AWS": ROLE}, "arn:aws:sts::999999999999:assumed-role/app/me", {Said.ALLOW}),
        ({"AWS": ROLE}, "arn:aws:iam::999999999999:role/other", {Said.SILENT}),
        ({"AWS": "999999999999"}, ROLE, {Said.ALLOW}),
        ({"AWS": "arn:aws:iam::999999999999:root"}, ROLE, {Said.ALLOW}),
        ({"AWS": "arn:aws:iam::888888888888:root"}, ROLE, {Said.SILENT}),
        ({"AWS": ROLE}, None, {Said.ALLOW, Said.SILENT}),
        ({"Service": "lambda.amazonaws.com"}, ROLE, {Said.SILENT}),
        ({"CanonicalUser": "79a59df900b949e5"}, ROLE, {Said.ALLOW, Said.SILENT}),
    ],
)
def test_a_signed_call(named: dict[str, str], principal: str | None, possible: set[Said]) -> None:
    call = Circumstances(ARN, principal=principal, is_signed=True)
    assert judge(_policy({"Principal": named}), call).possible == possible


def test_what_is_no_policy_is_an_error_of_its_value() -> None:
    with pytest.raises(ValueError, match="Action"):
        judge('{"Statement": {"Effect": "Allow"}}', Circumstances(ARN))
