"""Estates of a few identities, from the short words of tests/cases/power."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from auditor.model.estate import Estate
from auditor.model.resource import Resource
from tests.estates import ACCOUNT, REGION, estate, resource

_IAM = f"arn:aws:iam::{ACCOUNT}"
_EVERYTHING = ["* on *"]


def estate_of(case: Mapping[str, Any]) -> Estate:
    """Return the estate of a case."""
    return estate([*_users(case), *_roles(case), *_others(case)])


def document(allows: list[Any]) -> str:
    """Return a policy's text: each statement `action on resource if operator key value`, with `deny ` before a Deny."""
    return json.dumps({"Version": "2012-10-17", "Statement": [_statement(each) for each in allows]})


def _statement(written: Any) -> dict[str, Any]:
    if isinstance(written, dict):
        return {"Effect": "Allow", "NotAction": written["not_action"], "Resource": "*"}
    effect = "Deny" if written.startswith("deny ") else "Allow"
    head, _, condition = written.removeprefix("deny ").partition(" if ")
    action, _, place = head.partition(" on ")
    found: dict[str, Any] = {"Effect": effect, "Action": action, "Resource": place}
    if condition:
        operator, key, value = condition.split(" ")
        found["Condition"] = {operator: {key: value}}
    return found


def _inline(allows: Any) -> Any:
    if allows == "unread":
        return "unread"
    return [{"name": "p", "document": document(allows)}] if allows else []


def _users(case: Mapping[str, Any]) -> Iterator[Resource]:
    bound = "boundary" in case
    own = {
        "groups": sorted(name for name, each in case.get("groups", {}).items() if "dev" in each["users"]),
        "permissions_boundary": f"{_IAM}:policy/bound" if bound else "absent",
        "attached_policy_arns": [f"{_IAM}:policy/{case['attached']}"] if "attached" in case else [],
    }
    yield _identity("User", "dev", case["dev"], **own)
    for name, allows in case.get("users", {}).items():
        yield _identity("User", name, allows, groups=[])
    for name, allows in (("bound", case.get("boundary")), (case.get("attached"), ["s3:GetObject on *"])):
        if name and allows:
            arn = f"{_IAM}:policy/{name}"
            yield resource({"kind": "ManagedPolicy", "arn": arn, "name": name, "document": document(allows)})


def _roles(case: Mapping[str, Any]) -> Iterator[Resource]:
    if "boss" in case:
        trust = case["boss"] if case["boss"] == "unread" else _trust(case["boss"], case.get("boss_if", {}))
        profiles = case.get("boss_profiles", [])
        yield _identity("Role", "boss", _EVERYTHING, trust_policy=trust, instance_profiles=profiles)
    for name, each in case.get("roles", {}).items():
        yield _identity("Role", name, each["allow"], trust_policy=_trust(each["trust"], {}), instance_profiles=[])


def _identity(kind: str, name: str, allows: Any, **other: Any) -> Resource:
    plain = {"permissions_boundary": "absent", "attached_policy_arns": [], "tags": {}, **other}
    arn = f"{_IAM}:{kind.lower()}/{name}"
    return resource(
        {"kind": kind, "arn": arn, "name": name.rpartition("/")[2], "inline_policies": _inline(allows), **plain}
    )


def _trust(named: str, condition: Mapping[str, Any]) -> str:
    kind = "Service" if named.endswith(".amazonaws.com") else "Federated" if "-provider/" in named else "AWS"
    statement = {"Effect": "Allow", "Principal": {kind: named}, "Action": "sts:*", "Condition": condition}
    return json.dumps({"Statement": [statement]})


def _others(case: Mapping[str, Any]) -> Iterator[Resource]:
    yield resource({"kind": "RestApi", "arn": f"arn:aws:apigateway:{REGION}::/restapis/a1", "api_id": "a1"})
    for name, each in case.get("groups", {}).items():
        inline = _inline(each["allow"])
        arn = f"{_IAM}:group/{name}"
        yield resource(
            {"kind": "Group", "arn": arn, "name": name, "inline_policies": inline, "attached_policy_arns": []}
        )
    for name, role in case.get("functions", {}).items():
        arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"
        known = role if role == "unread" else f"{_IAM}:role/{role}"
        policy = _function_policy(arn, case.get("function_policy"))
        yield resource(
            {"kind": "Function", "arn": arn, "name": name, "function_arn": arn, "role": known, "policy": policy}
        )


def _function_policy(arn: str, written: Any) -> str:
    if written is None:
        return "absent"
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": written["to"]},
        "Action": written["allow"],
        "Resource": arn,
    }
    return json.dumps({"Statement": [statement]})
