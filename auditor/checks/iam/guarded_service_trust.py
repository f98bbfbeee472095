"""guarded-service-trust: a role that API Gateway, Lambda or AgentCore takes is taken for the organisation's own accounts alone.

Claim: each statement that lets one of these services take the role names the account or the ARN that it acts for. Population:
roles whose trust names one of them, and those whose trust nobody can tell. Deviation: a service that is documented to say for
whom it acts, and a statement that does not ask, or asks with a wildcard in the account's place. AWS documents that for
AgentCore; for API Gateway and Lambda it does not, so there a person must say until the parameters do. Never tried on a live
account. Cannot see: who may pass the role (IAM-06 asks), and what a Deny takes back: then nobody can tell.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from pydantic import JsonValue

from auditor.access.policy import Condition, Effect, Principal, Statement
from auditor.checks.iam.trust_statements import UNCLEAR, Tie, denied_keys, is_pattern, opens, statements, tie, worst
from auditor.checks.interface import (
    Check,
    Outcome,
    Params,
    ResourceItem,
    failed,
    items,
    needs_attestation,
    not_applicable,
    passed,
    undecided,
)
from auditor.model.estate import Estate
from auditor.model.fact import need
from auditor.model.iam import Role, is_service_linked

_ACCOUNT, _ARN = "aws:sourceaccount", "aws:sourcearn"
_ORGANIZATION = frozenset({"aws:sourceorgid", "aws:sourceorgpaths"})
_KEYS = frozenset({_ACCOUNT, _ARN}) | _ORGANIZATION
_SERVICES = ("apigateway", "bedrock-agentcore", "lambda")
_SUFFIX = ".amazonaws.com"
_TAKES = "sts:assumerole"
_ARN_PARTS, _ACCOUNT_PART = 6, 4
_OPEN, _ACROSS, _ONE_RESOURCE = "any account", "across the account", "one resource"
"""In an account's place: a wildcard leaves it open, or may reach across it; or the ARN carries none and names one resource."""


class _Params(Params):
    supporting_services: list[str]
    """Services that are known to say for whom they take a role."""
    unsupporting_services: list[str]
    """Services that are known not to: the condition would lock them out."""


class _Guard(IntEnum):
    """How far a condition keeps strangers out, best first: conditions are joined by AND, so the best one decides."""

    NAMED = 1
    FOREIGN = 2
    ORGANIZATION = 3
    LOOSE = 4
    UNKNOWN = 5
    NONE = 6


@dataclass(frozen=True)
class _Trust:
    """A role's trust, with what decides about it."""

    own: frozenset[str]
    """The role's account, and those in scope."""
    takes_back: bool
    """Whether a Deny speaks of for whom a service acts."""
    params: _Params


def _population(estate: Estate) -> Iterator[ResourceItem[Role]]:
    found = (role for role in estate.of(Role) if (trust := statements(role)) is None or any(map(_named, trust)))
    yield from items(found)


def _named(statement: Statement) -> tuple[str, ...]:
    """Return which of the services a statement names, by their principals' usual names."""
    if statement.effect is not Effect.ALLOW:
        return ()
    return tuple(f"{each}{_SUFFIX}" for each in _SERVICES if any(_is(each, one) for one in statement.principals))


def _is(service: str, principal: Principal) -> bool:
    labels = principal.value.lower().removesuffix(".cn").removesuffix(_SUFFIX).split(".")
    return principal.kind == "Service" and (service in labels or principal.value == "*")


def _test(item: ResourceItem[Role], estate: Estate, params: _Params) -> Outcome:
    role = item.of
    need(role.trust_policy)
    found = statements(role)
    if found is None:
        return undecided(UNCLEAR)
    if is_service_linked(role.arn):
        return not_applicable("AWS made this role for its service and fixed whom it trusts")
    takes_back = not _KEYS.isdisjoint(denied_keys(found))
    trust = _Trust(frozenset({role.account, *estate.snapshot.scope.accounts}), takes_back, params)
    outcomes = [
        _judge(statement, service, trust)
        for statement in found
        if opens(statement, _TAKES)
        for service in _named(statement)
    ]
    if not outcomes:
        return not_applicable("no statement lets one of these services take the role")
    return worst(outcomes)


