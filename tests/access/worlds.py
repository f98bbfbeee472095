"""A case of tests/cases/access as the product's own types: who asks, under which policies, for what."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from auditor.access.iam.caller import ANONYMOUS, Caller, caller, context_of
from auditor.access.iam.context import Context
from auditor.access.iam.decide import Decision, Object, Subject, decide
from auditor.access.iam.policies import Layer, Policy, policy, unread
from auditor.access.iam.request import Arn, Request

Case = Mapping[str, Any]
_NOT_READ = "not read"


def decided(case: Case) -> Decision:
    """Return what the product decides of a case."""
    return decide(subject_of(case), _object(case), _request(case))


def _policies(written: Any, layer: Layer) -> tuple[Policy, ...]:
    if written is None:
        return ()
    several = written if isinstance(written, list) else [written]
    return tuple(_policy(each, layer, f"{number}") for number, each in enumerate(several, start=1))


def _policy(written: Any, layer: Layer, name: str) -> Policy:
    if written == "unread":
        return unread(layer, name, _NOT_READ)
    return policy(layer, name, text_of(written))


def text_of(written: Any) -> str:
    """Return the text of a policy as a case writes it."""
    return written if isinstance(written, str) else json.dumps(written)


def asked(case: Case) -> Context:
    """Return what a case tells of the request's keys, those that follow from the caller apart."""
    told = {name.lower(): _values(value) for name, value in case.get("context", {}).items()}
    return Context(told, frozenset(each.lower() for each in case.get("absent", ())))


def _levels(organization: Any, member: str, layer: Layer) -> tuple[tuple[Policy, ...], ...]:
    if organization is None:
        return ()
    if organization == "unread":
        return ((unread(layer, "organization", _NOT_READ),),)
    written = organization.get(member)
    if written == "unread":
        return ((unread(layer, "organization", _NOT_READ),),)
    return tuple(_policies(level, layer) for level in written or ())


def caller_of(case: Case) -> Caller:
    """Return who asks in a case."""
    who = case.get("principal")
    if who is None:
        return ANONYMOUS
    found = caller(who["service"] if "service" in who else who["arn"])
    return replace(
        found, is_bounded="boundary" in who, path="aws-service-role" if who.get("service_linked") else found.path
    )


def subject_of(case: Case) -> Subject:
    """Return the policies that grant to the caller of a case, and bound it."""
    who = case.get("principal")
    if who is None or "service" in who:
        return Subject()
    return Subject(
        identity=_policies(who.get("identity"), Layer.IDENTITY),
        boundary=_policies(who.get("boundary"), Layer.BOUNDARY),
        session=_policies(who.get("session"), Layer.SESSION),
        control=() if _is_exempt(case) else _levels(case.get("organization"), "scps", Layer.SERVICE_CONTROL),
    )


def _is_exempt(case: Case) -> bool:
    who, organization = case["principal"], case.get("organization")
    if who.get("service_linked"):
        return True
    return _is_management(organization, caller_of(case).account)


def _is_management(organization: Any, account: str) -> bool:
    return isinstance(organization, dict) and organization.get("management_account") == account


def _object(case: Case) -> Object:
    layer = Layer.TRUST if case["action"].lower().startswith("sts:") else Layer.RESOURCE
    is_management = _is_management(case.get("organization"), case["resource_account"])
    return Object(
        own=_policies(case.get("resource_policy"), layer),
        control=() if is_management else _levels(case.get("organization"), "rcps", Layer.RESOURCE_CONTROL),
        endpoint=_policies(case.get("endpoint_policy"), Layer.ENDPOINT),
    )


def _request(case: Case) -> Request:
    who, given = caller_of(case), asked(case)
    given = given.with_told({"aws:resourceaccount": given.values("aws:resourceaccount") or (case["resource_account"],)})
    arn = case["resource"]
    return Request(
        caller=who,
        action=case["action"].lower(),
        target=Arn(arn),
        resource_account=case["resource_account"],
        api=arn.partition("/")[0] if ":execute-api:" in arn else "",
        context=context_of(who, given),
    )


def _values(written: Any) -> tuple[str, ...]:
    several = written if isinstance(written, list) else [written]
    return tuple(each if isinstance(each, str) else json.dumps(each) for each in several)
