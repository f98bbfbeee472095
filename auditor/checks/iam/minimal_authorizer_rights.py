"""minimal-authorizer-rights: a function that authorizes calls may do little, with a role that no other function has.

Claim: its execution role allows no action by a wildcard and nothing on a resource that is not named, apart from logging, tracing
and declared look-ups, may not pass roles, and is no other function's. Population: every function that a deployed route asks for
authorization. Deviation: such a grant, or another function with the same role. Under a real condition, or where a Deny may take a
grant back, a person decides. Cannot see: functions that no API names, for only those are read; what a permissions boundary or an
SCP takes away; and whether a look-up that is named is one that the function needs.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import JsonValue

from auditor.checks.functions_behind import BehindItem, behind, unjudged
from auditor.checks.iam.credentials_used import account_of
from auditor.checks.iam.grants import Grant, granted
from auditor.checks.iam.policies_held import attached, documents, need_all
from auditor.checks.iam.role_needs import Excess, is_open
from auditor.checks.interface import (
    Check,
    Item,
    Outcome,
    Params,
    failed,
    needs_attestation,
    passed,
    undecided,
)
from auditor.checks.listed import holds
from auditor.dataflow.functions import function_name
from auditor.model.estate import Estate
from auditor.model.fact import NotReadError, Present, need
from auditor.model.gateway import DeployedRoute
from auditor.model.iam import Role
from auditor.model.platform import Function
from auditor.model.snapshot import GLOBAL_REGION, Gap
from auditor.model.words import several

_PASSES = "iam:passrole"


class _Params(Params):
    anywhere: list[str]
    """Actions of logging and tracing, which may be allowed on any resource."""
    lookups: list[str]
    """Actions with which authorizers look things up on any resource; with a wildcard only as written here."""


@dataclass(frozen=True)
class _Gatekeeper(Item):
    """A function that authorizes calls, or a place where one may hide."""

    function: BehindItem
    hidden: Gap | None
    """What hides another function of the account, which may have the same role."""


def _population(estate: Estate) -> Iterator[_Gatekeeper]:
    hidden = {each.account: each.hidden for each in behind(estate, with_authorizers=True) if each.hidden is not None}
    for each in behind(estate, with_authorizers=True, with_back_ends=False):
        place = (each.resource, each.resource_type, each.account, each.region)
        yield _Gatekeeper(*place, each, hidden.get(each.account))


def _test(item: _Gatekeeper, estate: Estate, params: _Params) -> Outcome:
    why = unjudged(item.function)
    if why is not None:
        return why
    arns = {each.role.value for each in item.function.known if isinstance(each.role, Present)}
    others = [each for each in estate.of(Function) if each.account == item.account and not _is_own(each, item)]
    sharing = next((each for each in others if isinstance(each.role, Present) and each.role.value in arns), None)
    if sharing is not None:
        why_shared = f"{function_name(sharing.arn)} has the same role"
        return failed(why_shared, (sharing.arn, *sorted(arns)), roles=[*sorted(arns)])
    roles = [found for arn in sorted(arns) if (found := estate.one(Role, account_of(arn), arn)) is not None]
    outcome = _rights(roles, item, estate, params)
    if outcome is not None:
        return outcome
    _all_are_read(item, others, arns - {each.arn for each in roles}, estate)
    if len(roles) < max(1, len(arns)):
        return undecided("its role is not in the snapshot, or is not told", tuple(sorted(arns)))
    return _read(roles, item, estate, params)


def _is_own(function: Function, item: _Gatekeeper) -> bool:
    return function.function_arn == item.resource


def _rights(roles: list[Role], item: _Gatekeeper, estate: Estate, params: _Params) -> Outcome | None:
    """Return the outcome where a role certainly may do too much."""
    for role in roles:
        for each in _excesses(role, estate, params):
            if each.is_certain:
                return failed(f"{role.name}: {each.why}", (role.arn, *attached(role)), **_seen(roles, item, estate))
    return None


def _all_are_read(item: _Gatekeeper, others: list[Function], missing: set[str], estate: Estate) -> None:
    """Raise NotReadError where a role, of the function or another, was not read, or where another function may hide."""
    for each in item.function.known:
        if need(each.exists) is not False:
            need(each.role)
    for each in others:
        if need(each.exists) is not False:
            need(each.role)
    if item.hidden is not None:
        raise NotReadError(item.hidden)
    for arn in sorted(missing):
        estate.whole(Role, account_of(arn), GLOBAL_REGION)


def _read(roles: list[Role], item: _Gatekeeper, estate: Estate, params: _Params) -> Outcome:
    also = tuple(arn for role in roles for arn in (role.arn, *attached(role)))
    seen = _seen(roles, item, estate)
    for role in roles:
        need_all(role, estate)
    for role in roles:
        troubles = granted(documents(role, estate)).troubles
        if troubles:
            return undecided(f"{role.name}: {troubles[0]}", also, **seen)
    for role in roles:
        for each in _excesses(role, estate, params):
            return needs_attestation(f"{role.name}: {each.why}: a person must say", also, **seen)
    names = several([each.name for each in roles])
    return passed(f"{names} allows what is named, and no other function behind an API has it", also, **seen)


def _excesses(role: Role, estate: Estate, params: _Params) -> Iterator[Excess]:
    free = frozenset(each.lower() for each in (*params.anywhere, *params.lookups))
    for each in granted(documents(role, estate)).grants:
        why = _excess(each, free)
        if why and each.limit:
            yield Excess(f"{each.where} {why}, {each.limit}", is_certain=False)
        elif why:
            yield Excess(f"{each.where} {why}", is_certain=True)


def _excess(grant: Grant, free: frozenset[str]) -> str:
    """Return what a grant allows too much, as a clause; empty where it does not."""
    action = grant.action.lower()
    if grant.statement.not_actions or (set(action) & set("*?") and action not in free):
        return f"allows {grant.action}"
    if action == _PASSES:
        return "lets it pass roles"
    if action in free or not (grant.statement.not_resources or is_open(grant.resource)):
        return ""
    return f"allows {grant.action} on {grant.resource}"


def _seen(roles: list[Role], item: _Gatekeeper, estate: Estate) -> dict[str, JsonValue]:
    found = [each for role in roles for each in granted(documents(role, estate)).grants]
    digests = {
        each.arn: each.code_sha256.value for each in item.function.known if isinstance(each.code_sha256, Present)
    }
    return {
        "roles": [each.arn for each in roles],
        "grants": [f"{each.action} on {each.resource} ({each.where})" for each in found],
        "code_sha256": {**digests},
    }


CHECK = Check(
    name="minimal-authorizer-rights",
    reads=("DeployedRoute", "Function", "Role"),
    params=_Params,
    population=_population,
    test=_test,
    concerns=holds(DeployedRoute),
)