def _judge(statement: Statement, service: str, trust: _Trust) -> Outcome:
    asked = [each for each in statement.conditions if each.key in _KEYS]
    guard = min((_guard(each, trust.own) for each in asked), default=_Guard.NONE)
    conditions: list[JsonValue] = [f"{each.operator} {each.key}: {', '.join(each.values)}" for each in asked]
    seen: dict[str, JsonValue] = {"service": service, "statement": statement.label, "conditions": conditions}
    where = f"{statement.label} of the trust policy"
    match guard:
        case _Guard.NAMED:
            return passed(f"{service} takes the role only for an account or resource that is named", (), **seen)
        case _Guard.FOREIGN:
            return needs_attestation(
                f"{where} names an account outside the scope as the one {service} acts for", (), **seen
            )
        case _Guard.ORGANIZATION:
            why = f"{where} names the organization that {service} acts for, but neither account nor resource"
            return needs_attestation(f"{why}: whether every account of it may use the role must be said", (), **seen)
        case _Guard.LOOSE:
            why = f"{where} is met, too, where {service} does not say for whom it acts"
            return needs_attestation(
                f"{why}: ask without IfExists and ForAllValues, or say that it always does", (), **seen
            )
        case _Guard.UNKNOWN:
            return undecided(f"for whom {service} may take the role is not understood ({where})", (), **seen)
        case _Guard.NONE:
            return _unguarded(service, statement, trust, seen)


def _unguarded(service: str, statement: Statement, trust: _Trust, seen: dict[str, JsonValue]) -> Outcome:
    if trust.takes_back:
        return undecided(
            f"{statement.label} does not ask for whom {service} acts; a Deny does, and is not weighed", (), **seen
        )
    why = f"{service} may take the role for anyone: {statement.label} of the trust policy names no aws:SourceAccount or aws:SourceArn"
    if service in trust.params.supporting_services:
        return failed(why, (), **seen)
    if service in trust.params.unsupporting_services:
        return not_applicable(f"{service} does not say for whom it takes a role, so no condition can ask", (), **seen)
    to_say = f"{{unsupporting_services: [{service}]}}"
    return needs_attestation(
        f"{why}; AWS does not document that it tells them: add the condition, or say so in the parameters: {to_say}",
        (),
        **seen,
    )


def _guard(condition: Condition, own: frozenset[str]) -> _Guard:
    kind = tie(condition)
    if kind is Tie.UNKNOWN:
        return _Guard.UNKNOWN
    if kind is Tie.FREE:
        return _Guard.NONE
    if condition.key in _ORGANIZATION:
        return _Guard.ORGANIZATION
    found = {_account_of(condition, value) for value in condition.values}
    guard = _named_accounts(found, own)
    return _Guard.LOOSE if kind is Tie.LOOSE and guard in {_Guard.NAMED, _Guard.FOREIGN} else guard


def _named_accounts(found: set[str], own: frozenset[str]) -> _Guard:
    if _OPEN in found:
        return _Guard.NONE
    if _ACROSS in found:
        return _Guard.UNKNOWN
    return _Guard.NAMED if found <= own | {_ONE_RESOURCE} else _Guard.FOREIGN


def _account_of(condition: Condition, value: str) -> str:
    """Return the account that a value names, or what stands in its place."""
    if condition.key == _ACCOUNT:
        return _OPEN if is_pattern(condition, value) else value
    parts = value.split(":", _ARN_PARTS - 1)
    if len(parts) < _ARN_PARTS:
        return _OPEN if is_pattern(condition, value) else value
    account = parts[_ACCOUNT_PART]
    if is_pattern(condition, account) or (not account and is_pattern(condition, parts[-1])):
        return _OPEN
    # Only the ARN operators hold an ARN part by part: in any other a wildcard may reach across the account.
    if "arn" not in condition.operator and any(is_pattern(condition, each) for each in parts[:_ACCOUNT_PART]):
        return _ACROSS
    return account or _ONE_RESOURCE


CHECK = Check(
    name="guarded-service-trust",
    reads=("Role",),
    params=_Params,
    population=_population,
    test=_test,
)
